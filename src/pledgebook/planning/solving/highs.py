"""HiGHS, thinly wrapped: a whole program in as arrays, an answer with its status out.

Each run has a thread of its own. So Ctrl-C reaches the caller at once and the best plan so far is
given back; and the number of threads may differ from run to run: HiGHS keeps its workers by the
thread that calls it, and would refuse another number in the same one until it is reset.

An answer has values only where HiGHS says that they are feasible; a status that says nothing
("unknown") is an error here and never a plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import highspy
import numpy as np
from numpy.typing import NDArray

from pledgebook.errors import PledgebookError
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.solving.background import in_background

__all__ = ["Answer", "Ending", "Progress", "SolverError", "optimise"]

Floats = NDArray[np.float64]
Option = bool | int | float | str


_SAME = 1e-6
"""Costs that are no further apart than this share are the same."""

_NONE_AT_ALL = (
    highspy.HighsModelStatus.kInfeasible,
    # No cost is below zero, so that no problem of ours is unbounded.
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


class SolverError(PledgebookError):
    """The solver gave no usable answer; this is a fault of ours or of the solver."""


class Ending(StrEnum):
    """How a run ended."""

    OPTIMAL = "optimal"
    """Within the gap asked for."""
    TIME = "time"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search stands: seconds, what no plan can go below, the best plan, their distance.

    `incumbent` is `inf` and `gap` too while there is no plan.
    """

    seconds: float
    bound: float
    incumbent: float

    @property
    def gap(self) -> float:
        """The relative distance of the two."""
        if not np.isfinite(self.incumbent):
            return np.inf
        apart = self.incumbent - self.bound
        return apart / abs(self.incumbent) if self.incumbent else float(apart != 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What HiGHS found, in the problem's units; `values` is None where it has found no plan.

    The duals are those of a linear program, per row and per column (reduced costs): the change of
    the objective for one more unit of the bound that binds.
    """

    ending: Ending
    values: Floats | None
    objective: float
    bound: float
    seconds: float
    row_duals: Floats | None = None
    column_duals: Floats | None = None


class _Quiet(highspy.Highs):
    """HiGHS without its word on the terminal, which it else says as soon as it is made."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> highspy.HighsStatus:  # noqa: N802 - the name is HiGHS's.
        self.setOptionValue("output_flag", False)
        return cast("highspy.HighsStatus", super().enableCallbacks())  # type: ignore[no-untyped-call]


def optimise(
    program: Formulation,
    *,
    gap: float = 0.0,
    time_limit: float | None = None,
    threads: int = 1,
    relaxed: bool = False,
    start: Floats | None = None,
    good_enough: float = -np.inf,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    options: Mapping[str, Option] | None = None,
) -> Answer:
    """Solve a program to a relative `gap`, or until the limit in seconds, `cancel` or Ctrl-C.

    `relaxed` leaves out that columns must be whole. `start` is a plan to begin with, columns of NaN
    left to the solver; a plan that costs no more than `good_enough` ends the search. `cancel` is
    asked now and then and ends the run by True. After Ctrl-C the ending is STOPPED and no
    exception is raised.
    """
    began = time.monotonic()
    scaled = program.scaled()
    mixed = bool(program.integer.any()) and not relaxed
    asked: dict[str, Option] = {"threads": threads, "mip_rel_gap": gap, "mip_abs_gap": 1e-9}
    if np.isfinite(good_enough) and mixed:
        asked["objective_target"] = good_enough / program.money
    asked.update(options or {})

    def attempt(start: Floats | None, **more: Option) -> Answer:
        solver = _loaded(scaled, mixed)
        _set(solver, {**asked, **more})
        if time_limit is not None:
            left = time_limit - (time.monotonic() - began)
            _set(solver, {"time_limit": max(left, 0.01)})
        if start is not None and mixed:
            known = np.flatnonzero(~np.isnan(start))
            solver.setSolution(
                len(known), known.astype(np.int32), (start / program.column_unit)[known]
            )
        _run(solver, began, program.money, progress, cancel)
        return _answer(solver, program, mixed=mixed, began=began)

    answer = attempt(start)
    if not _agrees(answer, program):
        # HiGHS 1.16 has been seen to give back the start in place of what it found.
        answer = attempt(None, presolve="off")
        if not _agrees(answer, program):
            raise SolverError(
                "HiGHS gives values that do not cost what it says",
                mend="report it with the scenario",
            )
    return answer


def _agrees(answer: Answer, program: Formulation) -> bool:
    """Return whether the values of an answer cost what it says."""
    if answer.values is None:
        return True
    apart = abs(program.cost @ answer.values + program.offset - answer.objective)
    return bool(apart <= _SAME * (abs(answer.objective) + program.money))


def _loaded(scaled: Formulation, mixed: bool) -> highspy.Highs:
    solver = _Quiet()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = scaled.matrix.shape
    model.offset_ = scaled.offset
    model.col_cost_ = scaled.cost
    model.col_lower_ = scaled.lower
    model.col_upper_ = scaled.upper
    model.row_lower_ = scaled.row_lower
    model.row_upper_ = scaled.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.num_row_, model.a_matrix_.num_col_ = scaled.matrix.shape
    model.a_matrix_.start_ = scaled.matrix.indptr
    model.a_matrix_.index_ = scaled.matrix.indices
    model.a_matrix_.value_ = scaled.matrix.data
    if mixed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(whole)] for whole in scaled.integer]
    if solver.passModel(model) == highspy.HighsStatus.kError:
        raise SolverError("HiGHS does not take the model", mend="report it with the scenario")
    return solver


