"""The protocol between the catalogue and the vector file, every order of steps of one writer and two readers.

A model: its steps are named after those of `xsource.store`, each is as small as the system makes it (a
transaction commits at once, a rename happens at once, writing a file does not). The explorer takes every
interleaving, and a kill of the writer after each of its steps. What it holds: a reader never searches vectors
of another set than the one that its snapshot of the catalogue names, and never part of a file.

The same explorer finds the fault in five protocols that differ from ours in one thing, so it can fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

WRITES = 2
"""Batches that the writer adds: enough for a reader to be two generations behind."""


@dataclass(frozen=True)
class Protocol:
    """What could be done otherwise."""

    name_has_generation: bool = True
    renames_when_whole: bool = True
    reader_holds_snapshot: bool = True
    checks_count: bool = True
    deletes_before_writing: bool = False
    builds_from_snapshot: bool = True


@dataclass(frozen=True)
class File:
    """A vector file: made of the vectors of which generation, and whether all of it is written."""

    made_of: int
    is_whole: bool


@dataclass(frozen=True)
class Reader:
    """`step` of a reader; `snapshot` of the catalogue; `name` it looks for; what it has `opened`."""

    step: str = "_hold_snapshot"
    snapshot: int = -1
    name: str = ""
    opened: File | None = None


@dataclass(frozen=True)
class State:
    """Everything, at one moment. `files` under their names; `store` is what the writer has in memory."""

    catalog: int = 0
    files: tuple[tuple[str, File], ...] = ()
    writer: str = "write_articles"
    readers: tuple[Reader, ...] = (Reader(), Reader())
    trace: tuple[str, ...] = field(default=(), compare=False)

    def file(self, name: str) -> File | None:
        return dict(self.files).get(name)

    def with_file(self, name: str, file: File | None) -> State:
        files = {key: value for key, value in self.files if key != name}
        if file is not None:
            files[name] = file
        return replace(self, files=tuple(sorted(files.items(), key=lambda pair: pair[0])))


def _name(protocol: Protocol, generation: int) -> str:
    return f"vectors-{generation}" if protocol.name_has_generation else "vectors"


def writer_steps(state: State, protocol: Protocol) -> Iterator[State]:
    """What the writer may do next; it may also be killed, which is to do nothing more."""
    step, now = state.writer, state.catalog
    name, partial = _name(protocol, now), f".{_name(protocol, now)}.partial"
    target = partial if protocol.renames_when_whole else name
    if step == "write_articles" and now < WRITES:
        # BEGIN IMMEDIATE, rows, vector_generation, COMMIT: one moment for everybody else.
        yield replace(state, catalog=now + 1, writer="open_vector_file")
    elif step == "open_vector_file":
        found = state.file(name)
        if protocol.deletes_before_writing:
            for other, _ in state.files:
                state = state.with_file(other, None)
            found = None
        is_current = found is not None and found.is_whole and protocol.name_has_generation
        yield replace(state, writer="_remember" if is_current else "write_index")
    elif step == "write_index":
        yield replace(state.with_file(target, File(now, is_whole=False)), writer="seal_file")
    elif step == "seal_file":
        # A reader's own write, or the deletion of partial files, may have come between.
        yield replace(state.with_file(target, File(now, is_whole=True)), writer="replace")
    elif step == "replace":
        file = state.file(target)
        if protocol.renames_when_whole and file is not None:
            state = state.with_file(partial, None).with_file(name, file)
        yield replace(state, writer="_remember")
    elif step == "_remember":
        for other, _ in state.files:
            if other != name:
                state = state.with_file(other, None)
        yield replace(state, writer="write_articles")


def reader_steps(state: State, place: int, protocol: Protocol) -> Iterator[State]:
    """What a reader may do next."""
    reader = state.readers[place]

    def become(changed: Reader, after: State = state) -> State:
        readers = list(after.readers)
        readers[place] = changed
        return replace(after, readers=tuple(readers))

    seen = reader.snapshot if protocol.reader_holds_snapshot else state.catalog
    if reader.step == "_hold_snapshot":
        yield become(Reader("_vector_file_name", snapshot=state.catalog))
    elif reader.step == "_vector_file_name":
        yield become(replace(reader, step="check_seal", name=_name(protocol, seen)))
    elif reader.step == "check_seal":
        found = state.file(reader.name)
        sealed = found is not None and found.is_whole
        if found is not None and not protocol.checks_count and not protocol.renames_when_whole:
            sealed = True
        yield become(replace(reader, step="read_index" if sealed else "_made_from_nothing"))
    elif reader.step == "read_index":
        # Mapped: a later rename or deletion does not change what is open. It may be gone by now.
        found = state.file(reader.name)
        fits = found is not None and (found.made_of == seen or not protocol.checks_count)
        yield become(
            replace(reader, step="search", opened=found) if fits else replace(reader, step="_made_from_nothing")
        )
    elif reader.step == "_made_from_nothing":
        source = reader.snapshot if protocol.builds_from_snapshot else state.catalog
        yield become(replace(reader, step="write", opened=File(source, is_whole=True)))
    elif reader.step == "write":
        # A reader writes what it made, under the name of its own snapshot: whole, by a rename.
        after = state.with_file(reader.name, reader.opened)
        yield become(replace(reader, step="search"), after)
    elif reader.step == "search":
        yield become(replace(reader, step="done"))


def explore(protocol: Protocol) -> tuple[int, list[str]]:
    """Take every order of steps; gives how many states there are, and the steps to the first fault."""
    first = State()
    waiting, seen = [first], {first}
    while waiting:
        state = waiting.pop()
        for number, reader in enumerate(state.readers):
            if reader.step == "search" and (
                reader.opened is None
                or not reader.opened.is_whole
                or reader.opened.made_of
                != (reader.snapshot if protocol.reader_holds_snapshot else state.catalog)
            ):
                return len(seen), [*state.trace, f"reader {number} searches {reader.opened}"]
        following = [("writer " + state.writer, after) for after in writer_steps(state, protocol)]
        for number in range(len(state.readers)):
            step = state.readers[number].step
            following += [(f"reader {number} {step}", after) for after in reader_steps(state, number, protocol)]
        for step, after in following:
            if after not in seen:
                seen.add(after)
                waiting.append(replace(after, trace=(*state.trace, step)))
    return len(seen), []


def test_no_order_of_steps_pairs_a_catalogue_with_vectors_of_another_generation() -> None:
    states, fault = explore(Protocol())
    assert fault == []
    assert states > 1_000


@pytest.mark.parametrize(
    "protocol",
    [
        Protocol(name_has_generation=False, checks_count=False),
        Protocol(renames_when_whole=False, checks_count=False),
        Protocol(reader_holds_snapshot=False),
        Protocol(builds_from_snapshot=False),
        Protocol(name_has_generation=False, builds_from_snapshot=False),
    ],
    ids=["one name", "written in place", "no snapshot", "made of the present", "one name, made of the present"],
)
def test_the_explorer_finds_what_is_wrong_with_other_protocols(protocol: Protocol) -> None:
    _, fault = explore(protocol)
    assert "searches" in fault[-1]


def test_a_kill_at_any_step_leaves_a_state_that_readers_can_use() -> None:
    """A killed writer does nothing more, so every state that is reached with it stopped is in the exploration;
    from each of them a new writer must end with the file of the catalogue's generation, and no other."""
    first = State(readers=())
    waiting, stopped = [first], {first}
    while waiting:
        state = waiting.pop()
        for after in writer_steps(state, Protocol()):
            if after not in stopped:
                stopped.add(after)
                waiting.append(after)
    assert len(stopped) > 8
    for state in stopped:
        again = replace(state, writer="open_vector_file")
        while again.writer != "write_articles":
            (again,) = writer_steps(again, Protocol())
        assert [name for name, _ in again.files] == [f"vectors-{again.catalog}"]
        assert again.files[0][1] == File(again.catalog, is_whole=True)
