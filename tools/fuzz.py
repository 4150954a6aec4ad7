"""Drive the parsers with inputs that atheris grows by coverage (`make fuzz SECONDS=60`).

Every target of `tests/fuzz/targets.py` runs for the given seconds in a process of its own. An exception that is
no documented answer is kept with its input, each place once, and the run goes on; so is an input that takes
more than five seconds of CPU. The exit code is 1 when anything was kept.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "fuzz"), str(ROOT)]

SLOW_CPU_SECONDS = 5.0
MOST_BYTES = 50_000
INSTRUMENTED = ["xsource", "targets", "feedparser", "warcio", "protego", "email", "csv", "zipfile", "tomllib"]


def main() -> int:
    """Run every target, or those that are named, and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="all when left out")
    parser.add_argument("--seconds", type=int, default=30, help="for each target")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"), help="for crashes and new inputs")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        drive(arguments.targets[0], arguments.seconds, arguments.found)
        return 0
    import targets

    bad = 0
    for name in arguments.targets or targets.TARGETS:
        report = run_apart(name, arguments.seconds, arguments.found)
        print(json.dumps(report, ensure_ascii=False), flush=True)
        bad += len(report["crashes"]) + len(report["slow"]) + report["died"]
    return 1 if bad else 0


def run_apart(name: str, seconds: int, found: Path) -> dict:
    """Run one target in a child, which a fault in a native library may end, and say what came of it."""
    folder = found / name
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    began, cpu_before = time.monotonic(), _children_cpu()
    command = [sys.executable, __file__, name, "--one", "--seconds", str(seconds), "--found", str(found)]
    with (folder / "log.txt").open("wb") as log:
        code = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
    said = (folder / "log.txt").read_text("utf-8", "replace")
    counted = re.findall(r"^#(\d+)\s", said, re.MULTILINE)
    kept = sorted(path.name for path in folder.glob("crash-*")) + sorted(
        path.name for path in folder.glob("timeout-*")
    )
    return {
        "target": name,
        "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(_children_cpu() - cpu_before, 1),
        "executions": int(counted[-1]) if counted else 0,
        "crashes": kept,
        "slow": sorted(path.name for path in folder.glob("slow-*")),
        "died": int(code != 0),
    }


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def drive(name: str, seconds: int, found: Path) -> None:
    """Fuzz one target in this process; ends it."""
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=INSTRUMENTED, enable_loader_override=False):
        import targets

        for content in targets.seeds(name):  # what a target imports when it runs is instrumented here
            with contextlib.suppress(Exception):
                targets.run(name, content)
    folder = found / name
    seen: set[tuple[str, str, int | None]] = set()
    silence = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives

    def one(content: bytes) -> None:
        began = time.process_time()
        try:
            with contextlib.redirect_stderr(silence):
                targets.run(name, content)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            frame = traceback.extract_tb(error.__traceback__)[-1]
            key = (type(error).__name__, frame.filename, frame.lineno)
            if key not in seen:
                seen.add(key)
                place = f"{Path(frame.filename).stem}-{frame.lineno}"
                (folder / f"crash-{key[0]}-{place}").write_bytes(content)
                print(f"CRASH {''.join(traceback.format_exception(error))}", flush=True)
        if (spent := time.process_time() - began) > SLOW_CPU_SECONDS:
            (folder / f"slow-{spent:.0f}s-{len(content)}").write_bytes(content)

    words = folder / "words.dict"
    words.write_text(dictionary(), "ascii")
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-max_len={MOST_BYTES}",
            f"-dict={words}",
            f"-artifact_prefix={folder}/",
            "-timeout=300",  # of wall time: a loop without end; what is merely slow is told by its CPU time
            "-report_slow_units=300",
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
            str(folder / "corpus"),
            *([str(targets.CORPUS / name)] if (targets.CORPUS / name).is_dir() else []),
        ],
        one,
    )
    atheris.Fuzz()


def dictionary() -> str:
    """Write the hostile pieces in libFuzzer's form."""
    from hostile import PIECES

    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"' for piece in PIECES if len(piece) <= 60)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
