#!/usr/bin/env bash
# start_patriot.sh: sets up what is missing, builds, and runs the main job: an exchange, a signer, a watchdog and a monitor that trade a real
# market history, with no key, no account and no network.
#
#   ./start_patriot.sh [--no-install] [ROLE] [options of `patriot up` or of the role]
#   ROLE: monitor, watchdog, signer, exchange (one part alone); without a role everything runs.
#   --no-install   installs nothing: lists the packages that are missing and stops; starts when none is
#   Often used: --for 2m | 500vh   --seed N   --speed N   --pace N   --data DIR   --json   --background
#   `./start_patriot.sh up --help` lists all options, `./start_patriot.sh ROLE --help` those of a role.
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
from=$PWD
cd "$here"
. tools/scripts/install.sh
. tools/scripts/words.sh

no_install=""
words=()
for word in "$@"; do
    if [ "$word" = --no-install ]; then no_install=$word; else words+=("$word"); fi
done
set -- ${words[@]+"${words[@]}"}
role=up
case "${1:-}" in
    monitor | watchdog | signer | exchange | up) role=$1; shift ;;
    -h | --help) usage_of "$here/start_patriot.sh"; exit 0 ;;
    "" | -*) ;;
    *) refuse_word "$here/start_patriot.sh" "no such role" "$1" monitor watchdog signer exchange up ;;
esac
case " $* " in
    *" --help "* | *" -h "*) # nothing is installed or built for a question
        [ -x build/product/patriot ] || { usage_of "$here/start_patriot.sh"; exit 0; } ;;
esac
if [ ! -x build/product/patriot ] || [ -n "$no_install" ]; then
    patriot_install build $no_install || exit 1
fi
patriot_build product patriot

# Relative paths mean the folder the caller stands in; the default data folder stands beside this script.
case " $* " in
    *" --data "* | *" --data="* | *" --help "* | *" -h "*) ;;
    *) set -- --data "$here/data" "$@" ;;
esac
cd "$from"
exec "$here/build/product/patriot" "$role" "$@"
