/* record_fields.c: the members of every kind of record, one table each. A member is added at the end with a new tag; a tag never
 * changes its meaning and is never used again (journals live longer than versions). tests/core/engine/test_record_codec.c holds
 * this against record.proto.
 */
#include "core/engine/record_fields.h"

#include "core/engine/record_words.h"

#define END                                                                                                                        \
    {                                                                                                                              \
        0, NULL, FIELD_U64, 0, 0, NULL                                                                                             \
    }

/* --- head ------------------------------------------------------------------------------------- */

const field_t record_head_fields[] = {
    {1, "number", FIELD_U64, offsetof(order_record_t, number), sizeof(uint64_t), NULL},
    {2, "time", FIELD_TIME, offsetof(order_record_t, time_ns), sizeof(int64_t), NULL},
    {3, "trade", FIELD_U64, offsetof(order_record_t, trade), sizeof(uint64_t), NULL},
    {4, "epoch", FIELD_U32, offsetof(order_record_t, epoch), sizeof(uint32_t), NULL},
    END,
};

/* --- bodies ----------------------------------------------------------------------------------- */

static const field_t session_fields[] = {
    {1, "version", FIELD_TEXT, offsetof(record_session_t, version), sizeof(((record_session_t *)0)->version), NULL},
    END,
};

static const field_t configuration_fields[] = {
    {1, "digest", FIELD_BYTES, offsetof(record_configuration_t, digest), sizeof(((record_configuration_t *)0)->digest), NULL},
    END,
};

static const field_t instrument_named_fields[] = {
    {1, "venue", FIELD_TEXT, offsetof(record_instrument_t, venue), sizeof(((record_instrument_t *)0)->venue), NULL},
    {2, "symbol", FIELD_TEXT, offsetof(record_instrument_t, symbol), sizeof(((record_instrument_t *)0)->symbol), NULL},
    {3, "base", FIELD_TEXT, offsetof(record_instrument_t, base), sizeof(((record_instrument_t *)0)->base), NULL},
    {4, "quote", FIELD_TEXT, offsetof(record_instrument_t, quote), sizeof(((record_instrument_t *)0)->quote), NULL},
    {5, "settle", FIELD_TEXT, offsetof(record_instrument_t, settle), sizeof(((record_instrument_t *)0)->settle), NULL},
    {6, "kind", FIELD_ENUM, offsetof(record_instrument_t, kind), sizeof(((record_instrument_t *)0)->kind),
     record_word_instrument_kind},
    END,
};

static const field_t command_fields[] = {
    {1, "kind", FIELD_ENUM, offsetof(record_command_t, kind), sizeof(((record_command_t *)0)->kind), record_word_command},
    {2, "id", FIELD_U64, offsetof(record_command_t, id), sizeof(((record_command_t *)0)->id), NULL},
    {3, "level", FIELD_U32, offsetof(record_command_t, level), sizeof(((record_command_t *)0)->level), NULL},
    {4, "price", FIELD_DEC, offsetof(record_command_t, price), sizeof(((record_command_t *)0)->price), NULL},
    {5, "result", FIELD_ENUM, offsetof(record_command_t, result), sizeof(((record_command_t *)0)->result), record_word_result},
    {6, "principal", FIELD_TEXT, offsetof(record_command_t, principal), sizeof(((record_command_t *)0)->principal), NULL},
    {7, "refusal", FIELD_ENUM, offsetof(record_command_t, refusal), sizeof(((record_command_t *)0)->refusal), record_word_refusal},
    {8, "bound", FIELD_DEC, offsetof(record_command_t, bound), sizeof(((record_command_t *)0)->bound), NULL},
    {9, "sure", FIELD_BOOL, offsetof(record_command_t, sure), sizeof(((record_command_t *)0)->sure), NULL},
    END,
};

static const field_t kill_fields[] = {
    {1, "level", FIELD_U32, offsetof(record_kill_t, level), sizeof(((record_kill_t *)0)->level), NULL},
    {2, "cause", FIELD_TEXT, offsetof(record_kill_t, cause), sizeof(((record_kill_t *)0)->cause), NULL},
    END,
};

static const field_t pause_fields[] = {
    {1, "paused", FIELD_BOOL, offsetof(record_pause_t, paused), sizeof(((record_pause_t *)0)->paused), NULL},
    {2, "cause", FIELD_TEXT, offsetof(record_pause_t, cause), sizeof(((record_pause_t *)0)->cause), NULL},
    END,
};

static const field_t mode_fields[] = {
    {1, "mode", FIELD_ENUM, offsetof(record_mode_t, mode), sizeof(((record_mode_t *)0)->mode), record_word_mode},
    END,
};

