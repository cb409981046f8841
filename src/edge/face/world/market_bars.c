/* market_bars.c: see market_bars.h. Bars lie in the file as they lie in memory: only this process ever reads it. */
#define _GNU_SOURCE /* mkostemp, fallocate */
#include "edge/face/world/market_bars.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "edge/store/file.h"

/* Two stretches: the market moves on in one while somebody asks for the past in the other. */
enum { STRETCH_BARS = 128, STRETCHES = 2 };

typedef struct {
    uint64_t number; /* STRETCH_BARS bars from number x STRETCH_BARS on */
    bool loaded;
    candle_t bars[STRETCH_BARS];
} stretch_t;

typedef struct {
    int64_t from_ns;
    dec_t factor, tick;
} scale_t;

struct market_bars {
    int descriptor;
    uint32_t first, total; /* bars forgotten at the front; bars appended */
    uint32_t newer;        /* the stretch used last */
    stretch_t stretches[STRETCHES];
    uint32_t scale_count;
    scale_t scales[MARKET_BARS_SCALES_MAX];
};

result_t market_bars_create(const char *folder, market_bars_t **out)
{
    char path[FILE_PATH_MAX];
    const char *temporary = getenv("TMPDIR");
    if (folder == NULL) {
        folder = temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp";
    }
    result_t result = file_path_join(folder, "market-bars-XXXXXX", path, sizeof path);
    if (result != RESULT_OK) {
        return result;
    }
    market_bars_t *bars = calloc(1, sizeof *bars);
    if (bars == NULL) {
        return RESULT_FULL;
    }
    bars->descriptor = mkostemp(path, O_CLOEXEC);
    if (bars->descriptor < 0) {
        result = file_result_from_errno(errno);
        free(bars);
        return result;
    }
    (void)unlink(path);
    *out = bars;
    return RESULT_OK;
}

void market_bars_close(market_bars_t *bars)
{
    if (bars != NULL) {
        close(bars->descriptor);
        free(bars);
    }
}

static off_t place_of(uint64_t stretch)
{
    return (off_t)(stretch * sizeof((stretch_t *)NULL)->bars);
}

static result_t write_stretch(const market_bars_t *bars, uint64_t number, uint32_t count)
{
    const char *bytes = (const char *)bars->stretches[0].bars;
    const size_t size = count * sizeof(candle_t);
    for (size_t at = 0; at < size;) {
        const ssize_t put = pwrite(bars->descriptor, bytes + at, size - at, place_of(number) + (off_t)at);
        if (put <= 0) {
            return put < 0 ? file_result_from_errno(errno) : RESULT_DISK_FULL;
        }
        at += (size_t)put;
    }
    return RESULT_OK;
}

result_t market_bars_append(market_bars_t *bars, const candle_t *bar)
{
    if (bars->total == UINT32_MAX) {
        return RESULT_FULL;
    }
    bars->stretches[0].bars[bars->total % STRETCH_BARS] = *bar;
    bars->total++;
    return bars->total % STRETCH_BARS == 0 ? write_stretch(bars, bars->total / STRETCH_BARS - 1, STRETCH_BARS) : RESULT_OK;
}

result_t market_bars_finish(market_bars_t *bars)
{
    const uint32_t rest = bars->total % STRETCH_BARS;
    return rest > 0 ? write_stretch(bars, bars->total / STRETCH_BARS, rest) : RESULT_OK;
}

uint32_t market_bars_count(const market_bars_t *bars)
{
    return bars->total - bars->first;
}

static dec_t scaled(dec_t price, const scale_t *scale)
{
    dec_t moved = price;
    if (dec_mul(price, scale->factor, DEC_ROUND_HALF_EVEN, &moved) != RESULT_OK ||
        dec_quantise(moved, scale->tick, DEC_ROUND_DOWN, &moved) != RESULT_OK) {
        return price;
    }
    return dec_lt(moved, scale->tick) ? scale->tick : moved;
}

static void scale_stretch(const market_bars_t *bars, candle_t *stretch, size_t count)
{
    for (uint32_t s = 0; s < bars->scale_count; s++) {
        const scale_t *scale = &bars->scales[s];
        for (size_t i = 0; i < count; i++) {
            candle_t *bar = &stretch[i];
            if (bar->open_ns < scale->from_ns) {
                continue;
            }
            bar->open = scaled(bar->open, scale);
            bar->high = scaled(bar->high, scale);
            bar->low = scaled(bar->low, scale);
            bar->close = scaled(bar->close, scale);
        }
    }
}

static bool read_stretch(const market_bars_t *bars, stretch_t *stretch, uint64_t number)
{
    char *bytes = (char *)stretch->bars;
    const uint64_t left = bars->total - number * STRETCH_BARS;
    const size_t size = (left < STRETCH_BARS ? (size_t)left : STRETCH_BARS) * sizeof(candle_t);
    stretch->loaded = false;
    for (size_t at = 0; at < size;) {
        const ssize_t got = pread(bars->descriptor, bytes + at, size - at, place_of(number) + (off_t)at);
        if (got <= 0) {
            return false;
        }
        at += (size_t)got;
    }
    scale_stretch(bars, stretch->bars, size / sizeof(candle_t));
    stretch->number = number;
    stretch->loaded = true;
    return true;
}

const candle_t *market_bars_at(market_bars_t *bars, uint32_t at)
{
    ASSERT(at < market_bars_count(bars));
    const uint64_t place = (uint64_t)bars->first + at, number = place / STRETCH_BARS;
    for (uint32_t i = 0; i < STRETCHES; i++) {
        if (bars->stretches[i].loaded && bars->stretches[i].number == number) {
            bars->newer = i;
            return &bars->stretches[i].bars[place % STRETCH_BARS];
        }
    }
    bars->newer = (bars->newer + 1) % STRETCHES;
    stretch_t *older = &bars->stretches[bars->newer];
    return read_stretch(bars, older, number) ? &older->bars[place % STRETCH_BARS] : NULL;
}

result_t market_bars_scale(market_bars_t *bars, int64_t from_ns, dec_t factor, dec_t tick)
{
    ASSERT(dec_sign(factor) > 0 && dec_sign(tick) > 0);
    if (bars->scale_count == MARKET_BARS_SCALES_MAX) {
        return RESULT_FULL;
    }
    bars->scales[bars->scale_count++] = (scale_t){from_ns, factor, tick};
    for (uint32_t i = 0; i < STRETCHES; i++) {
        bars->stretches[i].loaded = false; /* read anew */
    }
    return RESULT_OK;
}

void market_bars_forget(market_bars_t *bars, uint32_t count)
{
    ASSERT(count <= market_bars_count(bars));
    bars->first += count;
    const off_t room = place_of(bars->first / STRETCH_BARS);
    if (room > 0) {
        (void)fallocate(bars->descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, room); /* where the disk can */
    }
}
