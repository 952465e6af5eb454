"""`judge`: what a person decides; it outranks the machine and can be taken back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pledgebook.cli import judgement_files, judging_documents
from pledgebook.cli.judgement_files import tell_warnings
from pledgebook.cli.listing import write_listing
from pledgebook.cli.options import By, Db, Format, Note, TableFormat, examples
from pledgebook.cli.terminal import console, counted, open_book

if TYPE_CHECKING:
    from pledgebook.book import Book

__all__ = ["register"]

_HELP = """Decide what the machine got wrong.

A judgement outranks the machine, survives a new reading, and can be taken back.
"""


class ListedKind(StrEnum):
    """What can be asked for in the list: a kind of judgement, or the taking back of one."""

    SAME = "same"
    DIFFERENT = "different"
    WRONG = "wrong"
    CORRECTED = "corrected"
    COUNTED = "counted"
    ACCEPTED = "accepted"
    ADDED = "added"
    CODED = "coded"
    REVOCATION = "revocation"


Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID", help="Ids of statements (s…) or commitments (c…)."),
]


def register(app: typer.Typer) -> None:
    """Add the group of commands to an application."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_HELP)
    pair = "c0a1b2c3 s4d5e6f7"
    group.command(
        "same",
        epilog=examples(
            f"pledgebook judge same {pair}",
            f'pledgebook judge same {pair} --by "A. Clerk" --note "the order names the pledge"',
        ),
    )(same)
    group.command(
        "different",
        epilog=examples(
            "pledgebook judge different s0a1b2c3 s4d5e6f7",
            'pledgebook judge different s0a1b2c3 s4d5e6f7 --note "a second package"',
        ),
    )(different)
    group.command(
        "wrong",
        epilog=examples(
            "pledgebook judge wrong s0a1b2c3",
            'pledgebook judge wrong s0a1b2c3 --note "a quotation from 1994"',
        ),
    )(wrong)
    group.command(
        "counted",
        epilog=examples(
            "pledgebook judge counted s0a1b2c3",
            'pledgebook judge counted s0a1b2c3 --note "no report was read of it"',
        ),
    )(let_count)
    group.command(
        "accepted",
        epilog=examples(
            "pledgebook judge accepted s0a1b2c3 s4d5e6f7",
            'pledgebook judge accepted c0a1b2c3 --by "A. Clerk"',
        ),
    )(accepted)
    group.command(
        "correct",
        epilog=examples(
            "pledgebook judge correct s0a1b2c3 quantity=14-20",
            "pledgebook judge correct s0a1b2c3 actors=NOR,SWE recipient=UKR when=2023-03",
            'pledgebook judge correct s0a1b2c3 "item=tank/Leopard 2" "money=200000000 EUR"',
        ),
    )(correct)
    group.command(
        "list",
        epilog=examples(
            "pledgebook judge list --in-force",
            'pledgebook judge list --by "A. Clerk" --kind corrected --format json',
        ),
    )(list_judgements)
    group.command(
        "revoke",
        epilog=examples(
            "pledgebook judge revoke j0a1b2c3",
            'pledgebook judge revoke j0a1b2c3 --note "two packages after all"',
        ),
    )(revoke)
    judging_documents.register(group)
    judgement_files.register(group)
    app.add_typer(group, name="judge")


def same(ids: Ids, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that these are of one undertaking: count them once."""
    _judge_in(db, "same", ids, by, note)


def different(ids: Ids, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that these are of different undertakings: count each."""
    _judge_in(db, "different", ids, by, note)


def wrong(ids: Ids, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that the text does not say so: these no longer count."""
    _judge_in(db, "wrong", ids, by, note)


def let_count(ids: Ids, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that these rows of a data set count, as reports do."""
    _judge_in(db, "counted", ids, by, note)


def accepted(ids: Ids, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that you read these and hold them right."""
    _judge_in(db, "accepted", ids, by, note)


def correct(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a statement (s…).")],
    changes: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE", help="What to put right; FIELD= empties a field."),
    ],
    *,
    by: By = None,
    note: Note = "",
    db: Db = None,
) -> None:
    """Put fields of a statement right.

    quantity and money are written 8, 14-20, "<=4", ">=100" or "~7000", with a unit or currency
    behind; item as category/designation; actors as codes or names with commas between.
    """
    from pledgebook.cli.corrections import parse_changes, unknown_parties
    from pledgebook.reporting.plain import one_line

    with open_book(db) as book:
        explanation = book.why(name)
        parsed = parse_changes(changes, explanation.statement, book.catalogue)
        for told in unknown_parties(parsed, book.catalogue):
            console(err=True).print(f"warning: {one_line(told)}", style="yellow", soft_wrap=True)
        _judge(book, "corrected", [explanation.id], by, note, parsed)


def list_judgements(
    *,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Only those of this person.")
    ] = None,
    kind: Annotated[
        ListedKind | None,
        typer.Option("--kind", help="Only those of this kind.", case_sensitive=False),
    ] = None,
    in_force: Annotated[
        bool, typer.Option("--in-force", help="Only those that count now.")
    ] = False,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """List judgements in the order in which they were made."""
    from pledgebook.reporting import listings, records

    with open_book(db) as book:
        decisions = book.ledger().decisions
        found = []
        for judgement in book.judgements():
            said = "revocation" if judgement.revokes else judgement.kind.value
            state = decisions.state(judgement) or ("" if judgement.revokes else "taken back")
            if (
                by in (None, judgement.by)
                and (kind is None or kind.value == said)
                and (not in_force or state in ("in force", "overruled in part"))
            ):
                found.append((judgement, state))
        rows = [records.judgement_record(judgement, state) for judgement, state in found]
        write_listing(form, listings.judgements(found), rows, records.JUDGEMENT_FIELDS)


def revoke(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a judgement (j…).")],
    *,
    by: By = None,
    note: Note = "",
    db: Db = None,
) -> None:
    """Take a judgement back, as if it had never been made."""
    with open_book(db) as book:
        made = book.revoke(name, by=by, note=note)
        console().print(f"{made.id[:12]} takes back {(made.revokes or '')[:12]}")


def _judge_in(db: str | None, kind: str, ids: list[str], by: str | None, note: str) -> None:
    with open_book(db) as book:
        _judge(book, kind, ids, by, note)


def _judge(
    book: Book,
    kind: str,
    ids: list[str],
    by: str | None,
    note: str,
    changes: dict[str, Any] | None = None,
) -> None:
    """Record a judgement and tell what it does beyond what it says."""
    from pledgebook.ledger.consequences import consequences

    before = book.ledger()
    made = book.judge(kind, *ids, by=by, note=note, changes=changes)
    console().print(
        f"{made.id[:12]}: {made.kind.value}, {counted(len(made.subjects), 'statement')}. "
        f"Take it back with: pledgebook judge revoke {made.id[:12]}",
        soft_wrap=True,
    )
    tell_warnings(consequences(before, book.ledger(), made, book.catalogue))