static const field_t settings_fields[] = {
    {1, "leverage", FIELD_U32, offsetof(record_settings_t, leverage), sizeof(((record_settings_t *)0)->leverage), NULL},
    {2, "margin_type", FIELD_ENUM, offsetof(record_settings_t, margin_type), sizeof(((record_settings_t *)0)->margin_type),
     record_word_margin},
    END,
};

static const field_t capability_fields[] = {
    {1, "passed", FIELD_BOOL, offsetof(record_capability_t, passed), sizeof(((record_capability_t *)0)->passed), NULL},
    {2, "code", FIELD_I32, offsetof(record_capability_t, code), sizeof(((record_capability_t *)0)->code), NULL},
    {3, "text", FIELD_TEXT, offsetof(record_capability_t, text), sizeof(((record_capability_t *)0)->text), NULL},
    END,
};

static const field_t freeze_fields[] = {
    {1, "frozen", FIELD_BOOL, offsetof(record_freeze_t, frozen), sizeof(((record_freeze_t *)0)->frozen), NULL},
    {2, "cause", FIELD_TEXT, offsetof(record_freeze_t, cause), sizeof(((record_freeze_t *)0)->cause), NULL},
    END,
};

static const field_t signal_fields[] = {
    {1, "id", FIELD_TEXT, offsetof(record_signal_t, id), sizeof(((record_signal_t *)0)->id), NULL},
    {2, "number", FIELD_U64, offsetof(record_signal_t, number), sizeof(((record_signal_t *)0)->number), NULL},
    {3, "side", FIELD_ENUM, offsetof(record_signal_t, side), sizeof(((record_signal_t *)0)->side), record_word_side},
    {4, "strategy", FIELD_TEXT, offsetof(record_signal_t, strategy), sizeof(((record_signal_t *)0)->strategy), NULL},
    {5, "source", FIELD_TEXT, offsetof(record_signal_t, source), sizeof(((record_signal_t *)0)->source), NULL},
    {6, "entry", FIELD_DEC, offsetof(record_signal_t, entry), sizeof(((record_signal_t *)0)->entry), NULL},
    {7, "stop", FIELD_DEC, offsetof(record_signal_t, stop), sizeof(((record_signal_t *)0)->stop), NULL},
    {8, "target", FIELD_DEC, offsetof(record_signal_t, target), sizeof(((record_signal_t *)0)->target), NULL},
    {9, "confidence", FIELD_DOUBLE, offsetof(record_signal_t, confidence), sizeof(((record_signal_t *)0)->confidence), NULL},
    {10, "timeframes", FIELD_U32, offsetof(record_signal_t, timeframes), sizeof(((record_signal_t *)0)->timeframes), NULL},
    {11, "timeframe_source", FIELD_ENUM, offsetof(record_signal_t, timeframe_source),
     sizeof(((record_signal_t *)0)->timeframe_source), record_word_timeframe},
    {12, "made", FIELD_TIME, offsetof(record_signal_t, made_ns), sizeof(((record_signal_t *)0)->made_ns), NULL},
    {13, "expires", FIELD_TIME, offsetof(record_signal_t, expires_ns), sizeof(((record_signal_t *)0)->expires_ns), NULL},
    {14, "reason", FIELD_ENUM, offsetof(record_signal_t, reason), sizeof(((record_signal_t *)0)->reason), record_word_door},
    {15, "figure_first", FIELD_DEC, offsetof(record_signal_t, figure[0]), sizeof(((record_signal_t *)0)->figure[0]), NULL},
    {16, "figure_second", FIELD_DEC, offsetof(record_signal_t, figure[1]), sizeof(((record_signal_t *)0)->figure[1]), NULL},
    {17, "exit_of", FIELD_U64, offsetof(record_signal_t, exit_of), sizeof(((record_signal_t *)0)->exit_of), NULL},
    END,
};

static const field_t inputs_fields[] = {
    {1, "inputs", FIELD_INPUTS, offsetof(record_inputs_t, inputs), offsetof(record_inputs_t, count), NULL},
    {2, "states", FIELD_U64, offsetof(record_inputs_t, states), sizeof(((record_inputs_t *)0)->states), NULL},
    {3, "size_cut", FIELD_DEC, offsetof(record_inputs_t, size_cut), sizeof(((record_inputs_t *)0)->size_cut), NULL},
    END,
};

