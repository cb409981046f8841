/* world_spot.c: the spot commands as inputs: logged, then applied; the same code applies them again after a restart. */
#include "edge/face/world/world_spot.h"

#include <string.h>

#include "edge/face/world/world_parts.h"

typedef struct {
    venue_account_t account;
    uint32_t asset;
    dec_t amount, more;
} spot_small_t;

/* --- applying --------------------------------------------------------------------------------- */

static spot_reject_t apply_small(world_t *world, input_type_t type, const spot_small_t *input)
{
    result_t result = RESULT_OK;
    if (type == INPUT_SPOT_TRANSFER)
        return spot_transfer(world->venue, &world->sink, input->account, (venue_asset_t)input->asset, input->amount);
    if (type == INPUT_SPOT_FEES)
        result = spot_fees(world->venue, input->account, input->amount, input->more);
    else
        result = spot_burn_bnb(world->venue, input->account, input->asset != 0);
    return result == RESULT_OK ? SPOT_REJECT_NONE : SPOT_REJECT_COMBINATION;
}

result_t world_spot_apply(world_t *world, input_type_t type, const void *body, size_t length)
{
    venue_t *venue = world->venue;
    if (type == INPUT_SPOT_PLACE) {
        WORLD_TAKE(spot_place_t, place);
        (void)spot_place(venue, &world->sink, &place, NULL);
    } else if (type == INPUT_SPOT_CANCEL || type == INPUT_SPOT_LIST_CANCEL) {
        WORLD_TAKE(spot_ref_t, ref);
        (void)(type == INPUT_SPOT_CANCEL ? spot_cancel(venue, &world->sink, &ref, NULL)
                                         : spot_list_cancel(venue, &world->sink, &ref, NULL));
    } else if (type == INPUT_SPOT_AMEND) {
        WORLD_TAKE(spot_amend_t, amend);
        (void)spot_amend(venue, &world->sink, &amend, NULL);
    } else if (type == INPUT_SPOT_LIST_PLACE) {
        WORLD_TAKE(spot_list_place_t, place);
        (void)spot_list_place(venue, &world->sink, &place, NULL);
    } else {
        WORLD_TAKE(spot_small_t, input);
        (void)apply_small(world, type, &input);
    }
    return RESULT_OK;
}

/* --- commands --------------------------------------------------------------------------------- */

static const spot_reply_t not_written = {.reject = SPOT_REJECT_OVERLOADED};

spot_reply_t world_spot_place(world_t *world, const spot_place_t *place, spot_order_t *after)
{
    if (!place->test && world_note(world, INPUT_SPOT_PLACE, place, sizeof *place) != RESULT_OK)
        return not_written;
    return spot_place(world->venue, &world->sink, place, after);
}

spot_reply_t world_spot_cancel(world_t *world, const spot_ref_t *ref, spot_order_t *after)
{
    if (world_note(world, INPUT_SPOT_CANCEL, ref, sizeof *ref) != RESULT_OK)
        return not_written;
    return spot_cancel(world->venue, &world->sink, ref, after);
}

spot_reply_t world_spot_amend(world_t *world, const spot_amend_t *amend, spot_order_t *after)
{
    if (world_note(world, INPUT_SPOT_AMEND, amend, sizeof *amend) != RESULT_OK)
        return not_written;
    return spot_amend(world->venue, &world->sink, amend, after);
}

spot_reply_t world_spot_list_place(world_t *world, const spot_list_place_t *place, spot_list_t *after)
{
    if (world_note(world, INPUT_SPOT_LIST_PLACE, place, sizeof *place) != RESULT_OK)
        return not_written;
    return spot_list_place(world->venue, &world->sink, place, after);
}

spot_reply_t world_spot_list_cancel(world_t *world, const spot_ref_t *ref, spot_list_t *after)
{
    if (world_note(world, INPUT_SPOT_LIST_CANCEL, ref, sizeof *ref) != RESULT_OK)
        return not_written;
    return spot_list_cancel(world->venue, &world->sink, ref, after);
}

static spot_reject_t small(world_t *world, input_type_t type, const spot_small_t *input)
{
    if (world_note(world, type, input, sizeof *input) != RESULT_OK)
        return SPOT_REJECT_OVERLOADED;
    return apply_small(world, type, input);
}

spot_reject_t world_spot_transfer(world_t *world, venue_account_t account, venue_asset_t asset, dec_t amount)
{
    return small(world, INPUT_SPOT_TRANSFER, &(spot_small_t){.account = account, .asset = asset, .amount = amount});
}

result_t world_spot_fees(world_t *world, venue_account_t account, dec_t maker_rate, dec_t taker_rate)
{
    spot_small_t input = {.account = account, .amount = maker_rate, .more = taker_rate};
    return small(world, INPUT_SPOT_FEES, &input) == SPOT_REJECT_NONE ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

result_t world_spot_burn_bnb(world_t *world, venue_account_t account, bool burn)
{
    spot_small_t input = {.account = account, .asset = burn};
    return small(world, INPUT_SPOT_BURN, &input) == SPOT_REJECT_NONE ? RESULT_OK : RESULT_BAD_ARGUMENT;
}
