#!/usr/bin/env bash
# watchdog.sh: the system as a background service.
#
#   ./watchdog.sh start | stop | istop | restart | status | check
#   ./watchdog.sh logs [-n LINES] [--level LEVEL] [--since ISO-TIME] [ROLE]
#   start    everything in the background, the signer first      stop     ends it in order; orders and stops stay at the exchange
#   istop    the same, after asking what becomes of the orders   status   every process, and the last five log lines
#   check    exit 0 well, 1 degraded, 2 down                     logs     follows the logs (all roles, or one)
# Every form takes --data DIR (default: data beside this script).
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
data=$here/data
action=${1:-help}
[ $# -eq 0 ] || shift

words=()
while [ $# -gt 0 ]; do
    case "$1" in
        --data) data=${2:?--data wants a folder}; shift 2 ;;
        --data=*) data=${1#--data=}; shift ;;
        *) words+=("$1"); shift ;;
    esac
done
patriot=$here/build/product/patriot
case "$action" in
    stop | istop | restart | status | check)
        [ -x "$patriot" ] || { echo "watchdog.sh: patriot is not built yet; ./watchdog.sh start does it" >&2; exit 2; }
        ;;
esac

# The word of the list that shares most letters in order with the typed one, when it lacks at most two of either; else nothing.
nearest_of() # typed, words...
{
    printf '%s\n' "$@" | awk '
        NR == 1 { typed = $0; best = 3; next }
        {
            split("", row)
            for (i = 1; i <= length(typed); i++) {
                before = 0
                for (j = 1; j <= length($0); j++) {
                    above = row[j]
                    if (substr(typed, i, 1) == substr($0, j, 1)) row[j] = before + 1
                    else if (row[j - 1] > row[j]) row[j] = row[j - 1]
                    before = above
                }
            }
            apart = length(typed) + length($0) - 2 * row[length($0)]
            if (apart < best) { best = apart; word = $0 }
        }
        END { print word }'
}

# The roles that have a log.
log_roles()
{
    local file
    for file in "$data"/logs/*.log; do [ ! -e "$file" ] || basename "$file" .log; done | tr '\n' ' '
}

follow_logs()
{
    local lines=20 level="" since="" role="*" files
    while [ $# -gt 0 ]; do
        case "$1" in
            -n) lines=${2:?-n wants a number of lines}; shift 2 ;;
            --level) level=${2:?--level wants DEBUG, INFO, WARNING, ERROR or CRITICAL}; shift 2 ;;
            --since) since=${2:?--since wants an ISO time}; shift 2 ;;
            -*) echo "watchdog.sh logs: no option $1" >&2; exit 2 ;;
            *) role=$1; shift ;;
        esac
    done
    shopt -s nullglob
    files=("$data"/logs/$role.log)
    [ ${#files[@]} -gt 0 ] && [ -e "${files[0]}" ] || { echo "watchdog.sh: no log at $data/logs/$role.log; there are: $(log_roles)" >&2; exit 1; }
    # DEBUG < INFO < WARNING < ERROR < CRITICAL; times are ISO, so text order is time order.
    tail -q -n "$lines" -F "${files[@]}" 2>/dev/null | awk -v level="$level" -v since="$since" '
        BEGIN { split("DEBUG INFO WARNING ERROR CRITICAL", names, " "); for (i in names) rank[names[i]] = i }
        {
            line_level = match($0, /"level":"[A-Z]+"/) ? substr($0, RSTART + 9, RLENGTH - 10) : ""
            line_time = match($0, /"timestamp":"[^"]+"/) ? substr($0, RSTART + 13, RLENGTH - 14) : ""
            if (level != "" && rank[line_level] < rank[level]) next
            if (since != "" && line_time < since) next
            print; fflush()
        }'
}

case "$action" in
    start) exec "$here/start_patriot.sh" up --background --data "$data" "${words[@]}" ;;
    stop) exec "$patriot" stop --data "$data" "${words[@]}" ;;
    istop) exec "$patriot" stop --ask --data "$data" "${words[@]}" ;;
    restart)
        "$patriot" stop --data "$data" || true
        exec "$here/start_patriot.sh" up --background --data "$data" "${words[@]}"
        ;;
    status)
        code=0
        "$patriot" status --all --data "$data" "${words[@]}" || code=$?
        tail -q -n 5 "$data/logs/watchdog.log" 2>/dev/null || true
        exit $code
        ;;
    check) exec "$here/check_system_status.sh" --data "$data" "${words[@]}" ;;
    logs) follow_logs "${words[@]}" ;;
    help | -h | --help) sed -n '2,9p' "$0" | cut -c3- ;;
    *)
        near=$(nearest_of "$action" start stop istop restart status check logs help)
        echo "watchdog.sh: no such action: $action${near:+; did you mean $near?}" >&2
        sed -n '2,9p' "$0" | cut -c3- >&2
        exit 2
        ;;
esac