static const field_t trade_opened_fields[] = {
    {1, "purpose", FIELD_ENUM, offsetof(record_trade_opened_t, purpose), sizeof(((record_trade_opened_t *)0)->purpose),
     record_word_purpose},
    {2, "side", FIELD_ENUM, offsetof(record_trade_opened_t, side), sizeof(((record_trade_opened_t *)0)->side), record_word_side},
    {3, "position", FIELD_ENUM, offsetof(record_trade_opened_t, position), sizeof(((record_trade_opened_t *)0)->position),
     record_word_key},
    {4, "signal_id", FIELD_TEXT, offsetof(record_trade_opened_t, signal_id), sizeof(((record_trade_opened_t *)0)->signal_id), NULL},
    {5, "signal_number", FIELD_U64, offsetof(record_trade_opened_t, signal_number),
     sizeof(((record_trade_opened_t *)0)->signal_number), NULL},
    {6, "entry_type", FIELD_ENUM, offsetof(record_trade_opened_t, entry_type), sizeof(((record_trade_opened_t *)0)->entry_type),
     record_word_entry_type},
    {7, "quantity", FIELD_DEC, offsetof(record_trade_opened_t, quantity), sizeof(((record_trade_opened_t *)0)->quantity), NULL},
    {8, "entry", FIELD_DEC, offsetof(record_trade_opened_t, entry), sizeof(((record_trade_opened_t *)0)->entry), NULL},
    {9, "stop", FIELD_DEC, offsetof(record_trade_opened_t, stop), sizeof(((record_trade_opened_t *)0)->stop), NULL},
    {10, "target", FIELD_DEC, offsetof(record_trade_opened_t, target), sizeof(((record_trade_opened_t *)0)->target), NULL},
    {11, "risk_amount", FIELD_DEC, offsetof(record_trade_opened_t, risk_amount), sizeof(((record_trade_opened_t *)0)->risk_amount),
     NULL},
    {12, "liquidation", FIELD_DEC, offsetof(record_trade_opened_t, liquidation), sizeof(((record_trade_opened_t *)0)->liquidation),
     NULL},
    {13, "leverage", FIELD_U32, offsetof(record_trade_opened_t, leverage), sizeof(((record_trade_opened_t *)0)->leverage), NULL},
    {14, "expires", FIELD_TIME, offsetof(record_trade_opened_t, expires_ns), sizeof(((record_trade_opened_t *)0)->expires_ns),
     NULL},
    END,
};

static const field_t trade_state_fields[] = {
    {1, "from", FIELD_ENUM, offsetof(record_trade_state_t, from), sizeof(((record_trade_state_t *)0)->from),
     record_word_trade_state},
    {2, "to", FIELD_ENUM, offsetof(record_trade_state_t, to), sizeof(((record_trade_state_t *)0)->to), record_word_trade_state},
    {3, "event", FIELD_ENUM, offsetof(record_trade_state_t, event), sizeof(((record_trade_state_t *)0)->event),
     record_word_trade_event},
    {4, "signal_number", FIELD_U64, offsetof(record_trade_state_t, signal_number),
     sizeof(((record_trade_state_t *)0)->signal_number), NULL},
    {5, "cause", FIELD_TEXT, offsetof(record_trade_state_t, cause), sizeof(((record_trade_state_t *)0)->cause), NULL},
    END,
};

static const field_t levels_fields[] = {
    {1, "stop", FIELD_DEC, offsetof(record_levels_t, stop), sizeof(((record_levels_t *)0)->stop), NULL},
    {2, "target", FIELD_DEC, offsetof(record_levels_t, target), sizeof(((record_levels_t *)0)->target), NULL},
    {3, "cause", FIELD_TEXT, offsetof(record_levels_t, cause), sizeof(((record_levels_t *)0)->cause), NULL},
    END,
};

static const field_t ladder_fields[] = {
    {1, "row", FIELD_U32, offsetof(record_ladder_t, row), sizeof(((record_ladder_t *)0)->row), NULL},
    {2, "price", FIELD_DEC, offsetof(record_ladder_t, price), sizeof(((record_ladder_t *)0)->price), NULL},
    {3, "position", FIELD_DEC, offsetof(record_ladder_t, position), sizeof(((record_ladder_t *)0)->position), NULL},
    {4, "close", FIELD_DEC, offsetof(record_ladder_t, close), sizeof(((record_ladder_t *)0)->close), NULL},
    {5, "rest", FIELD_DEC, offsetof(record_ladder_t, rest), sizeof(((record_ladder_t *)0)->rest), NULL},
    {6, "stop", FIELD_DEC, offsetof(record_ladder_t, stop), sizeof(((record_ladder_t *)0)->stop), NULL},
    END,
};

static const field_t exit_fields[] = {
    {1, "reason", FIELD_ENUM, offsetof(record_exit_t, reason), sizeof(((record_exit_t *)0)->reason), record_word_exit},
    {2, "cause", FIELD_TEXT, offsetof(record_exit_t, cause), sizeof(((record_exit_t *)0)->cause), NULL},
    END,
};

