"""What a metric and a status come to: the kind of a statement, and how surely it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pledgebook.exchange.observations.words import Metric, Nature, Words, folded
from pledgebook.vocabulary.statement import Kind, Scope, Status

__all__ = ["Meaning", "meaning_of"]

_ASIDE = re.compile(r"\(([^()]*)\)")
_CUMULATIVE = re.compile(r"\b(?:cumulative|total|so far|to date)\b")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a row says, by its metric and its status.

    `kind` is None where it makes no statement, for a `reason`; `unread` tells that the metric is
    not known, `promised` that what counts as handed over is promised only. `item` and `recipient`
    are those that the metric names. `unknown` are pieces of the status that nobody knows.
    """

    kind: Kind | None = None
    status: Status | None = None
    scope: Scope | None = None
    party_gets: bool = False
    approx: bool = False
    most: bool = False
    least: bool = False
    promised: bool = False
    item: str | None = None
    recipient: str | None = None
    reason: str = ""
    unread: bool = False
    unknown: tuple[str, ...] = ()


def meaning_of(metric: str, status: str, words: Words) -> Meaning:
    """Return what a metric means under a status.

    A figure of what was handed over is a promise where the status says that it is, even in part,
    only promised: a promise is not a delivery.
    """
    known, item, recipient = _metric(metric, words)
    natures, unknown = _natures(status, words)
    if known is None and item is None:
        return Meaning(reason="their metric is not known", unread=True, unknown=unknown)
    known = known or Metric()
    if known.reason:
        return Meaning(reason=known.reason, unknown=unknown)
    kind = known.kind or next((one.kind for one in natures if one.kind is not None), None)
    if kind is None:
        return Meaning(reason="neither metric nor status says what was done", unknown=unknown)
    promised = kind is Kind.DELIVERY and any(one.promised for one in natures)
    tentative = Status.TENTATIVE in (known.status, *(one.status for one in natures))
    cumulative = _CUMULATIVE.search(folded(metric)) is not None
    return Meaning(
        kind=Kind.PLEDGE if promised else kind,
        status=Status.TENTATIVE if tentative else Status.FIRM,
        scope=Scope.TOTAL if cumulative else known.scope,
        party_gets=known.party_gets,
        approx=any(one.approx for one in natures),
        most=any(one.most for one in natures),
        least=any(one.least for one in natures),
        promised=promised,
        item=item,
        recipient=recipient,
        unknown=unknown,
    )


def _metric(text: str, words: Words) -> tuple[Metric | None, str | None, str | None]:
    """Return the metric, and the item or the recipient that its text names."""
    said = folded(text)
    listed = words.metrics()
    if found := listed.get(said):
        return found, None, None
    for mark in words.prefixes.item:
        if said.startswith(mark):
            return None, text.strip()[len(mark) :].strip() or None, None
    for mark in words.prefixes.recipient:
        head, named, tail = said.partition(mark)
        if named and tail and (found := listed.get(head.strip())):
            return found, None, text.strip()[-len(tail) :]
    return None, None, None


def _natures(text: str, words: Words) -> tuple[list[Nature], tuple[str, ...]]:
    """Return what the pieces of a status mean, and those of the first that nobody knows.

    What stands in brackets or behind a comma is an aside: it may be known or not.
    """
    said = folded(text)
    if not said:
        return [], ()
    listed = words.natures()
    if said in listed:
        return [listed[said]], ()
    asides = _ASIDE.findall(said)
    main, *more = _ASIDE.sub(" ", said).split(",")
    first = listed.get(folded(main))
    rest = [listed[piece] for piece in map(folded, (*more, *asides)) if piece in listed]
    unknown = () if first is not None else (text,)
    return [*([first] if first else []), *rest], unknown
