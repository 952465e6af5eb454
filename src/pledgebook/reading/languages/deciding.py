"""Kind, status and scope of what a clause says, from its actions and small words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.reading.languages.clauses import Action, Clause
from pledgebook.reading.languages.mentions import Marked

__all__ = ["GIVING", "Verdict", "decide", "is_home", "is_poll"]

GIVING = frozenset({"pledge", "delivery", "refusal", "training"})
_ACTS = ("give", "receive", "arrive", "order", "make", "use", "hold", "train")
_KINDS = {
    "order": "contract",
    "make": "production",
    "use": "expenditure",
    "hold": "stock",
    "train": "training",
}
_MODES = frozenset({"promise", "ask", "refuse", "plan", "maybe", "done"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a clause says of an anchor; `family` is that of the action that says it.

    `passive` tells that the subject is what is given, `ahead` that it is still to come.
    """

    kind: str
    status: str
    scope: str
    family: str = ""
    passive: bool = False
    ahead: bool = False


def decide(
    marked: Marked, clause: Clause, governor: Clause | None, first: int, last: int
) -> Verdict | None:
    """Return what a clause says of what stands at `tokens[first:last]`, or None for nothing.

    `governor` is the clause before it, for infinitives and clauses that depend on it.
    """
    actions = [a for a in clause.actions if not _is_source(marked, a)]
    acts = [a for a in actions if a.family in _ACTS]
    if any(a.form != "noun" and a.family in ("give", "promise") for a in actions):
        acts = [a for a in acts if not _is_purpose(marked, a)]
    act = _nearest(acts, first, last)
    battle = _nearest([a for a in actions if a.family == "battle"], first, last)
    if battle is not None and (act is None or _cost(battle, first, last) < _cost(act, first, last)):
        return None
    modes = {a.family: a for a in actions if a.family in _MODES and a.form != "adj"}
    borrowed = _borrowed(clause, governor, act)
    for name, mode in borrowed.items():
        modes.setdefault(name, mode)
    denied = _denied(marked, clause, act, modes)
    past = act is not None and _is_past(marked, clause, act)
    future = _is_future(marked, clause, act)
    if act is not None and act.form == "noun":
        # "die Produktion wird 300 erreichen"
        future = future or any(a.family == "level" and a.form in ("fut", "inf") for a in actions)
    passive = act is not None and _is_passive(marked, clause, act)
    kind = _kind(act, modes, denied=denied, past=past, first=first, last=last)
    if kind is None:
        return None
    status = _status(marked, clause, kind, act, modes, past=past, future=future)
    scope = _scope(marked, clause, kind, act)
    family = act.family if act is not None and kind != "request" else ""
    return Verdict(kind, status, scope, family, passive, future)


def _cost(action: Action, first: int, last: int) -> int:
    gap = first - action.last if action.last <= first else action.first - last
    extra = 4 if action.form == "noun" else 6 if action.form == "adj" else 0
    return max(gap, 0) + extra


def _nearest(actions: Sequence[Action], first: int, last: int) -> Action | None:
    return min(actions, key=lambda a: _cost(a, first, last), default=None)


def is_home(clauses: Sequence[Clause]) -> bool:
    """Tell a sentence on budgets at home, prices, profits or sanctions, whose money is no aid."""
    return any(a.family == "none" for clause in clauses for a in clause.actions)


def is_poll(clauses: Sequence[Clause]) -> bool:
    """Tell a sentence on what people think."""
    return any(a.family == "opinion" for clause in clauses for a in clause.actions)


def _is_source(marked: Marked, action: Action) -> bool:
    """Tell "aus Beständen", "sur ses stocks": where a gift is taken from, no holding."""
    if action.family != "hold" or action.form != "noun":
        return False
    return marked.has_cue(max(0, action.first - 3), action.first, "stock_from")


def _is_purpose(marked: Marked, action: Action) -> bool:
    """Tell "für den Kauf von", "à l'achat de": what money is for, not what is done."""
    return (
        action.family == "order"
        and action.form == "noun"
        and marked.has_cue(max(0, action.first - 3), action.first, "purpose", "to")
    )


def _borrowed(clause: Clause, governor: Clause | None, act: Action | None) -> dict[str, Action]:
    """Return the modes that the clause before lends: "kündigte an, 18 Panzer zu liefern"."""
    if governor is None:
        return {}
    depends = clause.opened or (act is not None and act.form == "inf")
    if not depends:
        return {}
    return {
        a.family: a
        for a in governor.actions
        if a.family in _MODES - {"done"} and a.form not in ("adj",)
    }


