"""From a part of a plan to the need that it serves, the key of the scenario, and the sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pledgebook.errors import NotFoundError
from pledgebook.ledger.explain import Explanation
from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.citing import Citation
from pledgebook.planning.compiling.compiled import Kind, Origin
from pledgebook.planning.problem import Need
from pledgebook.planning.schedule import Action
from pledgebook.planning.wording import Words, joined

__all__ = ["PlanOpening"]

_ORIGINS: dict[str, Kind] = {
    "draw": "shelf",
    "order": "line",
    "call": "contract",
    "sign": "contract",
    "expand": "expansion",
    "restart": "restart",
}


@dataclass(frozen=True, slots=True)
class PlanOpening:
    """Opens the parts of a plan; `open_id` opens what the scenario's figures rest on in the book.

    Without a book the ids of such sources are named, and not opened.
    """

    answer: PlanAnswer
    open_id: Callable[[str], Explanation] | None = None

    @property
    def _words(self) -> Words:
        return self.answer.words

    def part(self, citation: Citation) -> Explanation:
        """Explain a plan or a part of it. Raises NotFoundError for what is not in the plan."""
        if citation.what is None:
            return self._whole()
        step = self._step(citation)
        if citation.what in ("need", "short"):
            return self._need(self._need_called(citation.name), step)
        for action in self.answer.schedule():
            if action.kind == citation.what and action.name == citation.name:
                return self._action(action, step)
        done = sorted({f"{one.kind}/{one.name}" for one in self.answer.schedule()})
        raise NotFoundError(
            f"the plan has no {citation.what}/{citation.name}",
            where=self.answer.compiled.file,
            mend=f"It has {', '.join(done)}" if done else "It does nothing at all",
        )

    def _step(self, citation: Citation) -> int | None:
        if citation.day is None:
            return None
        days = self.answer.compiled.days
        step = bisect_right(days, citation.day) - 1
        if not 0 <= step < self.answer.problem.steps:
            raise NotFoundError(
                f"{citation.day:%Y-%m} lies outside the plan",
                where=self.answer.compiled.file,
                mend=f"Give a month from {days[0]:%Y-%m} to {days[-2]:%Y-%m}",
            )
        return step

    def _need_called(self, name: str) -> Need:
        for need in self.answer.problem.needs:
            if need.name == name:
                return need
        known = ", ".join(need.name for need in self.answer.problem.needs)
        raise NotFoundError(
            f"the scenario has no need {name!r}",
            where=self.answer.compiled.file,
            mend=f"It has {known}",
        )

    def _whole(self) -> Explanation:
        answer, words = self.answer, self._words
        plan = answer.plan
        facts = {"status": plan.status.value}
        if answer.found:
            facts |= {
                "spent": words.money(answer.spent),
                "with what the shortage counts for": words.money(plan.cost),
                "no plan can be below": words.money(plan.bound),
            }
        return Explanation(
            kind="plan",
            id=answer.cite(),
            title=f"plan for {answer.compiled.file}: {answer.compiled.title}".rstrip(": "),
            facts=facts,
            notes=tuple(answer.compiled.notes),
            children=tuple(self._action(one, None) for one in answer.schedule()),
        )

    def _action(self, action: Action, step: int | None) -> Explanation:
        words = self._words
        facts: dict[str, str] = {}
        if action.once:
            at = action.first
            facts["done"] = words.step(at)
            facts["costs"] = words.money(action.cost)
            facts["in effect"] = words.step(at + action.delay)
            title = f"{action.says}, in {words.step(at)}"
        else:
            at = action.first if step is None else step
            if step is not None:
                now = words.amount(float(action.amounts[step]), action.item)
                facts[f"in {words.step(step)}"] = now
                facts["there"] = words.step(step + action.delay)
            facts["in all"] = words.amount(action.amount, action.item)
            facts["when"] = words.span(action.first, action.last)
            facts["costs"] = words.money(action.cost)
            if action.stock is not None:
                facts["goes to"] = words.name(action.stock)
            title = f"{action.says}, {words.span(action.first, action.last)}"
        if action.payers:
            facts["paid by"] = words.people(action.payers)
        kind = _ORIGINS[action.kind]
        served = [
            self._need(need, None, told=False)
            for need in self.answer.problem.needs
            if action.stock in {other.stock for other in need.met_by}
            or (action.once and need.item == action.item)
        ]
        return Explanation(
            kind="plan",
            id=self.answer.cite(action.kind, action.name, at),
            title=title,
            facts=facts,
            children=(*self._origins(kind, action.name), *served),
        )

    def _need(self, need: Need, step: int | None, *, told: bool = True) -> Explanation:
        words, answer = self._words, self.answer
        facts: dict[str, str] = {}
        if answer.found:
            band = answer.short(need)
            facts["wanted in all"] = words.amount(band.wanted, need.item)
            if step is not None:
                facts[f"wanted in {words.step(step)}"] = words.amount(
                    float(need.amount[step]), need.item
                )
                lacks = words.amount(float(band.mean[step]), need.item)
                facts[f"short in {words.step(step)}"] = lacks
            facts["short in all"] = words.amount(band.total[0], need.item)
        notes = (
            [
                f"short {words.span(one.first, one.last)}: {one.says}"
                for one in answer.plan.reasons
                if one.need == need.name and (step is None or one.first <= step <= one.last)
            ]
            if told
            else []
        )
        stocks = [child for other in need.met_by for child in self._origins("stock", other.stock)]
        return Explanation(
            kind="plan",
            id=answer.cite("need", need.name, step),
            title=f"the need of {words.name(need.name)}",
            facts=facts,
            notes=tuple(notes),
            children=(*self._origins("need", need.name), *stocks),
        )

    def _origins(self, kind: Kind, name: str) -> Iterator[Explanation]:
        """Yield the keys of the file under a part of the problem, with what they rest on."""
        for origin in self.answer.compiled.origins.get((kind, name), ()):
            yield Explanation(
                kind="assumption",
                id="",
                title=self._key(origin),
                children=tuple(self._source(one) for one in origin.sources),
            )

    def _key(self, origin: Origin) -> str:
        line = f"line {origin.line}" if origin.line is not None else ""
        where = joined([one for one in (self.answer.compiled.file, line) if one], last=",")
        where = where.replace(" , ", ", ")
        return f"{where}, {origin.key}" + (f": {origin.says}" if origin.says else "")

    def _source(self, name: str) -> Explanation:
        if self.open_id is not None:
            try:
                return self.open_id(name)
            except NotFoundError as error:
                return Explanation(kind="assumption", id=name, title=str(error))
        return Explanation(kind="assumption", id=name, title="in the book (none is open)")