static const field_t trade_closed_fields[] = {
    {1, "outcome", FIELD_ENUM, offsetof(record_trade_closed_t, outcome), sizeof(((record_trade_closed_t *)0)->outcome),
     record_word_outcome},
    {2, "reason", FIELD_ENUM, offsetof(record_trade_closed_t, reason), sizeof(((record_trade_closed_t *)0)->reason),
     record_word_exit},
    {3, "signal_number", FIELD_U64, offsetof(record_trade_closed_t, signal_number),
     sizeof(((record_trade_closed_t *)0)->signal_number), NULL},
    {4, "closing_order", FIELD_TEXT, offsetof(record_trade_closed_t, closing_order.text),
     sizeof(((record_trade_closed_t *)0)->closing_order.text), NULL},
    {5, "quantity", FIELD_DEC, offsetof(record_trade_closed_t, quantity), sizeof(((record_trade_closed_t *)0)->quantity), NULL},
    {6, "entry_average", FIELD_DEC, offsetof(record_trade_closed_t, entry_average),
     sizeof(((record_trade_closed_t *)0)->entry_average), NULL},
    {7, "exit_average", FIELD_DEC, offsetof(record_trade_closed_t, exit_average),
     sizeof(((record_trade_closed_t *)0)->exit_average), NULL},
    {8, "realised", FIELD_DEC, offsetof(record_trade_closed_t, realised), sizeof(((record_trade_closed_t *)0)->realised), NULL},
    {9, "realised_own", FIELD_DEC, offsetof(record_trade_closed_t, realised_own),
     sizeof(((record_trade_closed_t *)0)->realised_own), NULL},
    {10, "fees", FIELD_DEC, offsetof(record_trade_closed_t, fees), sizeof(((record_trade_closed_t *)0)->fees), NULL},
    {11, "funding", FIELD_DEC, offsetof(record_trade_closed_t, funding), sizeof(((record_trade_closed_t *)0)->funding), NULL},
    {12, "opened", FIELD_TIME, offsetof(record_trade_closed_t, opened_ns), sizeof(((record_trade_closed_t *)0)->opened_ns), NULL},
    {13, "uncovered_ns", FIELD_I64, offsetof(record_trade_closed_t, uncovered_ns),
     sizeof(((record_trade_closed_t *)0)->uncovered_ns), NULL},
    {14, "uncovered_notional_seconds", FIELD_DEC, offsetof(record_trade_closed_t, uncovered_notional_seconds),
     sizeof(((record_trade_closed_t *)0)->uncovered_notional_seconds), NULL},
    END,
};

static const field_t intent_fields[] = {
    {1, "intent", FIELD_U64, offsetof(record_intent_t, intent), sizeof(((record_intent_t *)0)->intent), NULL},
    {2, "row", FIELD_U32, offsetof(record_intent_t, row), sizeof(((record_intent_t *)0)->row), NULL},
    {3, "client_id", FIELD_TEXT, offsetof(record_intent_t, spec.client_id.text),
     sizeof(((record_intent_t *)0)->spec.client_id.text), NULL},
    {4, "leg", FIELD_ENUM, offsetof(record_intent_t, spec.leg), sizeof(((record_intent_t *)0)->spec.leg), record_word_leg},
    {5, "side", FIELD_ENUM, offsetof(record_intent_t, spec.side), sizeof(((record_intent_t *)0)->spec.side),
     record_word_order_side},
    {6, "position", FIELD_ENUM, offsetof(record_intent_t, spec.position), sizeof(((record_intent_t *)0)->spec.position),
     record_word_key},
    {7, "type", FIELD_ENUM, offsetof(record_intent_t, spec.type), sizeof(((record_intent_t *)0)->spec.type),
     record_word_order_type},
    {8, "time_in_force", FIELD_ENUM, offsetof(record_intent_t, spec.tif), sizeof(((record_intent_t *)0)->spec.tif),
     record_word_tif},
    {9, "trigger_by", FIELD_ENUM, offsetof(record_intent_t, spec.trigger_by), sizeof(((record_intent_t *)0)->spec.trigger_by),
     record_word_trigger_by},
    {10, "reduce", FIELD_ENUM, offsetof(record_intent_t, spec.reduce), sizeof(((record_intent_t *)0)->spec.reduce),
     record_word_reduce},
    {11, "quantity", FIELD_DEC, offsetof(record_intent_t, spec.quantity), sizeof(((record_intent_t *)0)->spec.quantity), NULL},
    {12, "price", FIELD_DEC, offsetof(record_intent_t, spec.price), sizeof(((record_intent_t *)0)->spec.price), NULL},
    {13, "trigger", FIELD_DEC, offsetof(record_intent_t, spec.trigger), sizeof(((record_intent_t *)0)->spec.trigger), NULL},
    END,
};

