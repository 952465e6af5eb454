"""`mcp`: read-only tools for assistants, on standard input and output."""

from __future__ import annotations

import typer

from pledgebook.cli.options import Db, examples
from pledgebook.cli.terminal import open_book

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command("mcp", epilog=examples("pledgebook mcp", "pledgebook mcp --db aid.db"))(mcp)


def mcp(*, db: Db = None) -> None:
    """Let an assistant look into the book, and change nothing.

    It speaks the Model Context Protocol on standard input and output: name this command in the
    settings of your assistant. It offers status, why, overdue, forecast and search, every answer
    with its evidence.
    """
    from pledgebook.reporting.extras import require

    require("mcp", "a server for assistants", ("mcp",))
    from pledgebook.web.assistants.server import make_server

    with open_book(db, quiet=True) as book:
        make_server(book).run()
