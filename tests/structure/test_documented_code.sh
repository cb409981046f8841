#!/usr/bin/env bash
# The indicator and the strategy that docs/indicators.md and docs/strategies.md are worked with compile without a warning, keep the layout and work.
# Argument: the build folder.
# shows: IND-1, STR-3
set -u
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
compiler=${CC:-cc}
if grep -qE '^(PATRIOT_COVERAGE:BOOL=ON|PATRIOT_SANITIZE:[A-Z]+=.+)' "$build/CMakeCache.txt" 2>/dev/null || ! command -v "$compiler" >/dev/null || [ ! -f "$build/libpatriot_core.a" ]; then
    echo "skipped: needs a compiler and a core library that is not instrumented"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every block that begins with "/* NAME.h: " or "/* NAME.c: " becomes that file.
take() # page, folder
{
    mkdir -p "$work/$2"
    awk -v folder="$work/$2/" '
        /^```c$/ {inside = 1; file = ""; next}
        /^```$/ {inside = 0; next}
        inside && file == "" {file = $2; sub(":", "", file)}
        inside {print > (folder file)}' "$root/docs/$1"
}
take indicators.md core/indicator
take strategies.md core/strategy

cat >"$work/main.c" <<'END'
#include "core/indicator/efficiency.h"
#include "core/strategy/straight_line.h"
int main(void)
{
    const double close[] = {10, 11, 12, 13, 12, 12}, options[] = {2};
    double out[6], *const outputs[] = {out}, state[64], presets[STRATEGY_OPTIONS_MAX];
    const indicator_columns_t columns = {.bars = 6, .close = close};
    if (sizeof state < indicator_efficiency.state_size(options) ||
        indicator_series(&indicator_efficiency, options, &columns, state, outputs) != RESULT_OK)
        return 1;
    if (out[1] == out[1] || out[2] != 1 || out[3] != 1 || out[4] != 0 || out[5] != 1)
        return 2;
    strategy_presets(&strategy_straight_line, presets);
    if (strategy_check(&strategy_straight_line, presets, NULL) != RESULT_OK || sizeof state < strategy_memory(&strategy_straight_line, presets))
        return 3;
    strategy_straight_line.init(state, presets);
    uint32_t decided = 0;
    for (int i = 0; i < 60; i++) { /* to and fro, then straight up */
        const double at = i < 40 ? 100 + i % 2 : 60 + i;
        const indicator_bar_t bar = {at, at + 1, at - 1, at, 1, i};
        strategy_view_t view = {.direction = DIRECTION_NONE};
        strategy_straight_line.next(state, &bar, &view);
        decided += view.direction == DIRECTION_LONG && i >= 40 ? 1 : view.direction != DIRECTION_NONE ? 100 : 0;
    }
    return decided == 1 ? 0 : 4;
}
END
files=("$work"/core/*/*.c)
if [ "${#files[@]}" -ne 2 ]; then
    echo "wanted one .c file of each page, found: ${files[*]}"
    exit 1
fi
if ! "$compiler" -std=c17 -O2 -ffp-contract=off -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Werror -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
    -I"$work" -I"$root/src" "$work/main.c" "${files[@]}" "$build/libpatriot_core.a" -lprotobuf-nanopb -lm -o "$work/main"; then
    echo "the code of the pages does not compile"
    exit 1
fi
"$work/main"
status=$?
[ $status -eq 0 ] || echo "the code of the pages compiles and does not do what they say: $status"
if command -v clang-format >/dev/null && ! clang-format --style="file:$root/.clang-format" --dry-run -Werror "$work"/core/*/*; then
    echo "the code of the pages is not laid out like the house's"
    status=1
fi
[ $status -eq 0 ] && echo "the documented indicator and strategy compile and work"
exit $status
