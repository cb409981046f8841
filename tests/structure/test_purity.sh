#!/usr/bin/env bash
# The core reaches nothing outside of itself: what libpatriot_core.a leaves undefined is in allowed_symbols.txt.
# Argument: the build folder. First the check is tried on an archive that calls the clock.
# shows: I18
set -u
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if grep -qE '^(PATRIOT_COVERAGE:BOOL=ON|PATRIOT_SANITIZE:[A-Z]+=.+)' "$build/CMakeCache.txt" 2>/dev/null; then
    echo "skipped: this build is instrumented, and instruments call out"
    exit 77
fi
archive=$build/libpatriot_core.a
if [ ! -f "$archive" ]; then
    echo "skipped: $archive is not built"
    exit 77
fi

# Symbols that an archive needs and does not define, minus those allowed. Records of the seam (generated tables, *_msg) are defined by proto/.
foreign()
{
    comm -23 <(nm -u "$1" 2>/dev/null | awk 'NF >= 2 {print $NF}' | sort -u) <(nm --defined-only "$1" 2>/dev/null | awk 'NF == 3 {print $3}' | sort -u) |
        grep -vxF -f <(grep -v '^#' "$here/allowed_symbols.txt") | grep -vE '^(_GLOBAL_OFFSET_TABLE_|[A-Za-z0-9_]+_msg)$'
}

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
for call in 'long time(long *); long impure(void); long impure(void) { return time(0); }' \
    'void *malloc(unsigned long); void *impure(void); void *impure(void) { return malloc(8); }' \
    'double exp(double); double impure(double x); double impure(double x) { return exp(x); }'; do
    echo "$call" >"$probe/impure.c"
    if ! ${CC:-cc} -O1 -fno-builtin -c "$probe/impure.c" -o "$probe/impure.o" || ! ar rcs "$probe/impure.a" "$probe/impure.o"; then
        echo "skipped: no compiler to try the check with"
        exit 77
    fi
    if [ -z "$(foreign "$probe/impure.a")" ]; then
        echo "the check is blind to: $call"
        exit 1
    fi
done

found=$(foreign "$archive")
if [ -n "$found" ]; then
    echo "the core needs what it may not have:"
    for symbol in $found; do
        nm -A -u "$archive" 2>/dev/null | awk -v s="$symbol" '$NF == s {print "  " s " in " $1}' | sed 's#[^ ]*libpatriot_core.a:##'
    done
    exit 1
fi
echo "the core needs nothing but: $(nm -u "$archive" 2>/dev/null | awk 'NF >= 2 {print $NF}' | sort -u | grep -xF -f <(grep -v '^#' "$here/allowed_symbols.txt") | tr '\n' ' ')"

# No state of its own either: objects stand in read-only sections (.data.rel.ro is read-only once it is loaded).
writable=$(objdump -t "$archive" 2>/dev/null | awk '
    /file format/ {file = $1}
    / O / && $0 ~ /[ \t](\.data|\.bss|\.tdata|\.tbss|\*COM\*)[ \t.]/ && $0 !~ /\.data\.rel\.ro/ {print "  " $NF " in " file}')
if [ -n "$writable" ]; then
    echo "the core has variables that outlive a call:"
    echo "$writable"
    exit 1
fi
echo "the core has no writable data of its own"
