/* convergence.c: when several timeframes say the same; see convergence.h. */
#include "core/signal/convergence.h"

#include "core/base/assert.h"
#include "core/base/hash.h"

void convergence_init(convergence_t *convergence, const timeframe_t *timeframes, uint32_t count)
{
    ASSERT(count >= 1 && count <= CONVERGENCE_TIMEFRAMES_MAX);
    *convergence = (convergence_t){.count = count};
    for (uint32_t i = 0; i < count; i++) {
        ASSERT(i == 0 || timeframes[i] > timeframes[i - 1]);
        convergence->timeframes[i] = timeframes[i];
    }
}

void convergence_propose(convergence_t *convergence, const convergence_rules_t *rules, uint32_t slot, const proposal_t *proposal)
{
    ASSERT(slot < convergence->count);
    const int64_t life = (int64_t)rules->life_bars * timeframe_length_ns(convergence->timeframes[slot]);
    convergence->slots[slot] = (convergence_slot_t){
        .live = true,
        .fresh = true,
        .until_ns = proposal->made_ns + life,
        .proposal = *proposal,
    };
}

void convergence_forget(convergence_t *convergence, uint32_t slot)
{
    ASSERT(slot < convergence->count);
    convergence->slots[slot] = (convergence_slot_t){.live = false};
}

/* |a - b| <= pct / 100 * (a + b) / 2, that is 200 |a - b| <= pct (a + b). Prices lie far below the range, so an overflow means: not
 * near. */
bool convergence_near(dec_t a, dec_t b, dec_t tolerance_pct)
{
    dec_t difference, sum, left, right;
    if (dec_sub(a, b, &difference) != RESULT_OK || dec_add(a, b, &sum) != RESULT_OK ||
        dec_mul(dec_abs(difference), dec_from_int(200), DEC_ROUND_CEILING, &left) != RESULT_OK ||
        dec_mul(sum, tolerance_pct, DEC_ROUND_FLOOR, &right) != RESULT_OK) {
        return false;
    }
    return dec_le(left, right);
}

typedef struct {
    dec_t sum;
    uint32_t count;
} mean_t;

static result_t mean_take(mean_t *mean, dec_t value)
{
    if (dec_sign(value) <= 0) {
        return RESULT_OK; /* 0: this timeframe has none */
    }
    mean->count++;
    return dec_add(mean->sum, value, &mean->sum);
}

static result_t mean_value(const mean_t *mean, dec_t tick, dec_round_t round, dec_t *out)
{
    if (mean->count == 0) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    dec_t exact;
    result_t result = dec_div(mean->sum, dec_from_int(mean->count), DEC_ROUND_HALF_EVEN, &exact);
    if (result != RESULT_OK || dec_sign(tick) <= 0) {
        *out = exact;
        return result;
    }
    return dec_quantise(exact, tick, round, out);
}

/* Hash of what makes this combination this one: direction, and timeframe and bar of each member. */
static uint64_t combination_key(const convergence_t *convergence, uint32_t members, direction_t direction)
{
    uint64_t key = hash_u64(0, (uint64_t)direction);
    for (uint32_t i = 0; i < convergence->count; i++) {
        if ((members & (1u << i)) != 0) {
            key = hash_u64(key, (uint64_t)convergence->timeframes[i]);
            key = hash_u64(key, (uint64_t)convergence->slots[i].proposal.bar_open_ns);
        }
    }
    return key != 0 ? key : 1;
}

