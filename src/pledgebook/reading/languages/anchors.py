"""What a statement can be about: an item with its number, money, people, a bare number.

Nouns, models and calibres that stand together make one item; the number before it counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pledgebook.reading.languages.mentions import ItemName, Mark, Marked
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention

__all__ = ["AID", "Anchor", "anchors_of"]

AID = frozenset({"military-aid", "financial-aid", "humanitarian-aid", "mixed-aid"})
_MUNITIONS = frozenset({"artillery-ammunition", "rocket-ammunition", "ammunition", "missile"})
_WIDEST = 5
"""Words that may stand between a number and what it counts."""
_MASS = _MUNITIONS | AID | {"fuel", "maintenance", "medical", "energy", "other", "training-service",
                            "personal-equipment", "mine-explosive"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something that a statement can be about, at `tokens[first:last]`.

    `category` is None for a bare amount or number, "person" for people.
    """

    first: int
    last: int
    category: str | None
    designation: str | None = None
    unit: str | None = None
    number: NumberMention | None = None
    money: MoneyMention | None = None
    weak: bool = False
    one: bool = False
    """Whether an article counts it as one."""


def anchors_of(marked: Marked, first: int, last: int, *, listed: bool = False) -> list[Anchor]:
    """Return the anchors of a sentence, in order."""
    marks = [m for m in marked.within(first, last) if m.kind in ("item", "number", "money", "verb")]
    marks = _nouns_alone(marks)
    items = _items(marked, marks)
    numbers = [m for m in marks if m.kind == "number"]
    if listed:
        numbers = _outside(marked, numbers, first)
        marks = [m for m in marks if m.kind != "number" or m in numbers]
    found: list[Anchor] = []
    used: set[int] = set()
    for item in items:
        mark = _number_before(marked, numbers, item, used)
        if mark is None and listed:
            mark = _only_number(numbers, items, used)
        if mark is not None and isinstance(mark.value, NumberMention):
            used.add(mark.first)
            unit = item.unit or _unit_between(marked, mark.last, item.first)
            if item.category in _MASS and _is_article(marked, mark):
                found.append(item)
                continue
            counted = _unit_between(marked, mark.last, item.first) or unit
            item = replace(
                item, first=min(mark.first, item.first), last=max(mark.last, item.last),
                number=mark.value, unit=counted,
            )  # fmt: skip
        elif _is_one(marked, item, first):
            item = replace(item, one=True)
        found.append(item)
    found = _shared_numbers(marked, found)
    if listed:
        found = _counted_again(marked, found)
    found = [a for a in found if a.category is not None or (a.number and a.unit)]
    for mark in marks:
        if mark.kind == "money" and isinstance(mark.value, MoneyMention):
            if not mark.value.converted and mark.value.currency:
                found.append(Anchor(mark.first, mark.last, None, money=mark.value))
        elif mark.kind == "number" and mark.first not in used:
            assert isinstance(mark.value, NumberMention)
            if _is_bare(marked, mark, last):
                found.append(Anchor(mark.first, mark.last, None, number=mark.value))
            elif _stands_alone(marked, mark, last):
                found.append(Anchor(mark.first, mark.last, None, number=mark.value, weak=True))
    return sorted(found, key=lambda a: a.first)


def _outside(marked: Marked, numbers: list[Mark], first: int) -> list[Mark]:
    """Leave out numbers in brackets behind another: "110 Marder (zuvor: 90)"."""
    kept: list[Mark] = []
    for mark in numbers:
        lows = [token.low for token in marked.tokens[first : mark.first]]
        if not kept or lows.count("(") <= lows.count(")"):
            kept.append(mark)
    return kept


def _counted_again(marked: Marked, items: list[Anchor]) -> list[Anchor]:
    """Join "Reparatur von Panzern - 10 Fahrzeuge", where the count has a noun of its own."""
    found: list[Anchor] = []
    for item in items:
        before = found[-1] if found else None
        lows = [t.low for t in marked.tokens[before.last : item.first]] if before else []
        if before and item.weak and item.number and not before.number and (
            len(lows) == 1 and lows[0] in _DASHES
        ):  # fmt: skip
            found[-1] = replace(before, last=item.last, number=item.number)
        else:
            found.append(item)
    return found


_DASHES = frozenset({"-", "\u2013", "\u2014", ":"})


def _nouns_alone(marks: Sequence[Mark]) -> list[Mark]:
    """Leave out "військових" before "автомобілів": an adjective there, not people."""
    kept = []
    for place, one in enumerate(marks):
        after = marks[place + 1] if place + 1 < len(marks) else None
        is_person = isinstance(one.value, ItemName) and one.value.category == "person"
        if is_person and after is not None and after.first == one.last and (
            isinstance(after.value, ItemName) and after.value.category not in (None, "person")
        ):  # fmt: skip
            continue
        kept.append(one)
    return kept


