"""`xsource models`: which translation packages there are, and which are wanted."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer

from xsource.cli.options import DEFAULT_INDEX, Form, FormatOption, IndexOption, output
from xsource.cli.output import say, say_error, say_problems
from xsource.errors import InputError, Problem, XSourceError
from xsource.report.listing import Column, Listing

COLUMNS = (
    Column("source", "from"),
    Column("target", "to"),
    Column("status", "status"),
    Column("route", "route"),
    Column("packages", "packages"),
    Column("articles", "articles", is_number=True),
)

SUFFIX = ".argosmodel"

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    models = typer.Typer(
        name="models",
        help="Argos translation packages: list, install, remove. Only `install` with languages uses a network.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    models.command("list", epilog="Example: xsource models list --format json")(list_models)
    models.command(
        "install",
        epilog="Example: xsource models install translate-ru_en-1_9.argosmodel\n\n"
        "Example: xsource models install ru ar he",
    )(install)
    models.command("remove", epilog="Example: xsource models remove ru-en")(remove)
    models.command("where", epilog="Example: xsource models where")(where)
    app.add_typer(models)


def list_models(index: IndexOption = DEFAULT_INDEX, form: FormatOption = Form.table) -> None:
    """List the routes that are installed, and those that the languages in the index want."""
    from xsource.pipeline import count_languages
    from xsource.settings import load_settings
    from xsource.translate.packages import find_route, installed_packages

    settings = load_settings(index)
    articles = count_languages(index)
    packages, broken = installed_packages()
    wanted = [(code, settings.target) for code in sorted(articles) if code != settings.target]
    directions = dict.fromkeys([*wanted, *((package.source, package.target) for package in packages)])
    rows: list[dict[str, Any]] = []
    for source, target in directions:
        route = find_route(packages, source, target)
        hops = list(pairwise(route or ()))
        newest = {(package.source, package.target): package.name for package in reversed(packages)}
        rows.append(
            {
                "source": source,
                "target": target,
                "status": "installed" if route else "not installed",
                "route": " > ".join(route) if route else None,
                "packages": [newest[hop] for hop in hops],
                "articles": articles[source] if (source, target) in wanted else 0,
            }
        )
    output(form).listing(Listing("routes", COLUMNS, tuple(rows)), "no package is installed, and none is wanted")
    missing = [row["source"] for row in rows if row["route"] is None]
    if missing:
        say(f"to install what is missing: xsource models install {' '.join(missing)}")
    say_problems(tuple(Problem(str(each.path), each.reason) for each in broken))


def install(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WHAT]...", help="Language codes (fetched) or .argosmodel files (not)."),
    ] = None,
    from_dir: Annotated[
        Path | None,
        typer.Option("--from-dir", metavar="DIR", help="Install every .argosmodel file of a folder."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="CODE", help="Read languages in this one; as set, else English."),
    ] = None,
) -> None:
    """Install translation packages: from files without a network, or by language from the Argos index."""
    from xsource.settings import load_settings
    from xsource.translate.installing import install_file, install_from_index

    codes = [word for word in what or () if _CODE.fullmatch(word) and not Path(word).exists()]
    files = [Path(word) for word in what or () if word not in codes]
    if from_dir is not None:
        if codes:
            raise InputError(
                f"--from-dir together with the language {codes[0]!r}: one is never fetched, the other always",
                "leave the languages out; every package of the folder is installed",
            )
        files += _packages_in(from_dir)
    if not codes and not files:
        raise InputError(
            "nothing to install", "name languages (ru ar he), .argosmodel files, or --from-dir DIR"
        )
    failed = 0
    for file in files:
        try:
            package = install_file(file)
        except XSourceError as error:
            say_error(error)
            failed += 1
            continue
        say(f"installed {package.name} from {file}")
    if codes:
        for package in install_from_index(codes, to or load_settings().target):
            say(f"installed {package.name}")
    if failed:
        raise typer.Exit(1)


def _packages_in(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read as a folder: {error.strerror}") from error
    if not found:
        raise InputError(f"{folder}: holds no {SUFFIX} file")
    return found


def remove(
    what: Annotated[
        list[str],
        typer.Argument(metavar="WHAT...", help="Directions (ru-en), or folder names for broken packages."),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove installed packages, every version of a direction."""
    from xsource.translate.packages import installed_packages, remove_package

    packages, broken = installed_packages()
    folders: dict[Path, str] = {}
    for word in what:
        found = {
            package.path: package.name for package in packages if word in (package.direction, package.path.name)
        }
        found |= {each.path: "broken" for each in broken if each.path.name == word}
        if not found:
            names = ", ".join(dict.fromkeys(package.direction for package in packages)) or "none"
            raise InputError(f"no package {word!r} is installed", f"installed are: {names}")
        folders |= found
    for path, name in folders.items():
        say(f"{name}  {path}")
    if not yes and not typer.confirm(f"Remove {len(folders)} from the disk?", err=True):
        raise typer.Exit(1)
    for path in folders:
        remove_package(path)
    say(f"{len(folders)} removed")


def where() -> None:
    """Print the folder that argostranslate keeps packages in."""
    from xsource.translate.packages import packages_folder

    output(Form.table).write(f"{packages_folder()}\n")
