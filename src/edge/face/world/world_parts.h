/* world_parts.h: the inside of a world, for the files of this folder only. */
#pragma once

#include "edge/face/world/world.h"
#include "edge/face/world/world_acts.h"
#include "edge/face/world/world_log.h"

enum { WORLD_SCALES_MAX = MARKET_BARS_SCALES_MAX };

/* Bars of a source from one on stand at so many times their recorded price. */
typedef struct {
    uint32_t source;
    int64_t from_ns;
    dec_t factor;
} world_scale_t;

/* Everything beside the venue that a snapshot keeps. Flat: written as it lies in memory. */
typedef struct {
    uint64_t seed;
    int64_t start_ns;
    uint64_t moment;
    uint64_t source_count;
    uint64_t source_digests[MARKET_SOURCE_MAX];
    uint64_t stream_lines[MARKET_SOURCE_MAX]; /* events taken from recorded streams */
    char symbols[MARKET_SOURCE_MAX][SYMBOL_TEXT_MAX];
    uint64_t account_count;
    world_account_t accounts[WORLD_ACCOUNTS_MAX];
    uint64_t scale_count;
    world_scale_t scales[WORLD_SCALES_MAX];
} world_saved_t;

struct world {
    venue_t *venue;
    void *memory; /* the venue lives in it */
    world_saved_t saved;
    market_source_t *sources;
    char folder[FILE_PATH_MAX]; /* "" : ephemeral */
    uint64_t generation;
    uint64_t snapshot_bytes;
    world_log_t log;
    bool replaying;
    uint32_t listener_count;
    struct {
        void (*listen)(void *context, const venue_event_t *event);
        void *context;
    } listeners[WORLD_LISTENERS_MAX];
    world_doom_t doom; /* of orders placed now */
    venue_sink_t sink;
};

/* Types of inputs in the log: never renumbered. */
typedef enum {
    INPUT_ADVANCE = 1,
    INPUT_PLACE,
    INPUT_CANCEL,
    INPUT_AMEND,
    INPUT_CANCEL_ALL,
    INPUT_COUNTDOWN,
    INPUT_ALGO_PLACE,
    INPUT_ALGO_CANCEL,
    INPUT_ALGO_CANCEL_ALL,
    INPUT_LEVERAGE,
    INPUT_MARGIN,
    INPUT_MODE,
    INPUT_MOVE_MARGIN,
    INPUT_FOLLOW,
    INPUT_STATUS,
    INPUT_ACCOUNT,
    INPUT_LISTEN_KEY,
    INPUT_ACT,
    INPUT_RULES,
    INPUT_RESTRICT = 40,
    INPUT_LEVERAGE_BAR,
    INPUT_FEE_TIER,
    INPUT_FEE_BURN,
    INPUT_TRANSFER,
    INPUT_ONLY_REDUCE,
    INPUT_DELIVER,
    INPUT_MULTI_ASSETS,
    INPUT_SPOT_PLACE = 80,
    INPUT_SPOT_CANCEL,
    INPUT_SPOT_AMEND,
    INPUT_SPOT_LIST_PLACE,
    INPUT_SPOT_LIST_CANCEL,
    INPUT_SPOT_TRANSFER,
    INPUT_SPOT_FEES,
    INPUT_SPOT_BURN,
} input_type_t;

/* One shape for all inputs that are a handful of numbers. */
typedef struct {
    venue_account_t account;
    instrument_id_t instrument;
    uint16_t side;
    uint32_t number, more;
    int64_t time_ns;
    dec_t amount;
} small_input_t;

typedef struct {
    char name[WORLD_NAME_MAX];
    char api_key[WORLD_KEY_MAX];
    char asset[ASSET_TEXT_MAX];
    dec_t amount;
} account_input_t; /* in the log world_grant_t follow, as many as there are */

typedef struct {
    venue_account_t account;
    uint32_t product; /* world_product_t */
    char key[WORLD_LISTEN_KEY_MAX];
    int64_t expires_ns;
} listen_key_input_t;

typedef struct {
    instrument_id_t instrument;
    instrument_t rules;
} rules_input_t;

/* In a function with `body` and `length`: copies the body out of the log (alignment) after checking its size. */
#define WORLD_TAKE(kind, name)                                                                                                     \
    kind name;                                                                                                                     \
    if (length != sizeof name)                                                                                                     \
        return RESULT_MALFORMED;                                                                                                   \
    memcpy(&name, body, sizeof name)

/* --- world_apply.c ---------------------------------------------------------------------------- */

/* Applies one input as it stands in the log. */
result_t world_apply(void *context, uint32_t type, const void *body, size_t length);
result_t world_apply_small(world_t *world, input_type_t type, const small_input_t *input, venue_reply_t *reply, dec_t *number,
                           uint32_t *count);
void world_apply_listen_key(world_t *world, const listen_key_input_t *input);

/* How far an advance goes. In the log as the input's `more`: never renumbered. */
typedef enum { RUN_THROUGH = 0, RUN_TO_EVENT = 1 } run_t;

/* world_market.c */
/* Runs the market up to to_ns, feeding bars and recorded events on the way; RUN_TO_EVENT: no further than the first instant at
 * which something private happened to an account. */
result_t world_run(world_t *world, int64_t to_ns, run_t run);
result_t world_feed_bars(world_t *world); /* RESULT_IO: the bars cannot be read any more */

/* world_snapshot.c: goes on from the stored state; RESULT_NOT_FOUND: there is none. */
result_t world_restore(world_t *world, const world_options_t *options, world_report_t *report);

/* Words the failure for the report, and gives it back. */
result_t world_fail(world_report_t *report, result_t result, const char *what);

result_t world_open_account(world_t *world, const account_input_t *input, const world_grant_t *grants, size_t grant_count);
void world_emit(void *context, const venue_event_t *event);

/* The input becomes part of history, or the caller must not act. */
result_t world_note(world_t *world, input_type_t type, const void *body, size_t length);

/* world_spot.c */
result_t world_spot_apply(world_t *world, input_type_t type, const void *body, size_t length);
/* world_acts.c */
result_t world_act_apply(world_t *world, const world_act_t *act, uint32_t *count);
void world_scale_again(world_t *world); /* after a restart: the bars in memory are as in their file */
