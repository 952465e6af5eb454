"""`serve`: the app on this machine, or for a team."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pledgebook.cli.guard import say
from pledgebook.cli.options import By, Db, examples
from pledgebook.cli.terminal import console, open_book
from pledgebook.errors import UsageError
from pledgebook.ledger.place import default_place

__all__ = ["register"]

Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; other than this machine "
                      "it asks for accounts (`pledgebook user add`).")
]  # fmt: skip
Port = Annotated[
    int, typer.Option("--port", metavar="PORT", min=0, max=65_535, help="0 takes a free one.")
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option("--allow-host", metavar="NAME", help="Another name that it answers under."),
]
Https = Annotated[
    bool,
    typer.Option("--https", help="It is reached by https, through a proxy in front of it."),
]
TrustedProxy = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted-proxy",
        metavar="ADDRESS",
        help="A proxy in front, whose X-Forwarded-For tells who asks.",
    ),
]
Accounts = Annotated[bool, typer.Option("--accounts", help="Ask for accounts on this machine too.")]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")]
Folder = Annotated[
    Path | None,
    typer.Option("--plans", metavar="FOLDER", help="Where scenarios are kept; by default beside "
                 "the book."),
]  # fmt: skip
Watch = Annotated[
    bool,
    typer.Option("--watch/--no-watch", help="Poll the feeds of the book while it runs."),
]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "serve",
        epilog=examples(
            "pledgebook serve",
            "pledgebook serve --db aid.db --port 9000 --no-open",
            "pledgebook serve --host 0.0.0.0 --allow-host aid.example.org --https",
        ),
    )(serve)


def serve(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    allow_host: AllowHost = None,
    https: Https = False,
    trusted_proxy: TrustedProxy = None,
    accounts: Accounts = False,
    plans: Folder = None,
    watch: Watch = True,
    open_browser: Open = True,
    by: By = None,
    db: Db = None,
) -> None:
    """Open the app: look, ask why, correct and plan.

    It works in the browser. It listens on this machine only, and prints an address with a key in
    it: no other page and no other user of the machine can look into the book. Ctrl-C ends it;
    nothing that was confirmed is lost.
    """
    from pledgebook.reporting.extras import require

    require("web", "the app", ("fastapi", "uvicorn", "jinja2", "python_multipart", "argon2"))
    from pledgebook.web import Settings, create_app
    from pledgebook.web.people.oidc_settings import OidcSettings
    from pledgebook.web.serving import address_of, bound_socket
    from pledgebook.web.serving import serve as run
    from pledgebook.web.settings import LOOPBACK

    for name in allow_host or ():
        if "/" in name or ":" in name.strip("[]").rpartition("]")[-1].replace("::", ""):
            raise UsageError(
                f"{name!r} is no name of a host", mend="Give it alone: aid.example.org"
            )
    needed = accounts or host not in LOOPBACK
    oidc = OidcSettings.from_environment() if needed else None
    with open_book(db, make=True) as book:
        if needed and not book.gate.persons.any_admin():
            raise UsageError(
                "others could come in, and nobody has an account",
                mend="Make one first: pledgebook user add NAME --role admin",
            )
        if host not in LOOPBACK and not https:
            say("passwords go over the network in the open: put https in front, and say --https")
        listening = bound_socket(host, port)
        settings = Settings(
            host=host,
            port=listening.getsockname()[1],
            accounts=needed,
            hosts=tuple(allow_host or ()),
            secure=https,
            by=by,
            folder=plans,
            watch=watch and book.store.read_only is None,
            source=db or str(default_place()),
            oidc=oidc,
            proxies=tuple(trusted_proxy or ()),
        )
        app = create_app(book, settings)
        address = address_of(settings)

        def ready() -> None:
            console().print(f"Pledgebook is served at {address}", soft_wrap=True, highlight=False)
            console(err=True).print("Ctrl-C ends it.", style="dim")
            if open_browser and not os.environ.get("CI"):
                import webbrowser

                # Where there is no browser, the address above is enough.
                webbrowser.open(address)

        run(app, listening, ready=ready)
        say("ended; everything that was confirmed is kept")
