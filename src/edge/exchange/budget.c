/* budget.c: the shared file: two slots with checksums in one mapped page, guarded by flock.
 *
 * An update writes the slot that is not current and then makes it current by its higher generation; a process that dies half-way
 * leaves a slot whose checksum is wrong, and the other one still tells the state before. flock goes with the process that held it,
 * so nobody waits for the dead. Waiting for the living is bounded: a stopped or hanging holder must not keep a stop order from
 * leaving.
 */
#include "edge/exchange/budget.h"

#include "core/base/assert.h"
#include "core/base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_BYTES = 4096, VERSION = 1, MINUTE_MS = 60000, TEN_S_MS = 10000 };
#define MAGIC UINT64_C(0x31544744425f5450) /* "PT_BDGT1" */

typedef struct {
    uint64_t account; /* 0: free */
    int64_t window_10s_ms, window_minute_ms;
    uint32_t used_10s, used_minute;
} account_t;

typedef struct {
    uint64_t magic;
    uint32_t version;
    uint32_t checksum;   /* CRC-32C of everything after it */
    uint64_t generation; /* the greater of two valid slots is current */
    budget_limits_t limits;
    uint32_t weight_used;
    int64_t window_ms; /* start of the minute that weight_used counts */
    int64_t banned_until_ms, banned_at_ms;
    uint32_t bans;
    uint32_t reserved;
    account_t accounts[BUDGET_ACCOUNTS_MAX];
} slot_t;

_Static_assert(2 * sizeof(slot_t) <= FILE_BYTES, "two slots in one page");

struct budget {
    int descriptor;
    slot_t *slots; /* two, mapped */
};

/* What each priority may use of a limit, in per cent; stops end at 90, so the last tenth is never touched. */
static const uint32_t share_pct[BUDGET_PRIORITY_COUNT] = {
    [BUDGET_STOP] = 90, [BUDGET_EXIT] = 85, [BUDGET_ENTRY] = 70, [BUDGET_QUERY] = 60, [BUDGET_HISTORY] = 50};

static uint32_t slot_checksum(const slot_t *slot)
{
    const char *from = (const char *)slot + offsetof(slot_t, generation);
    return hash_crc32c(0, from, sizeof *slot - offsetof(slot_t, generation));
}

static bool slot_is_valid(const slot_t *slot)
{
    return slot->magic == MAGIC && slot->version == VERSION && slot->checksum == slot_checksum(slot);
}

/* The current state; false when neither slot is valid. */
static bool state_load(const budget_t *budget, slot_t *state)
{
    slot_t copies[2];
    memcpy(copies, budget->slots, sizeof copies);
    bool first = slot_is_valid(&copies[0]), second = slot_is_valid(&copies[1]);
    if (!first && !second) {
        return false;
    }
    *state = first && (!second || copies[0].generation > copies[1].generation) ? copies[0] : copies[1];
    return true;
}

/* The same without the lock: a writer at work can make both slots look wrong for a moment, a damaged file does so for good. */
static bool state_peek(const budget_t *budget, slot_t *state)
{
    const struct timespec nap = {.tv_nsec = 100000};
    for (int tries = 0; tries < 200; tries++) {
        if (state_load(budget, state)) {
            return true;
        }
        (void)nanosleep(&nap, NULL);
    }
    return false;
}

static void state_store(budget_t *budget, slot_t *state)
{
    bool into_first = slot_is_valid(&budget->slots[1]) && budget->slots[1].generation == state->generation;
    slot_t *into = into_first ? &budget->slots[0] : &budget->slots[1];
    state->magic = MAGIC;
    state->version = VERSION;
    state->generation++;
    state->checksum = slot_checksum(state);
    memcpy(into, state, sizeof *state);
}

static void state_reset(slot_t *state)
{
    memset(state, 0, sizeof *state);
    state->limits = (budget_limits_t){.weight_minute = 2400, .orders_10s = 300, .orders_minute = 1200};
}

