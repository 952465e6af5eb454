"""What changed from one release of a data set to another, row by row and field by field.

Rows are matched by their key, for ids of data sets are seldom stable; rows of one key first by what
they say, then by their order. Headers are compared without case and blanks, numbers by value, and a
cell with a full stop says as little as a blank one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.exchange.celltext import cells_of, header_key
from pledgebook.ledger.releases import StoredRelease, StoredRow
from pledgebook.ledger.store import Store

__all__ = ["FieldChange", "ReleaseDiff", "RowChange", "diff_releases"]

_NOTHING = frozenset({"", "."})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; None where a release says nothing there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was added, removed or changed, with the documents that hold it."""

    change: str
    key: str
    before: StoredRow | None
    after: StoredRow | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """All changes between two releases of one data set; `same` rows say what they said.

    `new_columns` and `lost_columns` stand in one of the two only: no row is said to have changed
    because of them. `absent` are givers that only the older one has rows of, each with how many of
    the removed rows are theirs, most first; `absent_rows` are those rows, each counted once. Where
    there are many, the newer release may hold a part only of what the data set is of.
    """

    before: StoredRelease
    after: StoredRelease
    added: tuple[RowChange, ...]
    removed: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]
    same: int
    new_columns: tuple[str, ...]
    lost_columns: tuple[str, ...]
    absent: Mapping[tuple[str, ...], int]
    absent_rows: int

    @property
    def fields(self) -> dict[str, int]:
        """How many rows changed in which field, most first."""
        counts = Counter(field.field for row in self.changed for field in row.fields)
        return dict(counts.most_common())

    def has_column(self, name: str) -> bool:
        """Tell whether a row that changed, came or went has this column, however it is written."""
        wanted = header_key(name)
        stored = (one for row in self.rows() for one in (row.before, row.after) if one is not None)
        return any(wanted in map(header_key, cells_of(one.text)) for one in stored)

    def rows(self) -> Iterator[RowChange]:
        """Yield all changes: changed, added, removed."""
        yield from self.changed
        yield from self.added
        yield from self.removed


@dataclass(frozen=True, slots=True)
class _Row:
    stored: StoredRow
    fields: Mapping[str, str]


def diff_releases(store: Store, before: StoredRelease, after: StoredRelease) -> ReleaseDiff:
    """Compare two releases of one data set."""
    old, old_names = _rows(store.release_rows(before.id))
    new, new_names = _rows(store.release_rows(after.id))
    shared = old_names.keys() & new_names.keys()
    added: list[RowChange] = []
    removed: list[RowChange] = []
    changed: list[RowChange] = []
    same = 0
    for key in dict.fromkeys([*new, *old]):
        for one, other in _matched(old.get(key, ()), new.get(key, ()), shared):
            if one is None and other is not None:
                added.append(RowChange("added", key, None, other.stored))
            elif other is None and one is not None:
                removed.append(RowChange("removed", key, one.stored, None))
            elif one is not None and other is not None:
                fields = tuple(_differing(one.fields, other.fields, shared, new_names))
                if fields:
                    changed.append(RowChange("changed", key, one.stored, other.stored, fields))
                else:
                    same += 1
    absent, absent_rows = _absent(_givers(store, before), _givers(store, after), removed)
    return ReleaseDiff(
        before=before,
        after=after,
        added=tuple(added),
        removed=tuple(removed),
        changed=tuple(changed),
        same=same,
        new_columns=tuple(name for key, name in new_names.items() if key not in shared),
        lost_columns=tuple(name for key, name in old_names.items() if key not in shared),
        absent=absent,
        absent_rows=absent_rows,
    )


_Givers = Mapping[str, frozenset[tuple[str, ...]]]
"""Who gives what a row tells of, by the row's document."""


def _givers(store: Store, release: StoredRelease) -> _Givers:
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for entry in store.release_entries(release.id):
        found[entry.document].add(entry.statement.actors)
    return {document: frozenset(givers) for document, givers in found.items()}


def _absent(
    before: _Givers, after: _Givers, removed: Sequence[RowChange]
) -> tuple[dict[tuple[str, ...], int], int]:
    gone = frozenset[tuple[str, ...]]().union(*before.values())
    gone -= frozenset[tuple[str, ...]]().union(*after.values(), {()})
    nobody = frozenset[tuple[str, ...]]()
    theirs = [
        gone & before.get(one.before.document, nobody) for one in removed if one.before is not None
    ]
    counts = Counter(giver for givers in theirs for giver in givers)
    ranked = sorted(gone, key=lambda giver: (-counts[giver], giver))
    return {giver: counts[giver] for giver in ranked}, sum(map(bool, theirs))


def _rows(stored: Sequence[StoredRow]) -> tuple[dict[str, list[_Row]], dict[str, str]]:
    """Return the rows by key, and the headers that occur, by how they are compared."""
    found: dict[str, list[_Row]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in stored:
        cells = cells_of(row.text)
        fields = {header_key(name): value for name, value in cells.items()}
        for name in cells:
            names.setdefault(header_key(name), name)
        found[row.key].append(_Row(row, fields))
    return found, names


def _matched(
    old: Sequence[_Row], new: Sequence[_Row], shared: frozenset[str] | set[str]
) -> Iterator[tuple[_Row | None, _Row | None]]:
    left = list(old)
    open_ones: list[_Row] = []
    for row in new:
        twin = next((one for one in left if not list(_unlike(one, row, shared))), None)
        if twin is None:
            open_ones.append(row)
        else:
            left.remove(twin)
            yield twin, row
    for number, row in enumerate(open_ones):
        yield (left[number] if number < len(left) else None), row
    for one in left[len(open_ones) :]:
        yield one, None


def _unlike(one: _Row, other: _Row, shared: frozenset[str] | set[str]) -> Iterator[str]:
    for key in shared:
        if _plain(one.fields.get(key)) != _plain(other.fields.get(key)):
            yield key


def _differing(
    one: Mapping[str, str],
    other: Mapping[str, str],
    shared: frozenset[str] | set[str],
    names: Mapping[str, str],
) -> Iterator[FieldChange]:
    for key, name in names.items():
        if key in shared and _plain(one.get(key)) != _plain(other.get(key)):
            yield FieldChange(name, _shown(one.get(key)), _shown(other.get(key)))


def _shown(text: str | None) -> str | None:
    return None if text is None or text in _NOTHING else text


def _plain(text: str | None) -> str | float:
    """Return a cell as it is compared: 10000000.0 is 10000000, and "Yes " is "yes"."""
    if text is None or text in _NOTHING:
        return ""
    try:
        return float(text)
    except ValueError:
        return " ".join(text.casefold().split())
