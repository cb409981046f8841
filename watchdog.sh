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
. "$here/tools/scripts/words.sh"
data=$here/data

words=()
while [ $# -gt 0 ]; do
    case "$1" in
        --data) [ -n "${2:-}" ] || { echo "watchdog.sh: --data wants a folder" >&2; exit 2; }; data=$2; shift 2 ;;
        --data=) echo "watchdog.sh: --data wants a folder" >&2; exit 2 ;;
        --data=*) data=${1#--data=}; shift ;;
        *) words+=("$1"); shift ;;
    esac
done
action=${words[0]:-help}
words=("${words[@]:1}")
patriot=$here/build/product/patriot
case "$action" in
    stop | istop | restart | status | check)
        [ -x "$patriot" ] || { echo "watchdog.sh: patriot is not built yet; ./watchdog.sh start does it" >&2; exit 2; }
        ;;
esac

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
            -h | --help) usage_of "$0"; exit 0 ;;
            -n) lines=${2:-}; shift $(($# > 1 ? 2 : 1)) ;;
            --level) level=${2:-none}; shift $(($# > 1 ? 2 : 1)) ;;
            --since) since=${2:-none}; shift $(($# > 1 ? 2 : 1)) ;;
            -*) refuse_word "$0" "logs has no option" "$1" -n --level --since ;;
            *) role=$1; shift ;;
        esac
    done
    case "$lines" in "" | *[!0-9]*) echo "watchdog.sh logs: -n wants a number of lines, e.g. -n 50" >&2; exit 2 ;; esac
    case "$level" in "" | DEBUG | INFO | WARNING | ERROR | CRITICAL) ;; *) echo "watchdog.sh logs: --level wants DEBUG, INFO, WARNING, ERROR or CRITICAL" >&2; exit 2 ;; esac
    case "$since" in "" | [0-9][0-9][0-9][0-9]-[0-9][0-9]*) ;; *) echo "watchdog.sh logs: --since wants an ISO time, e.g. 2026-03-01T12:00" >&2; exit 2 ;; esac
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
    help | -h | --help) usage_of "$0" ;;
    *) refuse_word "$0" "no such action" "$action" start stop istop restart status check logs help ;;
esac
