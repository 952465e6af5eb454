"""What people judged in a book, kept as far as it is known: only what is new is read each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pledgebook.ledger.anchoring import alike
from pledgebook.ledger.coding.view import CodingView
from pledgebook.ledger.judgements import Judgement, in_force
from pledgebook.ledger.store import Store

__all__ = ["People"]


class People:
    """The judgements in force by document, each where its words stand now."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[tuple[int, Judgement], ...] = ()
        self._made: tuple[tuple[int, ...], Mapping[str, Sequence[Judgement]]] | None = None

    def by_document(self) -> Mapping[str, Sequence[Judgement]]:
        """Return the judgements in force, by document, in the order in which they were made."""
        version = self._store.version()
        made = self._made
        if made is None or made[0] != version:
            made = self._made = (version, self._grouped())
        return made[1]

    def _grouped(self) -> dict[str, list[Judgement]]:
        with self._store.database.reading() as connection:
            view = CodingView(connection)
            known = self._caught_up(view)
            ordered = sorted(known, key=lambda pair: (pair[1].made_at, pair[0]))
            holding = in_force([one for _, one in ordered])
            names = {subject.document for one in holding for subject in one.subjects}
            shown = view.shown(names) if names else {}
            if names - shown.keys():
                shown = view.shown(names | alike(connection, names))
            moved = view.anchored(holding, shown) if names else []
        found: dict[str, list[Judgement]] = defaultdict(list)
        for one in moved:
            for name in dict.fromkeys(subject.document for subject in one.subjects):
                found[name].append(one)
        return dict(found)

    def _caught_up(self, view: CodingView) -> tuple[tuple[int, Judgement], ...]:
        last = self._known[-1][0] if self._known else 0
        known = (*self._known, *view.numbered(after=last))
        if len(known) != view.count():
            # On a server a lower number may come to be seen after a higher one.
            known = tuple(view.numbered())
        self._known = known
        return known
