"""The desk at which people code: what is to be read, what a person made of it, how far two agree.

What a person did is kept as judgements and nothing else; all that is here follows from them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.anchoring import alike
from pledgebook.ledger.coding.additions import addition, new_statement, only_additions, twin
from pledgebook.ledger.coding.agreement import Agreement, agreement_of
from pledgebook.ledger.coding.coding import Coding, last_coded, make_coding, wanted_of_old
from pledgebook.ledger.coding.people import People
from pledgebook.ledger.coding.queue import Queue, Ranking
from pledgebook.ledger.coding.readers import Differing
from pledgebook.ledger.coding.view import CodingView
from pledgebook.ledger.judgements import Judgement, Subject, Verdict, in_force
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import who
from pledgebook.ledger.records import Entry
from pledgebook.ledger.store import Clock, Store

__all__ = ["Coder", "CodingDesk", "Signed"]

_FEW = 8


class Signed(TypedDict, total=False):
    """Who decides (by default your login), and why."""

    by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who judged: how often, when last, and the documents that they are done with."""

    name: str
    judgements: int
    last: dt.datetime
    documents: tuple[str, ...]


class CodingDesk:
    """Codings of a book. `ledger` gives the ledger of today when it is asked for."""

    def __init__(self, store: Store, ledger: Callable[[], Ledger], clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._people = People(store)
        self._differing: tuple[int, Mapping[str, Differing]] | None = None
        self._ranked: tuple[Ledger, tuple[int, ...], Ranking] | None = None

    # What to read next

    def queue(
        self,
        by: str | None = None,
        *,
        blind: bool = False,
        ledger: Ledger | None = None,
        ranking: Ranking | None = None,
    ) -> Queue:
        """Return what a person is not done with, what matters most to check first.

        A blind person is not told where others decided differently. `ledger` is by default that of
        today; what people did is always as it is now. `ranking` is an order made before.
        """
        ranking = ranking or self.ranking(ledger or self._ledger())
        return ranking.queue(who(by), self._people.by_document(), blind=blind)

    def ranking(self, ledger: Ledger) -> Ranking:
        """Return the order for a ledger; it is kept for as long as nothing was read since."""
        activations, _, *hidden = self._store.version()
        read = (activations, *hidden)
        kept = self._ranked
        if kept is not None and kept[0] is ledger and kept[1] == read:
            return kept[2]
        with self._store.database.reading() as connection:
            view = CodingView(connection)
            shown = view.days()
            differing = self._differing
            if differing is None or differing[0] != activations:
                differing = self._differing = (activations, view.differing())
        ranking = Ranking(ledger, shown, differing[1])
        self._ranked = (ledger, read, ranking)
        return ranking

    # Coding

    def of(self, document: str, by: str | None = None) -> Coding:
        """Return a document as a person sees or coded it: the machine's reading and their own.

        `document` is an id or an unambiguous beginning of one; `by` is by default your login.
        Raises NotFoundError, UsageError.
        """
        name = self._document(document)
        return self.codings(who(by), [name])[0]

    def codings(self, by: str, documents: Sequence[str]) -> list[Coding]:
        """Return the codings of some documents by a person, in that order; ids are whole."""
        with self._store.database.reading() as connection:
            view = CodingView(connection)
            machine: dict[str, list[Entry]] = defaultdict(list)
            for entry in view.entries(None, only=documents):
                machine[entry.document].append(entry)
            made = self._judgements(view, documents)
            mine = [one for one in made if one.by == by]
            added: dict[str, list[Entry]] = defaultdict(list)
            for entry in view.added(only_additions(mine)):
                added[entry.document].append(entry)
            for name, own in added.items():
                # What they found first stays theirs when a machine finds it too.
                others = [one for one in machine[name] if twin(one.statement, own) is None]
                machine[name] = [*others, *own]
            about: dict[str, list[Judgement]] = defaultdict(list)
            for one in mine:
                for name in {subject.document for subject in one.subjects}:
                    about[name].append(one)
            wanted = {
                statement
                for name in documents
                for statement in wanted_of_old(by, name, machine[name], about[name])
            }
            old = view.old_entries(wanted) if wanted else {}
        return [make_coding(by, name, machine[name], about[name], old) for name in documents]

    @staticmethod
    def _judgements(view: CodingView, documents: Sequence[str]) -> list[Judgement]:
        """Return the judgements in force about some documents, anchored to them."""
        if len(documents) <= _FEW:
            return in_force(view.about(documents))
        return in_force(view.about_many(documents))

    def add(
        self,
        document: str,
        start: int,
        end: int,
        fields: Mapping[str, Any],
        *,
        by: str | None = None,
        note: str = "",
    ) -> Judgement:
        """Add a statement that the machine missed: what `text[start:end]` says, in all its fields.

        Its id is that of the judgement's one subject. Raises UsageError where the span is no piece
        of the text, the coding book refuses the fields, or the statement is there already.
        """
        name, signer = self._document(document), who(by)
        text = self.text(name)
        statement = new_statement(name, text, start, end, fields, signer)
        known = [one.as_read for one in self.of(name, signer).statements]
        there = twin(statement, known)
        if there is not None:
            raise UsageError(
                f"{there.id} says the same of these words already",
                mend="Accept that statement, or take back what was judged of it",
            )
        judgement = addition(statement, by=signer, note=note, made_at=self._clock())
        self._store.judge(judgement)
        return judgement

    def judge(
        self,
        kind: Verdict | str,
        document: str,
        statement: str,
        *,
        by: str | None = None,
        note: str = "",
        changes: Mapping[str, Any] | None = None,
    ) -> Judgement:
        """Record that a person holds a statement of a document right or wrong, or corrects it.

        It is found in this person's own view: also where somebody else judged it wrong. No ledger
        is made for it. `kind` is "accepted", "wrong" or "corrected" (with `changes`, field to
        value). Raises UsageError, NotFoundError.
        """
        if kind not in (Verdict.ACCEPTED, Verdict.WRONG, Verdict.CORRECTED):
            raise UsageError(
                f"{str(kind)!r} is nothing to say of one statement",
                mend="One of: accepted, wrong, corrected",
            )
        coding = self.of(document, by)
        found = next((one for one in coding.statements if one.id == statement), None)
        if found is None:
            raise NotFoundError(
                f"{statement} is no statement of {coding.document} as {coding.by} sees it",
                mend="Give the id of one that is shown",
            )
        judgement = Judgement.make(
            Verdict(kind),
            [[found.as_read]],
            by=coding.by,
            note=note,
            made_at=self._clock(),
            changes=changes,
        )
        self._store.judge(judgement)
        return judgement

    def finish(self, document: str, *, by: str | None = None, note: str = "") -> Judgement:
        """Say that a person is done with a document: what stands now is their coding of it.

        Where they said so and have changed nothing since, that judgement is returned again.
        """
        name, signer = self._document(document), who(by)
        length = len(self.text(name))
        coding = self.of(name, signer)
        subjects = [Subject.whole(name, length)]
        subjects += [Subject.of(one.as_read, 0) for one in coding.standing]
        if coding.done is not None:
            before = next(one for one in self._in_force(name) if one.id == coding.done)
            if {one.statement for one in before.subjects} == {one.statement for one in subjects}:
                return before
        judgement = Judgement.signed(
            Verdict.CODED, subjects, by=signer, note=note, made_at=self._clock(), changes={}
        )
        self._store.judge(judgement)
        return judgement

    def reopen(self, document: str, *, by: str | None = None, note: str = "") -> list[Judgement]:
        """Take back that a person is done with a document; what they judged stays.

        Raises UsageError where they are not done with it.
        """
        name, signer = self._document(document), who(by)
        made = self._in_force(name)
        back = []
        while (last := last_coded(signer, name, made)) is not None:
            revocation = last.revocation(by=signer, note=note, made_at=self._clock())
            self._store.judge(revocation)
            back.append(revocation)
            made.remove(last)
        if not back:
            raise UsageError(f"{signer} is not done with {name}", mend="There is nothing to reopen")
        return back

    def _in_force(self, document: str) -> list[Judgement]:
        with self._store.database.reading() as connection:
            return in_force(CodingView(connection).about([document]))

    # People

    def coders(self) -> list[Coder]:
        """Return who judged anything, in the order of their names."""
        with self._store.database.reading() as connection:
            view = CodingView(connection)
            made = in_force(view.judgements())
            names = {subject.document for one in made for subject in one.subjects}
            shown = view.shown(names | alike(connection, names)) if names else {}
            moved = view.anchored([one for one in made if one.kind is Verdict.CODED], shown)
        done: dict[str, set[str]] = defaultdict(set)
        for one in moved:
            done[one.by].update(
                subject.document
                for subject in one.subjects
                if subject.is_whole and subject.document in shown
            )
        by_name: dict[str, list[Judgement]] = defaultdict(list)
        for one in made:
            by_name[one.by].append(one)
        return [
            Coder(name, len(some), max(one.made_at for one in some), tuple(sorted(done[name])))
            for name, some in sorted(by_name.items())
        ]

    def agreement(self, one: str, other: str, *, draws: int = 1000, seed: int = 1) -> Agreement:
        """Tell how far two people agree on the documents that both are done with.

        `draws` and `seed` make the intervals again. Raises NotFoundError for a person who judged
        nothing, UsageError where there is no document that both are done with.
        """
        if one == other:
            raise UsageError(f"{one} agrees with {one}", mend="Name two people")
        done = self.done_by([one, other])
        both = sorted(set(done[one]) & set(done[other]))
        if not both:
            raise UsageError(
                f"there is no document that both {one} and {other} are done with",
                mend="Both say so of a document with `pledgebook judge coded`",
            )
        texts = {name: found.text for name, found in self._store.texts(both).items()}
        here, there = self.codings(one, both), self.codings(other, both)
        return agreement_of(here, there, texts, draws=draws, seed=seed)

    def done(self, by: str) -> tuple[str, ...]:
        """Return the ids of the documents that a person is done with, sorted."""
        found: Iterable[tuple[str, ...]] = (
            one.documents for one in self.coders() if one.name == by
        )
        return next(iter(found), ())

    def done_by(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the documents that each of some people is done with. Raises NotFoundError."""
        known = {one.name: one.documents for one in self.coders()}
        for name in names:
            if name not in known:
                listed = ", ".join(known) or "nobody yet"
                raise NotFoundError(
                    f"nobody called {name!r} has judged anything here", mend=f"There is: {listed}"
                )
        return {name: known[name] for name in names}

    def _document(self, prefix: str) -> str:
        text = prefix.strip().casefold()
        found = self._store.ids(text) if text.startswith("d") else []
        if not found:
            raise NotFoundError(f"{prefix} is no document", mend="Give an id that begins with d")
        if len(found) > 1 and text not in found:
            raise UsageError(f"{prefix} begins {len(found)} ids", mend="Give more of it")
        return text if text in found else found[0]

    def text(self, document: str) -> str:
        """Return the text of a document by its whole id. Raises UsageError where it is hidden."""
        found = self._store.document(document)
        if found.state != "shown":
            raise UsageError(
                f"document {document} is {found.state}", mend="Code one that counts in the book"
            )
        return found.text
