/* vwap.c: volume-weighted average price of a session and of a window; see vwap.h. */
#include "core/indicator/vwap.h"

#include "core/base/assert.h"
#include "core/base/time.h"

void vwap_init(vwap_t *vwap, uint32_t session_start_minutes)
{
    ASSERT(session_start_minutes < 1440);
    *vwap = (vwap_t){.session_start_ns = (int64_t)session_start_minutes * (NS_PER_DAY / 1440)};
}

static int64_t session_of(const vwap_t *vwap, int64_t open_ns)
{
    const int64_t since = open_ns - vwap->session_start_ns;
    return since >= 0 ? since / NS_PER_DAY : -((-since + NS_PER_DAY - 1) / NS_PER_DAY);
}

vwap_value_t vwap_next(vwap_t *vwap, int64_t open_ns, double price, double volume)
{
    ASSERT(indicator_value_is_good(price) && indicator_value_is_good(volume));
    const int64_t session = session_of(vwap, open_ns);
    if (!vwap->started || session != vwap->session) {
        *vwap = (vwap_t){.session_start_ns = vwap->session_start_ns, .session = session, .started = true, .origin = price};
    }
    const exact_sum_t distance = exact_two_sum(price, -vwap->origin);
    const exact_sum_t moved = exact_multiply(distance, (exact_sum_t){volume, 0.0});
    vwap->volume = exact_add_double(vwap->volume, volume);
    vwap->moved = exact_add(vwap->moved, moved);
    vwap->squares = exact_add(vwap->squares, exact_multiply(moved, distance));
    if (!(vwap->volume.high > 0.0)) {
        return (vwap_value_t){price, 0.0};
    }
    /* variance = (volume x squares - moved^2) / volume^2, the subtraction in two doubles */
    const exact_sum_t wide = exact_multiply(vwap->squares, vwap->volume);
    const exact_sum_t spread = exact_add(wide, exact_negate(exact_multiply(vwap->moved, vwap->moved)));
    const double deviation = spread.high > 0.0 ? sqrt(spread.high) / vwap->volume.high : 0.0;
    return (vwap_value_t){vwap->origin + vwap->moved.high / vwap->volume.high, deviation};
}

static double price_of(const indicator_bar_t *bar, bool close)
{
    return close ? bar->close : (bar->high + bar->low + bar->close) / 3.0;
}

/* --- vwap ------------------------------------------------------------------------------------ */

typedef struct {
    vwap_t vwap;
    bool close;
    double deviations;
} session_t;

static uint32_t session_warm_up(const double *options)
{
    (void)options;
    return 0;
}

static size_t session_state_size(const double *options)
{
    (void)options;
    return sizeof(session_t);
}

static void session_init(void *state, const double *options)
{
    session_t *session = state;
    *session = (session_t){.close = options[1] > 0.0, .deviations = options[2]};
    vwap_init(&session->vwap, (uint32_t)options[0]);
}

static void session_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    session_t *session = state;
    const vwap_value_t value = vwap_next(&session->vwap, bar->open_ns, price_of(bar, session->close), bar->volume);
    outputs[0] = value.vwap;
    outputs[1] = value.vwap + session->deviations * value.deviation;
    outputs[2] = value.vwap - session->deviations * value.deviation;
}

const indicator_kind_t indicator_vwap = {
    .name = "vwap",
    .title = "volume-weighted average price of the session",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME | INDICATOR_TIME,
    .option_count = 3,
    .options = {{"session_start", OPTION_WHOLE, 0, 0, 1439},
                {"price", OPTION_WHOLE, 0, 0, 1},
                {"deviations", OPTION_REAL, 1, 0, 100}},
    .output_count = 3,
    .outputs = {"vwap", "upper", "lower"},
    .convention = "session: a UTC day from session_start minutes after midnight; price 0 typical, 1 close; TradingView ta.vwap "
                  "for a session that begins there; the price itself while there is no volume",
    .source = "sum(price x volume) / sum(volume); bands at volume-weighted population deviations",
    .warm_up = session_warm_up,
    .state_size = session_state_size,
    .init = session_init,
    .next = session_next,
};

/* --- vwap_rolling ---------------------------------------------------------------------------- */

typedef struct {
    rolling_sum_t flow, volume;
    bool close;
    double windows[]; /* two of `period` */
} rolling_t;

static uint32_t rolling_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t rolling_state_size(const double *options)
{
    return sizeof(rolling_t) + 2 * (size_t)options[0] * sizeof(double);
}

static void rolling_init(void *state, const double *options)
{
    rolling_t *rolling = state;
    const uint32_t period = (uint32_t)options[0];
    rolling->close = options[1] > 0.0;
    rolling_sum_init(&rolling->flow, period, rolling->windows);
    rolling_sum_init(&rolling->volume, period, rolling->windows + period);
}

static void rolling_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    rolling_t *rolling = state;
    const double price = price_of(bar, rolling->close);
    const double flow = rolling_sum_next(&rolling->flow, price * bar->volume);
    const double volume = rolling_sum_next(&rolling->volume, bar->volume);
    outputs[0] = isnan(flow) || volume > 0.0 ? flow / volume : price;
}

const indicator_kind_t indicator_vwap_rolling = {
    .name = "vwap_rolling",
    .title = "volume-weighted average price of the last bars",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}, {"price", OPTION_WHOLE, 0, 0, 1}},
    .output_count = 1,
    .outputs = {"vwap"},
    .convention = "price 0 typical, 1 close; the price itself when the window has no volume",
    .source = "sum(price x volume) / sum(volume) over period bars",
    .warm_up = rolling_warm_up,
    .state_size = rolling_state_size,
    .init = rolling_init,
    .next = rolling_next,
};
