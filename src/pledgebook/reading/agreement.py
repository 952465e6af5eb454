"""Several coders on one document: who found what, and where they disagree.

Every statement of every coder is kept, once. Statements of two coders that quote overlapping words
and say much the same are taken for one; the values of the coder that was named first stand, and
where the others say something else, it is marked for review with what they say. How it was found
lies in the `rule` of the statement, as JSON that `finding_of` reads; its `score` is the share of
the coders that found it, times the share of the fields on which they agree.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pledgebook.reading.coders import Coder, Session
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Evidence, Statement

__all__ = ["Finding", "agree", "agreeing", "finding_of", "pairs", "summary"]

_MARK = '{"by":'

_WEIGHTS: dict[str, float] = {
    "kind": 4, "category": 4, "actors": 4, "quantity": 3, "money": 3, "designation": 2, "status": 1,
    "scope": 1, "recipient": 1, "when": 1, "supplier": 1, "speaker": 1,
}  # fmt: skip
_ALL = sum(_WEIGHTS.values())
_OVERLAP_WEIGHT = 3.0
_LEAST_OVERLAP = 0.5
_CORE = ("kind", "category", "actors")
_LEAST_CORE = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """Who found a statement. `by` names each coder with its rule, `of` all that read the document.

    `differs` holds, by field, what other coders say instead, by coder.
    """

    by: Mapping[str, str]
    of: tuple[str, ...]
    differs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def missed(self) -> tuple[str, ...]:
        """The coders that did not find it."""
        return tuple(name for name in self.of if name not in self.by)

    @property
    def for_review(self) -> bool:
        """Whether the coders disagree: on a field, or on there being such a statement."""
        return bool(self.differs or self.missed)

    def encoded(self) -> str:
        """Return it as the text of a rule."""
        content: dict[str, Any] = {"by": dict(self.by), "of": list(self.of)}
        if self.differs:
            content["differs"] = {name: dict(said) for name, said in self.differs.items()}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def says(self) -> str:
        """Return it in words."""
        words = f"found by {' and '.join(self.by)}"
        if self.missed:
            words += f", not by {' and '.join(self.missed)}"
        fields = [
            f"{name} ({', '.join(f'{coder}: {_shown(value)}' for coder, value in said.items())})"
            for name, said in self.differs.items()
        ]
        return f"{words}; they differ on {', '.join(fields)}" if fields else words


def finding_of(statement: Statement) -> Finding | None:
    """Return who found a statement, None where a single coder read the document."""
    if not statement.rule.startswith(_MARK):
        return None
    try:
        content = json.loads(statement.rule)
        return Finding(content["by"], tuple(content["of"]), content.get("differs", {}))
    except (ValueError, KeyError, TypeError):
        return None


def pairs(first: Sequence[Statement], second: Sequence[Statement]) -> list[tuple[int, int]]:
    """Pair the statements of two coders one to one, the most alike first; return their places.

    Only statements whose evidence overlaps by half of the shorter one, and that agree on two of
    kind, category and actors, can be one and the same.
    """
    likely = [
        (-_affinity(one, other), i, j)
        for i, one in enumerate(first)
        for j, other in enumerate(second)
        if _overlap(one.evidence, other.evidence) >= _LEAST_OVERLAP and _is_alike(one, other)
    ]
    taken_first: set[int] = set()
    taken_second: set[int] = set()
    found: list[tuple[int, int]] = []
    for _, i, j in sorted(likely):
        if i in taken_first or j in taken_second:
            continue
        taken_first.add(i)
        taken_second.add(j)
        found.append((i, j))
    return sorted(found)


def agree(readings: Mapping[str, Sequence[Statement]]) -> list[Statement]:
    """Return all statements of several coders of one document, each once, in order of place.

    The coders come in the order of the mapping: the values of the first that found it stand.
    """
    names = tuple(readings)
    groups: list[dict[str, Statement]] = []
    for name, statements in readings.items():
        leads = [next(iter(group.values())) for group in groups]
        partner = {j: i for i, j in pairs(leads, statements)}
        for place, statement in enumerate(statements):
            if place in partner:
                groups[partner[place]][name] = statement
            else:
                groups.append({name: statement})
    merged = [_merged(group, names) for group in groups]
    return sorted(merged, key=lambda one: (one.evidence.start, one.evidence.end))


def summary(statements: Iterable[Statement]) -> Counter[str]:
    """Count how statements were found: by "all", by some "only NAME", "differs", "differs FIELD".

    Statements of a single coder are not counted.
    """
    counts: Counter[str] = Counter()
    for statement in statements:
        found = finding_of(statement)
        if found is None:
            continue
        counts["all" if not found.missed else f"only {' and '.join(found.by)}"] += 1
        counts["review"] += found.for_review
        counts["differs"] += bool(found.differs)
        counts.update(f"differs {name}" for name in found.differs)
    return counts


def agreeing(coders: Sequence[Coder]) -> Coder:
    """Return the coder that reads with each of these and says where they disagree."""
    reader = _Agreeing(coders)
    name = ",".join(one.name for one in coders)
    versions = "\0".join(one.version for one in coders)
    version = hashlib.sha256(f"agreement/1\0{versions}".encode()).hexdigest()[:12]
    known = [one.languages for one in coders]
    languages = frozenset[str]().union(*(some for some in known if some is not None))
    return Coder(
        name,
        version,
        reader.read,
        max(one.workers for one in coders),
        reader,
        None if None in known else languages,
    )


class _Agreeing:
    """The reading of several coders, and the session of all of them."""

    def __init__(self, coders: Sequence[Coder]) -> None:
        self._coders = coders
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    @property
    def _sessions(self) -> list[Session]:
        return [one.session for one in self._coders]

    def read(self, document: Document, catalogue: Catalogue) -> list[Statement]:
        # A coder that does not know the language has not missed anything.
        able = [
            one
            for one in self._coders
            if one.languages is None or document.lang is None or document.lang in one.languages
        ]
        found = agree({one.name: one.read(document, catalogue) for one in able})
        with self._lock:
            self._counts.update(summary(found))
        return found

    def progress(self) -> str:
        return ", ".join(filter(None, (session.progress() for session in self._sessions)))

    def report(self) -> list[str]:
        with self._lock:
            counts = Counter(self._counts)
        lines = [line for session in self._sessions for line in session.report()]
        alone = [
            f"{count:,} by {name.removeprefix('only ')} alone"
            for name, count in sorted(counts.items())
            if name.startswith("only ")
        ]
        fields = [
            f"{name.removeprefix('differs ')} {count:,}"
            for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
            if name.startswith("differs ")
        ]
        both = f"{_statements(counts['all'])} found by {' and '.join(c.name for c in self._coders)}"
        if counts["differs"]:
            both += f", {counts['differs']:,} of them otherwise ({', '.join(fields)})"
        lines.append("; ".join([both, *alone]))
        if counts["review"]:
            lines.append(f"{_statements(counts['review'])} to review")
        return lines

    def close(self) -> None:
        for session in self._sessions:
            session.close()


def _statements(count: int) -> str:
    return f"{count:,} statement{'' if count == 1 else 's'}"


_FIELDS: dict[str, Callable[[Statement], Any]] = {
    "kind": lambda s: s.kind,
    "category": lambda s: s.item.category,
    "actors": lambda s: s.actors,
    "quantity": lambda s: s.quantity and (s.quantity.low, s.quantity.high, s.quantity.per),
    "money": lambda s: s.money and (s.money.low, s.money.high, s.money.currency, s.money.per),
    "designation": lambda s: _bare(s.item.designation),
    "status": lambda s: s.status,
    "scope": lambda s: s.scope,
    "recipient": lambda s: s.recipient,
    "when": lambda s: s.when,
    "supplier": lambda s: _bare(s.supplier),
    "speaker": lambda s: _bare(s.speaker),
}


def _bare(name: str | None) -> str | None:
    return "".join(filter(str.isalnum, name.casefold())) if name else None


def _differing(one: Statement, other: Statement) -> list[str]:
    return [name for name, value in _FIELDS.items() if value(one) != value(other)]


def _agreement(one: Statement, other: Statement) -> float:
    return _ALL - sum(_WEIGHTS[name] for name in _differing(one, other))


def _is_alike(one: Statement, other: Statement) -> bool:
    agreed = [name for name in _CORE if _FIELDS[name](one) == _FIELDS[name](other)]
    return len(agreed) >= _LEAST_CORE


def _affinity(one: Statement, other: Statement) -> float:
    shared = _overlap(one.evidence, other.evidence)
    return _agreement(one, other) + _OVERLAP_WEIGHT * shared


def _overlap(one: Evidence, other: Evidence) -> float:
    """Return the share of the shorter piece that both hold."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0, both) / min(one.end - one.start, other.end - other.start)


