/* gate.c: who may pass: request weight by address, order counts by account, API key, signature, time. */
#include <stdio.h>
#include <string.h>

#include "edge/face/binance/face_parts.h"
#include "edge/net/http.h"

enum {
    STRIKES_BEFORE_BAN = 10,
    BAN_FIRST_S = 120,
    BAN_LAST_S = 3 * 86400,
    RECV_WINDOW_MS = 5000,
    RECV_WINDOW_MAX_MS = 60000,
    AHEAD_MS = 1000
};

/* --- weights ---------------------------------------------------------------------------------- */

static address_t *find_address(face_t *face, str_t address)
{
    address_t *oldest = &face->addresses[0];
    for (uint32_t i = 0; i < ADDRESSES_MAX; i++) {
        address_t *row = &face->addresses[i];
        if (str_eq(address, str_from(row->address)))
            return row;
        if (row->wall_window < oldest->wall_window)
            oldest = row;
    }
    *oldest = (address_t){0};
    (void)str_copy(address, oldest->address, sizeof oldest->address);
    return oldest;
}

static bool is_new_window(int64_t *venue_window, int64_t *wall_window, int64_t venue_ns, int64_t wall_ns, int64_t width_ns)
{
    int64_t venue = venue_ns / width_ns, wall = wall_ns / width_ns;
    bool new_one = venue != *venue_window || wall != *wall_window;
    *venue_window = venue;
    *wall_window = wall;
    return new_one;
}

/* Until the minute is over for certain: who waits does so by the wall, and the wall's minute ends it even where venue time stands;
 * one that runs faster ends it sooner. */
static int64_t minute_left_s(const face_t *face, int64_t venue_ns, int64_t wall_ns)
{
    int64_t left_ns = NS_PER_MIN - (wall_ns - time_floor(wall_ns, NS_PER_MIN));
    double venue_left_ns = (double)(NS_PER_MIN - (venue_ns - time_floor(venue_ns, NS_PER_MIN)));
    if (face->speed > 1 && venue_left_ns / face->speed < (double)left_ns)
        left_ns = (int64_t)(venue_left_ns / face->speed);
    return left_ns / NS_PER_S + (left_ns % NS_PER_S > 0 || left_ns < NS_PER_S);
}

static bool refuse_banned(call_t *call, address_t *row, int64_t now_ns, int64_t *retry_s)
{
    char text[CALL_ERROR_MAX];
    *retry_s = (row->banned_until_ns - now_ns) / NS_PER_S + 1;
    call->face->dialect->word_ban(text, row->address, row->banned_until_ns / NS_PER_MS);
    return call_fail(call, 418, -1003, text);
}

/* How far ahead of the wall the clock is that this client may be told now. */
static void note_clock(face_t *face, int64_t venue_ns, int64_t wall_ns)
{
    int64_t ahead_ms = (venue_ns - wall_ns) / NS_PER_MS;
    if (!face->clock_told || ahead_ms < face->ahead_low_ms)
        face->ahead_low_ms = ahead_ms;
    if (!face->clock_told || ahead_ms > face->ahead_high_ms)
        face->ahead_high_ms = ahead_ms;
    face->clock_told = true;
}

bool gate_weigh(face_t *face, call_t *call, str_t address, uint32_t weight, gate_wait_t *wait)
{
    address_t *row = find_address(face, address);
    int64_t now = world_now_ns(face->world);
    note_clock(face, now, wait->wall_ns);
    if (is_new_window(&row->venue_window, &row->wall_window, now, wait->wall_ns, NS_PER_MIN)) {
        row->used = fault_weight_shared(face->faults);
        row->strikes = 0;
    }
    wait->used = row->used;
    if (row->banned_until_ns > now)
        return refuse_banned(call, row, now, &wait->retry_s);
    if (row->used + weight <= fault_weight_limit(face->faults, face->dialect->weight_most)) {
        row->used += weight;
        wait->used = row->used;
        return true;
    }
    if (++row->strikes > STRIKES_BEFORE_BAN) {
        int64_t ban_s = BAN_FIRST_S;
        for (uint32_t i = 0; i < row->bans && ban_s < BAN_LAST_S; i++)
            ban_s *= 2;
        row->bans++;
        row->banned_until_ns = now + (ban_s < BAN_LAST_S ? ban_s : BAN_LAST_S) * NS_PER_S;
        return refuse_banned(call, row, now, &wait->retry_s);
    }
    wait->retry_s = minute_left_s(face, now, wait->wall_ns);
    char text[CALL_ERROR_MAX];
    face->dialect->word_weight(text, fault_weight_limit(face->faults, face->dialect->weight_most));
    return call_fail(call, 429, -1003, text);
}

/* Position of the session's account among the world's accounts. */
static uint32_t account_index(const face_t *face, const world_account_t *account)
{
    uint32_t count = world_account_count(face->world);
    for (uint32_t i = 0; i < count; i++) {
        if (world_account_at(face->world, i) == account)
            return i;
    }
    return 0;
}

