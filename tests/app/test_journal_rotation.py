"""The power is cut at every single write, rename and sync of a journal that goes through several segments: what it acknowledged is there, in every state in
which the disk may be (power_cut.py), and it goes on through the next change of segments.

shows: R211, I13, OPS-6
"""
import os
import pathlib
import shutil
import subprocess
import tempfile

import power_cut
from harness import build_folder, check

WRITER = "test_edge_store_journal_rotation"
SEGMENTS = 4


def run(*words, **environment):
    return subprocess.run([str(pathlib.Path(build_folder()) / WRITER), *map(str, words)], env={**os.environ, **environment}, capture_output=True, text=True,
                          timeout=60, check=False)


def acknowledged(disk, path):
    """What the writer had told its owner by then, as the process saw it: a promise that was heard."""
    file = disk.names.get(path)
    if not file:
        return 0
    size = file.size_now()
    text = b"".join(file.sector_now(index) for index in range((size + file.sector - 1) // file.sector))[:size].decode()
    return int(text.splitlines()[-1]) if text else 0


def main():
    root = pathlib.Path(tempfile.mkdtemp(prefix="patriot-rotation-"))
    try:
        library = power_cut.build_recorder(root, pathlib.Path(build_folder()) / WRITER)
        live, record, cut = root / "live", root / "record", root / "cut"
        live.mkdir()
        done = run("write", live, LD_PRELOAD=str(library), RECORD_ROOT=str(live), RECORD_LOG=str(record))
        check(done.returncode == 0, f"the writer: {done.stdout}{done.stderr}")
        check(len(list((live / "journal").glob("*.pj"))) >= SEGMENTS, f"too few segments: {os.listdir(live / 'journal')}")
        rows = list(power_cut.rows(record))
        tried = set()
        for seed, (fate, sector, make) in enumerate(power_cut.fates(1)):
            disk = power_cut.Disk(live, sector)
            for number, row in enumerate(rows):
                disk.take(*row)
                shutil.rmtree(cut, ignore_errors=True)
                make(disk, cut)
                done = run("take-up", cut)
                heard = acknowledged(disk, str(live / "acks"))
                what = f"cut after row {number} (kind {row[0]}, {os.path.basename(row[3])}), {fate}, sectors of {sector}, {heard} acknowledged"
                check(done.returncode == 0, f"{what}: {done.stdout}{done.stderr}")
                last = int(done.stdout.splitlines()[-1])
                check(heard <= last <= heard + 2, f"{what}: the journal goes to {last}")
                tried.add((seed, number))
        print(f"ok: {len(tried)} cuts, {len(rows)} rows")
    finally:
        shutil.rmtree(root, ignore_errors=True)


main()
