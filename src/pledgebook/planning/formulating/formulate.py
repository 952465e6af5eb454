"""A planning problem as a mixed-integer linear program, built in bulk.

What keeps it small and its relaxation tight is told in docs/plan-model.md: what cannot be told
apart is one column, what is not held or would come too late has none, and every yes-or-no column
is tied to what it opens by the tightest bound that the problem gives.
"""

from __future__ import annotations

from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.formulating.frame import Frame, Strength
from pledgebook.planning.formulating.lines import add_lines
from pledgebook.planning.formulating.money import add_money
from pledgebook.planning.formulating.shelves import add_shelves
from pledgebook.planning.formulating.tiers import add_tiers
from pledgebook.planning.formulating.use import add_transport, add_use
from pledgebook.planning.problem import Problem

__all__ = ["Strength", "formulate"]


def formulate(problem: Problem, strength: Strength | None = None) -> Formulation:
    """Return the program whose optimum is the best plan of a problem that has been validated.

    Columns by kind, shapes with the names of the first axis first: "draw" (pools x stocks, steps),
    "order" (lines x stocks, steps) at the lines' own terms, "call" (contracts x stocks, steps),
    "pay" (donors x lines and contracts, years), "expand" (expansions, steps looked at), "restart"
    (lines, steps looked at), "sign" (contracts,), "run" (lines, steps), "tier" and "tier open"
    (lines with tiers, periods, tiers), and by case "stock" (cases, stocks, steps), "short" (cases,
    pieces of all needs in turn, steps), "serve" (cases, pairs, steps). `strength` leaves out valid
    inequalities, to measure what they are worth.
    """
    frame = Frame(problem, strength or Strength())
    add_shelves(frame)
    lines = add_lines(frame)
    add_tiers(frame, lines)
    add_money(frame)
    add_use(frame)
    add_transport(frame)
    return frame.builder.build(frame.money)
