"""Make a whole book of any size: documents with texts in which the evidence of statements lies.

    python benchmarks/big_book.py BOOK [--statements 100000] [--seed 11]

What is reported is the stream of repetition.py, which tells of promises, orders and deliveries;
beside it stand requests, refusals and what is told of stocks, a few of each. Every document has a
title, a date, an address and a text of some paragraphs; every statement has a sentence of its own
in it. One seed gives one book. It goes through the store as what is read does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from repetition import stream

from pledgebook.ledger.joining.bodies import Body
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document, sha256
from pledgebook.vocabulary.statement import Statement

__all__ = ["INGESTED", "readings", "write_book"]

INGESTED = dt.datetime(2025, 12, 20, 9, tzinfo=dt.UTC)
"""When all of it came into the book; undated documents count from this day."""

_BATCH = 1_000
_REQUESTS, _REFUSALS, _STOCKS, _UNDATED = 0.05, 0.02, 0.03, 0.004
"""How many documents ask, refuse, tell of stocks or bear no date, of one."""
_HOSTS = (
    "www.morning-post.example",
    "news.example.org",
    "wire.example.net",
    "www.ministry.example",
    "defence-weekly.example",
    "www.daily-courier.example",
)
_VERBS = {
    "request": "asked for",
    "pledge": "promised",
    "delivery": "handed over",
    "contract": "ordered",
    "stock": "holds",
    "refusal": "refused to give",
}
_FILLER = (
    "The minister spoke to reporters after a meeting of the contact group.",
    "Officials gave no further details and said that parliament would be informed.",
    "The decision follows weeks of talks between the partners.",
    "A spokesman said that the needs of the armed forces at home were considered first.",
    "Observers expect that more countries will follow in the coming weeks.",
    "The transport is organised with partners in the region.",
)

_Fields = dict[str, Any]


def write_book(
    path: str | Path, statements: int, seed: int = 11, *, catalogue: Catalogue | None = None
) -> int:
    """Write a book of so many statements to a path or a database URL; return its documents.

    It must be new. The same numbers give the same book.
    """
    made = readings(statements, seed, catalogue or load_catalogue())
    count = 0
    with Store.open(path, clock=lambda: INGESTED) as store:
        while some := list(itertools.islice(made, _BATCH)):
            count += len(some)
            store.add(some)
    return count


def readings(statements: int, seed: int, catalogue: Catalogue) -> Iterator[Reading]:
    """Yield documents with their statements, `statements` in all, in no order of time."""
    chance = random.Random(f"{seed} of the book")
    left = statements
    for number, told in enumerate(_documents(statements, seed, catalogue, chance)):
        some = told[:left]
        yield _reading(number, some, catalogue, chance)
        left -= len(some)
        if not left:
            return


def _documents(
    statements: int, seed: int, catalogue: Catalogue, chance: random.Random
) -> Iterator[list[tuple[dt.date, _Fields, str]]]:
    """Yield, document by document, the days, fields and phrases of its statements."""
    reported = itertools.groupby(stream(statements, catalogue, seed), lambda one: one.document)
    for _, bodies in reported:
        told = [_told(body) for body in bodies]
        yield told
        day, fields, phrase = told[0]
        drawn = chance.random()
        for share, make in ((_REQUESTS, _asked), (_REFUSALS, _refused), (_STOCKS, _held)):
            if drawn < share:
                further = make(fields, chance)
                yield [(day - dt.timedelta(days=chance.randrange(60)), further, phrase)]
                break
            drawn -= share


def _told(body: Body) -> tuple[dt.date, _Fields, str]:
    fields = json.loads(body.body)
    del fields["start"], fields["end"]
    return body.counted, fields, body.quote


def _plain(fields: Mapping[str, Any]) -> _Fields:
    kept = ("actors", "recipient", "item", "quantity")
    return {name: fields[name] for name in kept if name in fields}


def _asked(fields: _Fields, chance: random.Random) -> _Fields:
    asked = {"actors": [fields["recipient"]], "kind": "request"}
    if chance.random() < 0.5:
        asked["asks"] = fields["actors"]
    return _plain(fields) | asked


def _refused(fields: _Fields, chance: random.Random) -> _Fields:
    return _plain(fields) | {"kind": "refusal", "actors": [chance.choice(fields["actors"])]}


def _held(fields: _Fields, chance: random.Random) -> _Fields:
    unit = fields.get("quantity", {}).get("unit", "item")
    level = float(chance.randrange(1, 5_000))
    quantity = {"low": level, "high": level, "unit": unit}
    return {
        "kind": "stock",
        "actors": [fields["recipient"]],
        "item": fields["item"],
        "quantity": quantity,
    }


def _reading(
    number: int,
    told: Sequence[tuple[dt.date, _Fields, str]],
    catalogue: Catalogue,
    chance: random.Random,
) -> Reading:
    """Write the text of a document around the sentences of its statements."""
    sentences = [_sentence(fields, phrase, catalogue) for _, fields, phrase in told]
    day = told[0][0]
    title = f"{sentences[0].split(':')[0][:90]} ({number})"
    paragraphs = [title, f"{day:%d %B %Y}"]
    paragraphs += [_paragraph(sentence, chance) for sentence in sentences]
    text = "\n\n".join([*paragraphs, chance.choice(_FILLER)])
    dated = chance.random() >= _UNDATED
    host = chance.choice(_HOSTS)
    url = f"https://{host}/{day:%Y/%m}/{number}"
    document = Document(
        text=text,
        bytes_sha256=sha256(text),
        extractor="benchmark/1",
        origin=url,
        url=url,
        title=title,
        date=day if dated else None,
        date_source="metadata" if dated else None,
        lang="en",
    )
    return Reading(document, tuple(_coded(document, told, sentences)), "benchmark", "1", "0" * 64)


def _coded(
    document: Document, told: Iterable[tuple[dt.date, _Fields, str]], sentences: Iterable[str]
) -> Iterator[Statement]:
    at = 0
    text = document.text
    for (_, fields, _), sentence in zip(told, sentences, strict=True):
        start = text.index(f"\n\n{sentence}", at) + 2
        at = start + len(sentence)
        evidence = {"document": document.id, "start": start, "end": at, "quote": sentence}
        said = {name: value for name, value in fields.items() if name != "asks"}
        yield Statement.model_validate(said | {"evidence": evidence, "rule": "benchmark"})


def _paragraph(sentence: str, chance: random.Random) -> str:
    return " ".join([f"{sentence}.", *chance.sample(_FILLER, chance.randrange(1, 4))])


def _sentence(fields: Mapping[str, Any], phrase: str, catalogue: Catalogue) -> str:
    """Say a statement in words: "Norway promised Ukraine 8 Leopard 2: the government …"."""

    def name(code: str) -> str:
        party = catalogue.parties.get(code)
        return party.name if party is not None else code

    item = fields["item"]
    words = [" and ".join(map(name, fields["actors"]))]
    words += ["may have"] if fields.get("status") == "tentative" else []
    words.append(_VERBS[fields["kind"]])
    amount = fields.get("quantity") or fields.get("money")
    if amount is not None:
        words.append(f"{amount.get('low', amount.get('high')):,.0f}")
        words += [amount["currency"]] if "currency" in amount else []
    words.append(item.get("designation") or item["category"].replace("-", " "))
    if fields["kind"] == "request":
        words += ["from", " and ".join(map(name, fields["asks"]))] if "asks" in fields else []
        return " ".join(words)
    if "recipient" in fields:
        words += ["for", name(fields["recipient"])]
    return f"{' '.join(words)}: {phrase}"


def main() -> int:
    """Write the book and say how large it is."""
    parser = argparse.ArgumentParser(description="Make a book of any size.")
    parser.add_argument("book", help="path or database URL of a new book")
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    start = time.perf_counter()
    documents = write_book(asked.book, asked.statements, asked.seed)
    seconds = time.perf_counter() - start
    print(f"{asked.statements:,} statements, {documents:,} documents, {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