static const field_t order_fields[] = {
    {1, "client_id", FIELD_TEXT, offsetof(record_order_t, client_id.text), sizeof(((record_order_t *)0)->client_id.text), NULL},
    {2, "event", FIELD_ENUM, offsetof(record_order_t, event), sizeof(((record_order_t *)0)->event), record_word_order_event},
    {3, "from", FIELD_ENUM, offsetof(record_order_t, from), sizeof(((record_order_t *)0)->from), record_word_order_state},
    {4, "to", FIELD_ENUM, offsetof(record_order_t, to), sizeof(((record_order_t *)0)->to), record_word_order_state},
    {5, "evidence", FIELD_ENUM, offsetof(record_order_t, evidence), sizeof(((record_order_t *)0)->evidence), record_word_evidence},
    {6, "venue_order_id", FIELD_U64, offsetof(record_order_t, venue_order_id), sizeof(((record_order_t *)0)->venue_order_id), NULL},
    {7, "filled_known", FIELD_BOOL, offsetof(record_order_t, filled_known), sizeof(((record_order_t *)0)->filled_known), NULL},
    {8, "filled", FIELD_DEC, offsetof(record_order_t, filled), sizeof(((record_order_t *)0)->filled), NULL},
    {9, "code", FIELD_I32, offsetof(record_order_t, code), sizeof(((record_order_t *)0)->code), NULL},
    {10, "text", FIELD_TEXT, offsetof(record_order_t, text), sizeof(((record_order_t *)0)->text), NULL},
    END,
};

static const field_t algo_fields[] = {
    {1, "client_id", FIELD_TEXT, offsetof(record_algo_t, client_id.text), sizeof(((record_algo_t *)0)->client_id.text), NULL},
    {2, "status", FIELD_ENUM, offsetof(record_algo_t, status), sizeof(((record_algo_t *)0)->status), record_word_venue_status},
    {3, "engine_order_id", FIELD_U64, offsetof(record_algo_t, engine_order_id), sizeof(((record_algo_t *)0)->engine_order_id),
     NULL},
    {4, "reason", FIELD_TEXT, offsetof(record_algo_t, reason), sizeof(((record_algo_t *)0)->reason), NULL},
    END,
};

static const field_t fill_fields[] = {
    {1, "client_id", FIELD_TEXT, offsetof(record_fill_t, client_id), sizeof(((record_fill_t *)0)->client_id), NULL},
    {2, "venue_order_id", FIELD_U64, offsetof(record_fill_t, venue_order_id), sizeof(((record_fill_t *)0)->venue_order_id), NULL},
    {3, "owner", FIELD_ENUM, offsetof(record_fill_t, owner), sizeof(((record_fill_t *)0)->owner), record_word_owner},
    {4, "ours", FIELD_BOOL, offsetof(record_fill_t, ours), sizeof(((record_fill_t *)0)->ours), NULL},
    {5, "side", FIELD_ENUM, offsetof(record_fill_t, side), sizeof(((record_fill_t *)0)->side), record_word_order_side},
    {6, "position", FIELD_ENUM, offsetof(record_fill_t, position), sizeof(((record_fill_t *)0)->position), record_word_key},
    {7, "attributed", FIELD_DEC, offsetof(record_fill_t, attributed), sizeof(((record_fill_t *)0)->attributed), NULL},
    {8, "event", FIELD_ENUM, offsetof(record_fill_t, event), sizeof(((record_fill_t *)0)->event), record_word_order_event},
    {9, "trade_id", FIELD_U64, offsetof(record_fill_t, fill.trade_id), sizeof(((record_fill_t *)0)->fill.trade_id), NULL},
    {10, "price", FIELD_DEC, offsetof(record_fill_t, fill.price), sizeof(((record_fill_t *)0)->fill.price), NULL},
    {11, "quantity", FIELD_DEC, offsetof(record_fill_t, fill.quantity), sizeof(((record_fill_t *)0)->fill.quantity), NULL},
    {12, "fee", FIELD_DEC, offsetof(record_fill_t, fill.fee), sizeof(((record_fill_t *)0)->fill.fee), NULL},
    {13, "fee_asset", FIELD_TEXT, offsetof(record_fill_t, fill.fee_asset), sizeof(((record_fill_t *)0)->fill.fee_asset), NULL},
    {14, "realised", FIELD_DEC, offsetof(record_fill_t, fill.realised), sizeof(((record_fill_t *)0)->fill.realised), NULL},
    {15, "fill_time", FIELD_TIME, offsetof(record_fill_t, fill.time_ns), sizeof(((record_fill_t *)0)->fill.time_ns), NULL},
    {16, "maker", FIELD_BOOL, offsetof(record_fill_t, fill.maker), sizeof(((record_fill_t *)0)->fill.maker), NULL},
    END,
};

