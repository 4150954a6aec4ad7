"""Cuts the power after every operation that a build does on its files, and opens what the disk then holds.

    python tools/reliability/power_loss.py --works build,rebuild --files 3 --seed 1

The failing disk logs each write, sync, rename and deletion of a whole run. The power is cut before the first of
them and after each, so that every prefix of the log is met. At each cut, what had been synced is on the disk;
of the rest, nothing, everything, or a seeded choice, twice: any of the written blocks, in any order, some of
them torn, and the changes of names up to some point. Every such disk has to open, `doctor` must find nothing
that cannot be derived again, every transaction that was told to be on disk must be there, and running the
command again must end in what an uninterrupted run ends in.

The disk is carried on from prefix to prefix. Where a cut leaves a disk whose every name and byte another cut
left too, it is opened once; what was told to be on it is compared for each cut.

A file's bytes are only safe after a sync of the file, and its name after a sync of the folder. Names change in
the order in which they were changed, as journals of file systems keep them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import disk
from crash_test import Known, Nursery, compare, learn, nursery
from disk import reason_not_to_run

SECTOR = 4096
_HEAD = struct.Struct("<IIIIQQ")


@dataclass(frozen=True)
class Operation:
    """One record of the log."""

    kind: int
    path: str
    other: str
    offset: int
    content: bytes


def read_log(path: Path) -> list[Operation]:
    """Read what the failing disk wrote."""
    content, at, found = path.read_bytes(), 0, []
    while at < len(content):
        kind, path_bytes, other_bytes, _, offset, length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        parts = []
        for size in (path_bytes, other_bytes, length):
            parts.append(content[at : at + size])
            at += size
        found.append(Operation(kind, parts[0].decode(), parts[1].decode(), offset, parts[2]))
    return found


@dataclass
class _File:
    """An inode: what is safe of it, and the writes that are not."""

    safe: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to that length


_Names = dict[str, "_File | None"]  # None: a folder


@dataclass
class PowerlessDisk:
    """Files as a program sees them, and as the disk holds them.

    Attributes:
        seen: every path, as the program sees it.
        safe: every path, as the disk is known to hold it.
        changes: of names, in order, not yet safe: the folders concerned, the names after it that changed.
    """

    seen: _Names = field(default_factory=dict)
    safe: _Names = field(default_factory=dict)
    changes: list[tuple[frozenset[str], dict[str, _File | bool | None]]] = field(default_factory=list)

    @staticmethod
    def holding(folder: Path) -> PowerlessDisk:
        """Begin with what lies in a folder, all of it safe."""
        names: _Names = {str(folder): None}
        for path in folder.rglob("*"):
            names[str(path)] = None if path.is_dir() else _File(bytearray(path.read_bytes()))
        return PowerlessDisk(dict(names), dict(names))

    def do(self, operation: Operation) -> None:
        """Do one operation."""
        path, other = operation.path, operation.other
        if path.endswith("-shm"):  # shared memory: SQLite makes it anew when nobody has it open
            return
        if operation.kind == disk.WRITE:
            self._file(path).pending.append((operation.offset, operation.content))
        elif operation.kind == disk.TRUNCATE:
            self._file(path).pending.append((operation.offset, None))
        elif operation.kind == disk.SYNC:
            file = self._file(path)
            file.safe, file.pending = apply(file, file.pending), []
        elif operation.kind == disk.SYNC_FOLDER:
            self._sync_folder(path)
        elif operation.kind == disk.CREATE:
            self._change({path: _File()})
        elif operation.kind == disk.FOLDER:
            self._change({path: None})
        elif operation.kind in (disk.UNLINK, disk.REMOVE_FOLDER):
            self._change({path: False})
        elif operation.kind == disk.RENAME:
            self._change(
                {
                    **self._moved(other, path),
                    **self._gone(other),
                    **self._moved(path, other),
                    **self._gone(path),
                }
            )
        elif operation.kind == disk.EXCHANGE:
            self._change(
                {
                    **self._gone(path),
                    **self._gone(other),
                    **self._moved(path, other),
                    **self._moved(other, path),
                }
            )

    def _file(self, path: str) -> _File:
        file = self.seen.get(path)
        if file is None:  # a second name that a link made, or a file of before the log
            file = self.seen[path] = _File()
        return file

    def _below(self, path: str) -> list[str]:
        return [name for name in self.seen if name == path or name.startswith(f"{path}/")]

    def _moved(self, source: str, target: str) -> dict[str, _File | bool | None]:
        return {f"{target}{name[len(source) :]}": self.seen[name] for name in self._below(source)}

    def _gone(self, path: str) -> dict[str, _File | bool | None]:
        return dict.fromkeys(self._below(path), False)

    def _change(self, names: dict[str, _File | bool | None]) -> None:
        folders = frozenset(str(Path(name).parent) for name in names)
        # A folder that moves takes its names along: only the folders above the moved names matter.
        tops = {name for name in names if not any(str(above) in names for above in Path(name).parents)}
        folders = frozenset(str(Path(name).parent) for name in tops)
        self.changes.append((folders, names))
        _apply_names(self.seen, names)

    def _sync_folder(self, folder: str) -> None:
        """Make the changes of a folder safe, and those before them: a journal keeps their order."""
        last = max((place for place, (of, _) in enumerate(self.changes) if folder in of), default=-1)
        for _, names in self.changes[: last + 1]:
            _apply_names(self.safe, names)
        del self.changes[: last + 1]

    def after_a_cut(self, chance: random.Random, how: str) -> dict[str, bytes | None]:
        """Give a disk that the power could have left: path to content, `None` for a folder.

        Args:
            chance: of what is lost.
            how: `nothing` that is not safe survived, `all` did, or `some`.
        """
        names: _Names = dict(self.safe)
        kept = {"nothing": 0, "all": len(self.changes)}.get(how, chance.randint(0, len(self.changes)))
        for _, changed in self.changes[:kept]:
            _apply_names(names, changed)
        contents: dict[int, bytes] = {}
        found: dict[str, bytes | None] = {}
        for path, file in names.items():
            if file is None:
                found[path] = None
                continue
            if id(file) not in contents:
                contents[id(file)] = bytes(apply(file, _surviving(file.pending, chance, how)))
            found[path] = contents[id(file)]
        return found


def _apply_names(names: _Names, changed: dict[str, _File | bool | None]) -> None:
    for name, file in changed.items():
        if file is False:
            names.pop(name, None)
        else:
            names[name] = file  # type: ignore[assignment]


def apply(file: _File, writes: list[tuple[int, bytes | None]]) -> bytearray:
    """Write into a copy of what is safe; a hole that a lost write leaves is zeros."""
    content = bytearray(file.safe)
    for offset, part in writes:
        if part is None:
            del content[offset:]
            content.extend(bytes(max(0, offset - len(content))))
        else:
            content.extend(bytes(max(0, offset + len(part) - len(content))))
            content[offset : offset + len(part)] = part
    return content


def _surviving(
    writes: list[tuple[int, bytes | None]], chance: random.Random, how: str
) -> list[tuple[int, bytes | None]]:
    if how == "nothing":
        return []
    if how == "all":
        return writes
    kept: list[tuple[int, bytes | None]] = []
    for offset, part in writes:
        if part is None:
            if chance.random() < 0.7:
                kept.append((offset, part))
            continue
        for start in range(0, len(part), SECTOR):
            sector = part[start : start + SECTOR]
            drawn = chance.random()
            if drawn < 0.1:
                sector = sector[: chance.randrange(len(sector) + 1)]  # torn
            elif drawn < 0.4:
                continue
            kept.append((offset + start, sector))
    return kept


def lay_out(files: dict[str, bytes | None], place: Path, target: Path) -> None:
    """Write a disk into a folder."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name, content in sorted(files.items()):
        path = target / Path(name).relative_to(place)
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = target / Path(name).relative_to(place)
        if content is not None and path.parent.is_dir():  # a file in a folder whose name was lost is lost
            path.write_bytes(content)


