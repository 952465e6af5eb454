"""Made-up news in which everything crosses everything: few words, many ways to put them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from hypothesis import strategies as st

from making import CODER, DIGEST, VERSION, Said, document, reading, report
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document, sha256
from pledgebook.vocabulary.statement import Category, Kind, Scope, Statement, Status

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"

_GIVERS = (("DEU",), ("POL",), ("EU",), ("ALLIES",), ("DEU", "POL"), ("FRA",), ())
_RECIPIENTS = ("UKR", "UKR", "ISR", "POL", None)
_THINGS: tuple[tuple[Category, str | None], ...] = (
    (Category.TANK, "Leopard 2A4"),
    (Category.TANK, "Leopard 2"),
    (Category.TANK, None),
    (Category.AIR_DEFENCE, "Patriot"),
    (Category.MILITARY_AID, None),
    (Category.MIXED_AID, None),
)
_WORDS = (
    "will send tanks",
    "a further lot goes there",
    "the first of them arrived",
    "the package includes this",
    "of which some is for ammunition",
    "paid for by others, who are reimbursed",
    "said in Kyiv that Germany should give",
)
_FIRST = dt.date(2023, 1, 1)


@st.composite
def said(draw: st.DrawFn) -> Said:
    """One statement; its words are made different from all others by the report."""
    category, designation = draw(st.sampled_from(_THINGS))
    amount = draw(st.sampled_from((None, 4, 10, 14, (None, 10), (4, None), (8, 12))))
    money = draw(st.sampled_from((None, None, (4e8, "EUR"), (1e9, "EUR"), (6e8, "EUR"))))
    kind = draw(st.sampled_from((Kind.PLEDGE, Kind.PLEDGE, *(one for one in Kind))))
    return Said(
        draw(st.sampled_from(_WORDS)),
        kind=kind,
        actors=draw(st.sampled_from(_GIVERS)),
        recipient=draw(st.sampled_from(_RECIPIENTS)),
        category=category,
        designation=designation,
        quantity=amount,
        money=money,
        status=draw(st.sampled_from((Status.FIRM, Status.FIRM, Status.TENTATIVE))),
        scope=draw(st.sampled_from((*Scope, Scope.NEW))),
        when=draw(st.sampled_from((None, "2023", "2023-06"))),
    )


@st.composite
def news(draw: st.DrawFn) -> list[Reading]:
    """Reports of a few statements each, over a year and a half; some have no date."""
    made = []
    for number, some in enumerate(
        draw(st.lists(st.lists(said(), min_size=1, max_size=5), min_size=1, max_size=10))
    ):
        day = draw(st.one_of(st.none(), st.integers(0, 500)))
        date = None if day is None else (_FIRST + dt.timedelta(days=day)).isoformat()
        placed = [
            dataclasses.replace(one, quote=f"{one.quote} ({number}.{place})")
            for place, one in enumerate(some)
        ]
        made.append(report(*placed, date=date))
    return made


def repeated(count: int, catalogue: Catalogue, seed: int = 11) -> list[Reading]:
    """So many statements of the stream that joining is measured on, with the texts they stand in.

    Their reports come in no order.
    """
    sys.path.insert(0, str(BENCHMARKS))
    try:
        from repetition import stream
    finally:
        sys.path.remove(str(BENCHMARKS))
    found = []
    for _, some in groupby(stream(count, catalogue, seed), key=lambda body: body.document):
        bodies = list(some)
        text, spans = _text([body.quote for body in bodies])
        first = bodies[0]
        made = Document(
            text=f"{text}{first.document}",
            bytes_sha256=sha256(first.document),
            extractor="text/1",
            origin=f"{first.document}.txt",
            date=first.counted if first.dated else None,
            date_source="metadata" if first.dated else None,
        )
        statements = tuple(
            _statement(body.body, made, span) for body, span in zip(bodies, spans, strict=True)
        )
        found.append(Reading(made, statements, CODER, VERSION, DIGEST))
    random.Random(seed).shuffle(found)
    return found


def _text(quotes: list[str]) -> tuple[str, list[tuple[int, int]]]:
    text, spans = "", []
    for quote in quotes:
        start = len(text)
        spans.append((start, start + len(quote)))
        text += f"{quote}. {'And so on. ' * 12}\n"
    return text, spans


def _statement(body: str, made: Document, span: tuple[int, int]) -> Statement:
    import json

    fields = json.loads(body)
    del fields["start"], fields["end"]
    start, end = span
    evidence = {"document": made.id, "start": start, "end": end, "quote": made.text[start:end]}
    return Statement.model_validate({**fields, "evidence": evidence})


def package(number: int = 0, date: str = "2023-03-01") -> Iterator[Reading]:
    """A package with its items, told by two papers: wholes and parts of different categories."""
    for paper in ("Post", "Times"):
        text = (
            f"{paper} {number}. Germany announced a military aid package worth 700 million euros "
            "for Ukraine. The package includes 20 Leopard 2 tanks and four Patriot launchers."
        )
        made = document(text, date, origin=f"{paper}{number}.txt")
        yield reading(
            made,
            [
                Said("a military aid package worth 700 million euros", actors=("DEU",),
                     category=Category.MILITARY_AID, designation=None, money=(7e8, "EUR")),
                Said("The package includes 20 Leopard 2 tanks", actors=("DEU",), quantity=20),
                Said("four Patriot launchers", actors=("DEU",), quantity=4,
                     category=Category.AIR_DEFENCE, designation="Patriot"),
            ],
        )  # fmt: skip