static const field_t reduction_fields[] = {
    {1, "quantity", FIELD_DEC, offsetof(record_reduction_t, quantity), sizeof(((record_reduction_t *)0)->quantity), NULL},
    {2, "price", FIELD_DEC, offsetof(record_reduction_t, price), sizeof(((record_reduction_t *)0)->price), NULL},
    {3, "owner", FIELD_ENUM, offsetof(record_reduction_t, owner), sizeof(((record_reduction_t *)0)->owner), record_word_owner},
    {4, "sibling", FIELD_BOOL, offsetof(record_reduction_t, sibling), sizeof(((record_reduction_t *)0)->sibling), NULL},
    {5, "trade_id", FIELD_U64, offsetof(record_reduction_t, trade_id), sizeof(((record_reduction_t *)0)->trade_id), NULL},
    END,
};

static const field_t cover_fields[] = {
    {1, "phase", FIELD_ENUM, offsetof(record_cover_t, phase), sizeof(((record_cover_t *)0)->phase), record_word_cover},
    {2, "began", FIELD_TIME, offsetof(record_cover_t, began_ns), sizeof(((record_cover_t *)0)->began_ns), NULL},
    {3, "quantity", FIELD_DEC, offsetof(record_cover_t, quantity), sizeof(((record_cover_t *)0)->quantity), NULL},
    {4, "notional", FIELD_DEC, offsetof(record_cover_t, notional), sizeof(((record_cover_t *)0)->notional), NULL},
    {5, "duration_ns", FIELD_I64, offsetof(record_cover_t, duration_ns), sizeof(((record_cover_t *)0)->duration_ns), NULL},
    {6, "notional_seconds", FIELD_DEC, offsetof(record_cover_t, notional_seconds), sizeof(((record_cover_t *)0)->notional_seconds),
     NULL},
    END,
};

static const field_t opening_fields[] = {
    {1, "asset", FIELD_TEXT, offsetof(record_opening_t, asset), sizeof(((record_opening_t *)0)->asset), NULL},
    {2, "wallet", FIELD_DEC, offsetof(record_opening_t, wallet), sizeof(((record_opening_t *)0)->wallet), NULL},
    END,
};

static const field_t income_fields[] = {
    {1, "kind", FIELD_ENUM, offsetof(record_income_t, income.kind), sizeof(((record_income_t *)0)->income.kind),
     record_word_income},
    {2, "asset", FIELD_TEXT, offsetof(record_income_t, income.asset), sizeof(((record_income_t *)0)->income.asset), NULL},
    {3, "amount", FIELD_DEC, offsetof(record_income_t, income.amount), sizeof(((record_income_t *)0)->income.amount), NULL},
    {4, "income_time", FIELD_TIME, offsetof(record_income_t, income.time_ns), sizeof(((record_income_t *)0)->income.time_ns), NULL},
    {5, "venue_id", FIELD_U64, offsetof(record_income_t, income.venue_id), sizeof(((record_income_t *)0)->income.venue_id), NULL},
    END,
};

static const field_t adjustment_fields[] = {
    {1, "asset", FIELD_TEXT, offsetof(record_adjustment_t, asset), sizeof(((record_adjustment_t *)0)->asset), NULL},
    {2, "ours", FIELD_DEC, offsetof(record_adjustment_t, ours), sizeof(((record_adjustment_t *)0)->ours), NULL},
    {3, "venue", FIELD_DEC, offsetof(record_adjustment_t, venue), sizeof(((record_adjustment_t *)0)->venue), NULL},
    {4, "difference", FIELD_DEC, offsetof(record_adjustment_t, difference), sizeof(((record_adjustment_t *)0)->difference), NULL},
    {5, "cause", FIELD_TEXT, offsetof(record_adjustment_t, cause), sizeof(((record_adjustment_t *)0)->cause), NULL},
    END,
};

static const field_t position_fields[] = {
    {1, "position", FIELD_ENUM, offsetof(record_position_t, position), sizeof(((record_position_t *)0)->position), record_word_key},
    {2, "ours", FIELD_DEC, offsetof(record_position_t, ours), sizeof(((record_position_t *)0)->ours), NULL},
    {3, "venue", FIELD_DEC, offsetof(record_position_t, venue), sizeof(((record_position_t *)0)->venue), NULL},
    {4, "foreign", FIELD_DEC, offsetof(record_position_t, foreign), sizeof(((record_position_t *)0)->foreign), NULL},
    END,
};

static const field_t reconcile_fields[] = {
    {1, "phase", FIELD_ENUM, offsetof(record_reconcile_t, phase), sizeof(((record_reconcile_t *)0)->phase), record_word_reconcile},
    {2, "orders", FIELD_U32, offsetof(record_reconcile_t, orders), sizeof(((record_reconcile_t *)0)->orders), NULL},
    {3, "positions", FIELD_U32, offsetof(record_reconcile_t, positions), sizeof(((record_reconcile_t *)0)->positions), NULL},
    {4, "differences", FIELD_U32, offsetof(record_reconcile_t, differences), sizeof(((record_reconcile_t *)0)->differences), NULL},
    {5, "cause", FIELD_TEXT, offsetof(record_reconcile_t, cause), sizeof(((record_reconcile_t *)0)->cause), NULL},
    {6, "asked_ns", FIELD_TIME, offsetof(record_reconcile_t, asked_ns), sizeof(((record_reconcile_t *)0)->asked_ns), NULL},
    END,
};

