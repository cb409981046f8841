/* bus_order_codec.h: what the order half asks (order_action_t) and hears (order_input_t), as messages between watchdog and signer.
 *
 * Instruments cross by venue, symbol and kind; each side gives its own table. Bytes come from another process, so every number and
 * enumeration is checked again: RESULT_MALFORMED, RESULT_UNKNOWN_VALUE, RESULT_NUMBER_*, RESULT_NOT_FOUND (the instrument is not in
 * this side's table). Whatever fails leaves the out-parameter untouched. decode(encode(x)) == x.
 */
#pragma once

#include "bus.pb.h"
#include "core/engine/order_half.h"

/* Fill message->order_command. message must be cleared (bus_message_clear). ACTION_NOTIFY and ACTION_READ_RULES cross too. */
result_t bus_order_action_encode(const order_action_t *action, const instrument_table_t *table, patriot_bus_Envelope *message);
result_t bus_order_action_decode(const patriot_bus_OrderCommand *command, const instrument_table_t *table, order_action_t *action);

/* The five kinds of input that come from the signer: REPLY, PRIVATE, QUERY_RESULT, SNAPSHOT, RULES. Others: RESULT_UNSUPPORTED.
 * now_ns does not cross: it is the receiver's. */
result_t bus_order_input_encode(const order_input_t *input, const instrument_table_t *table, patriot_bus_Envelope *message);
/* RESULT_UNSUPPORTED: the message is none of the five. RULES need no table entry: the caller puts input->rules into its table. */
result_t bus_order_input_decode(const patriot_bus_Envelope *message, const instrument_table_t *table, order_input_t *input);
