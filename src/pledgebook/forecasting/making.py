"""Make a forecast: from what a book tells on a day, to distributions and what cannot be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pledgebook.forecasting.answering import outlook_of, ratio_of
from pledgebook.forecasting.assumptions import Range
from pledgebook.forecasting.coming import coming_of, pace_of
from pledgebook.forecasting.forecast import Caveat, Forecast, Measure, Source
from pledgebook.forecasting.fulfilment import FulfilmentModel, SpellSet, fit, spells_of
from pledgebook.forecasting.inputs import Inputs
from pledgebook.forecasting.levels import Level, assumed_level, find_level, source_of
from pledgebook.forecasting.output import apart, makers_of
from pledgebook.forecasting.request import Request
from pledgebook.forecasting.scenarios import Scenario, scenarios_named
from pledgebook.forecasting.series import Nature, SeriesBook, SeriesMeasure
from pledgebook.forecasting.subject import Subject, Supply, subject_of, supply_of
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.wording import commitment_line
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Prepared", "Told", "make_forecast", "prepare"]

_ID = re.compile(r"c[0-9a-f]{20}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a book tells on a day: its ledger, its series, and how its promises are kept."""

    ledger: Ledger
    book: SeriesBook
    catalogue: Catalogue
    spells: SpellSet
    model: FulfilmentModel

    @classmethod
    def of(cls, ledger: Ledger, book: SeriesBook, catalogue: Catalogue) -> Told:
        """Fit what is to be fitted, once for all forecasts of the day."""
        as_of = book.as_of
        spells = spells_of(ledger.commitments, ledger.entries, as_of)
        return cls(ledger, book, catalogue, spells, fit(spells, as_of))


