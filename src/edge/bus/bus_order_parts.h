/* bus_order_parts.h: what the files of bus_order_codec.h share. Private to them.
 *
 *   bus_order_parts.c    texts, numbers, symbols
 *   bus_order_action.c   actions: what the order half asks
 *   bus_order_event.c    what the venue said: orders, fills, balances, positions
 *   bus_order_input.c    inputs: what the order half hears; replies, query results, snapshots, rules
 */
#pragma once

#include "edge/bus/bus_order_codec.h"

/* An absent text is 0. */
void bus_put_dec(dec_t value, char *text);
result_t bus_get_dec(const char *text, dec_t *value);

/* Texts of the core are NUL-terminated within their arrays; those of the messages have at least the same room. */
void bus_put_text(char *to, size_t capacity, const char *from);
result_t bus_get_text(const char *from, char *to, size_t capacity); /* RESULT_TEXT_TOO_LONG */

/* INSTRUMENT_NONE is an absent symbol. RESULT_NOT_FOUND: not in this side's table. */
result_t bus_put_symbol(instrument_id_t id, const instrument_table_t *table, bool *has, patriot_bus_Symbol *symbol);
result_t bus_get_symbol(bool has, const patriot_bus_Symbol *symbol, const instrument_table_t *table, instrument_id_t *id);

/* A number within [low, high], both of an enumeration without holes. */
bool bus_within(uint32_t value, unsigned low, unsigned high);

result_t bus_order_encode(const private_order_t *order, const instrument_table_t *table, patriot_bus_VenueOrder *out);
result_t bus_order_decode(const patriot_bus_VenueOrder *in, const instrument_table_t *table, private_order_t *out);
result_t bus_event_encode(const private_event_t *event, const instrument_table_t *table, patriot_bus_PrivateEvent *out);
result_t bus_event_decode(const patriot_bus_PrivateEvent *in, const instrument_table_t *table, private_event_t *out);
