#!/usr/bin/env bash
# Same bits everywhere: the core computes the same digests under gcc and clang, -O0, -O2, -O3, with and without fused multiply-add.
#
# Each tests/structure/digest_<room>.c has a function digest_<room>(sha256_t *) and a comment line "rooms: core/base core/<room>" with the
# rooms it needs, all on that line (and a line "libs: x" where one of them links a library). A room joins by adding its file; nothing here changes.
# The digests hold the decision logs: every signal, every record and action of the order half, every event of the simulated venue.
# takes: minutes (the core is built eleven times)
# shows: I18, and "decision logs compared over gcc, clang, -O0, -O3, with and without FMA"
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tests/structure
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compilers=()
for compiler in gcc clang; do
    command -v "$compiler" >/dev/null && compilers+=("$compiler")
done
if [ ${#compilers[@]} -eq 0 ]; then
    echo "skipped: neither gcc nor clang is installed"
    exit 77
fi
[ ${#compilers[@]} -eq 1 ] && echo "only ${compilers[0]} is installed: the other compiler is not compared"

machines=("")
if [ "$(uname -m)" = x86_64 ] && grep -qwm1 fma /proc/cpuinfo && grep -qwm1 avx2 /proc/cpuinfo; then
    machines+=("-march=haswell -mfma")
else
    echo "this CPU has no fused multiply-add: only builds without it are compared"
fi

# --- one program that prints "<room> <digest>" a line
rooms=$(cd "$here" && for file in digest_*.c; do sed -nE '1,6s/.*rooms: *([a-z_/ ]+).*/\1/p' "$file"; done | tr ' ' '\n' | sort -u)
libs=$(cd "$here" && for file in digest_*.c; do sed -nE '1,6s/.*libs: *([a-z_ -]+).*/\1/p' "$file"; done | tr ' ' '\n' | sort -u | sed -nE 's/^./-l&/p')
sources=()
for room in $rooms; do
    while IFS= read -r file; do sources+=("$file"); done < <(find "$root/src/$room" -name '*.c' | sort)
done
{
    echo '#include <stdio.h>'
    echo '#include "core/base/hash.h"'
    for file in "$here"/digest_*.c; do
        name=$(basename "$file" .c)
        echo "void $name(sha256_t *sha);"
    done
    echo 'static void print(const char *name, void (*digest)(sha256_t *)) {'
    echo '    sha256_t sha; uint8_t bytes[32]; sha256_init(&sha); digest(&sha); sha256_final(&sha, bytes); printf("%s ", name);'
    echo '    for (int i = 0; i < 32; i++) { printf("%02x", bytes[i]); } printf("\n"); }'
    echo 'int main(void) {'
    for file in "$here"/digest_*.c; do
        name=$(basename "$file" .c)
        echo "    print(\"${name#digest_}\", $name);"
    done
    echo '    return 0; }'
} >"$work/main.c"

build() # name, compiler and options...
{
    local name=$1
    shift
    # shellcheck disable=SC2086
    "$@" -std=c17 -D_POSIX_C_SOURCE=200809L -w -I"$root/src" -I"$root/tests" "$work/main.c" "$here"/digest_*.c "${sources[@]}" $libs -lm -o "$work/$name" \
        >"$work/$name.log" 2>&1 && "$work/$name" >"$work/$name.digest" 2>>"$work/$name.log"
}

# --- the matrix, two at a time
names=()
for compiler in "${compilers[@]}"; do
    for level in -O0 -O2 -O3; do
        for machine in "${machines[@]}"; do
            [ "$level" = -O0 ] && [ -n "$machine" ] && continue # nothing is contracted there
            name="$compiler$level${machine:+-fma}"
            names+=("$name")
            # shellcheck disable=SC2086
            build "$name" "$compiler" $level $machine -ffp-contract=off -fno-strict-aliasing &
            while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
        done
    done
done
wait

status=0
reference=${names[0]}
for name in "${names[@]}"; do
    if [ ! -s "$work/$name.digest" ]; then
        echo "$name: did not build or run"
        head -5 "$work/$name.log"
        status=1
    elif ! cmp -s "$work/$reference.digest" "$work/$name.digest"; then
        echo "$name differs from $reference:"
        diff "$work/$reference.digest" "$work/$name.digest"
        status=1
    fi
done
[ $status -eq 0 ] && echo "${#names[@]} builds agree:" && cat "$work/$reference.digest"

# --- would it notice? With contraction allowed, fused multiply-adds must change a digest.
if [ $status -eq 0 ] && [ ${#machines[@]} -eq 2 ] && [[ " ${compilers[*]} " == *" gcc "* ]]; then
    build contracted gcc -O2 -march=haswell -mfma -ffp-contract=fast
    if cmp -s "$work/$reference.digest" "$work/contracted.digest"; then
        echo "the check is blind: -ffp-contract=fast gives the same digests"
        status=1
    fi
fi
exit $status
