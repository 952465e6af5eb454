"""Plans for scenarios: asked for by file, with or without a book, and opened by id."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack

from pledgebook.errors import UsageError
from pledgebook.forecasting.asking import Forecaster
from pledgebook.forecasting.making import Told
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.moments import Day, to_day
from pledgebook.ledger.opening import Opening
from pledgebook.planning.answer import PlanAnswer, without_a_plan
from pledgebook.planning.citing import Citation, parse_plan_id
from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.explaining.changes import changes_for
from pledgebook.planning.explaining.comparing import compare_plans
from pledgebook.planning.explaining.explain import explain
from pledgebook.planning.explaining.frontier import frontier
from pledgebook.planning.formulating.validating import validate
from pledgebook.planning.opening import PlanOpening
from pledgebook.planning.scenario.loading import ScenarioFile, load_scenario
from pledgebook.planning.scenario.starting import start_scenario
from pledgebook.planning.solving.highs import Progress
from pledgebook.planning.solving.solve import Solved, solve_whole
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Planner", "Planning", "Wishes", "answer_of"]

_SECONDS_FOR_CHANGES = 15.0


def _say_nothing(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a plan is looked for.

    `gap` is the proved distance to the best that is enough, `time_limit` in seconds, `frontier`
    how many points of spending against shortage, none for 0, `changes` whether those are looked
    for that would close the gaps. `progress` hears how the search goes,
    `stage` what is being done; `cancel` ends it by True.
    """

    gap: float = 0.01
    time_limit: float | None = None
    threads: int = 1
    frontier: int = 0
    changes: bool = True
    progress: Callable[[Progress], None] | None = None
    cancel: Callable[[], bool] | None = None
    stage: Callable[[str], None] = _say_nothing

    def __post_init__(self) -> None:
        if not 0 <= self.gap < 1:
            raise UsageError(
                f"a gap of {self.gap:g} cannot be proved", mend="Give a share such as 0.01: 1 %"
            )
        if self.time_limit is not None and not self.time_limit > 0:
            raise UsageError("the time limit must be above zero", mend="Give seconds")
        if self.threads < 1:
            raise UsageError("there must be a thread to work with", mend="Give 1 or more")
        if self.frontier < 0 or self.frontier == 1:
            raise UsageError("a frontier has two points or more", mend="Give 2 or more; 8 will do")


