"""What the model of fulfilment is learned from: the reports of the book, or an imported release."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.fulfilment import FulfilmentModel, SpellSet, fit, spells_of_rows
from pledgebook.ledger.release_view import StoredRelease
from pledgebook.ledger.store import Store

__all__ = ["REPORTS", "Learned", "model_of", "release_known"]

REPORTS = "the reports of this book"
"""What a model is learned from unless a release is named."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A fitted model with what it was fitted on.

    `says` names the data in words. `release` is the imported release whose rows were taken, None
    for the reports of the book. `caveats` say what the data do not hold, `unused` which promises or
    rows give no time, and why; these are `about` the id of a commitment or of a row's document.
    """

    model: FulfilmentModel
    says: str
    release: StoredRelease | None
    caveats: tuple[Caveat, ...]
    unused: tuple[Caveat, ...]

    @classmethod
    def of(
        cls,
        model: FulfilmentModel,
        spells: SpellSet,
        says: str = REPORTS,
        release: StoredRelease | None = None,
    ) -> Learned:
        """Return a model that was fitted on some spells."""
        single = {one.commitment for one in spells} | {one.about for one in spells.caveats}
        return cls(
            model,
            says,
            release,
            tuple(one for one in model.caveats if one.about not in single),
            tuple(one for one in model.caveats if one.about in single),
        )


def model_of(
    spells: SpellSet,
    as_of: dt.date,
    *,
    store: Store | None = None,
    release: str | None = None,
) -> Learned:
    """Fit how promises are kept on what was known on a day.

    Without `release` it is fitted on `spells`, which are those of the book's reports. `release`
    names a data set ("kiel", of which the newest release of that day is taken) or one release: its
    rows are then taken in their place, and never beside them, since both tell of the same promises.
    Raises NotFoundError where there is no such release, UsageError where it came out later, or none
    of its rows gives the day of a promise.
    """
    if release is None:
        return Learned.of(fit(spells, as_of), spells)
    if store is None:
        raise UsageError("a release is kept in a book", mend="Give the store of the book")
    found = release_known(store, release, as_of)
    rows = spells_of_rows(store.release_entries(found.id), found.day)
    if not rows.spells:
        raise UsageError(
            f"no row of the release {found.name} tells when something was promised",
            mend="Take a data set with dated promises, such as the Kiel workbook",
        )
    learned = Learned.of(
        fit(rows, as_of),
        rows,
        f"the release {found.name} of {found.dataset} (to {found.day})",
        found,
    )
    why = (
        f"how late and how seldom deliveries are told of is that of {found.dataset}, not of the "
        "reports of this book: what may have come without a report rests on it"
    )
    other = Caveat("what is here now, unreported", why, said=True)
    return replace(learned, caveats=(*learned.caveats, other))


def release_known(store: Store, named: str, as_of: dt.date) -> StoredRelease:
    """Return a release that had come out by a day: of a data set, the newest one of that day.

    Raises NotFoundError where none is called so, UsageError where it came out later.
    """
    for one in store.releases(dataset=named, as_of=as_of):
        if one.current:
            return one
    try:
        found = store.release(named)
    except NotFoundError as error:
        names = sorted({one.dataset for one in store.releases()})
        mend = f"Imported are: {', '.join(names)}" if names else "See `pledgebook import`"
        raise NotFoundError(error.what, mend=mend) from error
    if found.day > as_of:
        raise UsageError(
            f"the release {found.name} tells up to {found.day}, later than {as_of}",
            mend="Give a later --as-of, or an earlier release",
        )
    return found
