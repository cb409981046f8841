#!/usr/bin/env bash
# fetch_yyjson.sh FOLDER: puts yyjson.c and yyjson.h (the peer of bench_decode, MIT) into FOLDER, which must lie outside the source tree.
# Debian 12 has no package of it; the Python package "yyjson" carries its source, pinned here by version and digest.
set -euo pipefail
version=4.0.6
digest=fcd4dc15c1e39a30bf9fa85d56903029111506860fc3080ab0d81c6c6dacaa8c
folder=${1:?usage: fetch_yyjson.sh FOLDER}
if [ -f "$folder/yyjson.c" ] && [ -f "$folder/yyjson.h" ]; then
    exit 0
fi
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "fetch_yyjson: python3-pip is needed" >&2
    exit 1
fi
python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$work" "yyjson==$version" >"$work/log" 2>&1 ||
    { tail -n 3 "$work/log" >&2; exit 1; }
archive=$work/yyjson-$version.tar.gz
echo "$digest  $archive" | sha256sum --check --quiet
tar -xzf "$archive" -C "$work"
for name in yyjson.c yyjson.h; do
    cp "$(find "$work/yyjson-$version" -name "$name" | head -n 1)" "$folder/$name"
done