static const struct {
    const field_t *fields;
    size_t size;
} bodies[RECORD_KIND_COUNT] = {
    [RECORD_SESSION] = {session_fields, sizeof(record_session_t)},
    [RECORD_CONFIGURATION] = {configuration_fields, sizeof(record_configuration_t)},
    [RECORD_INSTRUMENT] = {instrument_named_fields, sizeof(record_instrument_t)},
    [RECORD_COMMAND] = {command_fields, sizeof(record_command_t)},
    [RECORD_KILL_LEVEL] = {kill_fields, sizeof(record_kill_t)},
    [RECORD_PAUSE] = {pause_fields, sizeof(record_pause_t)},
    [RECORD_MODE] = {mode_fields, sizeof(record_mode_t)},
    [RECORD_SETTINGS] = {settings_fields, sizeof(record_settings_t)},
    [RECORD_CAPABILITY] = {capability_fields, sizeof(record_capability_t)},
    [RECORD_FREEZE] = {freeze_fields, sizeof(record_freeze_t)},
    [RECORD_SIGNAL] = {signal_fields, sizeof(record_signal_t)},
    [RECORD_SIGNAL_INPUTS] = {inputs_fields, sizeof(record_inputs_t)},
    [RECORD_TRADE_OPENED] = {trade_opened_fields, sizeof(record_trade_opened_t)},
    [RECORD_TRADE_STATE] = {trade_state_fields, sizeof(record_trade_state_t)},
    [RECORD_TRADE_LEVELS] = {levels_fields, sizeof(record_levels_t)},
    [RECORD_LADDER] = {ladder_fields, sizeof(record_ladder_t)},
    [RECORD_EXIT] = {exit_fields, sizeof(record_exit_t)},
    [RECORD_ENTRY_END] = {exit_fields, sizeof(record_exit_t)},
    [RECORD_TRADE_CLOSED] = {trade_closed_fields, sizeof(record_trade_closed_t)},
    [RECORD_INTENT] = {intent_fields, sizeof(record_intent_t)},
    [RECORD_ORDER] = {order_fields, sizeof(record_order_t)},
    [RECORD_ALGO] = {algo_fields, sizeof(record_algo_t)},
    [RECORD_FILL] = {fill_fields, sizeof(record_fill_t)},
    [RECORD_REDUCTION] = {reduction_fields, sizeof(record_reduction_t)},
    [RECORD_COVER] = {cover_fields, sizeof(record_cover_t)},
    [RECORD_OPENING] = {opening_fields, sizeof(record_opening_t)},
    [RECORD_INCOME] = {income_fields, sizeof(record_income_t)},
    [RECORD_ADJUSTMENT] = {adjustment_fields, sizeof(record_adjustment_t)},
    [RECORD_POSITION] = {position_fields, sizeof(record_position_t)},
    [RECORD_RECONCILE] = {reconcile_fields, sizeof(record_reconcile_t)},
};

const field_t *record_body_fields(record_kind_t kind, size_t *size)
{
    if (kind == RECORD_NONE || (unsigned)kind >= RECORD_KIND_COUNT) {
        return NULL;
    }
    *size = bodies[kind].size;
    return bodies[kind].fields;
}

/* --- the seam --------------------------------------------------------------------------------- */

