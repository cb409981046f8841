"""power_cut.py: what a folder may hold after the power is cut, by the record that record_writes.c has made of all writes to it.

Harsher than most file systems: a name (made, renamed, removed) lasts once its folder is synced, and in order before that; a write lasts once its file is
synced. Of the writes since then each sector of a file shows any one of the versions that it has had, whatever the others show, and the size likewise.
"""
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys

OPEN, WRITE, SIZE, RENAME, UNLINK, FOLDER, SYNC = range(1, 8)
HEAD = struct.Struct("<BQQH")


def build_recorder(folder, program):
    """The library of record_writes.c, for this program; without it the test is skipped, with the reason."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    linked = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False).stdout
    if not compiler or "libasan" in linked or "libubsan" in linked:
        print("no C compiler" if not compiler else "a sanitizer wants to be loaded first")
        sys.exit(77)
    library = pathlib.Path(folder) / "record_writes.so"
    source = pathlib.Path(__file__).with_name("record_writes.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
    return library


def rows(path):
    """Each row of the record: kind, number, other number, path, data. A row that the end has cut did not happen."""
    data = pathlib.Path(path).read_bytes()
    at = 0
    while at + 4 <= len(data):
        (length,) = struct.unpack_from("<I", data, at)
        if at + 4 + length > len(data):
            return
        kind, number, other, size = HEAD.unpack_from(data, at + 4)
        begin = at + 4 + HEAD.size
        yield kind, number, other, data[begin:begin + size].decode(), data[begin + size:at + 4 + length]
        at += 4 + length


class File:
    """Sectors and size: what is on the disk, and the versions since, oldest first."""

    def __init__(self, sector, is_folder=False):
        self.sector, self.is_folder = sector, is_folder
        self.size, self.sectors = 0, {}
        self.sizes, self.versions = [], {}

    def size_now(self):
        return self.sizes[-1] if self.sizes else self.size

    def sector_now(self, index):
        return self.versions[index][-1] if index in self.versions else self.sectors.get(index, bytes(self.sector))

    def write(self, offset, data):
        end = offset + len(data)
        while offset < end:
            index, inside = divmod(offset, self.sector)
            part = data[:self.sector - inside]
            old = self.sector_now(index)
            self.versions.setdefault(index, []).append(old[:inside] + part + old[inside + len(part):])
            data = data[len(part):]
            offset += len(part)
        if end > self.size_now():
            self.sizes.append(end)

    def resize(self, size):
        for index in [one for one in set(self.sectors) | set(self.versions) if (one + 1) * self.sector > size]:
            kept = max(0, size - index * self.sector)
            self.versions.setdefault(index, []).append(self.sector_now(index)[:kept].ljust(self.sector, b"\0"))
        self.sizes.append(size)

    def sync(self):
        self.size = self.size_now()
        for index, versions in self.versions.items():
            self.sectors[index] = versions[-1]
        self.sizes, self.versions = [], {}

    def put(self, path, pick):
        """Writes one of the states that it may have."""
        size = pick([self.size, *self.sizes])
        with open(path, "wb") as file:
            for index in sorted(set(self.sectors) | set(self.versions)):
                file.seek(index * self.sector)
                file.write(pick([self.sectors.get(index, bytes(self.sector)), *self.versions.get(index, [])]))
            file.truncate(size)
        os.chmod(path, 0o600)


class Disk:
    """All names and files under one folder."""

    def __init__(self, root, sector):
        self.root, self.sector = str(root), sector
        self.names, self.durable, self.pending = {}, {}, []

    def read(self, record):
        for kind, number, other, path, data in rows(record):
            self.take(kind, number, other, path, data)
        return self

    def take(self, kind, number, other, path, data):
        if kind == OPEN:
            if number:
                self.name(path, File(self.sector))
            if other:
                self.names[path].resize(0)
        elif kind == FOLDER:
            self.name(path, File(self.sector, is_folder=True))
        elif kind == WRITE:
            self.names[path].write(number, data)
        elif kind == SIZE:
            self.names[path].resize(number)
        elif kind == RENAME:
            self.change([(path, None), (data.decode(), self.names[path])])
        elif kind == UNLINK:
            self.name(path, None)
        elif kind == SYNC:
            self.sync(path)

    def name(self, path, file):
        self.change([(path, file)])

    def change(self, entries):
        """Names that change together: a rename is one change."""
        for path, file in entries:
            if file:
                self.names[path] = file
            else:
                self.names.pop(path, None)
        self.pending.append(entries)

    @staticmethod
    def applied(names, entries):
        for path, file in entries:
            if file:
                names[path] = file
            else:
                names.pop(path, None)

    def sync(self, path):
        file = self.names.get(path)
        if file and not file.is_folder:
            file.sync()
            return
        for entries in [one for one in self.pending if os.path.dirname(one[0][0]) == path]:
            self.applied(self.durable, entries)
            self.pending.remove(entries)

    def put(self, folder, chance, names_kept, pick):
        """Makes `folder` as the disk may be. names_kept: how many of the changes of names that no sync has covered are there."""
        names = dict(self.durable)
        for entries in self.pending[:names_kept(chance, len(self.pending))]:
            self.applied(names, entries)
        os.mkdir(folder, 0o700)
        for path in sorted(names):
            target = str(folder) + path[len(self.root):]
            if path == self.root or not os.path.isdir(os.path.dirname(target)):
                continue  # its folder's own name is lost
            if names[path].is_folder:
                os.mkdir(target, 0o700)
            else:
                names[path].put(target, lambda versions: pick(chance, versions))


# How the unsynced may fare. Each: (how many of the names last, which version of each sector and size).
FATES = {
    "nothing unsynced": (lambda chance, count: 0, lambda chance, versions: versions[0]),
    "names, no contents": (lambda chance, count: count, lambda chance, versions: versions[0]),
    "contents, no names": (lambda chance, count: 0, lambda chance, versions: versions[-1]),
    "in pieces": (lambda chance, count: chance.randint(0, count), lambda chance, versions: chance.choice(versions)),
    "nearly all": (lambda chance, count: count, lambda chance, versions: versions[-1] if chance.random() < 0.9 else chance.choice(versions)),
}


def fates(seed):
    """(name, size of a sector, maker of a folder) for each fate and sector size."""
    for number, (name, (names_kept, pick)) in enumerate(FATES.items()):
        sector = 512 if number % 2 == seed % 2 else 4096
        yield name, sector, lambda disk, folder, kept=names_kept, pick=pick, n=number: disk.put(folder, random.Random(seed * 100 + n), kept, pick)