/* RESULT_LOCKED when somebody holds it for too long. */
static result_t lock_take(const budget_t *budget)
{
    struct timespec nap = {.tv_nsec = 200000};
    for (int waited_us = 0; waited_us <= BUDGET_LOCK_WAIT_MS * 1000; waited_us += 200) {
        if (flock(budget->descriptor, LOCK_EX | LOCK_NB) == 0) {
            return RESULT_OK;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return RESULT_IO;
        }
        (void)nanosleep(&nap, NULL);
    }
    return RESULT_LOCKED;
}

static void lock_give(const budget_t *budget)
{
    (void)flock(budget->descriptor, LOCK_UN);
}

static result_t open_failure(int error)
{
    return error == EACCES || error == EPERM    ? RESULT_PERMISSION
           : error == ENOSPC || error == EDQUOT ? RESULT_DISK_FULL
                                                : RESULT_IO;
}

/* Under the lock: sizes and maps the file, and makes its content anew when it cannot be used. */
static result_t file_prepare(budget_t *budget, budget_file_t *how)
{
    struct stat about;
    if (fstat(budget->descriptor, &about) != 0) {
        return RESULT_IO;
    }
    *how = about.st_size == 0 ? BUDGET_FILE_NEW : BUDGET_FILE_KEPT;
    if (about.st_size != FILE_BYTES) {
        /* Real blocks, so that a full disk shows here and not as a fault on a mapped page. */
        int failed = posix_fallocate(budget->descriptor, 0, FILE_BYTES);
        if (failed != 0 || ftruncate(budget->descriptor, FILE_BYTES) != 0) {
            return open_failure(failed != 0 ? failed : errno);
        }
        *how = about.st_size == 0 ? BUDGET_FILE_NEW : BUDGET_FILE_REBUILT;
    }
    void *memory = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, budget->descriptor, 0);
    if (memory == MAP_FAILED) {
        return RESULT_IO;
    }
    budget->slots = memory;
    slot_t state;
    if (!state_load(budget, &state)) {
        *how = *how == BUDGET_FILE_NEW ? BUDGET_FILE_NEW : BUDGET_FILE_REBUILT;
        memset(budget->slots, 0, FILE_BYTES);
        state_reset(&state);
        state_store(budget, &state);
    }
    return RESULT_OK;
}

result_t budget_open(const char *path, budget_t **out, budget_file_t *how)
{
    budget_file_t found = BUDGET_FILE_KEPT;
    budget_t *budget = calloc(1, sizeof *budget);
    if (budget == NULL) {
        return RESULT_IO;
    }
    budget->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    result_t result = budget->descriptor >= 0 ? lock_take(budget) : open_failure(errno);
    if (result == RESULT_OK) {
        result = file_prepare(budget, &found);
        lock_give(budget);
    }
    if (result != RESULT_OK) {
        budget_close(budget);
        return result;
    }
    if (how != NULL) {
        *how = found;
    }
    *out = budget;
    return RESULT_OK;
}

void budget_close(budget_t *budget)
{
    if (budget == NULL) {
        return;
    }
    if (budget->slots != NULL) {
        (void)munmap(budget->slots, FILE_BYTES);
    }
    if (budget->descriptor >= 0) {
        (void)close(budget->descriptor);
    }
    free(budget);
}

static int64_t window_of(int64_t now_ms, int64_t width_ms)
{
    return now_ms - now_ms % width_ms;
}

/* Moves one counted window on. Another process may be a little behind: its requests count in the present window. A time far before
 * the window is another clock (a simulated venue started anew): the count begins again. */
static void window_turn(int64_t *window_ms, uint32_t *used, int64_t now_ms, int64_t width_ms)
{
    int64_t now_window = window_of(now_ms, width_ms);
    if (now_window > *window_ms || now_window < *window_ms - 2 * width_ms) {
        *window_ms = now_window;
        *used = 0;
    }
}

