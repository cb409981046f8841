/* bus_outbox.c: the arithmetic of at least once: what is to be sent again, what was seen before. */
#include "edge/bus/bus.h"

void bus_outbox_init(bus_outbox_t *outbox, uint64_t generation, uint64_t last, uint64_t acked)
{
    *outbox = (bus_outbox_t){.generation = generation, .last = last, .sent = acked, .acked = acked};
}

void bus_outbox_note(bus_outbox_t *outbox, uint64_t last)
{
    if (last > outbox->last) {
        outbox->last = last;
    }
}

void bus_outbox_connected(bus_outbox_t *outbox, const patriot_bus_Hello *hello)
{
    /* A peer that counts in another generation, or claims more than there is, has seen nothing of ours: all of it goes again. */
    uint64_t seen = hello->seen_generation == outbox->generation && hello->last_seen <= outbox->last ? hello->last_seen : 0;
    outbox->sent = seen;
    outbox->acked = seen;
}

void bus_outbox_acked(bus_outbox_t *outbox, uint64_t number)
{
    if (number > outbox->acked && number <= outbox->sent) {
        outbox->acked = number;
    }
}

result_t bus_outbox_pump(bus_outbox_t *outbox, bus_link_t *link, bus_outbox_fetch_fn *fetch, void *context, bus_message_t *scratch)
{
    while (outbox->sent < outbox->last) {
        uint64_t number = outbox->sent + 1;
        bus_message_clear(scratch);
        result_t result = fetch(context, number, scratch);
        if (result == RESULT_NOT_FOUND) {
            outbox->sent = number;
            continue;
        }
        if (result != RESULT_OK) {
            return result;
        }
        scratch->number = number;
        result = bus_link_send(link, scratch);
        if (result != RESULT_OK) {
            return result;
        }
        outbox->sent = number;
    }
    return RESULT_OK;
}

bus_arrival_t bus_inbox_arrival(const bus_inbox_t *inbox, uint64_t number)
{
    if (number <= inbox->last_seen) {
        return BUS_SEEN_BEFORE;
    }
    return number == inbox->last_seen + 1 ? BUS_FRESH : BUS_GAP;
}

void bus_inbox_handled(bus_inbox_t *inbox, uint64_t number)
{
    if (number > inbox->last_seen) {
        inbox->last_seen = number;
    }
}

void bus_inbox_connected(bus_inbox_t *inbox, const patriot_bus_Hello *hello)
{
    if (hello->outbox_generation != inbox->generation) {
        inbox->generation = hello->outbox_generation;
        inbox->last_seen = 0;
    }
}