result_t convergence_merge(const convergence_t *convergence, uint32_t members, dec_t tick, const convergence_rules_t *rules,
                           convergence_match_t *out)
{
    mean_t entry = {0}, stop = {0}, target = {0};
    direction_t direction = DIRECTION_NONE;
    double confidence = 0.0;
    uint32_t confident = 0;
    result_t result = RESULT_OK;
    for (uint32_t i = 0; i < convergence->count && result == RESULT_OK; i++) {
        if ((members & (1u << i)) == 0) {
            continue;
        }
        const proposal_t *proposal = &convergence->slots[i].proposal;
        direction = direction == DIRECTION_NONE ? proposal->direction : direction;
        if (proposal->confidence > 0.0) {
            confidence += proposal->confidence;
            confident++;
        }
        result = mean_take(&entry, proposal->levels.entry);
        result = result == RESULT_OK ? mean_take(&stop, proposal->levels.stop) : result;
        result = result == RESULT_OK ? mean_take(&target, proposal->levels.target) : result;
    }
    /* LONG: entry down, stop down, target down; SHORT: all up. The reasons stand in levels.h. */
    const dec_round_t round = direction == DIRECTION_LONG ? DEC_ROUND_FLOOR : DEC_ROUND_CEILING;
    levels_t levels;
    result = result == RESULT_OK ? mean_value(&entry, tick, round, &levels.entry) : result;
    result = result == RESULT_OK ? mean_value(&stop, tick, round, &levels.stop) : result;
    result = result == RESULT_OK ? mean_value(&target, tick, round, &levels.target) : result;
    result = result == RESULT_OK ? levels_check(&levels, direction, rules->reward_risk_min) : result;
    if (result == RESULT_OK) {
        *out = (convergence_match_t){
            .direction = direction,
            .levels = levels,
            .confidence = confident > 0 ? confidence / (double)confident : 0.0,
            .members = members,
            .key = combination_key(convergence, members, direction),
        };
    }
    return result;
}

static uint32_t bit_count(uint32_t bits)
{
    uint32_t count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* Every pair of the members lives, points the same way and lies near. */
static bool all_agree(const convergence_t *convergence, uint32_t members, dec_t tolerance_pct)
{
    for (uint32_t i = 0; i < convergence->count; i++) {
        const convergence_slot_t *a = &convergence->slots[i];
        if ((members & (1u << i)) == 0) {
            continue;
        }
        if (!a->live) {
            return false;
        }
        for (uint32_t k = i + 1; k < convergence->count; k++) {
            const convergence_slot_t *b = &convergence->slots[k];
            if ((members & (1u << k)) != 0 &&
                (!b->live || a->proposal.direction != b->proposal.direction ||
                 !convergence_near(a->proposal.levels.entry, b->proposal.levels.entry, tolerance_pct))) {
                return false;
            }
        }
    }
    return true;
}

/* The largest set that agrees and holds something new; of equals the one with the longer timeframes (the higher bits). 0: none. */
static uint32_t best_members(const convergence_t *convergence, const convergence_rules_t *rules)
{
    uint32_t fresh = 0, best = 0;
    for (uint32_t i = 0; i < convergence->count; i++) {
        fresh |= convergence->slots[i].live && convergence->slots[i].fresh ? 1u << i : 0u;
    }
    for (uint32_t members = 1; members < 1u << convergence->count; members++) {
        const uint32_t size = bit_count(members);
        if ((members & fresh) != 0 && size >= rules->matches_min && size >= bit_count(best) &&
            all_agree(convergence, members, rules->tolerance_pct)) {
            best = members;
        }
    }
    return best;
}

/* The market must still stand between stop and target, and near the entry; else the trade is over before it began. */
static bool price_is_sane(const levels_t *levels, dec_t price, dec_t tolerance_pct)
{
    const dec_t below = dec_min(levels->stop, levels->target), above = dec_max(levels->stop, levels->target);
    return dec_lt(below, price) && dec_lt(price, above) && convergence_near(levels->entry, price, tolerance_pct);
}

bool convergence_take(convergence_t *convergence, const convergence_rules_t *rules, int64_t now_ns, dec_t price, dec_t tick,
                      convergence_match_t *out)
{
    for (uint32_t i = 0; i < convergence->count; i++) {
        convergence_slot_t *slot = &convergence->slots[i];
        slot->live = slot->live && now_ns < slot->until_ns;
    }
    const uint32_t members = best_members(convergence, rules);
    for (uint32_t i = 0; i < convergence->count; i++) {
        convergence->slots[i].fresh = false;
    }
    convergence_match_t match;
    if (members == 0 || convergence_merge(convergence, members, tick, rules, &match) != RESULT_OK ||
        match.key == convergence->taken || !price_is_sane(&match.levels, price, rules->tolerance_pct)) {
        return false;
    }
    convergence->taken = match.key;
    *out = match;
    return true;
}
