/* order_half_sync.c: comparing our books with the venue: at start before the first entry, after a gap in the stream, on command,
 * and every snapshot interval (ORD-7, I8).
 *
 * In rounds: read everything; ask for each order of ours that the lists do not show, one by one, because absence is no evidence;
 * read the fills of every symbol concerned (of every symbol there is, when money differs); then compare positions and balances.
 * What does not fit is looked at again; what still does not fit after the last round is frozen (a position of ours) or made
 * explicit (a balance), never overwritten.
 */
#include "core/engine/order_half_parts.h"

#include "core/base/assert.h"

#define SYNC_PAUSE_NS   (2 * HALF_SECOND)
#define SYNC_OVERLAP_NS (600 * HALF_SECOND)

static void record_reconcile(order_half_t *half, reconcile_phase_t phase, uint32_t differences)
{
    order_record_t *record = half_record(half, RECORD_RECONCILE, 0, INSTRUMENT_NONE);
    record->reconcile.phase = phase;
    record->reconcile.orders = half->books.order_count;
    record->reconcile.positions = half->books.trade_count;
    record->reconcile.differences = differences;
    record->reconcile.asked_ns = phase == RECONCILE_BEGUN ? 0 : half->sync.asked_ns;
    half_text(record->reconcile.cause, sizeof record->reconcile.cause, half->sync.cause);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

void half_sync_begin(order_half_t *half, const char *cause, bool loud)
{
    half_sync_t *sync = &half->sync;
    if (sync->phase == SYNC_WAITING && !loud) {
        return; /* the next look is coming */
    }
    if (sync->phase != SYNC_IDLE && sync->phase != SYNC_WAITING) {
        sync->again = true; /* what it has read so far may be older than what was missed */
        sync->loud = sync->loud || loud;
        return;
    }
    sync->loud = loud || (sync->phase == SYNC_WAITING && sync->loud);
    if (sync->phase == SYNC_IDLE || sync->failures == 0) {
        sync->next_ns = half->now_ns; /* one that failed keeps its pause: cuts often come together with failures */
    }
    sync->phase = SYNC_WAITING;
    sync->tries = 0;
    half_text(sync->cause, sizeof sync->cause, cause);
    if (loud) {
        record_reconcile(half, RECONCILE_BEGUN, 0);
    }
}

/* A pause that doubles with each failure, so that asking in vain does not eat the weight that exits may need. */
static int64_t doubled(int64_t pause_ns, uint32_t times, int64_t most_ns)
{
    const int64_t pause = pause_ns << (times < 16 ? times : 16);
    return pause < most_ns ? pause : most_ns;
}

bool half_sync_blind(const order_half_t *half)
{
    return !half->reconciled || half->sync.blind;
}

/* The pause between two rounds is for what may be on its way: nothing is. One after a failure is for the venue to recover, and
 * stays. */
void half_sync_standstill(order_half_t *half)
{
    if (half->sync.phase == SYNC_WAITING && half->sync.failures == 0 && half_sync_blind(half)) {
        half->sync.next_ns = half->now_ns;
    }
}

/* --- reading everything ----------------------------------------------------------------------- */

static int64_t history_since(const order_half_t *half)
{
    const int64_t from = half->books.reconciled_ns - SYNC_OVERLAP_NS;
    return from > half->books.first_ns ? from : half->books.first_ns;
}

static void ask_snapshot(order_half_t *half)
{
    half_sync_t *sync = &half->sync;
    order_action_t *action = half_action(half, ACTION_SNAPSHOT, PRIORITY_QUERY, 0, INSTRUMENT_NONE);
    action->snapshot.since_ns = history_since(half); /* no symbols: fills are read when every order is accounted for */
    sync->action = action->number;
    sync->phase = SYNC_SNAPSHOT;
    sync->round++;
    sync->tries++;
    sync->failed = 0;
    sync->complete = 0;
    sync->strays = 0;
    sync->again = false;
    sync->asked_ns = half->now_ns;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        order->desk.seen = false;
        /* Only what was handed over before the question can be missed in the answer. */
        order->desk.round = order_state_is_live(order->state) ? sync->round : 0;
    }
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        half->symbols[i].foreign_orders_new = 0;
    }
}

static void sweep_stray(order_half_t *half, const private_order_t *report)
{
    uint32_t epoch = 0;
    uint64_t intent = 0;
    leg_t leg = LEG_ENTRY;
    if (client_id_parse(str_from(report->client_id), &epoch, &intent, &leg) != RESULT_OK ||
        report->instrument >= half->instruments.count) {
        return;
    }
    /* Our form of id, made before now by this journal: an order of a trade that is over. Anything else is somebody else's (I19). */
    if (epoch > half->books.epoch || intent >= half->books.next_intent || half->sync.strays == HALF_STRAYS_MAX) {
        return;
    }
    half->sync.strays++;
    order_action_t *action = half_action(half, ACTION_CANCEL, PRIORITY_EXIT, 0, report->instrument);
    client_id_make(&action->order.client_id, epoch, intent, leg);
    action->order.algo = report->algo;
    action->order.venue_order_id = report->venue_order_id;
}