class Planning(TypedDict, total=False):
    """How `Book.plan` is asked: `Wishes`, and another scenario to compare with.

    `as_of` is the day up to which the book tells.
    """

    as_of: Day | None
    compare: Path | str | None
    gap: float
    time_limit: float | None
    threads: int
    frontier: int
    changes: bool
    progress: Callable[[Progress], None] | None
    cancel: Callable[[], bool] | None
    stage: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes and opens plans. `forecaster` tells what a book knows; None where there is no book."""

    catalogue: Catalogue
    forecaster: Forecaster | None = None

    def plan(self, path: Path | str, **how: Unpack[Planning]) -> PlanAnswer:
        """Return the plan for a scenario file.

        Raises UsageError, with all faults of the file, before any solving.
        """
        day, other = how.pop("as_of", None), how.pop("compare", None)
        wishes = Wishes(**how)  # type: ignore[misc] # what is left are its fields
        compiled, as_of = self.compile(path, day)
        second = self.compile(other, day) if other is not None else None
        found = answer_of(compiled, wishes, as_of)
        if second is None:
            return found
        beside = answer_of(second[0], replace(wishes, frontier=0), second[1])
        if not (found.found and beside.found):
            return replace(found, other=beside)
        compared = compare_plans((found.compiled, found.plan), (beside.compiled, beside.plan))
        return replace(found, other=beside, compared=compared)

    def compile(
        self, path: Path | str, as_of: Day | None = None
    ) -> tuple[Compiled, dt.date | None]:
        """Return a scenario as a problem, and the day up to which the book tells of it.

        That is the first day of the horizon, so that no plan knows what came later, unless
        another day is given, or the horizon begins after all that the book tells.
        """
        file = load_scenario(path)
        if self.forecaster is None:
            return compile_scenario(file, self.catalogue), None
        day = to_day(as_of) or min(_first_day(file), self.forecaster.ledger().today)
        told = self.forecaster.told(day)
        return compile_scenario(file, self.catalogue, told), day

    def start(
        self,
        items: Sequence[str],
        recipient: str,
        until: Day,
        *,
        as_of: Day | None = None,
    ) -> str:
        """Return a scenario file to begin with, from what the book tells. Raises UsageError."""
        if self.forecaster is None:
            raise UsageError("a scenario is begun from a book", mend="Name one with --db")
        told: Told = self.forecaster.told(to_day(as_of))
        place = self.forecaster.store.place
        return start_scenario(told, items=items, recipient=recipient, until=until, source=place)

    def why(self, text: str) -> Explanation:
        """Open the id of a plan or of a part of it; the plan is made again.

        Raises UsageError, NotFoundError.
        """
        citation: Citation = parse_plan_id(text)
        found = self.plan(citation.file, gap=citation.gap, as_of=citation.as_of, changes=False)
        return PlanOpening(found, self._opener(found.as_of)).part(citation)

    def _opener(self, as_of: dt.date | None) -> Callable[[str], Explanation] | None:
        forecaster = self.forecaster
        if forecaster is None:
            return None

        def opened(name: str) -> Explanation:
            if name.startswith(("forecast:", "t")):
                return forecaster.why(name, as_of=as_of)
            ledger = forecaster.ledger(as_of=as_of)
            return Opening(ledger, forecaster.store, forecaster.catalogue).why(name)

        return opened


def answer_of(
    compiled: Compiled, wishes: Wishes | None = None, as_of: dt.date | None = None
) -> PlanAnswer:
    """Return the plan for a compiled scenario, explained. Ctrl-C ends the step that goes on.

    After Ctrl-C, or past the time limit, the best plan so far comes back, with its gap.
    """
    wishes = wishes or Wishes()
    problem = compiled.problem
    validate(problem)
    wishes.stage("looking at what is there")
    before = without_a_plan(problem)
    wishes.stage("looking for a plan")
    solved = solve_whole(
        problem,
        gap=wishes.gap,
        time_limit=wishes.time_limit,
        threads=wishes.threads,
        progress=wishes.progress,
        cancel=wishes.cancel,
    )
    found = PlanAnswer(compiled, solved.plan, before, wishes.gap, as_of)
    if not found.found:
        return replace(found, before=())
    wishes.stage("explaining it")
    with contextlib.suppress(KeyboardInterrupt):
        for step in (_explained, _with_changes, _with_frontier):
            found = step(found, solved, wishes)
    return found


def _explained(found: PlanAnswer, solved: Solved, _: Wishes) -> PlanAnswer:
    reasons = explain(solved, found.words)
    return replace(found, plan=replace(found.plan, reasons=reasons))


def _with_changes(found: PlanAnswer, _: Solved, wishes: Wishes) -> PlanAnswer:
    if not found.plan.reasons or not wishes.changes:
        return found
    wishes.stage("looking for changes that would close the gaps")
    changes = changes_for(
        found.plan,
        found.plan.reasons,
        found.words,
        seconds=min(_SECONDS_FOR_CHANGES, wishes.time_limit or _SECONDS_FOR_CHANGES),
        threads=wishes.threads,
        cancel=wishes.cancel,
    )
    return replace(found, plan=replace(found.plan, changes=changes))


def _with_frontier(found: PlanAnswer, _: Solved, wishes: Wishes) -> PlanAnswer:
    if not wishes.frontier:
        return found
    wishes.stage("looking for the frontier")
    curve = frontier(
        found.problem,
        wishes.frontier,
        gap=wishes.gap,
        time_limit=wishes.time_limit,
        threads=wishes.threads,
        progress=wishes.progress,
        cancel=wishes.cancel,
    )
    return replace(found, frontier=curve)


def _first_day(file: ScenarioFile) -> dt.date:
    year, month = divmod(file.scenario.horizon.first, 12)
    return dt.date(year, month + 1, 1)
