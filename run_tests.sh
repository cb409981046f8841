#!/usr/bin/env bash
# run_tests.sh: installs what the tests need, builds, runs, and ends with one line: N passed, N failed, N skipped.
#
#   ./run_tests.sh [GROUP]
#   GROUP   all (default)   everything below but long
#           unit            core and edge tests, release build
#           structure       include directions, purity, determinism
#           integration     whole processes: the main job, kills, scripts
#           conformance     third-party exchange clients against the simulated exchange
#           sanitizers      core and edge tests under ASan and UBSan
#           clang           the same under clang
#           fuzz            every fuzz target over its corpus and for 20 seconds more, from another seed each time
#           order_executor, orders_watchdog, config_reload   the tests of that part
#           long            the long forms (1e8 decimal cases, 1e7 venue commands)
set -u
cd "$(cd "$(dirname "$(readlink -f "$0")")" && pwd)" || exit 1
self=$PWD/run_tests.sh
. tools/scripts/install.sh
. tools/scripts/words.sh

group=${1:-all}
case "$group" in
    all | unit | structure | integration | conformance | sanitizers | clang | fuzz | order_executor | orders_watchdog | config_reload | long) ;;
    help | -h | --help) usage_of "$self"; exit 0 ;;
    *) refuse_word "$self" "no such group" "$group" all unit structure integration conformance sanitizers clang fuzz order_executor orders_watchdog config_reload long ;;
esac
results=build/results
rm -rf "$results"
mkdir -p "$results"
status=0

patriot_install "build test bench" || exit 1

build_tests() # preset
{
    echo "== building ($1)"
    if ! { cmake --preset "$1" && cmake --build --preset "$1"; } >"build/$1.log" 2>&1; then
        grep -E 'error|warning|FAILED' "build/$1.log" | head -n 40 >&2
        tail -n 5 "build/$1.log" >&2
        echo "the build ($1) failed; the whole log is build/$1.log" >&2
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
}

run_ctest() # preset, name, ctest arguments...
{
    local preset=$1 name=$2
    shift 2
    echo "== $name ($preset)"
    ctest --test-dir "build/$preset" --output-on-failure --output-junit "$PWD/$results/$name.xml" --no-tests=error "$@" || status=1
}

case "$group" in
    all)
        build_tests release
        run_ctest release all -j 2
        build_tests sanitizers
        run_ctest sanitizers sanitizers -j 2 -R '^(core|edge)/'
        build_tests clang
        run_ctest clang clang -j 2 -R '^core/'
        tools/scripts/fuzz.sh short "$results/fuzz.xml" || status=1
        ;;
    unit) build_tests release; run_ctest release unit -j 2 -R '^(core|edge)/' ;;
    structure) build_tests release; run_ctest release structure -R '^structure/' ;;
    integration) build_tests release; run_ctest release integration -R '^app/' ;;
    conformance) build_tests release; run_ctest release conformance -R '^conformance/' ;;
    sanitizers) build_tests sanitizers; run_ctest sanitizers sanitizers -j 2 -R '^(core|edge)/' ;;
    clang) build_tests clang; run_ctest clang clang -j 2 -R '^(core|edge)/' ;;
    fuzz) tools/scripts/fuzz.sh 20 "$results/fuzz.xml" || status=1 ;;
    order_executor) build_tests release; run_ctest release order_executor -R '^core/(risk|engine)' ;;
    orders_watchdog) build_tests release; run_ctest release orders_watchdog -R 'core/(order|engine)|app/.*(watchdog|kill)' ;;
    config_reload) build_tests release; run_ctest release config_reload -R 'config' ;;
    long)
        build_tests release
        export PATRIOT_LONG=1
        cmake -DPATRIOT_TEST_TIMEOUT=14400 build/release >/dev/null # the tests' own limits stand in the way of --timeout
        run_ctest release long -R '^core/(base|venue|engine)'
        cmake -DPATRIOT_TEST_TIMEOUT= build/release >/dev/null
        ;;
esac

python3 tools/scripts/test_summary.py "$results"/*.xml || status=1
exit $status
