/* mama.c: see mama.h. */
#include "core/indicator/mama.h"

#include "core/base/fmath.h"
#include "core/indicator/hilbert.h"

enum { WARM_UP = 32, BEGIN = 12 };

typedef struct {
    hilbert_t hilbert;
    uint32_t seen; /* bars, counted up to the warm-up */
    double fast, slow, phase, mama, fama;
} mama_t;

static uint32_t kind_warm_up(const double *options)
{
    (void)options;
    return WARM_UP;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(mama_t);
}

static void kind_init(void *state, const double *options)
{
    mama_t *own = state;
    *own = (mama_t){.fast = options[0], .slow = options[1]};
    hilbert_init(&own->hilbert, BEGIN);
}

/* What the newest price weighs. */
static double weight(mama_t *own)
{
    const double in_phase = own->hilbert.in_phase;
    const double phase = in_phase != 0.0 ? fmath_atan(own->hilbert.quadrature / in_phase) * HILBERT_DEGREES : 0.0;
    const double turned = own->phase - phase;
    own->phase = phase;
    if (turned <= 1.0) {
        return own->fast;
    }
    return own->fast / turned < own->slow ? own->slow : own->fast / turned;
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    mama_t *own = state;
    if (hilbert_next(&own->hilbert, bar->close)) {
        const double share = weight(own);
        own->mama = share * bar->close + (1.0 - share) * own->mama;
        own->fama = 0.5 * share * own->mama + (1.0 - 0.5 * share) * own->fama;
    }
    const bool is_warm = own->seen == WARM_UP;
    own->seen += is_warm ? 0 : 1;
    outputs[0] = is_warm ? own->mama : NAN;
    outputs[1] = is_warm ? own->fama : NAN;
}

const indicator_kind_t indicator_mama = {
    .name = "mama",
    .title = "MESA adaptive moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"fast", OPTION_REAL, 0.5, 0.01, 0.99}, {"slow", OPTION_REAL, 0.05, 0.01, 0.99}},
    .output_count = 2,
    .outputs = {"mama", "fama"},
    .convention = "TA-Lib MAMA: both begin with 0 at the 13th bar and lean towards it for some bars more",
    .source = "J. F. Ehlers, MESA Adaptive Moving Averages (2001)",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
};
