/* swing.c: confirmed swing highs and lows; see swing.h. */
#include "core/indicator/swing.h"

#include "core/base/assert.h"

void swing_points_init(swing_points_t *points, uint32_t left, uint32_t right)
{
    ASSERT(left >= 1 && right >= 1 && left + right < INDICATOR_PERIOD_MAX);
    *points = (swing_points_t){.right = right, .window = left + right + 1};
}

bool swing_points_are_warm(const swing_points_t *points)
{
    return points->seen >= points->window;
}

static void point_next(swing_point_t *point, double extreme, double value, bool is_confirmed, bool more_extreme, uint32_t right)
{
    point->is_new = false;
    point->age += point->age < UINT32_MAX;
    if (is_confirmed) {
        *point = (swing_point_t){extreme, right, true, true};
    } else if (!point->confirmed && more_extreme) {
        point->price = value;
        point->age = 0;
    }
}

void swing_points_next(swing_points_t *points, double high, double low, const swing_extremes_t *extremes)
{
    const bool first = points->seen == 0;
    points->seen++;
    const bool warm = swing_points_are_warm(points);
    const uint32_t right = points->right;
    point_next(&points->high, extremes->highest, high, warm && extremes->highest_age == right, first || high >= points->high.price,
               right);
    point_next(&points->low, extremes->lowest, low, warm && extremes->lowest_age == right, first || low <= points->low.price,
               right);
}

void swing_init(swing_t *swing, uint32_t left, uint32_t right, extreme_slot_t *slots)
{
    swing_points_init(&swing->points, left, right);
    extreme_init(&swing->highs, EXTREME_HIGHEST, swing->points.window, slots);
    extreme_init(&swing->lows, EXTREME_LOWEST, swing->points.window, slots + swing->points.window);
}

void swing_next(swing_t *swing, double high, double low)
{
    const swing_extremes_t extremes = swing_extremes_next(&swing->highs, &swing->lows, high, low);
    swing_points_next(&swing->points, high, low, &extremes);
}

typedef struct {
    swing_t swing;
    extreme_slot_t slots[];
} swing_state_t;

static result_t check(const double *options)
{
    return options[0] + options[1] < (double)INDICATOR_PERIOD_MAX ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t warm_up(const double *options)
{
    return (uint32_t)(options[0] + options[1]);
}

static size_t state_size(const double *options)
{
    return sizeof(swing_state_t) + 2 * ((size_t)(options[0] + options[1]) + 1) * sizeof(extreme_slot_t);
}

static void init(void *state, const double *options)
{
    swing_state_t *whole = state;
    swing_init(&whole->swing, (uint32_t)options[0], (uint32_t)options[1], whole->slots);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    swing_state_t *whole = state;
    const swing_points_t *points = &whole->swing.points;
    swing_next(&whole->swing, bar->high, bar->low);
    const bool is_warm = swing_points_are_warm(points);
    outputs[0] = is_warm ? points->high.price : NAN;
    outputs[1] = is_warm ? points->low.price : NAN;
    outputs[2] = is_warm ? (double)points->high.age : NAN;
    outputs[3] = is_warm ? (double)points->low.age : NAN;
}

const indicator_kind_t indicator_swing = {
    .name = "swing",
    .title = "swing highs and lows",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 2,
    .options = {{"left", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}, {"right", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 4,
    .outputs = {"high", "low", "high_age", "low_age"},
    .convention = "the last swing whose right side has closed (M looked 10 bars into the future); ties as Pine's ta.pivothigh; "
                  "before the first swing the extreme since the beginning",
    .source = "a bar that its neighbours on both sides do not pass",
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};