def make_forecast(
    told: Told, request: Request, tell: Callable[[Commitment], str] = commitment_line
) -> Forecast:
    """Return the forecast that is asked for. Raises NotFoundError for an unknown item or party.

    `tell` names a commitment in words. What no report tells, and no assumption says, is left out
    and named in the caveats.
    """
    return prepare(told, request, tell).forecast()


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that the draws of a forecast need, worked out once, so that it can be played often.

    `caveats` are those of all courses, `apart` those of what only some need: by the name of the
    field of a scenario that says so. `tell` names a commitment in words.
    """

    inputs: Inputs
    supply: Supply
    caveats: tuple[Caveat, ...]
    apart: Mapping[str, tuple[Caveat, ...]]
    tell: Callable[[Commitment], str]

    def lacking(self, scenario: Scenario) -> Caveat | None:
        """Say why a scenario cannot be played at all; None where it can."""
        return _lacking(self.inputs, scenario)

    def playing(self, scenarios: Sequence[str], draws: int | None = None) -> Prepared:
        """Return the same for other scenarios and draws: what only those of the request need too.

        What a scenario needs that was not asked for at first is not known here: name all that are
        to be played when preparing. Raises UsageError.
        """
        inputs, wanted = self.inputs, scenarios_named(scenarios)
        request = replace(
            inputs.request, scenarios=tuple(scenarios), draws=draws or inputs.request.draws
        )
        return replace(
            self,
            inputs=replace(
                inputs,
                request=request,
                need=inputs.need if any(one.required for one in wanted) else None,
                pace=inputs.pace if any(one.continued for one in wanted) else None,
                arriving=inputs.arriving if any(one.paced for one in wanted) else None,
            ),
        )

    def forecast(self, *, moved: bool = True) -> Forecast:
        """Play the scenarios of the request; `moved` tells too what moves the answer most."""
        inputs = self.inputs
        request, subject, caveats = inputs.request, inputs.subject, [*self.caveats]
        wanted = scenarios_named(request.scenarios)
        for field, some in self.apart.items():
            if any(getattr(one, field) for one in wanted):
                caveats += some
        outlooks = {}
        for scenario in wanted:
            lacking = self.lacking(scenario)
            if lacking is None:
                outlooks[scenario.name] = outlook_of(inputs, scenario, moved=moved)
            else:
                caveats.append(lacking)
        caveats += _arriving(inputs)
        return Forecast(
            id=request.id,
            item=subject.item,
            item_name=subject.name,
            unit=subject.unit,
            recipient=subject.recipient,
            as_of=request.as_of,
            until=request.until,
            step=request.step,
            days=request.days,
            outlooks=outlooks,
            sources=_sources(inputs, self.supply, self.tell),
            expected=tuple(one.expected for one in inputs.coming),
            ratio=ratio_of(inputs),
            caveats=tuple(dict.fromkeys(caveats)),
            draws=request.draws,
            seed=request.seed,
            inputs=_words(inputs),
        )


def prepare(
    told: Told, request: Request, tell: Callable[[Commitment], str] = commitment_line
) -> Prepared:
    """Work out what the scenarios of a request need. Raises NotFoundError: item or party."""
    ledger, catalogue, assume = told.ledger, told.catalogue, request.assume
    known = [*ledger.commitments]
    entries = [*ledger.entries.values()]
    subject = subject_of(request.item, request.recipient, known, entries, catalogue)
    supply = supply_of(subject, known, catalogue, tell)
    caveats = list(supply.caveats)
    apart_from: dict[str, tuple[Caveat, ...]] = {}

    def level(own: Range | None, what: str, measure: SeriesMeasure) -> Level | None:
        if own is not None:
            return assumed_level(own, what)
        found, lacking = find_level(told.book, subject, measure, Nature.ACTUAL, request.as_of)
        caveats.extend(lacking if found is None else found.caveats)
        return found

    wanted = scenarios_named(request.scenarios)
    stock = level(assume.stock, "opening stock", SeriesMeasure.STOCK)
    use = level(assume.use, "use", SeriesMeasure.EXPENDITURE)
    need = None
    if any(one.required for one in wanted):
        nature = Nature.REQUIREMENT
        need, lacking = find_level(
            told.book, subject, SeriesMeasure.EXPENDITURE, nature, request.as_of
        )
        apart_from["required"] = lacking if need is None else need.caveats
    givers = [_code(name, catalogue) for name in assume.givers]
    makers = makers_of(told.book, subject, known, catalogue, request.as_of, givers)
    days = request.days
    coming = coming_of(supply, told.model, told.spells, request.as_of, days)
    pace = None
    if any(one.continued for one in wanted):
        pace = pace_of(supply, subject, told.model, request.as_of, days)
    arriving = None
    if any(one.paced for one in wanted):
        arriving, more = _arriving_at(told, subject)
        apart_from["paced"] = tuple(more)
    caveats += makers.caveats
    if coming or pace:
        names = {one.id: tell(one) for one in supply.made}
        caveats += [
            replace(one, about=names.get(one.about, one.about))
            for one in told.model.caveats
            if one.about in names or not _ID.fullmatch(one.about)
        ]
    made = Inputs(subject, request, stock, use, need, makers, coming, pace, arriving)
    return Prepared(made, supply, tuple(caveats), apart_from, tell)


def _arriving_at(told: Told, subject: Subject) -> tuple[Level | None, list[Caveat]]:
    """Return the rate at which the subject is told to be delivered to its recipient."""
    found = told.book.bearing_on(
        subject.item, measure=SeriesMeasure.DELIVERED, recipient=subject.recipient
    )
    usable = [one for one in (*found.own, *found.within) if one.key.unit == subject.unit]
    chosen, caveats = apart(usable, subject, told.catalogue)
    if not chosen:
        return None, caveats
    sources = tuple(source_of(one, told.book.as_of) for one in chosen)
    caveats += [caveat for one in chosen for caveat in one.caveats]
    return Level(tuple(chosen), sources=sources), caveats


def _code(name: str, catalogue: Catalogue) -> str:
    found = catalogue.find_party(name)
    return found.code if found is not None else name


def _lacking(inputs: Inputs, scenario: Scenario) -> Caveat | None:
    """Say why a scenario cannot be played at all."""
    about = f"the scenario {scenario.name}"
    if scenario.required and inputs.need is None:
        why = f"no report tells what {inputs.subject.recipient} says it needs at a rate"
        return Caveat(about, why, "Take surge=FACTOR, or --use")
    if scenario.continued and inputs.pace is None:
        why = "no promise of known size was made in the year before"
        return Caveat(about, why, "Take steady, or say with --assume what is to come")
    if scenario.paced and inputs.arriving is None:
        why = "no running totals or rates of deliveries are told"
        return Caveat(about, why, "Take continued, for the pace of promises")
    return None


def _arriving(inputs: Inputs) -> Iterator[Caveat]:
    assume = inputs.request.assume
    own = assume.works or assume.shelf or assume.reordering
    if not inputs.coming and not own and not assume.share_of_output:
        what = f"open promise of {inputs.subject.name} of known size"
        why = f"no {what} to {inputs.subject.recipient} is in the book: nothing is seen to come"
        mend = "That is not to say that nothing will: read more reports, or say what with --assume"
        yield Caveat("arrivals", why, mend, said=True)
    if inputs.makers.makers and not assume.share_of_output:
        why = "which part of what the givers make goes to the recipient is told by no report"
        mend = "Say it with --share-of-output; else output arrives only as far as it was promised"
        yield Caveat("arrivals from new output", why, mend, said=True)
    elif assume.share_of_output and inputs.coming:
        why = "open promises and a share of the output are both counted"
        mend = "Where promises are made from new output, leave --share-of-output out"
        yield Caveat("arrivals", why, mend, said=True)


def _sources(
    inputs: Inputs, supply: Supply, tell: Callable[[Commitment], str]
) -> dict[Measure, tuple[Source, ...]]:
    """Return what each measure rests on."""
    assume = inputs.request.assume
    named = {one.id: one for one in supply.made}
    coming = [
        Source("commitment", tell(named[one.expected.commitment]), one.expected.commitment)
        for one in inputs.coming
    ]
    if inputs.pace is not None:
        coming += [Source("commitment", tell(named[one]), one) for one in inputs.pace.promises]
    if inputs.arriving is not None:
        coming += inputs.arriving.sources
    assumed = []
    if assume.share_of_output:
        says = f"{assume.share_of_output:.0%} of the output, as you said"
        assumed += [Source("assumption", says), *inputs.makers.sources]
    for name, told in (("shelf", assume.shelf), ("works", assume.works)):
        assumed += [Source("assumption", f"{name} {_name(one)}, as you said") for one in told]
    if assume.reordering is not None:
        assumed.append(Source("assumption", "reordering, as you said"))
    stock = inputs.stock.sources if inputs.stock else ()
    use = (*(inputs.use.sources if inputs.use else ()),)
    if inputs.need is not None:
        use += inputs.need.sources
    use += tuple(Source("assumption", f"event {one.name}, as you said") for one in assume.event)
    arrivals = tuple(dict.fromkeys([*coming, *assumed]))
    everything = tuple(dict.fromkeys([*stock, *use, *arrivals]))
    return {
        Measure.ARRIVALS: arrivals,
        Measure.OUTPUT: inputs.makers.sources,
        Measure.WANTED: use,
        Measure.NEEDED: tuple(dict.fromkeys([*use, *arrivals])),
        **dict.fromkeys(
            (Measure.STOCK, Measure.DAYS_OF_SUPPLY, Measure.USE, Measure.GAP), everything
        ),
    }


def _name(assumed: object) -> str:
    return str(getattr(assumed, "party", None) or getattr(assumed, "name", ""))


def _words(inputs: Inputs) -> dict[str, str]:
    """Return what was put in, in words."""

    def said(level: Level | None) -> str:
        return "unknown" if level is None else "; ".join(one.says for one in level.sources)

    words = {"opening stock": said(inputs.stock), "use": said(inputs.use)}
    if inputs.need is not None:
        words["need"] = said(inputs.need)
    words["open promises"] = str(len(inputs.coming))
    for name, value in inputs.request.assume:
        if value is not None and value != () and name not in ("stock", "use") and value:
            words[f"assumed {name.replace('_', ' ')}"] = _told(value)
    return words


def _told(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(_told, value))
    return str(value)