def _set(solver: highspy.Highs, options: Mapping[str, Option]) -> None:
    for name, value in options.items():
        if solver.setOptionValue(name, value) == highspy.HighsStatus.kError:
            raise SolverError(f"HiGHS has no option {name} that takes {value!r}")


def _run(
    solver: highspy.Highs,
    began: float,
    money: float,
    progress: Callable[[Progress], None] | None,
    cancel: Callable[[], bool] | None,
) -> None:
    """Run the solver in the background, tell of its progress, and stop it when told to."""
    now: list[Progress] = []
    known = [(-np.inf, np.inf)]

    def work(stopped: Callable[[], bool]) -> None:
        def look(event: highspy.HighsCallbackEvent) -> None:
            if stopped():
                event.interrupt()

        def heard(event: highspy.HighsCallbackEvent) -> None:
            out = event.data_out
            seconds = time.monotonic() - began
            state = Progress(seconds, out.mip_dual_bound * money, out.mip_primal_bound * money)
            if (state.bound, state.incumbent) != known[0]:
                known[0] = (state.bound, state.incumbent)
                now.append(state)
            look(event)

        for callback in (solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
            callback.subscribe(look)
        for callback in (solver.cbMipInterrupt, solver.cbMipLogging, solver.cbMipImprovingSolution):
            callback.subscribe(heard)
        try:
            solver.run()
            if solver.getModelStatus() in _NONE_AT_ALL:
                # HiGHS 1.16 has been seen to lose every plan in presolve: it must say so twice.
                _set(solver, {"presolve": "off"})
                solver.clearSolver()
                solver.run()
        finally:
            for callback in (solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
                callback.unsubscribe(look)

    def tell() -> None:
        if now and progress is not None:
            progress(now[-1])
            now.clear()

    in_background(work, tell=tell, cancel=cancel)


def _answer(solver: highspy.Highs, program: Formulation, *, mixed: bool, began: float) -> Answer:
    status = solver.getModelStatus()
    endings = highspy.HighsModelStatus
    info = solver.getInfo()
    ending = {
        endings.kOptimal: Ending.OPTIMAL,
        endings.kObjectiveTarget: Ending.OPTIMAL,
        endings.kTimeLimit: Ending.TIME,
        endings.kInterrupt: Ending.STOPPED,
        endings.kModelEmpty: Ending.OPTIMAL,
        **dict.fromkeys(_NONE_AT_ALL, Ending.INFEASIBLE),
    }.get(status)
    if ending is None:
        raise SolverError(
            f"HiGHS ended with {solver.modelStatusToString(status)!r}, which is no answer",
            mend="report it with the scenario",
        )
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    feasible = feasible or ending is Ending.OPTIMAL
    found = feasible and ending is not Ending.INFEASIBLE and (mixed or ending is Ending.OPTIMAL)
    solution = solver.getSolution()
    values = row_duals = column_duals = None
    objective, bound = np.inf, -np.inf
    if found:
        values = np.asarray(solution.col_value, float) * program.column_unit
        objective = info.objective_function_value * program.money
        bound = objective
    if mixed and ending is not Ending.INFEASIBLE:
        bound = info.mip_dual_bound * program.money
    if not mixed and found and solution.dual_valid:
        row_duals = np.asarray(solution.row_dual, float) * program.money / program.row_unit
        column_duals = np.asarray(solution.col_dual, float) * program.money / program.column_unit
    if ending is Ending.INFEASIBLE:
        bound = np.inf
    return Answer(
        ending, values, objective, bound, time.monotonic() - began, row_duals, column_duals
    )
