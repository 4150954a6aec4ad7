"""`xsource serve`: a local web page over an index."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, IndexOption
from xsource.cli.output import say
from xsource.errors import MissingExtraError

DEFAULT_PORT = 8650


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", epilog="Example: xsource serve --open")(serve)


def serve(
    index: IndexOption = DEFAULT_INDEX,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = DEFAULT_PORT,
    host: Annotated[
        str, typer.Option(help="The address to listen on. Another than this lets other machines in.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A further name that browsers reach it by; may be repeated."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    allow_review: Annotated[
        bool, typer.Option("--allow-review", help="Let visitors mark differences as confirmed or wrong.")
    ] = False,
) -> None:
    """Browse an index in a web browser, on this machine only. Ctrl-C ends it.

    Nothing can be changed from the page unless --allow-review is given. What a build adds meanwhile is shown as
    soon as it is there.
    """
    try:
        from xsource.serve.running import address_of, bind, make_server
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"the library {error.name} is not installed", "install it: pip install 'xsource[serve]'"
        ) from error
    from xsource.serve.app import ServeOptions, make_app
    from xsource.serve.desk import Desk
    from xsource.serve.guarding import allowed_hosts
    from xsource.settings import load_settings

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    listener = bind(host, port)
    desk = Desk(index, load_settings(index))
    options = ServeOptions(hosts=allowed_hosts(host, allow_host or ()), allow_review=allow_review)
    server = make_server(make_app(desk, options))
    address = address_of(listener)
    say(f"serving {index} at {address}" + (" with review" if allow_review else "") + "; Ctrl-C ends it")
    if host not in ("127.0.0.1", "localhost", "::1"):
        say("other machines can reach it too: there is no password, and what is sent is not encrypted")
    if open_browser:
        import threading
        import webbrowser

        # The socket listens already: the browser waits for the first answer.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn has ended everything, and hands the signal on
        say("stopped")
        if not desk.is_idle:
            # A comparison that nobody waits for any more: Python would end under the model's own threads,
            # which abort the process then. Nothing is open for writing.
            os._exit(0)
