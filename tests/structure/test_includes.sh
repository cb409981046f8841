#!/usr/bin/env bash
# The three wings and the rooms of the core: who may include whom. First the check is tried on trees that break each rule.
# shows: I18
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Rooms in their line; a room may include itself and the rooms before it. venue stands beside it and knows base and market only.
line=(base market indicator strategy signal brain risk order engine research)

# Headers of the C library that the core may use: types, memory, sqrt; abort in one place.
library=' stdbool.h stddef.h stdint.h string.h math.h limits.h '
nanopb=' pb.h pb_encode.h pb_decode.h pb_common.h '

position() # room -> its place in the line, or nothing
{
    local i
    for i in "${!line[@]}"; do
        [ "${line[$i]}" = "$1" ] && echo "$i" && return
    done
}

core_may() # room, included room
{
    [ "$1" = "$2" ] && return 0
    [ "$1" = venue ] && { [ "$2" = base ] || [ "$2" = market ]; return; }
    local own other
    own=$(position "$1")
    other=$(position "$2")
    [ -n "$own" ] && [ -n "$other" ] && [ "$other" -lt "$own" ]
}

core_file() # place, room, file, include with its quotes: prints what is wrong
{
    local place=$1 room=$2 file=$3 include=$4 name=${4:1:-1}
    case "$include" in
        \"core/*/*) core_may "$room" "$(cut -d/ -f2 <<<"$name")" || echo "$place: core/$room may not include $name" ;;
        \"*.pb.h\" | '<'*.pb.h'>') [ "$room" = engine ] || echo "$place: only core/engine knows the encoded seam, not core/$room" ;;
        \"*) echo "$place: the core may not include $name" ;;
        *)
            case "$library$([ "$room" = engine ] && echo "$nanopb")" in
                *" $name "*) ;;
                *) [ "$name" = stdlib.h ] && [ "$file" = core/base/assert.c ] || echo "$place: <$name> is not for the core" ;;
            esac
            ;;
    esac
}

check() # tree with core/, edge/, app/: prints each breach
{
    local tree=$1 file number include room
    while IFS=: read -r file number include; do
        include=$(sed -E 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*("[^"]*"|<[^>]*>).*/\1/' <<<"$include")
        case "$file" in
            core/*)
                room=$(cut -d/ -f2 <<<"$file")
                [ "$room" = venue ] || [ -n "$(position "$room")" ] || echo "$file:$number: core/$room is no room that this test knows"
                core_file "$file:$number" "$room" "$file" "$include"
                ;;
            edge/*)
                case "$include" in
                    \"app/*) echo "$file:$number: edge may not include ${include:1:-1}" ;;
                    \"../*) echo "$file:$number: includes name their folder from src/: $include" ;;
                esac
                ;;
        esac
    done < <(cd "$tree" && grep -rnE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include' .  | sed 's#^\./##')
}

# --- the check itself: every line here must be found
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
mkdir -p "$probe"/{core/{base,market,order,venue,engine},edge/net,app}
status=0
expect() # file, include line, "bad" or "good"
{
    echo "$2" >"$probe/$1"
    found=$(check "$probe")
    rm "$probe/$1"
    if { [ "$3" = bad ] && [ -z "$found" ]; } || { [ "$3" = good ] && [ -n "$found" ]; }; then
        echo "the check is blind: $1 with $2 should be $3: $found"
        status=1
    fi
}
expect core/base/x.c '#include "core/market/book.h"' bad
expect core/market/x.h '#  include "core/order/order.h"' bad
expect core/order/x.c '#include "core/venue/venue.h"' bad
expect core/venue/x.c '#include "core/order/order.h"' bad
expect core/order/x.c '#include "edge/net/http.h"' bad
expect core/order/x.c '#include "app/up.h"' bad
expect core/order/x.c '#include "../../edge/net/http.h"' bad
expect core/order/x.c '#include <stdio.h>' bad
expect core/order/x.c '#include <time.h>' bad
expect core/order/x.c '#include <stdlib.h>' bad
expect core/order/x.c '#include <pb_encode.h>' bad
expect edge/net/x.c '#include "app/up.h"' bad
expect core/order/x.c '#include "core/market/book.h"' good
expect core/venue/x.c '#include "core/market/book.h"' good
expect core/engine/x.c '#include <pb_encode.h>' good
expect core/engine/x.c '#include "record.pb.h"' good
expect core/base/assert.c '#include <stdlib.h>' good
expect edge/net/x.c '#include "core/engine/engine.h"' good

breaches=$(check "$root/src")
if [ -n "$breaches" ]; then
    echo "$breaches"
    status=1
fi
[ $status -eq 0 ] && echo "every include goes the right way"
exit $status
