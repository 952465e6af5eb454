"""`user`, `token` and `audit`: who may come into the app as whom, and who did what."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.guard import say
from pledgebook.cli.listing import write_listing
from pledgebook.cli.options import Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from pledgebook.ledger.access.records import Actor

__all__ = ["register"]

_FROM = "command line"
_USERS = """Let others into the app, each with a role.

Whoever can write to the book can do this: guard the file, or the database, as well.
"""
_TOKENS = """Let programs into the JSON API.

A token has a role no higher than its owner's, and is shown once, when it is made.
"""


class RoleName(StrEnum):
    """What somebody is in a book, from the least to the most."""

    READER = "reader"
    CODER = "coder"
    EDITOR = "editor"
    ADMIN = "admin"


Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")]
PasswordStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Take the password from the first line of the input."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    _group(
        app,
        "user",
        _USERS,
        (add_user, "add", "olena --role admin", "taras --role coder --password-stdin"),
        (list_users, "list", "", "--format json"),
        (set_role, "role", "taras editor", "taras reader --db aid.db"),
        (set_password, "password", "taras", "taras --password-stdin"),
        (link, "link", "taras https://login.example.org 8f14e45f", "taras https://id.test 42"),
        (disable, "disable", "taras", "taras --db aid.db"),
        (enable, "enable", "taras", "taras --db aid.db"),
    )
    _group(
        app,
        "token",
        _TOKENS,
        (add_token, "add", "taras --label nightly", "taras --role reader --days 30"),
        (list_tokens, "list", "", "taras --format json"),
        (revoke_token, "revoke", "k0a1b2c3", "k0a1b2c3 --db aid.db"),
    )
    lines = ("pledgebook audit --by taras", "pledgebook audit --since 2026-01-01 --format csv")
    app.command("audit", epilog=examples(*lines))(audit)


def _group(
    app: typer.Typer, group: str, says: str, *commands: tuple[Callable[..., None], str, str, str]
) -> None:
    """Add a group of commands, each with two lines to try."""
    inner = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=says)
    for command, name, *lines in commands:
        tried = examples(*(f"pledgebook {group} {name} {line}".rstrip() for line in lines))
        inner.command(name, epilog=tried)(command)
    app.add_typer(inner, name=group)


def add_user(
    name: Name,
    *,
    role: Annotated[
        RoleName, typer.Option("--role", help="What they may do.", case_sensitive=False)
    ],
    display_name: Annotated[
        str, typer.Option("--display-name", metavar="TEXT", help="How they are shown.")
    ] = "",
    password_stdin: PasswordStdin = False,
    oidc_issuer: Annotated[
        str | None,
        typer.Option("--oidc-issuer", metavar="URL", help="Who vouches for them, no password."),
    ] = None,
    oidc_subject: Annotated[
        str | None,
        typer.Option("--oidc-subject", metavar="ID", help="The `sub` by which it knows them."),
    ] = None,
    db: Db = None,
) -> None:
    """Add somebody; the first has to be an admin.

    The password is asked for twice and not shown. With --oidc-issuer and --oidc-subject they sign
    in there instead.
    """
    from pledgebook.ledger.access.roles import Role

    with open_book(db, make=True) as book:
        elsewhere = oidc_issuer is not None or oidc_subject is not None
        person = book.gate.persons.add(
            name,
            Role(role.value),
            by=_me(),
            password=None if elsewhere and not password_stdin else _password(password_stdin),
            display_name=display_name,
            issuer=oidc_issuer,
            subject=oidc_subject,
        )
        console().print(f"{person.name} is {person.role} of this book.")


def list_users(*, form: TableFormat = Format.TABLE, db: Db = None) -> None:
    """List who may come in, as whom."""
    from pledgebook.reporting import people_table as shown

    with open_book(db) as book:
        found = book.gate.persons.all()
        rows = [shown.person_record(person) for person in found]
        write_listing(form, shown.persons_table(found), rows, shown.PERSON_FIELDS)


def set_role(
    name: Name,
    role: Annotated[RoleName, typer.Argument(metavar="ROLE", help="What they may do from now on.")],
    *,
    db: Db = None,
) -> None:
    """Give somebody another role; they sign in anew."""
    from pledgebook.ledger.access.roles import Role

    with open_book(db) as book:
        person = book.gate.persons.set_role(name, Role(role.value), by=_me())
        console().print(f"{person.name} is {person.role} of this book.")


def set_password(
    name: Name,
    *,
    password_stdin: PasswordStdin = False,
    keep_tokens: Annotated[
        bool, typer.Option("--keep-tokens", help="Let their programs go on with their tokens.")
    ] = False,
    db: Db = None,
) -> None:
    """Give somebody a new password; their sessions and tokens end."""
    with open_book(db) as book:
        known = book.gate.persons.find(name)
        password = _password(password_stdin)
        person = book.gate.persons.set_password(
            known.id, password, by=_me(), keep_tokens=keep_tokens
        )
        ended = "sessions" if keep_tokens else "sessions and tokens"
        console().print(f"{person.name} has a new password; their {ended} have ended.")


def link(
    name: Name,
    issuer: Annotated[str, typer.Argument(metavar="ISSUER", help="The address that vouches.")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Who they are there (`sub`).")],
    *,
    db: Db = None,
) -> None:
    """Let somebody sign in through an OIDC issuer too."""
    with open_book(db) as book:
        person = book.gate.persons.link(name, issuer, subject, by=_me())
        console().print(f"{person.name} signs in by {person.how}.")


def disable(name: Name, *, db: Db = None) -> None:
    """Turn somebody away, with their sessions and tokens."""
    with open_book(db) as book:
        person = book.gate.persons.set_active(name, active=False, by=_me())
        console().print(f"{person.name} cannot come in any more. What they judged stays.")


def enable(name: Name, *, db: Db = None) -> None:
    """Let somebody in again, with the tokens they had."""
    with open_book(db) as book:
        person = book.gate.persons.set_active(name, active=True, by=_me())
        console().print(f"{person.name} may come in again, as {person.role}.")


def add_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose program it is for.")],
    *,
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What it is for.")] = "",
    role: Annotated[
        RoleName | None,
        typer.Option("--role", help="At most the owner's, the default.", case_sensitive=False),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", help="It expires after so many. [default: 90]"),
    ] = None,
    db: Db = None,
) -> None:
    """Make a token and print it: it is not shown again."""
    from pledgebook.ledger.access.roles import Role

    with open_book(db) as book:
        owner = book.gate.persons.find(name)
        granted = Role(role.value) if role else None
        token, secret = book.gate.tokens.add(owner, label, by=_me(), role=granted, days=days)
        write(f"{secret}\n")
        sys.stdout.flush()
        until = token.expires_at.date().isoformat()
        say(f"{token.id[:8]}, {token.role}, until {until}; send it as Authorization: Bearer pb_…")


def list_tokens(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only those of this person.")
    ] = None,
    *,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """List tokens, those that have ended too."""
    from pledgebook.ledger.store import utc_now
    from pledgebook.reporting import people_table as shown

    with open_book(db) as book:
        found = book.gate.tokens.all(book.gate.persons.find(name) if name else None)
        now = utc_now()
        rows = [shown.token_record(token, now) for token in found]
        write_listing(form, shown.tokens_table(found, now), rows, shown.TOKEN_FIELDS)


def revoke_token(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a token (k…).")],
    *,
    db: Db = None,
) -> None:
    """Make a token worthless, for good."""
    with open_book(db) as book:
        token = book.gate.tokens.revoke(token_id, by=_me())
        console().print(f"{token.id[:8]} of {token.person} opens nothing any more.")


def audit(
    *,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Only what this person did.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Only from this day or time on.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="So many lines at most.")
    ] = 200,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Tell who did what, newest first.

    Signing in, roles, passwords, tokens, judgements, uploads, withdrawals and purges; nobody can
    change or delete a line of it.
    """
    from pledgebook.ledger.moments import from_instant
    from pledgebook.reporting import people_table as shown

    with open_book(db) as book:
        found = book.gate.log.entries(by=by, since=from_instant(since), limit=limit + 1)
        told = found[:limit]
        rows = [shown.audit_record(entry) for entry in told]
        write_listing(form, shown.audit_table(told), rows, shown.AUDIT_FIELDS)
        if len(found) > limit:
            say(f"there is more; --limit {limit * 10} shows more of it")


def _me() -> Actor:
    """Return who is at the keyboard, as far as the system knows."""
    from pledgebook.ledger.access.records import Actor
    from pledgebook.ledger.moments import who

    return Actor(who(None), None, _FROM)


def _password(from_stdin: bool) -> str:
    """Ask for a password twice without showing it, or take it from the input."""
    from pledgebook.errors import UsageError

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to type a password", mend="Use --password-stdin")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
