"""A few reports in several languages, in which every way to look for something finds something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from making import Clock, Said, document, norway, reading
from pledgebook.book import Book
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Kind

__all__ = ["LONG", "library", "opened"]

_FILLER = "Nothing of note was said here by anybody at all. "
LONG = f"The harbour opened. {_FILLER * 900} The lighthouse and the harbour closed."
"""A text of which an engine cannot keep every word's place in one row."""


def library() -> list[Reading]:
    return [
        *norway(),
        reading(
            document(
                "London will send 14 Challenger 2 tanks to Kyiv. The minister praised London.",
                "2023-01-16",
                title="Challengers for Ukraine",
                url="https://www.wire.example/uk/1",
            ),
            [Said("London will send 14 Challenger 2 tanks", actors=("GBR",), quantity=14,
                  designation="Challenger 2", speaker="Rishi Sunak")],
        ),
        reading(
            document(
                "Deutschland liefert 18 Leopard 2A6 und Rüstungsgüter an die Ukraine.",
                "2023-01-25", title="Leopard-Entscheidung", lang="de",
                url="https://nachrichten.example/a",
            ),
            [Said("Deutschland liefert 18 Leopard 2A6", actors=("DEU",), quantity=18,
                  designation="Leopard 2A6")],
        ),
        reading(
            document(
                "La France a livré 30 véhicules blindés à l'Ukraine.", "2023-04-15",
                title="Blindés livrés", lang="fr",
            ),
            [Said("La France a livré 30 véhicules blindés", kind=Kind.DELIVERY, actors=("FRA",),
                  quantity=30, category=Category.ARMOURED_VEHICLE, designation="AMX-10 RC")],
        ),
        reading(
            document("Київ отримав перші Леопарди від Польщі.", "2023-02-24", lang="uk"),
            [Said("Київ отримав перші Леопарди", kind=Kind.DELIVERY, actors=("POL",),
                  designation="Leopard 2A4")],
        ),
        reading(
            document("日本はウクライナに防弾チョッキを提供した。", "2022-03-08", lang="ja"),
            [Said("防弾チョッキを提供した", kind=Kind.DELIVERY, actors=("JPN",),
                  category=Category.PERSONAL_EQUIPMENT, designation=None)],
        ),
        reading(
            document(
                "Berlin ordered 12,400 rounds from Rheinmetall for the Gepard anti-aircraft tank.",
                "2023-03-03", title="Rounds", url="https://news.example.org/gepard",
            ),
            [Said("Berlin ordered 12,400 rounds from Rheinmetall", kind=Kind.CONTRACT,
                  actors=("DEU",), quantity=12_400, unit="round", category=Category.AMMUNITION,
                  designation="35mm", supplier="Rheinmetall")],
        ),
        reading(document(LONG, "2024-01-01", title="Harbour news", lang="en")),
    ]  # fmt: skip


@contextmanager
def opened(place: str) -> Iterator[Book]:
    """A book of `library`, its reports added one after the other."""
    with Store.open(place, clock=Clock()) as store:
        for one in library():
            store.add([one])
    with Book.open(place, clock=Clock()) as book:
        yield book
