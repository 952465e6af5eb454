"""What the book can say something about: items and recipients, and what is missing to say more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pledgebook.ledger.answers.pieces import for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.wording import with_unit
from pledgebook.reporting.amounts import quantity
from pledgebook.reporting.plain import one_line
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

if TYPE_CHECKING:
    from pledgebook.forecasting.series import Series, SeriesBook

__all__ = ["Line", "Subject", "lines_of", "missing_words", "narrowed"]


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Whose balance of what: a code, and the key of an item as its series and address name it."""

    recipient: str
    item: str

    @property
    def query(self) -> str:
        """The address of its balance, without the path."""
        return f"?{urlencode({'item': self.item, 'recipient': self.recipient})}"


@dataclass(slots=True)
class Line:
    """What is told of one subject. `output` counts series of whoever makes the item.

    `arriving` is what is outstanding of open promises, with how many of them are of unknown size.
    """

    subject: Subject
    name: str
    unit: str
    stock: list[Series] = field(default_factory=list)
    use: list[Series] = field(default_factory=list)
    need: list[Series] = field(default_factory=list)
    delivered: list[Series] = field(default_factory=list)
    output: list[Series] = field(default_factory=list)
    open: list[Commitment] = field(default_factory=list)

    @property
    def says(self) -> bool:
        """Whether enough is told for days of supply and a run-dry date."""
        return bool(self.stock and self.use)

    @property
    def weight(self) -> tuple[int, int, int]:
        """What puts those of which most is told first."""
        told = [self.stock, self.use, self.need, self.delivered]
        return (-int(self.says), -sum(map(len, told)), -len(self.open))

    @property
    def known(self) -> int:
        """How many of the open promises are of known size."""
        return sum(one.outstanding is not None and one.outstanding.known for one in self.open)

    @property
    def arriving(self) -> str:
        """What is outstanding, in words: "≥150,000 rounds and 1 n/k"; "" where nothing is."""
        left = [one.outstanding for one in self.open if one.outstanding is not None]
        if not left:
            return ""
        return with_unit(quantity(Total.of(left)), self.unit)


def lines_of(
    book: SeriesBook, commitments: Iterable[Commitment], catalogue: Catalogue
) -> list[Line]:
    """Return the subjects that anything is told of, those first of which most is told."""
    found: dict[Subject, Line] = {}

    def line(recipient: str, item: str, category: Category) -> Line:
        subject = Subject(recipient, item)
        if subject not in found:
            found[subject] = Line(subject, _name(item, catalogue), _unit(item, category, catalogue))
        return found[subject]

    made: dict[str, list[Series]] = defaultdict(list)
    for one in book.series:
        _place(one, line, made)
    for commitment in commitments:
        left = commitment.outstanding
        if commitment.recipient is None or not for_others(commitment):
            continue
        if left is None or left.high == 0:
            continue
        item = _item_of(commitment)
        line(commitment.recipient, item, commitment.category).open.append(commitment)
    for held in found.values():
        held.output += made.get(held.subject.item, [])
    return sorted(found.values(), key=lambda one: (*one.weight, one.subject))


def _place(
    one: Series, line: Callable[[str, str, Category], Line], made: dict[str, list[Series]]
) -> None:
    """Put a series where it tells of something: a joint figure is of no one's shelves alone."""
    key, category = one.key, one.points[0].category
    kind = key.measure.value
    if kind == "production":
        if key.nature.value == "actual":
            made[key.item].append(one)
    elif kind == "delivered":
        if key.recipient:
            line(key.recipient, key.item, category).delivered.append(one)
    elif len(key.parties) == 1 and key.nature.value in ("actual", "requirement"):
        held = line(key.parties[0], key.item, category)
        required = key.nature.value == "requirement"
        (held.need if required else held.stock if kind == "stock" else held.use).append(one)


def narrowed(lines: Sequence[Line], item: str, recipient: str, catalogue: Catalogue) -> list[Line]:
    """Return the lines of an item, by any part of its name, and of a recipient, by name or code."""
    known = catalogue.find_party(recipient) if recipient else None
    code = known.code if known is not None else recipient
    wanted = item.casefold()
    return [
        one
        for one in lines
        if (not recipient or one.subject.recipient.casefold() == code.casefold())
        and (not item or wanted in one.name.casefold() or wanted in one.subject.item.casefold())
    ]


def missing_words(line: Line) -> str:
    """Return what is missing to say when the shelves run dry; "" where nothing is."""
    lacking = []
    if not line.stock:
        lacking.append("what is held")
    if not line.use:
        lacking.append("what is used up")
    if not lacking:
        return ""
    return f"No report tells {' or '.join(lacking)}: assume it to see days of supply."


def _item_of(one: Commitment) -> str:
    """Return the item of a commitment as a series of it would be named."""
    if one.item_id is not None:
        return one.item_id
    if one.designation is None:
        return one.category.value
    return f"{one.category.value}/{' '.join(one.designation.casefold().split())}"


def _name(item: str, catalogue: Catalogue) -> str:
    known = catalogue.items.get(item)
    if known is not None:
        return known.designation
    category, _, words = item.partition("/")
    return one_line(words or category.replace("-", " "))


def _unit(item: str, category: Category, catalogue: Catalogue) -> str:
    known = catalogue.items.get(item)
    return known.unit if known is not None else catalogue.default_units[category]