def _items(marked: Marked, marks: Sequence[Mark]) -> list[Anchor]:
    found: list[Anchor] = []
    group: list[Mark] = []
    for mark in marks:
        if mark.kind != "item":
            continue
        if group and _joins(marked, group, mark):
            group.append(mark)
            continue
        if group:
            found.append(_merged(group))
        group = [mark]
    if group:
        found.append(_merged(group))
    return found


def _joins(marked: Marked, group: list[Mark], mark: Mark) -> bool:
    """Tell whether an item name goes on with the one before: "Panzer vom Typ Leopard 2"."""
    before = group[-1]
    gap = marked.tokens[before.last : mark.first]
    if (
        len(gap) > 4
        or not isinstance(mark.value, ItemName)
        or not isinstance(before.value, ItemName)
    ):
        return False
    models = [m for m in group if isinstance(m.value, ItemName) and m.value.designation
              and not m.value.calibre]  # fmt: skip
    new, old = mark.value, before.value
    if new.designation and not new.calibre and models:
        return False
    lows = [token.low for token in gap]
    if any(low in (",", ";", ".", ":", "(", ")") for low in lows) and lows != ["("]:
        return False
    if new.category == "person" or old.category == "person":
        return False
    if not gap or lows == ["-"] or all(low in _QUOTES for low in lows):
        return True
    place = before.last
    if marked.has_cue(place, mark.first, "conjunction", "joint"):
        return False
    if any(
        m.kind in ("verb", "number", "money", "party") for m in marked.within(place, mark.first)
    ):
        return False
    if old.category is None or new.category is None:
        return len(gap) <= 2
    if old.category == "maintenance":
        return len(gap) <= 2
    if new.designation or new.calibre:
        # "obus de 155 mm", "Munition für Gepard", "танків типу Leopard 2"
        if old.category in _MUNITIONS or new.calibre:
            return len(gap) <= 3
        return len(gap) <= 3 and not marked.has_cue(place, mark.first, "to", "purpose", "by")
    if old.designation:
        return len(gap) <= 1 and not marked.has_cue(place, mark.first, "to", "purpose")
    return old.category in _MUNITIONS and len(gap) == 1


_QUOTES = frozenset({'"', "\u00ab", "\u00bb", "\u201c", "\u201d", "\u201e", "'", "-", "\u2013"})


def _merged(group: list[Mark]) -> Anchor:
    names = [mark.value for mark in group if isinstance(mark.value, ItemName)]
    nouns = [n for n in names if n.designation is None and n.category is not None]
    models = [n for n in names if n.designation and not n.calibre]
    calibres = [n for n in names if n.calibre]
    category: str | None = None
    if models:
        category = models[0].category
        noun = next((n.category for n in nouns if n.category in _MUNITIONS), None)
        if noun is not None and category not in _MUNITIONS:
            if models[0].ammunition is not None:
                category = models[0].ammunition.value
            elif category != "air-defence" or noun != "missile":
                category = noun
        if any(n.category == "maintenance" for n in nouns):
            category = "maintenance"
        if any(n.category == "radar-electronics" for n in nouns) and category == "air-defence":
            category = "radar-electronics"
    elif nouns:
        category = nouns[0].category if not nouns[0].weak else nouns[-1].category
        kinds = {n.category for n in nouns}
        if category == "ammunition" and kinds & _MUNITIONS - {"ammunition"}:
            category = next(n.category for n in nouns if n.category in _MUNITIONS - {"ammunition"})
        if category == "ammunition" and calibres and calibres[0].category != "ammunition":
            category = calibres[0].category
        if calibres and category == "artillery-ammunition":
            category = calibres[0].category
    elif calibres:
        category = calibres[0].category
    designation = next((n.designation for n in (*models, *calibres)), None)
    unit = next((n.unit for n in names if n.category is None), None)
    if unit is None:
        unit = next((n.unit for n in names if n.unit and n.unit != "item"), None)
        if models and category == models[0].category:
            unit = models[0].unit
    weak = all(n.weak for n in nouns) if nouns and not models and not calibres else False
    return Anchor(group[0].first, group[-1].last, category, designation, unit, weak=weak)


def _number_before(
    marked: Marked, numbers: Sequence[Mark], item: Anchor, used: set[int]
) -> Mark | None:
    for mark in reversed(numbers):
        if mark.last > item.first or mark.first in used:
            continue
        gap = range(mark.last, item.first)
        if len(gap) > _WIDEST:
            return None
        return mark if _counts(marked, gap) else None
    return None


