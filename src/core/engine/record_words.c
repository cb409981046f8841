/* record_words.c: see record_words.h. */
#include "core/engine/record_words.h"

#include "core/order/record.h"

static const char *pick(const char *const *words, unsigned count, unsigned value)
{
    return value < count && words[value] != NULL ? words[value] : "?";
}

const char *record_word_mode(unsigned value)
{
    static const char *const words[] = {NULL, "one_way", "hedge"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_margin(unsigned value)
{
    static const char *const words[] = {NULL, "isolated", "crossed"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_purpose(unsigned value)
{
    static const char *const words[] = {NULL, "signal", "canary", "orphan"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_entry_type(unsigned value)
{
    static const char *const words[] = {NULL, "limit", "market", "stop", "stop_limit", "post_only", "ioc", "fok"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_trigger_by(unsigned value)
{
    static const char *const words[] = {NULL, "contract", "mark"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_evidence(unsigned value)
{
    static const char *const words[] = {NULL, "ours", "reply", "stream", "query", "list", "fill", "signer", "silence"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_venue_status(unsigned value)
{
    static const char *const words[] = {"none",     "new",        "partially_filled", "filled",   "cancelled", "expired",
                                        "rejected", "triggering", "triggered",        "finished", "unknown"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_owner(unsigned value)
{
    static const char *const words[] = {"client", "liquidation", "adl", "settlement"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_cover(unsigned value)
{
    static const char *const words[] = {NULL, "begin", "change", "end"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_income(unsigned value)
{
    static const char *const words[] = {NULL, "funding", "transfer", "liquidation", "other"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_reconcile(unsigned value)
{
    static const char *const words[] = {NULL, "begun", "clean", "different"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_instrument_kind(unsigned value)
{
    static const char *const words[] = {"spot", "perpetual", "delivery"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_request_outcome(unsigned value)
{
    static const char *const words[] = {NULL, "accepted", "refused", "filled", "closed"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_veto(unsigned value)
{
    static const char *const words[] = {"none", "market", "regime"};
    return pick(words, sizeof words / sizeof words[0], value);
}

const char *record_word_command(unsigned value)
{
    return command_kind_name((command_kind_t)value);
}

const char *record_word_refusal(unsigned value)
{
    return level_refusal_name((level_refusal_t)value);
}

const char *record_word_result(unsigned value)
{
    return value < RESULT_COUNT ? result_name((result_t)value) : "?";
}

const char *record_word_side(unsigned value)
{
    return position_side_text((position_side_t)value);
}

const char *record_word_timeframe(unsigned value)
{
    return value < TF_COUNT ? timeframe_text((timeframe_t)value) : "?";
}

const char *record_word_door(unsigned value)
{
    return value < DOOR_COUNT ? door_reason_name((door_reason_t)value) : "?";
}

const char *record_word_key(unsigned value)
{
    return position_key_text((position_key_t)value);
}

const char *record_word_trade_state(unsigned value)
{
    return trade_state_name((trade_state_t)value);
}

const char *record_word_trade_event(unsigned value)
{
    return trade_event_name((trade_event_t)value);
}

const char *record_word_exit(unsigned value)
{
    return exit_reason_name((exit_reason_t)value);
}

const char *record_word_outcome(unsigned value)
{
    return outcome_name((outcome_t)value);
}

const char *record_word_leg(unsigned value)
{
    return leg_text((leg_t)value);
}

const char *record_word_order_side(unsigned value)
{
    return order_side_text((order_side_t)value);
}

const char *record_word_order_type(unsigned value)
{
    return order_type_text((order_type_t)value);
}

const char *record_word_tif(unsigned value)
{
    return time_in_force_text((time_in_force_t)value);
}

const char *record_word_reduce(unsigned value)
{
    return reduce_text((reduce_t)value);
}

const char *record_word_order_event(unsigned value)
{
    return order_event_name((order_event_t)value);
}

const char *record_word_order_state(unsigned value)
{
    return order_state_name((order_state_t)value);
}
