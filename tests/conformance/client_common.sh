# client_common.sh: what the tests of this folder share: a pinned client from its registry (in the build folder), and an exchange of their own.
# Sourced with $build set. Sets $work (a folder that goes away), $address and stops the exchange at the end.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
node_folder=$build/node
work=$(mktemp -d)
exchange=""
address=""
spot_address=""
finish() {
    [ -z "$exchange" ] || { kill "$exchange" 2>/dev/null; wait "$exchange" 2>/dev/null; }
    rm -rf "$work"
}
trap finish EXIT

skip() {
    echo "skipped: $1"
    exit 77
}

# need_node PACKAGE VERSION: several tests may run at once, and npm in one folder must not.
need_node() {
    command -v node >/dev/null || skip "node is not installed"
    command -v npm >/dev/null || skip "npm is not installed"
    mkdir -p "$node_folder"
    exec 9>"$node_folder/.lock"
    flock -w 400 9 || skip "another test has been installing packages for too long"
    if ! grep -qs "\"version\": \"$2\"" "$node_folder/node_modules/$1/package.json"; then
        timeout 300 npm install --prefix "$node_folder" --no-audit --no-fund --silent "$1@$2" >"$work/npm.log" 2>&1 ||
            skip "npm could not fetch $1: $(tail -n 1 "$work/npm.log")"
    fi
    exec 9>&-
}

# need_python PACKAGE VERSION [NEEDS...]: into a virtual environment of its own in the build folder (two clients call themselves `binance`); $python
# runs in it. With NEEDS the package is built here from its source, in the presence of these and nothing else.
need_python() {
    local folder=$build/venv/$1 what="$1==$2"
    python=$folder/bin/python
    command -v python3 >/dev/null || skip "python3 is not installed"
    mkdir -p "$build/venv"
    exec 9>"$folder.lock"
    flock -w 400 9 || skip "another test has been installing packages for too long"
    [ -x "$folder/bin/pip" ] || python3 -m venv "$folder" >"$work/venv.log" 2>&1 || skip "no virtual environment can be made (package python3-venv?)"
    if [ "$("$python" -c "import importlib.metadata as m; print(m.version('$1'))" 2>/dev/null)" != "$2" ]; then
        if [ $# -gt 2 ]; then
            timeout 300 "$folder/bin/pip" install -q --disable-pip-version-check "${@:3}" >"$work/pip.log" 2>&1 ||
                skip "pip could not fetch what $1 needs: $(tail -n 1 "$work/pip.log")"
            what="--no-deps --no-build-isolation $what"
        fi
        # shellcheck disable=SC2086
        timeout 350 "$folder/bin/pip" install -q --disable-pip-version-check $what >"$work/pip.log" 2>&1 ||
            skip "pip could not fetch $1: $(tail -n 1 "$work/pip.log")"
    fi
    exec 9>&-
}

# start_exchange [MORE OPTIONS]: one account, KEY and SECRET, with $holdings (10000 USDT); its ready line, on standard output, tells the address
# ($address: of the first face; $spot_address).
start_exchange() {
    local said=""
    mkfifo "$work/said"
    "$build/patriot" exchange --data "$work/data" --ephemeral --account "demo:KEY:SECRET:${holdings:-USDT=10000}" --seed 7 --speed 60 "$@" >"$work/said" 2>"$work/exchange.log" &
    exchange=$!
    exec 8<"$work/said"
    read -r -t 30 said <&8 || true
    address=$(sed -n 's|^patriot exchange: binance-[a-z]* on http://\([^,]*\),.*|\1|p' <<<"$said")
    spot_address=$(sed -n 's|^patriot exchange:.* binance-spot on http://\([^,]*\),.*|\1|p' <<<"$said")
    [ -n "$address" ] || { echo "the exchange did not come up: $said"; cat "$work/exchange.log"; exit 1; }
}

# stop_exchange: it must end well; another may be started.
stop_exchange() {
    kill "$exchange"
    wait "$exchange" || { echo "the exchange ended with $?"; exit 1; }
    exchange=""
    rm -rf "$work/said" "$work/data"
}
