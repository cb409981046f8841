#!/usr/bin/env bash
# shown.sh: which test shows which requirement and invariant, and what none shows.
#
#   tests/shown.sh [ID...]     all rows, or only those named
#
# Rows come from requirements.md and faults.md (and, where a test names one, originals.md: R001 ...) in $PATRIOT_DESIGN, or in shared/design beside the project. Tests name what they show in a
# comment near their top: "shows: ORD-4, I4". Always exits 0: this is a map, not a judge.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
design=${PATRIOT_DESIGN:-$root/../shared/design}

if [ ! -r "$design/requirements.md" ] || [ ! -r "$design/faults.md" ]; then
    echo "no requirements.md and faults.md in $design (PATRIOT_DESIGN names another folder); the ids that tests show:"
    grep -rhoE 'shows: *[A-Z0-9, -]+' "$root/tests" --include='test_*' --include='fuzz_*' --include='bench_*' |
        sed -E 's/shows: *//' | tr ',' '\n' | tr -d ' ' | grep -E '^[A-Z]+-?[0-9]+$' | sort -u -V | tr '\n' ' '
    echo
    exit 0
fi

{
    # id <tab> text of each row
    sed -nE 's/^\| ([A-Z]+-[0-9]+) \| ([^|]*).*/row\t\1\t\2/p' "$design/requirements.md"
    sed -nE 's/^\| \*\*(I[0-9]+)\*\* ([^|]*)\|.*/row\t\1\t\2/p' "$design/faults.md"
    sed -nE 's/^\| (R[0-9]{3}) \| ([^|]*).*/original\t\1\t\2/p' "$design/originals.md" 2>/dev/null
    # id <tab> test of each line "shows:"
    grep -rnE 'shows: *[A-Z]+' "$root/tests" "$root/bench" --include='test_*.c' --include='test_*.sh' --include='test_*.py' --include='fuzz_*.c' \
        --include='bench_*.c' --include='*.feature' 2>/dev/null |
        sed -E "s#^$root/##" | while IFS=: read -r file _ rest; do
        for id in $(sed -E 's/.*shows: *//; s/[^A-Z0-9-]+/ /g' <<<"$rest"); do
            printf 'test\t%s\t%s\n' "$id" "$file"
        done
    done
} | awk -F '\t' -v wanted=" $* " '
    $1 == "row"  { if (!($2 in text)) { order[++rows] = $2 } text[$2] = $3 }
    $1 == "original" { original[$2] = $3 }
    $1 == "test" && $2 ~ /^[A-Z]+-?[0-9]+$/ { if (!seen[$2, $3]++) { tests[$2] = tests[$2] "\n      " $3 } used[$2] = 1 }
    END {
        for (i = 1; i <= rows; i++) {
            id = order[i]
            if (wanted != "  " && index(wanted, " " id " ") == 0) { continue }
            shown = id in tests
            line = sprintf("%-8s %s", id, substr(text[id], 1, 110))
            if (shown) { print line tests[id]; count++ } else { hidden = hidden "\n" line }
            all++
        }
        for (n = 1; n <= 999; n++) {
            id = sprintf("R%03d", n)
            if (id in original && id in tests && (wanted == "  " || index(wanted, " " id " "))) {
                printf "%-8s %s%s\n", id, substr(original[id], 1, 110), tests[id]
            }
        }
        for (id in used) { if (!(id in text) && !(id in original)) { strange = strange " " id } }
        printf "\nshown by no test (%d of %d):%s\n", all - count, all, hidden
        if (strange != "") { print "\nnamed by tests, but no row has this id:" strange }
        printf "\n%d of %d rows are shown by at least one test\n", count, all
    }'
exit 0
