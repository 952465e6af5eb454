"""How far two people agree on the documents that both coded.

F1 by the matching rule of the coding book, and Krippendorff's alpha: of each field over the
statements that both found, and of presence, whether a sentence holds a statement. The intervals
come from drawing the documents anew, with replacement, as often as `draws` says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.coding.alpha import Coincidences
from pledgebook.ledger.coding.coding import CodedStatement, Coding
from pledgebook.ledger.coding.matching import FIELDS, OPTIONAL, Pair, match, values_of
from pledgebook.reading.text.segments import sentences
from pledgebook.vocabulary.statement import Kind

__all__ = ["Agreement", "Disagreement", "Estimate", "FieldAgreement", "Score", "agreement_of"]

_Floats = npt.NDArray[np.float64]
_NOTHING = "\x00nothing"
"""That a field says nothing is a value too."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """An F1 of what two people found: `both` in common, of `one` and `other` in all."""

    f1: Estimate
    both: int
    one: int
    other: int


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """One field over the pairs: the share that agrees, alpha, and for a field that may be empty F1.

    `told` counts the pairs in which either of the two says something.
    """

    field: str
    share: float
    alpha: Estimate
    told: int
    f1: float | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Statements of one document that two people left differently.

    `one` or `other` is None where that person has no such statement; `fields` are those that
    differ. `sentence` is what the text says there.
    """

    document: str
    one: CodedStatement | None
    other: CodedStatement | None
    fields: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people agree; `documents` are those that both are done with.

    `pairs` counts the statements that both found. `core` asks for the same kind, item category and
    actors; `full` also for designation, quantity, money, status and scope.
    """

    coders: tuple[str, str]
    documents: tuple[str, ...]
    pairs: int
    core: Score
    full: Score
    kinds: Mapping[Kind, Score]
    fields: tuple[FieldAgreement, ...]
    presence: Estimate
    disagreements: tuple[Disagreement, ...]
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Compared:
    """One document as two people left it."""

    document: str
    one: Sequence[CodedStatement]
    other: Sequence[CodedStatement]
    pairs: Sequence[Pair]
    text: str
    sentences: Sequence[tuple[int, int]]

    def hits(self, kind: Kind | None, *, full: bool = False) -> tuple[int, int, int]:
        """Return how many both found, and how many each did; of one kind, or of all."""
        some = [one for one in self.one if kind in (None, one.statement.kind)]
        others = [one for one in self.other if kind in (None, one.statement.kind)]
        both = [
            pair
            for pair in self.pairs
            if (pair.full if full else pair.core)
            and kind in (None, self.one[pair.one].statement.kind)
        ]
        return len(both), len(some), len(others)

    def presence(self) -> list[tuple[bool, bool]]:
        """Tell of each sentence whether either person coded something in it."""
        here, there = self._touched(self.one), self._touched(self.other)
        return [(number in here, number in there) for number in range(len(self.sentences))]

    def _touched(self, coded: Sequence[CodedStatement]) -> set[int]:
        # Evidence belongs to the sentence that it begins in.
        ends = [end for _, end in self.sentences]
        return {bisect_right(ends, one.statement.evidence.start) for one in coded}

    def sentence_of(self, coded: CodedStatement) -> str:
        place = coded.statement.evidence
        touched = [span for span in self.sentences if span[0] < place.end and place.start < span[1]]
        if not touched:
            return place.quote
        return self.text[touched[0][0] : touched[-1][1]].strip()


def agreement_of(
    one: Sequence[Coding],
    other: Sequence[Coding],
    texts: Mapping[str, str],
    *,
    draws: int = 1000,
    seed: int = 1,
) -> Agreement:
    """Compare the codings of the same documents, in the same order, by two people."""
    compared = [_compare(a, b, texts[a.document]) for a, b in zip(one, other, strict=True)]
    count = len(compared)
    generator = np.random.default_rng(seed)
    weights = generator.multinomial(count, np.full(count, 1 / count), draws).astype(float)
    kinds = {
        kind: score
        for kind in Kind
        if (score := _score(compared, weights, kind)).one or score.other
    }
    pairs = sum(len(document.pairs) for document in compared)
    return Agreement(
        coders=(one[0].by, other[0].by),
        documents=tuple(document.document for document in compared),
        pairs=pairs,
        core=_score(compared, weights),
        full=_score(compared, weights, full=True),
        kinds=kinds,
        fields=tuple(_field(name, compared, weights) for name in FIELDS) if pairs else (),
        presence=_alpha([document.presence() for document in compared], weights),
        disagreements=tuple(found for document in compared for found in _differing(document)),
        draws=draws,
        seed=seed,
    )


def _compare(one: Coding, other: Coding, text: str) -> _Compared:
    here, there = one.standing, other.standing
    pairs = match([found.statement for found in here], [found.statement for found in there])
    return _Compared(one.document, here, there, pairs, text, sentences(text, 0, len(text)))


def _score(
    compared: Sequence[_Compared],
    weights: _Floats,
    kind: Kind | None = None,
    *,
    full: bool = False,
) -> Score:
    counts = np.array([one.hits(kind, full=full) for one in compared], dtype=float)
    both, some, others = (int(total) for total in counts.sum(axis=0))
    drawn = weights @ counts
    found = drawn[:, 1] + drawn[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(found > 0, 2 * drawn[:, 0] / found, np.nan)
    f1 = 2 * both / (some + others) if some + others else None
    return Score(_estimate(f1, values), both, some, others)


def _alpha(units: Sequence[Sequence[tuple[object, object]]], weights: _Floats) -> Estimate:
    counted = Coincidences.of(units)
    value = counted.alphas(np.ones((1, len(units))))[0]
    return _estimate(None if np.isnan(value) else float(value), counted.alphas(weights))


def _estimate(value: float | None, drawn: _Floats) -> Estimate:
    """Return a figure with the middle 95 % of those that were drawn; none for a single document."""
    defined = drawn[~np.isnan(drawn)]
    if value is None or not len(defined):
        return Estimate(value)
    low, high = np.quantile(defined, [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def _field(name: str, compared: Sequence[_Compared], weights: _Floats) -> FieldAgreement:
    units = []
    both = some = others = told = 0
    for document in compared:
        found = []
        for pair in document.pairs:
            here = values_of(document.one[pair.one].statement)[name]
            there = values_of(document.other[pair.other].statement)[name]
            found.append((_NOTHING if here is None else here, _NOTHING if there is None else there))
            both += here is not None and here == there
            some += here is not None
            others += there is not None
            told += here is not None or there is not None
        units.append(found)
    pairs = sum(len(found) for found in units)
    alike = sum(here == there for found in units for here, there in found)
    f1 = 2 * both / (some + others) if some + others else None
    return FieldAgreement(
        field=name,
        share=alike / pairs,
        alpha=_alpha(units, weights),
        told=told,
        f1=f1 if name in OPTIONAL else None,
    )


def _differing(document: _Compared) -> list[Disagreement]:
    found = []
    for pair in document.pairs:
        if pair.differs:
            one, other = document.one[pair.one], document.other[pair.other]
            words = document.sentence_of(one)
            found.append(Disagreement(document.document, one, other, pair.differs, words))
    here, there = {pair.one for pair in document.pairs}, {pair.other for pair in document.pairs}
    for number, one in enumerate(document.one):
        if number not in here:
            words = document.sentence_of(one)
            found.append(Disagreement(document.document, one, None, (), words))
    for number, other in enumerate(document.other):
        if number not in there:
            words = document.sentence_of(other)
            found.append(Disagreement(document.document, None, other, (), words))
    return sorted(found, key=_place)


def _place(found: Disagreement) -> tuple[int, int, str]:
    coded = found.one or found.other
    assert coded is not None
    evidence = coded.statement.evidence
    return evidence.start, evidence.end, coded.id
