"""What the reading of one document carries along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pledgebook.reading.grammar.discourse import Frame, Memory
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.numbers import RateMention
from pledgebook.reading.trace import Trace
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement


@dataclass(slots=True)
class Sentence:
    """A sentence with what was found in it."""

    start: int
    end: int
    text: str
    units: list[Unit]
    block: int
    kind: str
    head: int | None
    lead: bool
    predicates: list[Predicate] = field(default_factory=list)
    battle: bool = False


@dataclass(slots=True)
class Context:
    """What one document's reading carries along: its memory, its rates and what was found.

    `places` holds a block and a place within it for each statement found, `spans` where the anchor
    of each stands; `strong` counts the statements that a clearly named party makes. `watch` is
    called with each sentence before it is read; `trace` is told how, where somebody listens.
    """

    document: Document
    catalogue: Catalogue
    memory: Memory
    rates: tuple[RateMention, ...]
    found: list[Statement] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    section: Frame | None = None
    texts: int = 0
    foreign_block: int = -99
    strong: int = 0
    watch: Callable[[Sentence, Context], None] | None = None
    trace: Trace | None = None

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text