def _denied(marked: Marked, clause: Clause, act: Action | None, modes: dict[str, Action]) -> bool:
    if not marked.has_cue(clause.first, clause.last, "negation"):
        return False
    near = act or modes.get("promise") or modes.get("plan")
    if near is None:
        return False
    return any(
        abs(place - near.first) <= 9
        for place, _ in marked.cue_places(clause.first, clause.last, "negation")
    )


def _is_past(marked: Marked, clause: Clause, act: Action) -> bool:
    if act.form in ("past", "adj"):
        return True
    if act.form == "inf" and marked.has_cue(
        max(clause.first, act.first - 3), act.first, "just_done"
    ):
        # "vient de livrer"
        return True
    future = marked.has_cue(clause.first, clause.last, "future")
    if act.form == "imp":
        return not future
    if act.form == "pp":
        return not (future and not marked.has_cue(clause.first, clause.last, "have"))
    return False


def _is_passive(marked: Marked, clause: Clause, act: Action) -> bool:
    if act.form != "pp":
        return act.form in ("adj", "imp")
    helped = marked.has_cue(clause.first, clause.last, "have")
    return not helped or marked.has_cue(clause.first, clause.last, "be")


def _is_future(marked: Marked, clause: Clause, act: Action | None) -> bool:
    if act is not None and act.form in ("fut", "inf", "cond"):
        return True
    if act is not None and act.form in ("past", "imp", "adj"):
        return False
    return marked.has_cue(clause.first, clause.last, "future")


def _kind(
    act: Action | None,
    modes: dict[str, Action],
    *,
    denied: bool,
    past: bool,
    first: int,
    last: int,
) -> str | None:
    refuse, ask, promise = modes.get("refuse"), modes.get("ask"), modes.get("promise")
    if refuse is not None and _leads(refuse, act, promise, first, last):
        return "refusal"
    if ask is not None and _leads(ask, act, promise, first, last):
        return "request"
    if act is None:
        if promise is not None:
            return "refusal" if denied else "pledge"
        return None
    if act.family in _KINDS:
        nearer = promise is not None and promise.form != "noun" and (
            _cost(promise, first, last) < _cost(act, first, last)
        )  # fmt: skip
        if nearer and act.form in ("inf", "noun") and act.family in ("order", "make"):
            # "200 millions seront débloqués pour acheter": the money is promised.
            return "refusal" if denied else "pledge"
        if denied and act.family == "train":
            return "refusal"
        return _KINDS[act.family]
    if denied:
        return None if past else "refusal"
    if act.form == "noun":
        done = modes.get("done")
        return "delivery" if done is not None and done.form in ("past", "pp") else "pledge"
    return "delivery" if past else "pledge"


def _leads(mode: Action, act: Action | None, promise: Action | None, first: int, last: int) -> bool:
    """Tell whether a verb of asking or refusing governs the clause; a noun does so alone only."""
    if mode.form != "noun":
        if act is not None and act.form in ("past", "fut") and act.family in ("give", "receive"):
            return _cost(mode, first, last) < _cost(act, first, last)
        return True
    if promise is not None and promise.form != "noun":
        return False
    if act is None or act.form == "noun":
        return True
    return act.form == "inf"


def _status(
    marked: Marked,
    clause: Clause,
    kind: str,
    act: Action | None,
    modes: dict[str, Action],
    *,
    past: bool,
    future: bool,
) -> str:
    if kind in ("request", "refusal", "stock", "expenditure"):
        return "firm"
    if kind == "production":
        return "tentative" if future or "maybe" in modes or "plan" in modes else "firm"
    if past and kind != "pledge" and "maybe" not in modes:
        return "firm"
    if "maybe" in modes or (act is not None and act.form == "cond"):
        return "tentative"
    if marked.has_cue(clause.first, clause.last, "conditional"):
        return "tentative"
    return "firm"


def _scope(marked: Marked, clause: Clause, kind: str, act: Action | None) -> str:
    formerly = marked.has_cue(clause.first, clause.last, "pluperfect") or (
        # "en assemblait vingt avant la guerre", but "produit six canons, contre deux avant"
        act is not None
        and act.form in ("past", "imp")
        and marked.has_cue(clause.first, clause.last, "formerly")
    )
    if kind in ("request", "production") and formerly:
        return "background"
    if kind in ("request", "stock", "production", "expenditure"):
        return "new"
    if marked.has_cue(clause.first, clause.last, "total"):
        return "total"
    if act is not None and act.form == "adj":
        return "background"
    if marked.has_cue(clause.first, clause.last, "background"):
        return "background"
    return "new"
