"""Every regular expression that the program compiles, and strings made from its own structure to slow it down.

Run as a program it prints, as JSON lines, where each was compiled and how long the worst string took. Calls of
`re` are noted while every module is imported and the kept inputs of every target are read; what is written out
at a call is read from the source as well. A place that builds an expression and was not passed is an error: a
new one is either timed, or the run fails.

An expression is tried at every position of a string, unless the module that names it only ever matches it at
one, or `BOUNDED` says how else it is used.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as sre
from re import _parser as sre_parse

import xsource

SOURCE = Path(xsource.__file__).parent
CALLS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
SMALL = 500
"""Characters of the smaller input; the larger has ten times as many."""

MOST_ATTACKS = 40
"""Tried on an expression by the default run; they are spread over all there are."""

BOUNDED: dict[str, tuple[str, int]] = {
    "xsource/ingest/dateline.py:_compile_template": ("match", 200),  # HEAD
    "xsource/ingest/furniture.py:compile": ("fullmatch", 240),  # MAX_LINE
    "xsource/ingest/outlet_files.py:_parse_rules": ("match", 4096),  # a path
    "xsource/segment/sentences.py:_LAST_TOKEN": ("finditer", 24),  # _LOOK_BEHIND
}
"""Expressions kept in records or looked for in a slice: the method, and the most characters it is given."""

_STEPS = (12, 15, 18, 20, 22, 24, 28, 34, 42, 60, 100, 180, 320, 500)
_TOO_LONG = 0.03  # CPU seconds for so few characters: steps beyond counting
_PUMPS = 40

Place = tuple[str, int]


# -- which there are


def collect() -> dict[tuple[str | bytes, int], Place]:
    """Import and exercise everything; give each pattern and flags with the first place that compiled it."""
    found: dict[tuple[str | bytes, int], Place] = {}
    passed: set[Place] = set()
    compile_original = re._compile

    def compile_and_note(pattern, flags):
        place = _caller()
        if place is not None:
            passed.add(place)
            if not isinstance(pattern, re.Pattern):
                found.setdefault((pattern, int(flags)), place)
        return compile_original(pattern, flags)

    re._compile = compile_and_note
    try:
        for module in pkgutil.walk_packages([str(SOURCE)], "xsource."):
            importlib.import_module(module.name)
        import targets

        for name in targets.TARGETS:
            for content in targets.seeds(name):
                with contextlib.suppress(Exception):
                    targets.run(name, content)
        _draw_a_report()
    finally:
        re._compile = compile_original
    missed = []
    for file, call in call_sites():
        if isinstance(call.args[0], ast.Constant):
            found.setdefault((call.args[0].value, 0), (file, call.lineno))
        elif not any(
            file == where and call.lineno <= line <= (call.end_lineno or call.lineno) for where, line in passed
        ):
            missed.append(f"{file}:{call.lineno}")
    if missed:
        raise SystemExit(f"expressions that no kept input reaches: {', '.join(missed)}")
    return found


def _draw_a_report() -> None:
    """What names outlets in a report is built from their ids."""
    sys.path.append(str(Path(__file__).parents[1] / "report"))
    from sample_comparison import blast

    from xsource.report.naming import explain

    comparison = blast()
    for divergence in comparison.divergences:
        explain(divergence, {outlet.id: outlet for outlet in comparison.outlets})


def _caller() -> Place | None:
    """The line of ours that called `re`, when one did without a library between."""
    frame = sys._getframe(2)
    while frame is not None and Path(frame.f_code.co_filename).parent.name == "re":
        frame = frame.f_back
    while frame is not None and frame.f_code.co_filename.endswith("functools.py"):
        frame = frame.f_back
    if frame is None or not frame.f_code.co_filename.startswith(str(SOURCE)):
        return None
    return str(Path(frame.f_code.co_filename).relative_to(SOURCE.parent)), frame.f_lineno


def call_sites() -> Iterator[tuple[str, ast.Call]]:
    """Every place in the source that gives an expression to `re`.

    Raises:
        SystemExit: a module imports names out of `re`, or another library of expressions: they would go unseen.
    """
    for path in sorted(SOURCE.rglob("*.py")):
        name = str(path.relative_to(SOURCE.parent))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in {"re", "regex"}:
                raise SystemExit(f"{name}:{node.lineno} imports from {node.module}: import the module")
            if isinstance(node, ast.Import) and any(
                alias.name == "regex" or (alias.name == "re" and alias.asname) for alias in node.names
            ):
                raise SystemExit(f"{name}:{node.lineno} imports re under another name, or regex")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in CALLS
            ):
                yield name, node


def use_of(file: str, line: int) -> tuple[str, int]:
    """Tell by which method an expression is used, and on how many characters at most."""
    tree = ast.parse((SOURCE.parent / file).read_text("utf-8"))
    name = ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line):
            name = node.name
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= line <= (node.end_lineno or line):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = target.id if isinstance(target, ast.Name) else ""
    if f"{file}:{name}" in BOUNDED:
        return BOUNDED[f"{file}:{name}"]
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name and name]
    methods = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
    calls = [node for node in uses if isinstance(node.ctx, ast.Load)]
    attributes = sum(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        for node in ast.walk(tree)
    )
    if len(methods) == 1 and attributes == len(calls) and methods <= {"match", "fullmatch"}:
        return methods.pop(), sys.maxsize
    return "finditer", sys.maxsize


# -- what slows one down


def attacks(pattern: str | bytes, flags: int) -> Iterator[tuple[str, str, str]]:
    """Give (before, pumped, after): each repeat is reached, entered again and again, and then disappointed."""
    parsed = sre_parse.parse(pattern, flags)
    seen = set()
    for before, pumped in _repeats(parsed, ""):
        for head in dict.fromkeys((before, "")):
            for tail in ("", "\x00", "\n", "a", " ", "1", "!"):
                if pumped and (head, pumped, tail) not in seen:
                    seen.add((head, pumped, tail))
                    yield head, pumped, tail


def _repeats(parsed, before: str) -> Iterator[tuple[str, str]]:
    for operator, value in parsed:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, body = value
            if most > 8:
                for pumped in _examples(body):
                    yield before, pumped
            yield from _repeats(body, before)
            before += next(iter(_examples(body)), "") * least
        elif operator is sre.SUBPATTERN:
            yield from _repeats(value[3], before)
            before += next(iter(_examples(value[3])), "")
        elif operator is sre.ATOMIC_GROUP:
            yield from _repeats(value, before)
            before += next(iter(_examples(value)), "")
        elif operator is sre.BRANCH:
            for branch in value[1][:30]:
                yield from _repeats(branch, before)
            before += next(iter(_examples(value[1][0])), "")
        elif operator in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(value[1], before)
        else:
            before += next(iter(_one((operator, value))), "")


def _examples(parsed) -> list[str]:
    """Some strings that a part of an expression accepts; at most `_PUMPS`."""
    made = [""]
    for item in parsed:
        choices = list(dict.fromkeys(_one(item)))[:6] or [""]
        made = [start + choice for choice in choices for start in made][:_PUMPS]
    return list(dict.fromkeys(made))


def _one(item) -> list[str]:
    operator, value = item
    if operator is sre.LITERAL:
        return [chr(value)]
    if operator is sre.NOT_LITERAL:
        return [next(ch for ch in "a1 " if ord(ch) != value)]
    if operator is sre.ANY:
        return ["a", " ", "1", "."]
    if operator is sre.IN:
        return _members(value)
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, body = value
        counts = {max(least, 1), least} if most else {0}
        return [example * count for example in _examples(body)[:4] for count in sorted(counts, reverse=True)]
    if operator is sre.SUBPATTERN:
        return _examples(value[3])
    if operator is sre.ATOMIC_GROUP:
        return _examples(value)
    if operator is sre.BRANCH:
        branches = value[1]
        picked = branches[:4] + branches[-2:]
        return [example for branch in picked for example in _examples(branch)[:2]]
    return [""]  # anchors, assertions, references


_OF_CATEGORY = {
    sre.CATEGORY_DIGIT: "1\u0661",
    sre.CATEGORY_NOT_DIGIT: "a ",
    sre.CATEGORY_SPACE: " \n\u00a0",
    sre.CATEGORY_NOT_SPACE: "a.1",
    sre.CATEGORY_WORD: "a1_ж",
    sre.CATEGORY_NOT_WORD: " .\n",
}


def _members(items) -> list[str]:
    if items[0][0] is sre.NEGATE:
        return [ch for ch in 'a 1.\nж-"(<' if not any(_holds(item, ch) for item in items[1:])][:5] or ["\u4e00"]
    found: list[str] = []
    for operator, value in items:
        if operator is sre.LITERAL:
            found.append(chr(value))
        elif operator is sre.RANGE:
            found.append(chr(value[0]))
        elif operator is sre.CATEGORY:
            found.extend(_OF_CATEGORY[value])
    return found[:3] + found[-2:]


def _holds(item, ch: str) -> bool:
    operator, value = item
    if operator is sre.LITERAL:
        return ord(ch) == value
    if operator is sre.RANGE:
        return value[0] <= ord(ch) <= value[1]
    tests = {
        sre.CATEGORY_DIGIT: str.isdigit,
        sre.CATEGORY_SPACE: str.isspace,
        sre.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    }
    if value in tests:
        return tests[value](ch)
    opposite = {
        sre.CATEGORY_NOT_DIGIT: str.isdigit,
        sre.CATEGORY_NOT_SPACE: str.isspace,
        sre.CATEGORY_NOT_WORD: lambda c: c.isalnum() or c == "_",
    }
    return not opposite[value](ch)


# -- how long it takes


def time_use(compiled: re.Pattern, method: str, attack: tuple[str, str, str], characters: int) -> float:
    """CPU seconds of using an expression on a string of about so many characters."""
    before, pumped, after = attack
    text = before + pumped * max(1, characters // len(pumped)) + after
    given = text if isinstance(compiled.pattern, str) else text.encode("latin-1", "replace")
    began = time.process_time()
    if method == "finditer":
        for _ in compiled.finditer(given):
            pass
    else:
        getattr(compiled, method)(given)
    return time.process_time() - began


def slowest(
    pattern: str | bytes, flags: int, use: tuple[str, int], small: int, most: int
) -> tuple[float, float, str]:
    """Give the CPU seconds for `small` and ten times as many characters of the worst attack, and the attack.

    Sizes grow from a dozen characters; where those take too long, the answer is infinity for the larger.
    """
    compiled = re.compile(pattern, flags)
    method, longest = use
    large = min(10 * small, longest)
    worst = (0.0, 0.0, "")
    tried = list(attacks(pattern, flags))
    for attack in tried[:: max(1, len(tried) // most)]:
        for characters in _STEPS:
            if (seconds := time_use(compiled, method, attack, characters)) > _TOO_LONG:
                return seconds, float("inf"), repr(attack)
        if (seconds := time_use(compiled, method, attack, large)) > worst[1]:
            # The best of three, for a machine may be busy: with the smaller input that is what counts.
            fast = min(time_use(compiled, method, attack, large // 10) for _ in range(3))
            if is_superlinear(fast, seconds):
                seconds = min(seconds, *(time_use(compiled, method, attack, large) for _ in range(2)))
            worst = fast, seconds, repr(attack)
    return worst


def is_superlinear(small: float, large: float) -> bool:
    """Whether ten times as many characters took more than thirty times as long, and long enough to tell."""
    return large > 0.02 and large > 30 * small


def main() -> None:
    """Collect, time, print: `expressions.py [CHARACTERS [ATTACKS]]`."""
    given = [int(argument) for argument in sys.argv[1:]]
    small, most = (*given, SMALL, MOST_ATTACKS)[:2] if len(given) != 1 else (given[0], MOST_ATTACKS)
    for (pattern, flags), (file, line) in collect().items():
        use = use_of(file, line)
        seconds, large, attack = slowest(pattern, flags, use, small, most)
        words = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
        row = {"place": f"{file}:{line}", "pattern": words, "use": use[0], "small": seconds, "large": large}
        sys.stdout.write(json.dumps({**row, "attack": attack}) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
