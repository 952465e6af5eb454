"""What recording a judgement did to other judgements and to reports that it does not name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pledgebook.ledger.bridges import Bridge, bridges
from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.judgements import Attachment, Judgement, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.settling import Conflict
from pledgebook.ledger.wording import statement_line

__all__ = ["bridge_line", "conflict_lines", "consequences"]

_FEW = 3


def consequences(
    before: Ledger, after: Ledger, made: Judgement, tree: ItemTree | None = None
) -> list[str]:
    """Return what a person should know who has just recorded a judgement, a sentence each.

    Which earlier judgements it overrules, or which later one it gives way to; which reports change
    sides because two undertakings were judged different; what would join again what it parts.
    `before` and `after` are the ledger without it and with it.
    """
    decisions = after.decisions
    known = {one.id: one for one in (*decisions.applied, *decisions.stranded, made)}
    old = {(one.loser, one.winners) for one in before.decisions.conflicts}
    lines = conflict_lines(
        [one for one in decisions.conflicts if (one.loser, one.winners) not in old], known
    )
    subjects = _subjects(after, made)
    if made.kind is Verdict.SAME:
        lines += _changed_sides(before, after, subjects, known)
    elif made.kind is Verdict.DIFFERENT:
        homes = {after.home[name] for name in subjects if name in after.home}
        lines += [
            bridge_line(bridge, after)
            for bridge in bridges(after, tree, of=homes)
            if made.id in bridge.judgements and bridge.through
        ]
    if decisions.state(made) == "stranded":
        lines.append("It has no force: its statements are not in the ledger of today.")
    return lines


def conflict_lines(conflicts: Iterable[Conflict], known: Mapping[str, Judgement]) -> list[str]:
    """Return, for each judgement that gives way, on what it does so, and to which others."""
    by_loser: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        by_loser.setdefault(conflict.loser, []).append(conflict)
    return [_gives_way(name, found, known) for name, found in by_loser.items()]


def _gives_way(name: str, found: Sequence[Conflict], known: Mapping[str, Judgement]) -> str:
    # One of many statements may give way to what the same judgement says of others.
    winners = dict.fromkeys(other for one in found for other in one.winners if other != name)
    holds = "hold: they were made later" if len(winners) > 1 else "holds: it was made later"
    points = [_point(one) for one in found]
    more = f" and {len(points) - 1} more" if len(points) > 1 else ""
    named = " and ".join(_named(winner, known) for winner in winners)
    return f"{_named(name, known)} gives way on {points[0]}{more}: {named} {holds}."


def _point(conflict: Conflict) -> str:
    about = " and ".join(conflict.statements)
    return f"{conflict.field} of {about}" if conflict.field else about


def bridge_line(bridge: Bridge, ledger: Ledger) -> str:
    """Return what keeps two commitments apart and what would join them."""
    here, there = bridge.commitments
    by = " and ".join(_by(name, ledger.decisions.applied) for name in bridge.judgements)
    if bridge.direct:
        would = "without it the two would be joined"
    elif bridge.through:
        some = [f"{name} ({_says(name, ledger)})" for name in bridge.through[:_FEW]]
        more = len(bridge.through) - len(some)
        would = f"they would join through {' or '.join(some)}{f' or {more} more' if more else ''}"
        sides = {ledger.home[name] for name in bridge.through}
        if len(sides) == 1:
            would += f", which is counted in {sides.pop()}"
    else:
        would = "several reports together would join them"
    return f"{here} and {there} are kept apart by {by}; {would}."


def _subjects(ledger: Ledger, made: Judgement) -> list[str]:
    groups = Attachment(ledger.entries.values()).groups(made)
    return list(dict.fromkeys(name for group in groups for name in group))


def _changed_sides(
    before: Ledger, after: Ledger, subjects: Sequence[str], known: Mapping[str, Judgement]
) -> Iterator[str]:
    """Tell what a "same" pulled away from undertakings that are judged different from its own."""
    was, now = ({one.id: one for one in ledger.commitments} for ledger in (before, after))
    told = set()
    for name in subjects:
        there_then, here = was.get(before.home.get(name, "")), now.get(after.home.get(name, ""))
        left = set(there_then.statements if there_then else ())
        left.difference_update(here.statements if here else ())
        for there in sorted({after.home[other] for other in left if other in after.home}):
            if here is None or there in told:
                continue
            bars = after.decisions.between(here.statements, now[there].statements)
            if not bars:
                continue
            told.add(there)
            by = _decided(after, bars[0], known)
            yield (
                f"{name} ({_says(name, after)}) leaves the commitment {there}, where it was "
                f"counted: {bars[0][0]} and {bars[0][1]} are judged different ({by}), and both "
                f"hold. It is now counted in {here.id}."
            )


def _decided(ledger: Ledger, pair: tuple[str, str], known: Mapping[str, Judgement]) -> str:
    by_statement = ledger.decisions.by_statement
    names = [
        name
        for name in by_statement.get(pair[0], ())
        if name in by_statement.get(pair[1], ()) and known[name].kind is Verdict.DIFFERENT
    ]
    return " and ".join(_named(name, known) for name in names)


def _says(name: str, ledger: Ledger) -> str:
    return statement_line(ledger.entries[name].statement)


def _named(name: str, known: Mapping[str, Judgement]) -> str:
    one = known.get(name)
    if one is None:
        return name
    return f"{name} ({one.kind.value}, by {one.by}, {one.made_at:%Y-%m-%d})"


def _by(name: str, judgements: Sequence[Judgement]) -> str:
    return _named(name, {one.id: one for one in judgements})
