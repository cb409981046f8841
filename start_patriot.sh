#!/usr/bin/env bash
# start_patriot.sh: sets up what is missing, builds, and runs the main job: an exchange, a signer, a watchdog and a monitor that trade a real
# market history, with no key, no account and no network.
#
#   ./start_patriot.sh [--no-install] [ROLE] [options of `patriot up` or of the role]
#   ROLE: monitor, watchdog, signer, exchange (one part alone); without a role everything runs.
#   Often used: --for 2m | 500vh   --seed N   --speed N   --pace N   --data DIR   --json   --background
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
from=$PWD
cd "$here"
. tools/scripts/install.sh

case " $* " in
    *" --help "* | *" -h "*) # nothing is installed or built for a question
        [ -x build/product/patriot ] || { sed -n '2,7p' start_patriot.sh | cut -c3-; exit 0; } ;;
esac

no_install=""
if [ "${1:-}" = --no-install ]; then
    no_install=--no-install
    shift
fi
if [ ! -x build/product/patriot ] || [ -n "$no_install" ]; then
    patriot_install build $no_install || exit 1
    [ -z "$no_install" ] || [ -x build/product/patriot ] || { echo "patriot: all packages are there"; }
fi
patriot_build product patriot

role=up
case "${1:-}" in
    monitor | watchdog | signer | exchange | up) role=$1; shift ;;
esac
# Relative paths mean the folder the caller stands in; the default data folder stands beside this script.
case " $* " in
    *" --data "* | *" --data="* | *" --help "* | *" -h "*) ;;
    *) set -- --data "$here/data" "$@" ;;
esac
cd "$from"
exec "$here/build/product/patriot" "$role" "$@"
