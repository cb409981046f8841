/* higher_frame.c: see higher_frame.h. */
#include "core/strategy/higher_frame.h"

#include "core/base/assert.h"

void higher_frame_init(higher_frame_t *frame, uint32_t factor)
{
    ASSERT(factor >= 2 && factor <= 1000);
    *frame = (higher_frame_t){.factor = factor};
}

bool higher_frame_next(higher_frame_t *frame, const indicator_bar_t *bar, indicator_bar_t *closed)
{
    const bool first = !frame->started;
    frame->length_ns = first ? 0 : bar->open_ns - frame->open_last_ns;
    frame->started = true;
    frame->open_last_ns = bar->open_ns;
    if (first || frame->length_ns <= 0) {
        return false;
    }
    indicator_bar_t *building = &frame->building;
    if (bar->open_ns % ((int64_t)frame->factor * frame->length_ns) == 0) {
        *building = *bar;
        frame->bars = 1;
    } else if (frame->bars > 0) {
        building->high = bar->high > building->high ? bar->high : building->high;
        building->low = bar->low < building->low ? bar->low : building->low;
        building->close = bar->close;
        building->volume += bar->volume;
        frame->bars++;
    }
    if (frame->bars < frame->factor) {
        return false;
    }
    frame->bars = 0;
    *closed = *building;
    return true;
}

uint32_t higher_frame_warm_up(uint32_t factor, uint32_t longer)
{
    return factor * (longer + 1) + 1;
}