/* Everything that depends on the time. */
static void state_turn(slot_t *state, int64_t now_ms)
{
    window_turn(&state->window_ms, &state->weight_used, now_ms, MINUTE_MS);
    for (uint32_t i = 0; i < BUDGET_ACCOUNTS_MAX; i++) {
        account_t *account = &state->accounts[i];
        window_turn(&account->window_10s_ms, &account->used_10s, now_ms, TEN_S_MS);
        window_turn(&account->window_minute_ms, &account->used_minute, now_ms, MINUTE_MS);
    }
    int64_t left_ms = state->banned_until_ms - now_ms;
    if (left_ms <= 0 || left_ms > INT64_C(1000) * BUDGET_BAN_MAX_S) {
        state->banned_until_ms = 0; /* over, or of another clock */
    }
}

static account_t *account_find(slot_t *state, uint64_t name)
{
    account_t *free_one = NULL;
    for (uint32_t i = 0; i < BUDGET_ACCOUNTS_MAX; i++) {
        if (state->accounts[i].account == name) {
            return &state->accounts[i];
        }
        if (state->accounts[i].account == 0 && free_one == NULL) {
            free_one = &state->accounts[i];
        }
    }
    if (free_one != NULL) {
        free_one->account = name;
    }
    return free_one;
}

static bool fits(uint32_t used, uint32_t more, uint32_t limit, uint32_t pct)
{
    return limit == 0 || more == 0 || ((uint64_t)used + more) * 100 <= (uint64_t)limit * pct;
}

/* Counts the request, or says why not and for how long. */
static result_t ask_decide(slot_t *state, const budget_ask_t *ask, int64_t *wait_ms)
{
    uint32_t pct = share_pct[ask->priority];
    account_t *account = NULL;
    if (state->banned_until_ms != 0) {
        *wait_ms = state->banned_until_ms - ask->now_ms;
        return RESULT_BANNED;
    }
    if (ask->orders_10s != 0 || ask->orders_minute != 0) {
        ASSERT(ask->account != 0);
        account = account_find(state, ask->account);
        if (account == NULL) {
            return RESULT_FULL;
        }
        state_turn(state, ask->now_ms); /* a fresh row has no windows yet */
        if (!fits(account->used_minute, ask->orders_minute, state->limits.orders_minute, pct)) {
            *wait_ms = account->window_minute_ms + MINUTE_MS - ask->now_ms;
            return RESULT_BUDGET;
        }
        if (!fits(account->used_10s, ask->orders_10s, state->limits.orders_10s, pct)) {
            *wait_ms = account->window_10s_ms + TEN_S_MS - ask->now_ms;
            return RESULT_BUDGET;
        }
    }
    if (!fits(state->weight_used, ask->weight, state->limits.weight_minute, pct)) {
        *wait_ms = state->window_ms + MINUTE_MS - ask->now_ms;
        return RESULT_BUDGET;
    }
    state->weight_used += ask->weight;
    if (account != NULL) {
        account->used_10s += ask->orders_10s;
        account->used_minute += ask->orders_minute;
    }
    return RESULT_OK;
}

/* Locks and loads, making a damaged state anew. */
static result_t state_begin(budget_t *budget, slot_t *state)
{
    result_t result = lock_take(budget);
    if (result == RESULT_OK && !state_load(budget, state)) {
        state_reset(state);
    }
    return result;
}

static void state_end(budget_t *budget, slot_t *state)
{
    state_store(budget, state);
    lock_give(budget);
}

/* The lock cannot be had: only stops and exits may pass, and not while banned. Reading without the lock is fine: slots are
 * checksummed. */
static result_t ask_without_lock(const budget_t *budget, const budget_ask_t *ask, int64_t *wait_ms)
{
    slot_t state;
    if (ask->priority > BUDGET_EXIT) {
        return RESULT_LOCKED;
    }
    if (state_peek(budget, &state)) {
        state_turn(&state, ask->now_ms);
        if (state.banned_until_ms != 0) {
            *wait_ms = state.banned_until_ms - ask->now_ms;
            return RESULT_BANNED;
        }
    }
    return RESULT_OK;
}

