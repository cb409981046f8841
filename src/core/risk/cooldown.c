/* cooldown.c: symbols that rest; see cooldown.h. */
#include "core/risk/cooldown.h"

#include "core/base/assert.h"
#include "core/base/time.h"

static const struct {
    const char *text;
    int64_t length_ns;
} reasons[] = {
    [COOLDOWN_STOP_HIT] = {"its stop was hit", 2 * NS_PER_HOUR},
    [COOLDOWN_SIZE_REFUSED] = {"the venue refused the size", 24 * NS_PER_HOUR},
    [COOLDOWN_MARGIN_REFUSED] = {"the margin did not suffice", 15 * (NS_PER_HOUR / 60)},
};

static bool is_reason(cooldown_reason_t reason)
{
    return reason >= COOLDOWN_STOP_HIT && reason <= COOLDOWN_MARGIN_REFUSED;
}

const char *cooldown_reason_text(cooldown_reason_t reason)
{
    ASSERT(is_reason(reason));
    return reasons[reason].text;
}

int64_t cooldown_length_ns(cooldown_reason_t reason)
{
    ASSERT(is_reason(reason));
    return reasons[reason].length_ns;
}

/* The place of the instrument, a new one, or the one that ends first. */
static cooldown_t *place_for(cooldowns_t *cooldowns, instrument_id_t instrument)
{
    cooldown_t *first = &cooldowns->rests[0];
    for (uint32_t i = 0; i < cooldowns->count; i++) {
        if (cooldowns->rests[i].instrument == instrument) {
            return &cooldowns->rests[i];
        }
        first = cooldowns->rests[i].until_ns < first->until_ns ? &cooldowns->rests[i] : first;
    }
    if (cooldowns->count < COOLDOWNS_MAX) {
        first = &cooldowns->rests[cooldowns->count++];
    }
    *first = (cooldown_t){.instrument = instrument, .until_ns = INT64_MIN};
    return first;
}

void cooldown_start(cooldowns_t *cooldowns, instrument_id_t instrument, cooldown_reason_t reason, int64_t now_ns)
{
    ASSERT(cooldowns != NULL && is_reason(reason));
    const int64_t until_ns = now_ns + reasons[reason].length_ns;
    cooldown_t *rest = place_for(cooldowns, instrument);
    if (until_ns > rest->until_ns) {
        rest->until_ns = until_ns;
        rest->reason = reason;
    }
}

bool cooldown_is_on(const cooldowns_t *cooldowns, instrument_id_t instrument, int64_t now_ns, cooldown_t *out)
{
    for (uint32_t i = 0; i < cooldowns->count; i++) {
        if (cooldowns->rests[i].instrument == instrument && now_ns < cooldowns->rests[i].until_ns) {
            if (out != NULL) {
                *out = cooldowns->rests[i];
            }
            return true;
        }
    }
    return false;
}

uint32_t cooldown_list(const cooldowns_t *cooldowns, int64_t now_ns, cooldown_t *out, uint32_t room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < cooldowns->count; i++) {
        if (now_ns < cooldowns->rests[i].until_ns) {
            if (count < room) {
                out[count] = cooldowns->rests[i];
            }
            count++;
        }
    }
    return count;
}