def name_of(files: dict[str, bytes | None]) -> bytes:
    """Name a disk by all of its names and bytes."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        kind = b"/" if content is None else hashlib.sha256(content).digest()
        digest.update(len(name.encode()).to_bytes(4) + name.encode() + kind)
    return digest.digest()


HOWS = ("nothing", "all", "some", "some")


def cuts(opened: Nursery, work: str, known: Known, seed: int, most: int | None) -> Iterator[dict[str, Any]]:
    """Cut the power during a work, and say for each cut what is wrong, or nothing.

    Args:
        opened: where the work runs.
        work: its name.
        known: how it ends without a cut.
        seed: of what is lost, and of which cuts are made if not all are.
        most: cuts; every prefix in each of the ways of `HOWS` when left out.
    """
    from works import WORKS

    place = opened.scratch / f"log-{work}"
    shutil.copytree(known.start, place)
    log = opened.scratch / f"{work}.log"
    powerless = PowerlessDisk.holding(place.resolve())
    opened.must("run", place, work=work, log=str(log))
    operations = read_log(log)
    wanted = [(at, how) for at in range(len(operations) + 1) for how in enumerate(HOWS)]
    if most is not None:
        wanted = sorted(random.Random(seed).sample(wanted, min(most, len(wanted))))
    done = 0
    committed = ""
    aftermaths: dict[bytes, dict[str, Any]] = {}
    for at, (number, how) in wanted:
        for operation in operations[done:at]:
            if operation.kind == disk.MARK:
                committed = operation.path
            else:
                powerless.do(operation)
        done = at
        files = powerless.after_a_cut(random.Random(f"{seed} {at} {number}"), how)
        name = name_of(files)
        is_new = name not in aftermaths
        if is_new:
            target = opened.scratch / "cut"
            lay_out(files, place.resolve(), target)
            aftermaths[name] = opened.ask("aftermath", target, work=work)
        after = aftermaths[name]
        if after["end"] != "done":
            wrong = f"does not open or go on: {after['end']} {after['value']}"
        else:
            wrong = compare(known, committed, after["value"], keeps_whole=WORKS[work].keeps_whole)
        yield {"work": work, "at": at, "of": len(operations), "how": how, "wrong": wrong, "is_new": is_new}


def run(works: list[str], *, most: int | None, seed: int, files: int | None = None) -> dict[str, Any]:
    """Cut the power during works."""
    rows, faults = [], []
    with nursery(files) as opened:
        for work in works:
            known = learn(opened, work)
            row = {"work": work, "operations": 0, "prefixes": 0, "cuts": 0, "disks": 0}
            last = -1
            for cut in cuts(opened, work, known, seed, most):
                row["operations"] = cut["of"]
                row["prefixes"] += cut["at"] != last
                row["cuts"] += 1
                row["disks"] += cut["is_new"]
                last = cut["at"]
                if cut["wrong"]:
                    faults.append(cut)
                    print(json.dumps(cut, ensure_ascii=False)[:600], file=sys.stderr, flush=True)
                if row["cuts"] % 500 == 0:
                    print(f"{work}: {cut['at']} of {cut['of']} operations", file=sys.stderr, flush=True)
            rows.append(row)
    return {"works": rows, "faults": faults, "seed": seed, "files": files}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", default="build,add,rebuild,remove,repair,restore")
    parser.add_argument("--cuts", type=int, help="of each work so many, drawn; every prefix when left out")
    parser.add_argument("--files", type=int, help="article files of each shipped corpus; all when left out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    reason = reason_not_to_run()
    if reason:
        print(f"not run: {reason}")
        return
    report = run(given.works.split(","), most=given.cuts, seed=given.seed, files=given.files)
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for row in report["works"]:
            print(
                f"{row['work']:8} {row['operations']:5} operations: {row['prefixes']} prefixes, power cut"
                f" {row['cuts']} times, {row['disks']} different disks"
            )
        print(f"{len(report['faults'])} cuts with something wrong")
    sys.exit(1 if report["faults"] else 0)


if __name__ == "__main__":
    main()