const field_t seam_signal_fields[] = {
    {1, "id", FIELD_TEXT, offsetof(seam_signal_t, signal.id), sizeof(((seam_signal_t *)0)->signal.id), NULL},
    {2, "number", FIELD_U64, offsetof(seam_signal_t, signal.number), sizeof(((seam_signal_t *)0)->signal.number), NULL},
    {3, "venue", FIELD_TEXT, offsetof(seam_signal_t, venue), sizeof(((seam_signal_t *)0)->venue), NULL},
    {4, "symbol", FIELD_TEXT, offsetof(seam_signal_t, symbol), sizeof(((seam_signal_t *)0)->symbol), NULL},
    {5, "kind", FIELD_U32, offsetof(seam_signal_t, kind_plus_one), sizeof(((seam_signal_t *)0)->kind_plus_one), NULL},
    {6, "side", FIELD_ENUM, offsetof(seam_signal_t, signal.side), sizeof(((seam_signal_t *)0)->signal.side), record_word_side},
    {7, "strategy", FIELD_TEXT, offsetof(seam_signal_t, signal.strategy), sizeof(((seam_signal_t *)0)->signal.strategy), NULL},
    {8, "source", FIELD_TEXT, offsetof(seam_signal_t, signal.source), sizeof(((seam_signal_t *)0)->signal.source), NULL},
    {9, "entry", FIELD_DEC, offsetof(seam_signal_t, signal.entry), sizeof(((seam_signal_t *)0)->signal.entry), NULL},
    {10, "stop", FIELD_DEC, offsetof(seam_signal_t, signal.stop), sizeof(((seam_signal_t *)0)->signal.stop), NULL},
    {11, "target", FIELD_DEC, offsetof(seam_signal_t, signal.target), sizeof(((seam_signal_t *)0)->signal.target), NULL},
    {12, "confidence", FIELD_DOUBLE, offsetof(seam_signal_t, signal.confidence), sizeof(((seam_signal_t *)0)->signal.confidence),
     NULL},
    {13, "timeframes", FIELD_U32, offsetof(seam_signal_t, signal.timeframes), sizeof(((seam_signal_t *)0)->signal.timeframes),
     NULL},
    {14, "timeframe_source", FIELD_ENUM, offsetof(seam_signal_t, signal.timeframe_source),
     sizeof(((seam_signal_t *)0)->signal.timeframe_source), record_word_timeframe},
    {15, "made", FIELD_TIME, offsetof(seam_signal_t, signal.made_ns), sizeof(((seam_signal_t *)0)->signal.made_ns), NULL},
    {16, "expires", FIELD_TIME, offsetof(seam_signal_t, signal.expires_ns), sizeof(((seam_signal_t *)0)->signal.expires_ns), NULL},
    {17, "inputs", FIELD_INPUTS, offsetof(seam_signal_t, signal.inputs), offsetof(seam_signal_t, signal.input_count), NULL},
    {18, "states", FIELD_U64, offsetof(seam_signal_t, signal.states), sizeof(((seam_signal_t *)0)->signal.states), NULL},
    {19, "size_cut", FIELD_DEC, offsetof(seam_signal_t, signal.size_cut), sizeof(((seam_signal_t *)0)->signal.size_cut), NULL},
    {20, "veto", FIELD_ENUM, offsetof(seam_signal_t, signal.veto), sizeof(((seam_signal_t *)0)->signal.veto), record_word_veto},
    {21, "veto_first", FIELD_DOUBLE, offsetof(seam_signal_t, signal.veto_figure[0]),
     sizeof(((seam_signal_t *)0)->signal.veto_figure[0]), NULL},
    {22, "veto_second", FIELD_DOUBLE, offsetof(seam_signal_t, signal.veto_figure[1]),
     sizeof(((seam_signal_t *)0)->signal.veto_figure[1]), NULL},
    {23, "exit_of", FIELD_U64, offsetof(seam_signal_t, signal.exit_of), sizeof(((seam_signal_t *)0)->signal.exit_of), NULL},
    END,
};

const field_t request_outcome_fields[] = {
    {1, "kind", FIELD_ENUM, offsetof(request_outcome_t, kind), sizeof(((request_outcome_t *)0)->kind), record_word_request_outcome},
    {2, "signal_number", FIELD_U64, offsetof(request_outcome_t, signal_number), sizeof(((request_outcome_t *)0)->signal_number),
     NULL},
    {3, "trade", FIELD_U64, offsetof(request_outcome_t, trade), sizeof(((request_outcome_t *)0)->trade), NULL},
    {4, "record", FIELD_U64, offsetof(request_outcome_t, record), sizeof(((request_outcome_t *)0)->record), NULL},
    {5, "time", FIELD_TIME, offsetof(request_outcome_t, time_ns), sizeof(((request_outcome_t *)0)->time_ns), NULL},
    {6, "reason", FIELD_ENUM, offsetof(request_outcome_t, reason), sizeof(((request_outcome_t *)0)->reason), record_word_door},
    {7, "figure_first", FIELD_DEC, offsetof(request_outcome_t, figure[0]), sizeof(((request_outcome_t *)0)->figure[0]), NULL},
    {8, "figure_second", FIELD_DEC, offsetof(request_outcome_t, figure[1]), sizeof(((request_outcome_t *)0)->figure[1]), NULL},
    {9, "outcome", FIELD_ENUM, offsetof(request_outcome_t, outcome), sizeof(((request_outcome_t *)0)->outcome),
     record_word_outcome},
    {10, "realised", FIELD_DEC, offsetof(request_outcome_t, realised), sizeof(((request_outcome_t *)0)->realised), NULL},
    {11, "fees", FIELD_DEC, offsetof(request_outcome_t, fees), sizeof(((request_outcome_t *)0)->fees), NULL},
    {12, "funding", FIELD_DEC, offsetof(request_outcome_t, funding), sizeof(((request_outcome_t *)0)->funding), NULL},
    END,
};
