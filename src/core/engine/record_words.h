/* record_words.h: the words of the enumerations in records, for their JSON and sentences: "?" for a value that does not exist.
 * Inside core/engine only. */
#pragma once

typedef const char *record_word_fn(unsigned value);

record_word_fn record_word_mode, record_word_margin, record_word_purpose, record_word_entry_type, record_word_trigger_by,
    record_word_evidence, record_word_venue_status, record_word_owner, record_word_cover, record_word_income, record_word_reconcile,
    record_word_instrument_kind, record_word_request_outcome, record_word_veto, record_word_command, record_word_refusal,
    record_word_result, record_word_side, record_word_timeframe, record_word_door, record_word_key, record_word_trade_state,
    record_word_trade_event, record_word_exit, record_word_outcome, record_word_leg, record_word_order_side, record_word_order_type,
    record_word_tif, record_word_reduce, record_word_order_event, record_word_order_state;