/* True: the request goes on without its order. */
static bool refuse_orders(const face_t *face, call_t *call, handler_fn *handle, const order_limit_t *limit)
{
    if (!face->dialect->goes_on_over_limit || !face->dialect->goes_on_over_limit(call, handle))
        return call_fail(call, 429, -1015, limit->refusal);
    call->over_limit = true;
    snprintf(call->error_text, sizeof call->error_text, "%s", limit->refusal);
    return true;
}

bool gate_count_orders(face_t *face, call_t *call, const uint32_t orders[ORDER_LIMITS], handler_fn *handle, int64_t wall_ns)
{
    order_window_t *windows = face->order_windows[account_index(face, call->account)];
    int64_t now = world_now_ns(face->world);
    for (uint32_t i = 0; i < ORDER_LIMITS; i++) {
        const order_limit_t *limit = &face->dialect->orders[i];
        if (is_new_window(&windows[i].venue_window, &windows[i].wall_window, now, wall_ns, limit->width_ns))
            windows[i].count = 0;
        if (windows[i].count + orders[i] > limit->most)
            return refuse_orders(face, call, handle, limit);
    }
    for (uint32_t i = 0; i < ORDER_LIMITS; i++)
        windows[i].count += orders[i];
    return true;
}

uint32_t gate_order_count(const face_t *face, const world_account_t *account, uint32_t limit)
{
    return face->order_windows[account_index(face, account)][limit].count;
}

void gate_order_filled(face_t *face, const world_account_t *account)
{
    order_window_t *windows = face->order_windows[account_index(face, account)];
    for (uint32_t i = 0; i < ORDER_LIMITS; i++)
        windows[i].count -= windows[i].count > 0;
}

/* --- keys and signatures ---------------------------------------------------------------------- */

static const face_secret_t *find_secret(const face_t *face, str_t api_key)
{
    for (uint32_t i = 0; i < face->secret_count; i++) {
        if (str_eq(api_key, str_from(face->secrets[i].api_key)))
            return &face->secrets[i];
    }
    return NULL;
}

result_t face_key_add(face_t *face, str_t account_key, str_t api_key, str_t secret, face_key_right_t right, str_t addresses)
{
    if (!world_account_by_key(face->world, account_key))
        return RESULT_NOT_FOUND;
    if (find_secret(face, api_key))
        return RESULT_DUPLICATE;
    if (face->secret_count == KEYS_MAX)
        return RESULT_FULL;
    face_secret_t *row = &face->secrets[face->secret_count];
    *row = (face_secret_t){.right = right};
    result_t result = str_copy(api_key, row->api_key, sizeof row->api_key);
    if (result == RESULT_OK)
        result = str_copy(account_key, row->account_key, sizeof row->account_key);
    if (result == RESULT_OK)
        result = str_copy(addresses, row->addresses, sizeof row->addresses);
    if (result != RESULT_OK)
        return result;
    if (str_starts_with(secret, STR("-----BEGIN PUBLIC KEY"))) {
        result = sign_key_open_public(secret, &row->key);
    } else {
        secret_t copy;
        result = secret_set(&copy, secret.bytes, secret.length);
        if (result == RESULT_OK)
            result = sign_key_open(&copy, &row->key);
        secret_wipe(&copy);
    }
    if (result == RESULT_OK)
        face->secret_count++;
    return result;
}

result_t face_secret_set(face_t *face, str_t api_key, str_t secret)
{
    return face_key_add(face, api_key, api_key, secret, FACE_KEY_TRADES, STR(""));
}

static bool is_allowed(const face_secret_t *secret, str_t address)
{
    str_t rest = str_from(secret->addresses);
    bool allowed = rest.length == 0;
    while (!allowed && rest.length > 0)
        allowed = str_eq(str_trim(str_cut(&rest, ',')), address);
    return allowed;
}

bool gate_use_key(face_t *face, call_t *call, const face_secret_t *secret, face_key_right_t wanted, str_t address)
{
    call->secret = secret;
    call->account = secret ? world_account_by_key(face->world, str_from(secret->account_key)) : NULL;
    if (call->account && secret->right >= wanted && is_allowed(secret, address))
        return true;
    call->account = NULL;
    return call_fail(call, 401, -2015, "Invalid API-key, IP, or permissions for action.");
}

bool gate_check_key(face_t *face, call_t *call, str_t api_key, face_key_right_t wanted, str_t address)
{
    if (api_key.length == 0 || api_key.length >= WORLD_KEY_MAX)
        return call_fail(call, 401, -2014, "API-key format invalid.");
    return gate_use_key(face, call, find_secret(face, api_key), wanted, address);
}

