#!/usr/bin/env bash
# check_system_status.sh: the state of every process. Exit 0 well, 1 degraded, 2 down. Same as `patriot status --all`; takes --json, --data DIR.
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
case " $* " in *" --data"*) ;; *) set -- --data "$here/data" "$@" ;; esac
[ -x "$here/build/product/patriot" ] || { echo "patriot is not built yet; run ./start_patriot.sh once" >&2; exit 2; }
exec "$here/build/product/patriot" status --all "$@"
