#!/usr/bin/env bash
# bench_hostile.sh: what a hostile crowd costs whoever trades beside it (hostile.py tells how it is counted). Exit 1 above the bar.
#
# usage: bench_hostile.sh BUILD
set -u
exec python3 "$(dirname "$(readlink -f "$0")")/hostile.py" "$1/patriot"