def _counts(marked: Marked, gap: range) -> bool:
    if not gap:
        return True
    if marked.tokens[gap.start].low == "-" and (
        marked.tokens[gap.start].start == marked.tokens[gap.start - 1].end
    ):
        # "907-Kilogramm-Bomben": a measure, no count.
        return False
    for place in gap:
        token = marked.tokens[place]
        if token.kind == "mark" and token.low not in _QUOTES:
            return False
        if token.kind == "figure":
            return False
    for other in marked.within(gap.start, gap.stop):
        if other.kind == "verb":
            forms = {verb.form for verb in other.value or ()}  # type: ignore[union-attr]
            if not forms & {"adj", "pp"}:
                return False
        if other.kind in ("money", "date", "number"):
            return False
        if other.kind == "item" and isinstance(other.value, ItemName) and (
            other.value.category not in (None, "person")
        ):  # fmt: skip
            return False
        if other.kind == "party" and getattr(other.value, "role", "") not in ("adjective",):
            return False
    first = marked.tokens[gap.start].low
    if marked.has_cue(gap.start, gap.stop, "relative-strict", "oblique") and first not in _OF:
        return False
    return not marked.has_cue(gap.start, gap.stop, "conjunction") or (len(gap) > 2 and first in _OF)


_OF = frozenset({"der", "von", "de", "des", "d'", "du", "з", "із", "dieser", "vom"})


def _only_number(numbers: Sequence[Mark], items: list[Anchor], used: set[int]) -> Mark | None:
    """Return the number of a list line that has one number and one item."""
    if len(items) != 1 or len(numbers) != 1 or numbers[0].first in used:
        return None
    value = numbers[0].value
    if isinstance(value, NumberMention) and value.kind == "percent":
        return None
    return numbers[0]


def _unit_between(marked: Marked, first: int, last: int) -> str | None:
    for mark in marked.within(first, last):
        if isinstance(mark.value, ItemName) and mark.value.category is None:
            return mark.value.unit
    return None


def _is_one(marked: Marked, item: Anchor, first: int) -> bool:
    """Tell whether "eine", "un" right before an item counts it."""
    if item.category in _MASS or item.category in (None, "person") or item.weak:
        return False
    for place in range(item.first - 1, max(first, item.first - 3) - 1, -1):
        if marked.tokens[place].low in _ONES:
            return True
        if marked.tokens[place].kind != "word":
            return False
    return False


_ONES = frozenset({"ein", "eine", "einen", "einem", "einer", "un", "une"})


def _is_article(marked: Marked, mark: Mark) -> bool:
    return mark.last == mark.first + 1 and marked.tokens[mark.first].low in _ONES


def _shared_numbers(marked: Marked, items: list[Anchor]) -> list[Anchor]:
    """Give "hundert Patriot- und Iris-T-Raketen" one number for both."""
    found = list(items)
    for index in range(1, len(found)):
        before, here = found[index - 1], found[index]
        if here.number is not None or before.number is None or here.one:
            continue
        gap = [token.low for token in marked.tokens[before.last : here.first]]
        if gap and gap[0] == "-" and len(gap) <= 3:
            found[index] = replace(here, number=before.number, unit=here.unit or before.unit)
            if before.category != here.category and here.category in _MUNITIONS:
                found[index - 1] = replace(before, category=here.category)
    return found


def _is_bare(marked: Marked, mark: Mark, last: int) -> bool:
    """Tell whether a number may go on with an item that was named before: "weitere 20"."""
    value = mark.value
    if not isinstance(value, NumberMention) or value.kind == "percent" or value.low == 0:
        return False
    if marked.tokens[mark.first].low in _ONES:
        return False
    if value.further or marked.has_cue(max(0, mark.first - 3), mark.first, "part_of"):
        return True
    behind = range(mark.last, min(mark.last + 2, last))
    return any(name.startswith("per-") for p in behind for _, name in marked.cues.get(p, ()))


def _stands_alone(marked: Marked, mark: Mark, last: int) -> bool:
    """Tell whether a number has no noun of its own: "en a déjà fourni 18 à l'Ukraine"."""
    value = mark.value
    if not isinstance(value, NumberMention) or value.kind == "percent" or not value.low:
        return False
    if marked.tokens[mark.first].low in _ONES or value.low > 100_000:
        return False
    if mark.first and marked.tokens[mark.first - 1].low in _QUOTES | {"/", "(", "."}:
        return False
    if mark.last >= last:
        return True
    behind = marked.tokens[mark.last]
    if behind.kind == "mark":
        return behind.low in ",.;)"
    names = {name for end, name in marked.cues.get(mark.last, ())}
    return bool(names & {"to", "conjunction", "by", "with", "oblique", "from"}) or any(
        m.kind in ("verb", "date") for m in marked.within(mark.last, mark.last + 1)
    )
