"""Plans: scenarios to edit, searches to watch, what they came to and why."""

from __future__ import annotations

import math
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pledgebook.errors import UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.reporting.extras import require
from pledgebook.web.charts import offer_chart
from pledgebook.web.parts import TheBook, ThePerson
from pledgebook.web.person import Person, needs
from pledgebook.web.plans.answers import Answer, read_answer
from pledgebook.web.plans.editing import changed, faults_of, groups_of
from pledgebook.web.plans.searches import Search, Searches
from pledgebook.web.plans.shelf import Shelf
from pledgebook.web.plans.solving import Request as Asked
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter()
_FILES = {
    "csv": ("plan.csv", "text/csv; charset=utf-8"),
    "json": ("answer.json", "application/json"),
    "xlsx": ("plan.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_EMPTY = '# What is to be planned: see the example for all that can be said.\ntitle = "{name}"\n'
_LONGEST = 2_000_000
_PLANS = ("highspy", "scipy")

Text = Annotated[str, Form(max_length=_LONGEST)]
Short = Annotated[str, Form(max_length=200)]
Name = Annotated[str, Form(max_length=80)]


def _shelf(request: Request) -> Shelf:
    found: Shelf = request.app.state.shelf
    return found


def _searches(request: Request) -> Searches:
    found: Searches = request.app.state.searches
    return found


def _lacking() -> str | None:
    """Return what is to be installed before a plan can be made, None where all is there."""
    try:
        require("plan", "a plan", _PLANS)
    except UsageError as error:
        return str(error)
    return None


@router.get("/plans", dependencies=[needs(Right.READ)], include_in_schema=False)
def plans(request: Request) -> Response:
    """Show the scenarios, and what their plans came to."""
    shelf = _shelf(request)
    held = [(name, shelf.read(name), read_answer(shelf.answers(name))) for name in shelf.names()]
    return page(
        request,
        "pages/plans.html",
        title="Plans",
        held=held,
        folder=shelf.folder,
        lacking=_lacking(),
        running=[one for one in _searches(request).newest() if not one.over],
    )


@router.post("/plans", dependencies=[needs(Right.PLAN)], include_in_schema=False)
def begin(
    request: Request,
    book: TheBook,
    name: Name,
    start: Short = "example",
    items: Short = "",
    recipient: Short = "",
    until: Short = "",
) -> Response:
    """Put a new scenario on the shelf: from the book, from the example, or empty."""
    name = name.strip().casefold().replace(" ", "-")
    _shelf(request).path(name)
    if start == "book":
        named = [one.strip() for one in items.split(",") if one.strip()]
        if not (named and recipient.strip() and until.strip()):
            raise UsageError(
                "a scenario from the book needs items, a recipient and a last month",
                mend="As in: 155mm, Ukraine, 2025-12",
            )
        text = book.planner.start(named, recipient.strip(), until.strip())
    elif start == "example":
        text = _example()
    else:
        text = _EMPTY.format(name=name)
    _shelf(request).save(name, text, None)
    return RedirectResponse(f"/plans/{name}", 303)


def _example() -> str:
    return (files("pledgebook.planning") / "data" / "february-2023.toml").read_text(
        encoding="utf-8"
    )


@router.get("/plans/compare", dependencies=[needs(Right.READ)], include_in_schema=False)
def compare(
    request: Request,
    one: Annotated[str, Query(max_length=80)],
    other: Annotated[str, Query(max_length=80)],
) -> Response:
    """Show two plans beside each other."""
    shelf = _shelf(request)
    shelf.read(one), shelf.read(other)
    answer = read_answer(_pair_folder(shelf, one, other))
    running = next(
        (it for it in _searches(request).newest(f"{one} and {other}") if not it.over), None
    )
    return page(
        request, "pages/plan_compare.html", title="Two plans", one=one, other=other,
        answer=answer, running=running, last=_last(request, f"{one} and {other}"),
    )  # fmt: skip


@router.post("/plans/compare", dependencies=[needs(Right.PLAN)], include_in_schema=False)
def compared(request: Request, person: ThePerson, one: Name, other: Name) -> Response:
    """Search both plans, to lay them beside each other."""
    shelf = _shelf(request)
    if one == other:
        raise UsageError("these are one scenario", mend="Choose two")
    kept = shelf.read(one)
    shelf.read(other)
    asked = Asked(
        str(shelf.path(one)), str(_pair_folder(shelf, one, other)), kept.digest,
        compare=str(shelf.path(other)),
    )  # fmt: skip
    _begun(request, f"{one} and {other}", asked, person)
    return RedirectResponse(f"/plans/compare?one={one}&other={other}", 303)


def _pair_folder(shelf: Shelf, one: str, other: str) -> Path:
    shelf.path(one), shelf.path(other)
    return shelf.folder / ".answers" / f"{one}--{other}"


@router.post("/plans/check", dependencies=[needs(Right.PLAN)], include_in_schema=False)
def check(request: Request, text: Text = "") -> Response:
    """Tell every fault of a scenario that is being written, with its line and mend."""
    return page(request, "parts/plan_faults.html", faults=faults_of(text))


@router.get("/plans/{name}", dependencies=[needs(Right.READ)], include_in_schema=False)
def plan(
    request: Request, name: str, view: Annotated[str, Query(max_length=10)] = "result"
) -> Response:
    """Show a scenario: what its plan came to, as a form, or as text."""
    shelf = _shelf(request)
    kept = shelf.read(name)
    answer = read_answer(shelf.answers(name))
    if view not in ("form", "text", "result"):
        view = "result"
    return page(
        request,
        "pages/plan.html",
        title=name,
        name=name,
        kept=kept,
        view=view,
        groups=groups_of(kept.text) if view == "form" else [],
        faults=faults_of(kept.text),
        answer=answer,
        stale=answer is not None and not answer.is_of(kept.digest),
        running=next((one for one in _searches(request).newest(name) if not one.over), None),
        last=_last(request, name),
        versions=len(shelf.versions(name)),
        others=[one for one in shelf.names() if one != name],
        lacking=_lacking(),
        worth=_worth,
    )


def _last(request: Request, name: str) -> Search | None:
    """Return the last search of a scenario where it failed."""
    found = _searches(request).newest(name)
    return found[0] if found and found[0].over and found[0].failed else None


def _worth(value: float | None, currency: str) -> str:
    """Return what one more unit saves, short."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:,.3g} {currency}" if abs(value) < 1_000 else f"{value:,.0f} {currency}"


@router.post("/plans/{name}", dependencies=[needs(Right.PLAN)], include_in_schema=False)
async def save(request: Request, name: str) -> Response:
    """Keep what was edited, as text or by the form; an earlier version is never lost."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await run_in_threadpool(_saved, request, name, form)


def _saved(request: Request, name: str, form: dict[str, str]) -> Response:
    shelf = _shelf(request)
    was = form.get("was", "")
    if "text" in form:
        text, view = form["text"], "text"
    else:
        values = {key[2:]: value for key, value in form.items() if key.startswith("v:")}
        text, view = changed(shelf.read(name).text, values), "form"
    shelf.save(name, text, was)
    return RedirectResponse(f"/plans/{name}?view={view}&saved=yes", 303)


@router.post("/plans/{name}/remove", dependencies=[needs(Right.PLAN)], include_in_schema=False)
def remove(request: Request, name: str) -> Response:
    """Take a scenario off the shelf; its versions stay in the folder."""
    _shelf(request).remove(name)
    return RedirectResponse("/plans", 303)


@router.post("/plans/{name}/solve", dependencies=[needs(Right.PLAN)], include_in_schema=False)
def solve(
    request: Request,
    name: str,
    person: ThePerson,
    gap: Annotated[float, Form(ge=0, le=50)] = 1.0,
    limit: Annotated[float, Form(ge=1, le=3_600)] = 120,
    frontier: Short = "",
) -> Response:
    """Begin to search the plan; `gap` in per cent, `limit` in seconds."""
    shelf = _shelf(request)
    kept = shelf.read(name)
    asked = Asked(
        str(shelf.path(name)), str(shelf.answers(name)), kept.digest, gap / 100, limit,
        frontier=8 if frontier else 0,
    )  # fmt: skip
    _begun(request, name, asked, person)
    return RedirectResponse(f"/plans/{name}", 303)


def _begun(request: Request, name: str, asked: Asked, person: Person) -> Search:
    require("plan", "a plan", _PLANS)
    found = _searches(request).begin(name, asked, person.name)
    if found is None:
        raise HTTPException(503, "Too many searches wait; try again when some are through")
    return found


@router.get("/plans/search/{search}", dependencies=[needs(Right.READ)], include_in_schema=False)
def progress(request: Request, search: str) -> Response:
    """Show how far a search is; what is through leads to the answer."""
    found = _known(request, search)
    if found.over:
        return Response(headers={"hx-refresh": "true"})
    return page(request, "parts/plan_progress.html", search=found, chart=_curve(found))


@router.post(
    "/plans/search/{search}/cancel", dependencies=[needs(Right.PLAN)], include_in_schema=False
)
def cancel(request: Request, search: str) -> Response:
    """Take the best plan so far."""
    found = _known(request, search)
    _searches(request).cancel(search)
    if " and " in found.name:
        one, _, other = found.name.partition(" and ")
        return RedirectResponse(f"/plans/compare?one={one}&other={other}", 303)
    return RedirectResponse(f"/plans/{found.name}", 303)


def _known(request: Request, name: str) -> Search:
    found = _searches(request).get(name)
    if found is None:
        raise HTTPException(404, "This search is not known: the server was started since")
    return found


def _curve(search: Search) -> list[tuple[str, str]]:
    """Return bound and best over time as points of two lines, in a box of 300 by 80."""
    points = [one for one in search.points if one[1] is not None or one[2] is not None]
    values = [value for _, bound, best in points for value in (bound, best) if value is not None]
    if len(points) < 2 or not values:
        return []
    low, high = min(values), max(values)
    last, size = max(points[-1][0], 1e-9), (high - low) or 1.0

    def line(which: int) -> str:
        return " ".join(
            f"{point[0] / last * 300:.1f},{80 - (value - low) / size * 76 - 2:.1f}"
            for point in points
            if (value := point[which]) is not None
        )

    return [("bound", line(1)), ("best", line(2))]


@router.get("/plans/{name}/plan.{form}", dependencies=[needs(Right.READ)], include_in_schema=False)
def download(request: Request, name: str, form: str) -> Response:
    """Give the plan as a file."""
    answer = _answered(request, name)
    file, kind = _FILES.get(form, ("", ""))
    path = answer.file(file) if file else None
    if path is None:
        raise HTTPException(404, f"There is no {form} of this plan")
    return FileResponse(path, media_type=kind, filename=f"{name}.{form}")


@router.get(
    "/plans/{name}/scenario.toml", dependencies=[needs(Right.READ)], include_in_schema=False
)
def scenario(request: Request, name: str) -> Response:
    """Give the scenario as it is kept."""
    shelf = _shelf(request)
    shelf.read(name)
    return FileResponse(shelf.path(name), media_type="application/toml", filename=f"{name}.toml")


@router.get("/plans/{name}/why", dependencies=[needs(Right.READ)], include_in_schema=False)
def why(
    request: Request,
    name: str,
    book: TheBook,
    id_: Annotated[str, Query(alias="id", max_length=400)],
) -> Response:
    """Open a part of a plan: the need, the forecast and the sentences that it rests on."""
    _answered(request, name)
    if id_.partition(":")[2].partition("#")[0].partition("?")[0] != str(_shelf(request).path(name)):
        raise HTTPException(404, "This is no part of the plan")
    found = book.planner.why(id_)
    return page(request, "pages/plan_why.html", title="Why", name=name, node=found)


def _answered(request: Request, name: str) -> Answer:
    answer = read_answer(_shelf(request).answers(name))
    if answer is None:
        raise HTTPException(404, "There is no plan of this scenario yet")
    return answer


def plan_picture(
    request: Request, name: str, bare: Annotated[str, Query(max_length=3)] = ""
) -> dict[str, Any]:
    """Return the chart of a plan; `bare` leaves out the words above it, which the page has."""
    import json

    path = _answered(request, name).file("chart.json")
    if path is None:
        raise HTTPException(404, "This plan has no chart")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if bare:
        found.pop("title", None)
    return found


offer_chart(router, "/plans/{name}/chart", plan_picture)
