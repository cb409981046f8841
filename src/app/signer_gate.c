/* signer_gate.c: the last door before the wire; core/engine/last_gate.h judges. State that must not loosen by a restart - the
 * highest epoch and the kill level - stands in DIR/signer.state, written before it takes effect.
 */
#include <string.h>

#include "app/signer_file.h"
#include "app/signer_state.h"
#include "core/base/hash.h"
#include "core/base/time.h"

static bool save(const signer_t *signer, uint32_t epoch, uint32_t kill_level)
{
    return signer_file_write(signer->role.data_folder, epoch, kill_level) == RESULT_OK;
}

result_t gate_open(signer_t *signer)
{
    signer->known_from = 1;
    result_t result = signer_file_read(signer->role.data_folder, &signer->epoch, &signer->kill_level);
    if (result == RESULT_NOT_FOUND)
        return save(signer, 0, 0) ? RESULT_OK : RESULT_IO;
    if (result == RESULT_OK)
        signer->known_from = signer->epoch + 1;
    return result;
}

bool gate_epoch_seen(signer_t *signer, uint32_t epoch)
{
    if (epoch < signer->epoch)
        return false;
    if (epoch > signer->epoch) {
        if (!save(signer, epoch, signer->kill_level))
            return false;
        signer->epoch = epoch;
    }
    return true;
}

bool gate_kill_set(signer_t *signer, uint32_t level)
{
    if (!save(signer, signer->epoch, level))
        return false;
    signer->kill_level = level;
    return true;
}

bool gate_pass(signer_t *signer, const order_action_t *action, order_reply_t *reply)
{
    const risk_config_t *limits = &config_current(signer->role.config)->risk;
    if (last_gate_pass(&signer->gate, limits, signer->table, signer_kill_level(signer), signer_now_ns(signer), action, reply))
        return true;
    log_field_t fields[] = {LOG_TEXT("client_id", action->kind == ACTION_PLACE ? action->place.client_id.text : ""),
                            LOG_TEXT("reason", reply->text)};
    log_write(LOG_WARNING, LOG_EVENT_RISK_BREACH, NULL, "refused by the signer's own limits", fields, 2);
    return false;
}

/* --- what has left ------------------------------------------------------------------------------
 *
 * A watchdog that was killed between "durable" and "sent" does not know whether its order left. This process does, when it has been
 * up since before that watchdog began, and that watchdog's epoch is over.
 */

static uint64_t name_of(const client_id_t *id)
{
    return hash_bytes(0, id->text, strlen(id->text)) | 1;
}

void gate_note_sent(signer_t *signer, const client_id_t *id)
{
    if (signer->sent_count >= SIGNER_SENT_MAX / 2) { /* forget all; from here on only later epochs are known whole */
        memset(signer->sent, 0, SIGNER_SENT_MAX * sizeof signer->sent[0]);
        signer->sent_count = 0;
        signer->known_from = signer->epoch + 1;
    }
    uint64_t name = name_of(id);
    uint32_t slot = (uint32_t)(name >> 20) % SIGNER_SENT_MAX;
    while (signer->sent[slot] != 0 && signer->sent[slot] != name)
        slot = (slot + 1) % SIGNER_SENT_MAX;
    signer->sent_count += signer->sent[slot] == 0;
    signer->sent[slot] = name;
}

bool gate_never_sent(const signer_t *signer, const client_id_t *id)
{
    uint32_t epoch = 0;
    uint64_t intent = 0;
    leg_t leg = LEG_ENTRY;
    if (client_id_parse(str_from(id->text), &epoch, &intent, &leg) != RESULT_OK || epoch < signer->known_from ||
        epoch >= signer->epoch)
        return false;
    uint64_t name = name_of(id);
    for (uint32_t slot = (uint32_t)(name >> 20) % SIGNER_SENT_MAX; signer->sent[slot] != 0; slot = (slot + 1) % SIGNER_SENT_MAX) {
        if (signer->sent[slot] == name)
            return false;
    }
    return true;
}
