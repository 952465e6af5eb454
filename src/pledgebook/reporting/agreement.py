"""How far two people agree, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from pledgebook.ledger.coding.agreement import Agreement, Disagreement, Estimate, Score
from pledgebook.ledger.coding.coding import CodedStatement
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.wording import amount, statement_line
from pledgebook.reporting.frames import frame
from pledgebook.reporting.plain import one_line

__all__ = [
    "AGREEMENT_FIELDS",
    "agreement_record",
    "agreement_rows",
    "agreement_table",
    "disagreement_list",
]

Record = dict[str, Any]

AGREEMENT_FIELDS = (
    "measure", "of", "value", "low", "high", "both", "one", "other", "share", "f1",
)  # fmt: skip

_SHOWN = 8


def agreement_record(found: Agreement) -> Record:
    """Return all of it as plain data."""
    return {
        "coders": list(found.coders),
        "documents": list(found.documents),
        "pairs": found.pairs,
        "core": _score(found.core),
        "full": _score(found.full),
        "presence": _estimate(found.presence),
        "kinds": {kind.value: _score(score) for kind, score in found.kinds.items()},
        "fields": {
            one.field: {
                "share": one.share,
                "alpha": _estimate(one.alpha),
                "told": one.told,
                "f1": one.f1,
            }
            for one in found.fields
        },
        "disagreements": [_disagreement(one) for one in found.disagreements],
        "draws": found.draws,
        "seed": found.seed,
    }


def agreement_rows(found: Agreement) -> list[Record]:
    """Return the figures as rows of one table."""
    rows = [_row("f1", "core", found.core), _row("f1", "full", found.full)]
    rows += [_row("f1", kind.value, score) for kind, score in found.kinds.items()]
    empty = dict.fromkeys(AGREEMENT_FIELDS)
    presence = {"measure": "alpha", "of": "presence", **_estimate(found.presence)}
    rows.append(empty | presence)
    for one in found.fields:
        said = {"measure": "alpha", "of": one.field, "share": one.share, "f1": one.f1}
        rows.append(empty | said | {"both": found.pairs} | _estimate(one.alpha))
    return rows


def agreement_table(found: Agreement, *, every: bool = False) -> RenderableType:
    """Return F1 and alpha with their intervals, and what the two left differently: some, or all."""
    one, other = (one_line(name) for name in found.coders)
    documents = len(found.documents)
    head = Text(f"{one} and {other}, {documents} document{'s' if documents != 1 else ''}, ")
    head.append(f"{found.pairs} statement{'s' if found.pairs != 1 else ''} in common")
    scores = frame()
    for name in ("statements alike", "F1", "95 %", "both", one, other):
        scores.add_column(name, justify="left" if name == "statements alike" else "right")
    named: list[tuple[str, Score]] = [
        ("kind, category, actors", found.core),
        ("and model, figures, status, scope", found.full),
    ]
    named += [(f"  {kind.value}", score) for kind, score in found.kinds.items()]
    for name, score in named:
        counts = (str(score.both), str(score.one), str(score.other))
        scores.add_row(name, _figure(score.f1.value), _interval(score.f1), *counts)
    fields = frame()
    for name in ("field", "alike", "alpha", "95 %", "F1 where told"):
        fields.add_column(name, justify="left" if name == "field" else "right")
    fields.add_row("a statement in the sentence", "", *_alpha(found.presence), "")
    for each in found.fields:
        share = f"{each.share:.0%}"
        f1 = "" if each.f1 is None else f"{each.f1:.2f}"
        fields.add_row(each.field, share, *_alpha(each.alpha), f1)
    return Group(head, Text(), scores, Text(), fields, *_told(found, None if every else _SHOWN))


def _told(found: Agreement, most: int | None) -> Iterable[Text]:
    undefined = any(one.alpha.value is None for one in found.fields)
    if undefined:
        yield Text("\n– : alpha is not defined where only one value occurs", style="dim")
    if found.disagreements:
        yield Text()
        yield disagreement_list(found, most)


def disagreement_list(found: Agreement, most: int | None = None) -> Text:
    """Return what the two left differently, with its sentence; at most so many, and how many."""
    one, other = (one_line(name) for name in found.coders)
    count = len(found.disagreements)
    text = Text(f"{count} disagreement{'s' if count != 1 else ''}", style="bold")
    for each in found.disagreements[:most]:
        text.append(f"\n{each.document[:8]} ", style="dim cyan")
        text.append(f"“{one_line(each.sentence)}”", style="yellow")
        if each.one is not None and each.other is not None:
            for name in each.fields:
                here, there = (_value(coded, name) for coded in (each.one, each.other))
                text.append(f"\n  {name}: {one} {here}, {other} {there}", style="")
        else:
            who, coded = (one, each.one) if each.one is not None else (other, each.other)
            assert coded is not None
            says = one_line(statement_line(coded.statement))
            text.append(f"\n  only {who}: {says} [{coded.id[:8]}]", style="")
    if most is not None and count > most:
        text.append(f"\n… {count - most} more with --all", style="dim")
    return text


def _value(coded: CodedStatement, field: str) -> str:
    """Return what a person left in a field, in words."""
    statement = coded.statement
    quantity, money = statement.quantity, statement.money
    shown: object
    if field == "quantity" and quantity is not None:
        shown = str(Interval.of(quantity)) + (f" a {quantity.per}" if quantity.per else "")
    elif field == "money" and money is not None:
        shown = amount(Interval.of(money), money.currency)
    elif field in ("category", "designation"):
        shown = getattr(statement.item, field)
    elif field == "unit":
        shown = quantity.unit if quantity else None
    else:
        shown = getattr(statement, field)
    if isinstance(shown, tuple):
        shown = ", ".join(shown)
    return one_line(str(shown)) if shown else "nothing"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.2f} to {estimate.high:.2f}"


def _alpha(estimate: Estimate) -> tuple[str, str]:
    return _figure(estimate.value), _interval(estimate)


def _estimate(estimate: Estimate) -> Record:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _score(score: Score) -> Record:
    counts = {"both": score.both, "one": score.one, "other": score.other}
    return _estimate(score.f1) | counts


def _row(measure: str, of: str, score: Score) -> Record:
    return dict.fromkeys(AGREEMENT_FIELDS) | {"measure": measure, "of": of} | _score(score)


def _disagreement(found: Disagreement) -> Record:
    return {
        "document": found.document,
        "sentence": found.sentence,
        "fields": list(found.fields),
        "one": _coded(found.one),
        "other": _coded(found.other),
    }


def _coded(coded: CodedStatement | None) -> Mapping[str, Any] | None:
    if coded is None:
        return None
    fields = coded.statement.to_corpus()
    del fields["commitment"]
    evidence = coded.statement.evidence
    place = {"start": evidence.start, "end": evidence.end}
    return {"id": coded.id, "mark": coded.mark.value, **place, **fields}
