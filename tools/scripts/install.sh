# install.sh: sourced by the start and test scripts. Installs what packaging/deps.txt lists for a use, once, and says so.
#
#   patriot_install "build test" [--no-install]
# Prints nothing when all is there. With --no-install it lists what is missing and returns 1.

patriot_packages() # uses... -> package names
{
    local uses=" $1 "
    awk -v uses="$uses" '!/^#/ && NF >= 2 && index(uses, " " $1 " ") {print $2}' packaging/deps.txt
}

patriot_missing() # uses... -> packages not installed
{
    local package
    for package in $(patriot_packages "$1"); do
        case "$package" in
            nodejs | npm) command -v "${package%js}" >/dev/null 2>&1 && continue ;; # any Node.js will do, from wherever it came
        esac
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
    done
}

# How to install them by hand.
patriot_install_by_hand() # why, packages
{
    echo "patriot: $1; install the packages as root, then start again:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends $2" >&2
}

patriot_install()
{
    local missing sudo="" log
    if ! command -v dpkg-query >/dev/null 2>&1; then
        echo "patriot: this machine has no apt; install these by its own means, then start again:" $(patriot_packages "$1") >&2
        return 1
    fi
    missing=$(patriot_missing "$1" | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    if [ "${2:-}" = --no-install ]; then
        echo "patriot: missing packages: $missing"
        echo "patriot: install them with: apt-get install --no-install-recommends $missing"
        return 1
    fi
    echo "patriot: installing what is missing: $missing" >&2
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { patriot_install_by_hand "this user may not, and there is no sudo" "$missing"; return 1; }
        sudo -v || { patriot_install_by_hand "sudo was refused" "$missing"; return 1; }
        sudo=sudo
    fi
    $sudo apt-get update -qq || echo "patriot: apt-get update failed; trying with the package lists that are there" >&2
    log=$(mktemp)
    if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        patriot_install_by_hand "apt could not install what is missing (its words stand above)" "$missing"
        return 1
    fi
    rm -f "$log"
}

# Configures and builds a preset unless its program is newer than every source.
patriot_build() # preset [target...]
{
    local preset=$1 log
    shift
    if [ -x "build/$preset/patriot" ] && [ -z "$(find src proto market cmake CMakeLists.txt CMakePresets.json -newer "build/$preset/patriot" -print -quit)" ]; then
        return 0
    fi
    log=build/$preset.log
    mkdir -p build
    # Two starts at once must not build in one folder: the second waits, and then finds that all is done. Children do not keep the lock.
    exec 8>build/.lock
    if ! flock -n 8; then
        echo "patriot: another start is building; waiting for it ..." >&2
        flock 8
        exec 8>&-
        patriot_build "$preset" "$@"
        return
    fi
    echo "patriot: building ($preset) ..." >&2 # standard output is the summary's (--json)
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset" ${1+--target "$@"}; } >"$log" 2>&1 8>&-; then
        exec 8>&-
        tail -n 40 "$log" >&2
        echo "patriot: the build failed; the whole log is $log" >&2
        return 1
    fi
    touch "build/$preset/patriot"
    exec 8>&-
}