def _merged(group: Mapping[str, Statement], names: tuple[str, ...]) -> Statement:
    (_, statement), *others = group.items()
    differs: dict[str, dict[str, Any]] = {}
    for other_name, other in others:
        for one in _differing(statement, other):
            differs.setdefault(one, {})[other_name] = _plain(other, one)
    shares = [_agreement(statement, other) / _ALL for _, other in others]
    shared = sum(shares) / len(shares) if shares else 1.0
    finding = Finding({found: one.rule for found, one in group.items()}, names, differs)
    score = len(group) / len(names) * shared
    return statement.model_copy(update={"rule": finding.encoded(), "score": round(score, 4)})


def _plain(statement: Statement, name: str) -> Any:  # noqa: ANN401 - plain JSON of any kind
    """Return a field of a statement as plain data."""
    if name in {"category", "designation"}:
        return statement.item.model_dump(mode="json")[name]
    return statement.model_dump(mode="json")[name]


def _shown(value: Any) -> str:  # noqa: ANN401 - plain JSON of any kind
    match value:
        case None:
            return "none"
        case list():
            return " and ".join(map(str, value))
        case dict():
            low, high = value.get("low"), value.get("high")
            ends = [f"{end:g}" for end in (low, high) if end is not None]
            figure = ends[0] if low == high else "..".join(ends)
            unit = value.get("currency") or ""
            per = f" a {value['per']}" if value.get("per") else ""
            return f"{figure} {unit}".strip() + per
        case _:
            return str(value)
