"""The shards of a build as tasks of a Ray cluster: a task whose worker dies is run again and goes on.

Ray is the optional extra `ray`. Its dashboard is never started and its usage reports are off: nothing leaves
the cluster.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from xsource.errors import InputError, MissingExtraError, Problem, StorageError, XSourceError
from xsource.pipeline.building.build import BuildSummary, build
from xsource.pipeline.building.preparing import ColumnMapping
from xsource.pipeline.sharding.merging import MergeSummary, merge_shards
from xsource.pipeline.sharding.shard import MOST_SHARDS, Shard
from xsource.protocols import Progress, no_progress
from xsource.settings import Settings

LOCAL = "local"
MOST_RETRIES = 20
"""Times that a shard is begun again after its worker died; each goes on from the last batch written."""

_LOOK_AGAIN_SECONDS = 1.0
_ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ShardedBuildSummary:
    """What a build on several workers did.

    Attributes:
        built: what each finished shard's build did, in the order of shards.
        broken: shards that failed, each with the reason.
        merged: what putting the shards together did.
    """

    built: tuple[BuildSummary, ...]
    broken: tuple[Problem, ...]
    merged: MergeSummary


def shards_folder(index_path: Path) -> Path:
    """Give the folder that shards are built in: beside the index, so that the next build only adds to them."""
    return index_path.with_name(f"{index_path.name}.shards")


def build_on_ray(
    paths: Sequence[Path],
    index_path: Path,
    settings: Settings,
    *,
    address: str,
    shards: int,
    columns: ColumnMapping | None = None,
    progress: Progress = no_progress,
    now: datetime | None = None,
) -> ShardedBuildSummary:
    """Build the shards of a corpus as Ray tasks, and merge them.

    Each task takes `settings.threads` cores, or one. Every worker must see `paths` and the index's folder under
    the same names: a shared disk, where there are several machines.

    Args:
        address: of a running cluster (`ray://HOST:10001` or `HOST:6379`), or `local` to start one here.
        shards: how many; 4 times the workers keeps all of them busy to the end.

    Raises:
        MissingExtraError: Ray is not installed.
        InputError: there is no such cluster.
        IndexStateError: no shard could be built.
    """
    if not 1 <= shards <= MOST_SHARDS:
        raise InputError(f"--shards is {shards}, expected 1 to {MOST_SHARDS}")
    now = now or datetime.now(UTC)
    paths = [path.absolute() for path in paths]
    folder = shards_folder(index_path.absolute())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageError(f"{folder}: cannot be made: {exc.strerror}", "give another --index") from exc
    parts = [Shard(number, shards) for number in range(1, shards + 1)]
    places = [folder / f"{part.number}-of-{part.of}" for part in parts]
    cores = settings.threads or 1
    with _cluster(address, cores) as ray:
        task = ray.remote(max_retries=MOST_RETRIES, num_cpus=cores)(_build_part)
        alone = _one_core_a_task(settings)
        waiting = {
            task.remote(paths, place, alone, columns, now, part): place
            for part, place in zip(parts, places, strict=True)
        }
        outcomes = _collect(ray, waiting, progress)
    broken = [found for place in places if isinstance(found := outcomes[place], Problem)]
    finished = [place for place in places if place not in {Path(problem.where) for problem in broken}]
    merged = merge_shards(finished or places, index_path, progress=progress)
    return ShardedBuildSummary(
        built=tuple(found for place in places if isinstance(found := outcomes[place], BuildSummary)),
        broken=(*broken, *merged.broken),
        merged=replace(merged, broken=(*broken, *merged.broken)),
    )


def _build_part(
    paths: Sequence[Path],
    place: Path,
    settings: Settings,
    columns: ColumnMapping | None,
    now: datetime,
    shard: Shard,
) -> BuildSummary | Problem:
    """Build one shard: runs in a worker, on whatever machine. A shard that fails does not fail the others."""
    try:
        return build(paths, place, settings, columns=columns, now=now, shard=shard)
    except XSourceError as error:
        return Problem(str(place), error.message, error.hint)


def _one_core_a_task(settings: Settings) -> Settings:
    return replace(settings, threads=settings.threads or 1)


def _collect(
    ray: ModuleType, waiting: dict[object, Path], progress: Progress
) -> dict[Path, BuildSummary | Problem]:
    """Wait for all tasks, and tell how many are done."""
    total = len(waiting)
    outcomes: dict[Path, BuildSummary | Problem] = {}
    while waiting:
        done, _ = ray.wait(list(waiting), num_returns=1, timeout=_LOOK_AGAIN_SECONDS)
        for reference in done:
            place = waiting.pop(reference)
            try:
                outcomes[place] = ray.get(reference)
            except ray.exceptions.RayError as error:
                reason = (str(error).strip().splitlines() or [type(error).__name__])[-1][:300]
                outcomes[place] = Problem(
                    str(place), f"the shard's worker failed: {reason}", "run the same command again"
                )
        progress("shards", len(outcomes), total)
    return outcomes


@contextmanager
def _cluster(address: str, cores: int) -> Iterator[ModuleType]:
    """Connect to a cluster, or start one of this machine's cores, and leave it afterwards."""
    # Read when Ray is first imported: it would report its use to its makers.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as exc:
        raise MissingExtraError(
            "--ray needs Ray, which is not installed", "pip install 'xsource[ray]'"
        ) from exc
    try:
        if address == LOCAL:
            # Ray gives its own processes 30 seconds to start, which a busy machine may exceed.
            os.environ.setdefault("RAY_agent_register_timeout_ms", "300000")
            ray.init(
                num_cpus=max(cores, os.cpu_count() or 1),
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                _node_ip_address="127.0.0.1",
            )
        else:
            _check_port(address)
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as exc:  # Ray raises plain ones too, when its processes do not start in time
        reason = (str(exc).strip().splitlines() or [type(exc).__name__])[0][:200]
        if address == LOCAL:
            message, hint = "Ray could not be started here", "try again when the machine is less busy"
        else:
            message, hint = (
                "no Ray cluster answers there",
                "start one with `ray start --head`, or use `--ray local`",
            )
        raise InputError(f"--ray {address}: {message}: {reason}", hint) from exc
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_port(address: str) -> None:
    """See that somebody listens: Ray ends the whole process where nobody does.

    Raises:
        ConnectionError: nobody does.
        ValueError: the address is none.
    """
    found = urlsplit(address if "://" in address else f"ray-cluster://{address}")
    if not found.hostname or not found.port:
        raise ValueError("it is no HOST:PORT")
    try:
        socket.create_connection((found.hostname, found.port), timeout=_ANSWER_SECONDS).close()
    except OSError as exc:
        raise ConnectionError(exc.strerror or str(exc)) from exc