static void take_order(order_half_t *half, const private_order_t *report)
{
    book_order_t *order = half_learn_order(half, report, EVIDENCE_LIST);
    if (order != NULL) {
        order->desk.seen = true;
        return;
    }
    if (report->instrument < half->instruments.count) {
        half->symbols[report->instrument].foreign_orders_new++;
    }
    sweep_stray(half, report);
}

static void take_item(order_half_t *half, const snapshot_piece_t *piece)
{
    const private_event_t *item = &piece->item;
    switch (piece->section) {
    case SECTION_ORDERS:
    case SECTION_ALGO_ORDERS:
        take_order(half, &item->order);
        break;
    case SECTION_POSITIONS:
        half_learn_position(half, &item->position);
        break;
    case SECTION_BALANCES:
        half_learn_balance(half, &item->balance, half->sync.asked_ns);
        break;
    case SECTION_SETTINGS:
        half_learn_settings(half, &item->settings);
        break;
    case SECTION_MODE:
        half_learn_mode(half, item->mode);
        break;
    case SECTION_INCOME:
        half_learn_income(half, &item->income);
        break;
    case SECTION_FILLS:
        break; /* fills are read after every order is accounted for, so that none of ours is taken for a stranger's */
    }
}

/* A complete list of positions that does not name a symbol says: flat. It is compared, it is not applied. */
static void forget_positions(order_half_t *half)
{
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
            half->symbols[i].venue_amount[key] = DEC_ZERO;
            half->symbols[i].venue_known[key] = true;
        }
    }
}

static void ask_missing_orders(order_half_t *half)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (order->desk.round == half->sync.round && !order->desk.seen && order_state_is_live(order->state)) {
            order->desk.ask = true;
            order->desk.next_query_ns = half->now_ns;
        }
    }
}

void half_on_snapshot(order_half_t *half, const snapshot_piece_t *piece)
{
    half_sync_t *sync = &half->sync;
    if (sync->phase != SYNC_SNAPSHOT || piece->action != sync->action || piece->action == 0) {
        return; /* an answer to an older question */
    }
    const uint32_t bit = 1U << (unsigned)piece->section;
    switch (piece->phase) {
    case SNAPSHOT_ITEM:
        /* The first position of a list clears what an older one said. */
        if (piece->section == SECTION_POSITIONS && (sync->complete & 1U) == 0) {
            forget_positions(half);
            sync->complete |= 1U;
        }
        take_item(half, piece);
        break;
    case SNAPSHOT_COMPLETE:
        if (piece->section == SECTION_POSITIONS && (sync->complete & 1U) == 0) {
            forget_positions(half);
        }
        sync->complete |= bit;
        break;
    case SNAPSHOT_FAILED:
        sync->failed |= bit;
        break;
    case SNAPSHOT_END: {
        const uint32_t needed = 1U << SECTION_MODE | 1U << SECTION_ORDERS | 1U << SECTION_ALGO_ORDERS | 1U << SECTION_POSITIONS |
                                1U << SECTION_BALANCES;
        if (sync->failed != 0 || (sync->complete & needed) != needed) {
            sync->phase = SYNC_WAITING;
            sync->tries--; /* no information: this round has not happened */
            sync->next_ns = half->now_ns + doubled(HALF_RETRY_NS, sync->failures++, HALF_QUERY_LIFE_NS);
            break;
        }
        sync->failures = 0;
        for (instrument_id_t i = 0; i < half->instruments.count; i++) {
            half->symbols[i].foreign_orders = half->symbols[i].foreign_orders_new;
        }
        ask_missing_orders(half);
        sync->phase = SYNC_QUERIES;
        break;
    }
    }
}

/* --- orders and fills ------------------------------------------------------------------------- */

static bool orders_answered(const order_half_t *half)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->desk.round == half->sync.round && !order->desk.seen && (order->desk.ask || order->desk.query_action != 0)) {
            return false;
        }
    }
    return true;
}

static void begin_fills(order_half_t *half)
{
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        half->symbols[i].wants_fills = half_concerns_us(half, i) || half_position_differs(half, i);
        half->symbols[i].fills_asked_ns = 0; /* an order's own question may just have read them: not all, and not failed */
    }
    half->sync.phase = SYNC_FILLS;
    half->sync.everywhere = false;
}

/* Money differs and no symbol that was read explains it: somebody may have traded where nothing of ours stands, and be flat again.
 * The trade lists of all other symbols are read before anything is called unexplained. */
static void look_everywhere(order_half_t *half)
{
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        half->symbols[i].wants_fills = true;
        half->symbols[i].fills_asked_ns = 0; /* all that were asked for have been read: no pause */
    }
    half->sync.phase = SYNC_FILLS;
    half->sync.everywhere = true;
}

