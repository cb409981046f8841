/* volume_profile.c: volume by price over a window; see volume_profile.h. */
#include "core/indicator/volume_profile.h"

#include "core/base/assert.h"

size_t volume_profile_memory(uint32_t period, uint32_t rows)
{
    return (size_t)period * (2 * sizeof(extreme_slot_t) + sizeof(volume_profile_bar_t)) + (2 * (size_t)rows + 1) * sizeof(double);
}

void volume_profile_init(volume_profile_t *profile, uint32_t period, uint32_t rows, double area_percent, void *memory)
{
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    ASSERT(rows >= 2 && rows <= VOLUME_PROFILE_ROWS_MAX && area_percent > 0.0 && area_percent <= 100.0);
    extreme_slot_t *slots = memory;
    *profile = (volume_profile_t){.period = period, .rows = rows, .value_area = area_percent / 100.0};
    extreme_init(&profile->highs, EXTREME_HIGHEST, period, slots);
    extreme_init(&profile->lows, EXTREME_LOWEST, period, slots + period);
    profile->bars = (volume_profile_bar_t *)(slots + 2 * (size_t)period);
    profile->volume_of = (double *)(profile->bars + period);
    profile->slope_of = profile->volume_of + rows;
}

static uint32_t row_of(const volume_profile_t *profile, double place)
{
    const uint32_t last = profile->rows - 1;
    return place >= (double)last ? last : place > 0.0 ? (uint32_t)place : 0;
}

/* One bar over its rows: whole rows go into slope_of as a step up and a step down, the cut rows at both ends into volume_of. */
static void spread(volume_profile_t *profile, const volume_profile_bar_t *bar, double bottom, double row_height)
{
    const double from = (bar->low - bottom) / row_height, to = (bar->high - bottom) / row_height;
    const uint32_t first = row_of(profile, from), last = row_of(profile, to);
    if (first == last) {
        profile->volume_of[first] += bar->volume;
        return;
    }
    const double a_row = bar->volume / (to - from);
    profile->volume_of[first] += a_row * ((double)first + 1.0 - from);
    profile->volume_of[last] += a_row * (to - (double)last);
    profile->slope_of[first + 1] += a_row;
    profile->slope_of[last] -= a_row;
}

static double count_rows(volume_profile_t *profile, double bottom, double row_height)
{
    for (uint32_t row = 0; row < profile->rows; row++) {
        profile->volume_of[row] = profile->slope_of[row] = 0.0;
    }
    profile->slope_of[profile->rows] = 0.0;
    for (uint32_t i = 0; i < profile->period; i++) { /* oldest first: the same order, so the same bits, wherever the ring stands */
        const uint32_t at = profile->next + i;
        spread(profile, &profile->bars[at < profile->period ? at : at - profile->period], bottom, row_height);
    }
    double whole = 0.0, total = 0.0;
    for (uint32_t row = 0; row < profile->rows; row++) {
        whole += profile->slope_of[row];
        profile->volume_of[row] += whole > 0.0 ? whole : 0.0; /* what steps up and down leave behind may be a little below 0 */
        total += profile->volume_of[row];
    }
    return total;
}

static volume_profile_value_t value_of(const volume_profile_t *profile, double bottom, double row_height, double total)
{
    uint32_t control = 0;
    for (uint32_t row = 1; row < profile->rows; row++) {
        control = profile->volume_of[row] > profile->volume_of[control] ? row : control;
    }
    uint32_t low = control, high = control;
    double held = profile->volume_of[control];
    while (held < profile->value_area * total && (low > 0 || high + 1 < profile->rows)) {
        const double above = high + 1 < profile->rows ? profile->volume_of[high + 1] : -1.0;
        const double below = low > 0 ? profile->volume_of[low - 1] : -1.0;
        if (above >= below) {
            high++;
            held += above;
        } else {
            low--;
            held += below;
        }
    }
    return (volume_profile_value_t){
        .control = bottom + ((double)control + 0.5) * row_height,
        .area_high = bottom + ((double)high + 1.0) * row_height,
        .area_low = bottom + (double)low * row_height,
    };
}

volume_profile_value_t volume_profile_next(volume_profile_t *profile, double high, double low, double volume)
{
    ASSERT(indicator_value_is_good(volume));
    const double top = extreme_next(&profile->highs, high), bottom = extreme_next(&profile->lows, low);
    profile->bars[profile->next] = (volume_profile_bar_t){low, high, volume};
    profile->next = profile->next + 1 < profile->period ? profile->next + 1 : 0;
    profile->seen += profile->seen < profile->period;
    if (profile->seen < profile->period) {
        return (volume_profile_value_t){NAN, NAN, NAN};
    }
    const double row_height = (top - bottom) / (double)profile->rows;
    const double total = row_height > 0.0 ? count_rows(profile, bottom, row_height) : 0.0;
    if (!(total > 0.0)) {
        return (volume_profile_value_t){(top + bottom) / 2.0, top, bottom};
    }
    return value_of(profile, bottom, row_height, total);
}

typedef struct {
    volume_profile_t profile;
    double memory[];
} volume_profile_state_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t state_size(const double *options)
{
    return sizeof(volume_profile_state_t) + volume_profile_memory((uint32_t)options[0], (uint32_t)options[1]);
}

static void init(void *state, const double *options)
{
    volume_profile_state_t *whole = state;
    volume_profile_init(&whole->profile, (uint32_t)options[0], (uint32_t)options[1], options[2], whole->memory);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    volume_profile_state_t *whole = state;
    const volume_profile_value_t value = volume_profile_next(&whole->profile, bar->high, bar->low, bar->volume);
    outputs[0] = value.control;
    outputs[1] = value.area_high;
    outputs[2] = value.area_low;
}

const indicator_kind_t indicator_volume_profile = {
    .name = "volume_profile",
    .title = "volume profile: point of control and value area",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_VOLUME,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 100, 1, INDICATOR_PERIOD_MAX},
                {"rows", OPTION_WHOLE, 24, 2, VOLUME_PROFILE_ROWS_MAX},
                {"value_area", OPTION_REAL, 70, 1, 100}},
    .output_count = 3,
    .outputs = {"control", "area_high", "area_low"},
    .convention = "a bar's volume spreads evenly between its low and high; the value area grows row by row; O(period + rows) a "
                  "bar",
    .source = "J. P. Steidlmayer, Market Profile (CBOT, 1985); fixed range of the last period bars",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};