result_t budget_take(budget_t *budget, const budget_ask_t *ask, int64_t *wait_ms)
{
    ASSERT((unsigned)ask->priority < BUDGET_PRIORITY_COUNT && ask->now_ms >= 0);
    slot_t state;
    int64_t wait = 0;
    result_t result = state_begin(budget, &state);
    if (result != RESULT_OK) {
        result = ask_without_lock(budget, ask, &wait);
    } else {
        state_turn(&state, ask->now_ms);
        result = ask_decide(&state, ask, &wait);
        state_end(budget, &state);
    }
    if (wait_ms != NULL) {
        *wait_ms = wait < 0 ? 0 : wait;
    }
    return result;
}

static void count_note(uint32_t *used, int64_t told)
{
    if (told >= 0) {
        *used = told > UINT32_MAX ? UINT32_MAX : (uint32_t)told;
    }
}

void budget_note_reply(budget_t *budget, const budget_reply_t *reply)
{
    slot_t state;
    if (state_begin(budget, &state) != RESULT_OK) {
        return; /* the next reply tells it again */
    }
    state_turn(&state, reply->now_ms);
    /* A reply that took long tells of a window that is over. */
    if (window_of(reply->now_ms, MINUTE_MS) == state.window_ms) {
        count_note(&state.weight_used, reply->weight_used);
    }
    account_t *account = reply->account != 0 ? account_find(&state, reply->account) : NULL;
    if (account != NULL) {
        state_turn(&state, reply->now_ms);
        count_note(&account->used_10s, reply->orders_10s);
        count_note(&account->used_minute, reply->orders_minute);
    }
    state_end(budget, &state);
}

void budget_note_ban(budget_t *budget, int64_t now_ms, int64_t retry_after_s)
{
    slot_t state;
    int64_t seconds = retry_after_s < 0                  ? BUDGET_BAN_DEFAULT_S
                      : retry_after_s > BUDGET_BAN_MAX_S ? BUDGET_BAN_MAX_S
                                                         : retry_after_s;
    if (state_begin(budget, &state) != RESULT_OK) {
        return;
    }
    state_turn(&state, now_ms);
    state.bans++;
    state.banned_at_ms = now_ms;
    if (now_ms + seconds * 1000 > state.banned_until_ms) {
        state.banned_until_ms = now_ms + seconds * 1000;
    }
    state_end(budget, &state);
}

result_t budget_set_limits(budget_t *budget, const budget_limits_t *limits)
{
    slot_t state;
    if (limits->weight_minute == 0) {
        return RESULT_BAD_ARGUMENT;
    }
    result_t result = state_begin(budget, &state);
    if (result == RESULT_OK) {
        state.limits = *limits;
        state_end(budget, &state);
    }
    return result;
}

result_t budget_read(budget_t *budget, uint64_t account, int64_t now_ms, budget_view_t *view)
{
    slot_t state;
    if (!state_peek(budget, &state)) {
        return RESULT_CHECKSUM;
    }
    state_turn(&state, now_ms);
    *view = (budget_view_t){
        .limits = state.limits,
        .window_ms = state.window_ms,
        .weight_used = state.weight_used,
        .banned_until_ms = state.banned_until_ms,
        .bans = state.bans,
    };
    for (uint32_t i = 0; account != 0 && i < BUDGET_ACCOUNTS_MAX; i++) {
        if (state.accounts[i].account == account) {
            view->orders_10s = state.accounts[i].used_10s;
            view->orders_minute = state.accounts[i].used_minute;
        }
    }
    return RESULT_OK;
}

result_t budget_clear_ban(budget_t *budget)
{
    slot_t state;
    result_t result = state_begin(budget, &state);
    if (result == RESULT_OK) {
        state.banned_until_ms = 0;
        state_end(budget, &state);
    }
    return result;
}
