/* world_spot.h: the spot commands of core/venue/spot.h, made durable. */
#pragma once

#include "core/venue/spot.h"
#include "edge/face/world/world.h"

/* When an input could not be written the reply is SPOT_REJECT_OVERLOADED and nothing happened. */
spot_reply_t world_spot_place(world_t *world, const spot_place_t *place, spot_order_t *after);
spot_reply_t world_spot_cancel(world_t *world, const spot_ref_t *ref, spot_order_t *after);
spot_reply_t world_spot_amend(world_t *world, const spot_amend_t *amend, spot_order_t *after);
spot_reply_t world_spot_list_place(world_t *world, const spot_list_place_t *place, spot_list_t *after);
spot_reply_t world_spot_list_cancel(world_t *world, const spot_ref_t *ref, spot_list_t *after);
spot_reject_t world_spot_transfer(world_t *world, venue_account_t account, venue_asset_t asset, dec_t amount);
result_t world_spot_fees(world_t *world, venue_account_t account, dec_t maker_rate, dec_t taker_rate);
result_t world_spot_burn_bnb(world_t *world, venue_account_t account, bool burn);