/* True when every trade list that was wanted has been read. */
static bool fills_read(order_half_t *half)
{
    bool read = true;
    uint32_t asked = 0;
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        asked += half->symbols[i].fills_action != 0 ? 1 : 0;
    }
    for (instrument_id_t i = 0; i < half->instruments.count && half_has_room(half); i++) {
        half_symbol_t *symbol = &half->symbols[i];
        if (!symbol->wants_fills) {
            continue;
        }
        read = false;
        if (symbol->fills_action == 0 && asked >= HALF_LISTS_AT_ONCE) {
            continue;
        }
        if (symbol->fills_action == 0 && half->now_ns - symbol->fills_asked_ns < SYNC_PAUSE_NS &&
            symbol->fills_asked_ns >= half->sync.asked_ns) {
            continue; /* it failed just now: a pause before the next */
        }
        asked += half_query_fills(half, i, history_since(half)) ? 1 : 0;
    }
    return read && half_has_room(half);
}

/* --- the end of a round ----------------------------------------------------------------------- */

/* On a grid of its own, half an interval beside the full hours at which bars close: when the next one comes does not depend on how
 * long the last one took, so that a run that began with a slow start decides as any other. */
static int64_t next_interval(const order_half_t *half)
{
    const int64_t interval_ns = half->risk.snapshot_interval_ns, beside_ns = interval_ns / 2;
    return ((half->now_ns - beside_ns) / interval_ns + 1) * interval_ns + beside_ns;
}

static void settle(order_half_t *half)
{
    half_sync_t *sync = &half->sync;
    if (sync->again) {
        sync->phase = SYNC_WAITING;
        sync->next_ns = half->now_ns;
        sync->tries = 0;
        return;
    }
    const bool last = sync->tries >= HALF_SYNC_ROUNDS_MAX && !(sync->everywhere && sync->moved);
    const half_found_t positions = half_compare_positions(half, last);
    const half_found_t balances = half_compare_balances(half, last && sync->everywhere && positions.still + positions.moving == 0);
    const bool unexplained = balances.still > 0 || (sync->loud && balances.moving > 0);
    if (unexplained && positions.still + positions.moving == 0 && !sync->everywhere) {
        sync->moved = balances.moving > 0;
        look_everywhere(half);
        return;
    }
    const uint32_t moving = positions.moving + balances.moving, still = positions.still + balances.still;
    const bool patient = moving > 0 && sync->tries < HALF_SYNC_PATIENCE_MAX;
    if (patient || (still > 0 && !last)) {
        sync->phase = SYNC_WAITING; /* something may still be on its way */
        sync->next_ns = half->now_ns + SYNC_PAUSE_NS;
        return;
    }
    const bool differ = positions.still + positions.moving > 0;
    sync->phase = SYNC_IDLE;
    sync->tries = 0;
    sync->due_ns = differ ? half->now_ns + doubled(5 * SYNC_PAUSE_NS, sync->differences, half->risk.snapshot_interval_ns)
                          : next_interval(half);
    sync->differences = differ ? sync->differences + 1 : 0;
    record_reconcile(half, differ ? RECONCILE_DIFFERENT : RECONCILE_CLEAN, moving + still);
    if (sync->loud || moving + still > 0 || !half->reconciled) {
        half_notify(half, NOTICE_RECONCILED, 0, INSTRUMENT_NONE);
    }
    sync->loud = false;
    sync->blind = false;
    half->reconciled = true;
}

static void read_fills(order_half_t *half)
{
    if (!fills_read(half)) {
        return;
    }
    settle(half);
    if (half->sync.phase == SYNC_FILLS) {
        (void)fills_read(half); /* everywhere now */
    }
}

/* --- the plan --------------------------------------------------------------------------------- */

/* A position that does not fit our books for a while, seen on the stream, starts a comparison (I19: seen within 10 s). */
static void watch_positions(order_half_t *half)
{
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        half_symbol_t *symbol = &half->symbols[i];
        if (!half_concerns_us(half, i) || !half_position_differs(half, i)) {
            symbol->mismatch_since_ns = 0;
        } else if (symbol->mismatch_since_ns == 0) {
            symbol->mismatch_since_ns = half->now_ns;
        } else if (half->now_ns - symbol->mismatch_since_ns >= HALF_MISMATCH_NS && !half->books.symbols[i].frozen) {
            half_sync_begin(half, "position differs", false);
            symbol->mismatch_since_ns = 0;
            return;
        }
    }
}

void half_plan_sync(order_half_t *half)
{
    half_sync_t *sync = &half->sync;
    switch (sync->phase) {
    case SYNC_IDLE:
        if (half->now_ns >= sync->due_ns) {
            half_sync_begin(half, "interval", false);
        } else {
            watch_positions(half);
        }
        break;
    case SYNC_WAITING:
        if (half->now_ns >= sync->next_ns) {
            ask_snapshot(half);
        }
        break;
    case SYNC_SNAPSHOT:
        if (half->now_ns - sync->asked_ns >= HALF_QUERY_LIFE_NS) {
            sync->phase = SYNC_WAITING; /* no answer at all */
            sync->tries--;
            sync->next_ns = half->now_ns;
        }
        break;
    case SYNC_QUERIES:
        if (orders_answered(half)) {
            begin_fills(half);
            read_fills(half); /* in the same turn: where the clock stands still there may be no other */
        }
        break;
    case SYNC_FILLS:
        read_fills(half);
        break;
    }
}