str_t gate_without_signature(str_t text, char *room, size_t capacity, str_t *signature)
{
    static const char name[] = "signature=";
    for (size_t i = 0; i + sizeof name - 1 <= text.length; i++) {
        if ((i > 0 && text.bytes[i - 1] != '&') || memcmp(text.bytes + i, name, sizeof name - 1) != 0)
            continue;
        size_t value = i + sizeof name - 1, end = value;
        while (end < text.length && text.bytes[end] != '&')
            end++;
        *signature = (str_t){text.bytes + value, end - value};
        size_t before = i > 0 ? i - 1 : 0; /* the '&' before it goes with it */
        size_t after = i > 0 || end == text.length ? end : end + 1;
        size_t rest = text.length - after;
        if (before + rest > capacity)
            return (str_t){0};
        memcpy(room, text.bytes, before);
        memcpy(room + before, text.bytes + after, rest);
        return (str_t){room, before + rest};
    }
    return text;
}

bool gate_check_signature(face_t *face, call_t *call, str_t payload_a, str_t payload_b, str_t signature)
{
    if (!signature.bytes || signature.length == 0)
        return call_fail(call, 400, -1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.");
    sign_key_t *key = call->secret->key;
    char text[SIGN_TEXT_MAX];
    size_t length = 0, total = payload_a.length + payload_b.length;
    bool fits = key && signature.length < 3 * sizeof text && total <= sizeof face->reply &&
                http_percent_decode(signature, HTTP_PERCENT_PATH, text, sizeof text, &length) == RESULT_OK;
    if (fits) {
        /* One text is verified: the two are joined where no reply is being written yet. */
        memcpy(face->reply, payload_a.bytes ? payload_a.bytes : "", payload_a.length);
        memcpy(face->reply + payload_a.length, payload_b.bytes ? payload_b.bytes : "", payload_b.length);
        fits = sign_verify_text(key, face->reply, total, (str_t){text, length}) == RESULT_OK;
    }
    return fits || call_fail(call, 400, -1022, "Signature for this request is not valid.");
}

/* --- time ------------------------------------------------------------------------------------- */

static bool is_timely(int64_t timestamp_ms, int64_t clock_ms, double window_ms, double ahead_ms)
{
    double age = (double)(clock_ms - timestamp_ms);
    return age <= window_ms && -age < ahead_ms;
}

/* In milliseconds; on spot with up to three digits after the point. */
static bool read_window(const face_t *face, call_t *call, double *window_ms)
{
    dec_t window = dec_from_int(RECV_WINDOW_MS);
    uint64_t whole = RECV_WINDOW_MS;
    if (!face->dialect->spot && call_u64(call, "recvWindow", PARAM_OPTIONAL, &whole))
        window = dec_from_int(whole > RECV_WINDOW_MAX_MS ? RECV_WINDOW_MAX_MS + 1 : (int64_t)whole);
    else if (!face->dialect->spot || !call_dec(call, "recvWindow", PARAM_OPTIONAL, &window))
        return false;
    if (dec_places(window) > 3)
        return call_fail(call, 400, -1100,
                         "Illegal characters found in parameter 'recvWindow'; legal range is '^[0-9]{1,20}(\\.[0-9]{1,3})?$'.");
    if (dec_gt(window, dec_from_int(RECV_WINDOW_MAX_MS)))
        return call_fail(call, 400, -1131, "recvWindow must be less than 60000.");
    *window_ms = dec_to_double(window);
    return true;
}

/* Spot takes microseconds too: what has so many digits is of them. */
static bool read_timestamp(const face_t *face, call_t *call, int64_t *at_ms)
{
    uint64_t timestamp = 0;
    if (!call_u64(call, "timestamp", PARAM_MANDATORY, &timestamp))
        return false;
    if (face->dialect->spot && timestamp >= MICROSECONDS_FROM)
        timestamp /= 1000;
    *at_ms = timestamp > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)timestamp;
    return true;
}

/* Many clients ask the venue's time once, keep the difference to their own clock and go on by that: where venue time does not run
 * like the wall's, theirs is then one that was right when they asked. */
static bool is_by_a_told_clock(const face_t *face, int64_t at_ms, int64_t wall_ms, double window_ms)
{
    double ahead = (double)(at_ms - wall_ms);
    return face->clock_told && ahead >= (double)face->ahead_low_ms - window_ms && ahead < (double)face->ahead_high_ms + AHEAD_MS;
}

bool gate_check_time(face_t *face, call_t *call, int64_t wall_ns)
{
    int64_t at = 0;
    double window = 0;
    if (!read_timestamp(face, call, &at) || !read_window(face, call, &window))
        return false;
    const int64_t skew_ns = fault_clock_skew_ns(face->faults);
    int64_t venue_ms = (world_now_ns(face->world) + skew_ns) / NS_PER_MS;
    wall_ns += skew_ns;
    double factor = face->speed > 1 ? face->speed : 1;
    if (is_timely(at, venue_ms, window * factor, AHEAD_MS * factor))
        return true;
    if (!face->strict_clock &&
        (is_timely(at, wall_ns / NS_PER_MS, window, AHEAD_MS) || is_by_a_told_clock(face, at, wall_ns / NS_PER_MS, window)))
        return true;
    if (at >= venue_ms + AHEAD_MS && (face->strict_clock || at >= wall_ns / NS_PER_MS + AHEAD_MS))
        return call_fail(call, 400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
    return call_fail(call, 400, -1021, "Timestamp for this request is outside of the recvWindow.");
}
