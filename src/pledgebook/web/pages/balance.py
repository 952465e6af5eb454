"""The balance: what is held, what arrives and what is used up, and when it runs dry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from pledgebook.errors import UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.vocabulary.statement import Per
from pledgebook.web.balance.answering import PATIENCE, Answer, answer_to, lines_shown
from pledgebook.web.balance.asked import (
    FEW_DRAWS,
    MOST_LATE,
    TIMES,
    BalanceAsked,
    day_of,
)
from pledgebook.web.balance.desk import Desk, Ready, TheDesk
from pledgebook.web.balance.kernel import lacking
from pledgebook.web.balance.linking import linked
from pledgebook.web.live import View
from pledgebook.web.parts import TheBook, TheLive
from pledgebook.web.person import needs
from pledgebook.web.rendering import page, part

if TYPE_CHECKING:
    from pledgebook.web.balance.headlines import Headline
    from pledgebook.web.balance.listing import Line, Subject

__all__ = ["router"]

router = APIRouter()

_A_PAGE = 40
_COURSES = ("steady", "surge", "cut", "continued", "required", "pace")


@router.get("/balance", dependencies=[needs(Right.READ)], include_in_schema=False)
def balances(
    request: Request,
    asked: BalanceAsked,
    desk: TheDesk,
    live: TheLive,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show of what the book can say something, each with its headline or with what is missing."""
    view = live.view(day_of(asked))
    told: dict[str, Any] = {"title": "Balance", "asked": asked, "missing": lacking()}
    found = None if told["missing"] else lines_shown(desk, view, asked)
    if found is None:
        preparing = "" if told["missing"] else "What was told of stocks and use is being gathered."
        return page(request, "pages/balance.html", **told, preparing=preparing, lines=None)
    lines, fresh = found
    shown = lines[(number - 1) * _A_PAGE : number * _A_PAGE]
    headlines, waiting = _headlines(desk, view, [one for one in shown if one.says])
    from pledgebook.web.balance.listing import missing_words

    return page(
        request, "pages/balance.html", **told, preparing="", lines=shown, fresh=fresh,
        headlines=headlines, waiting=waiting, missing_words=missing_words, count=len(lines),
        page=number, pages=-(-len(lines) // _A_PAGE), narrowed=bool(asked.item or asked.recipient),
        choices=_choices(lines, view),
    )  # fmt: skip


def _headlines(desk: Desk, view: View, lines: list[Line]) -> tuple[dict[Subject, Headline], bool]:
    """Return the headlines that are there, and whether some are still being worked out."""
    if not lines:
        return {}, False
    if not desk.kernel.wait(PATIENCE) or (telling := desk.telling(view, PATIENCE)) is None:
        return {}, True
    made = desk.headlines(telling.value, lines, PATIENCE)
    return (dict(made.value), False) if made is not None else ({}, True)


def _choices(lines: list[Line], view: View) -> dict[str, list[tuple[str, str]]]:
    names = Names(view.catalogue.parties)
    recipients = sorted({one.subject.recipient for one in lines})
    items = {one_line(one.subject.item): one.name for one in lines}
    return {
        "recipient": [(code, names.of(code)) for code in recipients],
        "item": sorted(items.items(), key=lambda one: one[1]),
    }


@router.get("/balance/view", dependencies=[needs(Right.READ)], include_in_schema=False)
def balance(request: Request, asked: BalanceAsked, desk: TheDesk, live: TheLive) -> Response:
    """Show the balance of one item for one recipient."""
    found = answer_to(asked, desk, live)
    names = Names(found.view.catalogue.parties)
    context: dict[str, Any] = {
        "title": _title(found, names),
        "asked": asked,
        "answer": found,
        "courses": _COURSES,
        "times": TIMES,
        "most_late": MOST_LATE,
        "few_draws": FEW_DRAWS,
        "linked": linked,
        "adjusted": asked.times != "1" or asked.late != "0",
    }
    if found.ready is None:
        status = 200 if not found.faults else 422
        return page(request, "pages/balance_wait.html", status=status, **context)
    return page(request, "pages/balance_view.html", **context, **_shown(found, found.ready, names))


def _title(found: Answer, names: Names) -> str:
    if found.ready is None:
        return f"Balance of {found.question.item or 'an item'}"
    subject = found.ready.prepared.inputs.subject
    name = subject.name[:1].upper() + subject.name[1:]
    return f"{name} for {names.of(subject.recipient)}"


def _shown(found: Answer, ready: Ready, names: Names, *, moved: bool = True) -> dict[str, Any]:
    """Return what the page and its pieces show; `moved` tells what matters most, too."""
    from pledgebook.reporting.forecast_words import distinct_sources, head_line
    from pledgebook.web.balance import playing, showing
    from pledgebook.web.balance.points import PER, pooled, resting

    forecast = playing.play(ready, found.course, moved=moved)
    outlook = playing.main_outlook(forecast)
    columns, rows, left = showing.step_rows(forecast)
    assumptions = [one for one, _ in distinct_sources(forecast) if one.kind == "assumption"]
    return {
        "forecast": forecast,
        "outlook": outlook,
        "head": head_line(forecast, names),
        "lines": playing.answer(forecast),
        "drawings": showing.drawings(ready, forecast),
        "columns": columns,
        "rows": rows,
        "steps_left": left,
        "beside": playing.beside(ready, found.course),
        "matters": showing.matters(outlook),
        "promises": showing.promise_rows(ready, forecast, names),
        "assumptions": assumptions,
        "series": [
            pooled(one, forecast.as_of, PER[forecast.step], names)
            for one in resting(showing.inputs_of(ready, forecast))
        ],
    }


@router.get("/balance/slide", dependencies=[needs(Right.READ)], include_in_schema=False)
def slide(
    request: Request,
    asked: BalanceAsked,
    desk: TheDesk,
    live: TheLive,
    rest: bool = False,
    matters: bool = False,
) -> Response:
    """Return what a move of the sliders changes: with few draws, and at `rest` with all of them.

    `matters` gives what matters most alone, which takes longer than all the rest.
    """
    found = answer_to(asked, desk, live)
    if found.ready is None:
        says = " ".join(found.faults.values()) or found.missing or found.preparing
        return JSONResponse({"error": says}, 503 if found.preparing else 400)
    from pledgebook.forecasting.request import DRAWS
    from pledgebook.web.balance import charts, fans, playing, showing

    ready, draws = found.ready, DRAWS if rest else FEW_DRAWS
    if matters:
        outlook = playing.main_outlook(playing.play(ready, found.course))
        shares = showing.matters(outlook)
        piece = part(
            request, "parts/balance_matters.html", asked=asked, outlook=outlook, matters=shares
        )
        return JSONResponse({"pieces": {"matters": piece}})
    forecast = playing.play(ready, found.course, draws=draws, moved=False)
    before = playing.play(ready, asked.course, draws=draws, moved=False)
    outlook = playing.main_outlook(forecast)
    told: dict[str, Any] = {
        "draws": draws,
        "said": playing.change_line(forecast, before),
        "lines": playing.answer(forecast),
        "charts": {
            showing.slug(one): fans.fan_rows(forecast, outlook, one, told=rest)
            for one in charts.CHARTED
            if outlook is not None and one in outlook.bands
        },
    }
    if rest:
        names = Names(found.view.catalogue.parties)
        shown = _shown(found, ready, names, moved=False)
        context = {"asked": asked, "answer": found, **shown}
        told["pieces"] = {
            name: part(request, f"parts/balance_{name}.html", **context)
            for name in ("words", "beside", "steps")
        }
    return JSONResponse(told)


@router.get("/balance/assumptions.toml", dependencies=[needs(Right.READ)], include_in_schema=False)
def assumptions(asked: BalanceAsked) -> Response:
    """Return what the address assumes as a file for `pledgebook forecast --assume`."""
    from pledgebook.web.balance.assuming import assumptions_of, to_toml

    faults: dict[str, str] = {}
    assume = assumptions_of(asked, faults)
    if faults:
        raise UsageError(" ".join(faults.values()))
    headers = {"content-disposition": 'attachment; filename="assumptions.toml"'}
    return PlainTextResponse(to_toml(assume), headers=headers, media_type="application/toml")


@router.get("/balance/point", dependencies=[needs(Right.READ)], include_in_schema=False)
def point(
    request: Request,
    desk: TheDesk,
    live: TheLive,
    book: TheBook,
    id_: Annotated[str, Query(alias="id", max_length=8_000)],
) -> Response:
    """Open one point of a forecast down to the sentences that it rests on."""
    from pledgebook.web.balance.opening import open_point

    opened = open_point(id_, desk, live, book)
    return page(
        request, "pages/balance_point.html", title="What a figure rests on", linked=linked, **opened
    )


@router.get("/balance/series/{name}", dependencies=[needs(Right.READ)], include_in_schema=False)
def series(
    request: Request, name: str, asked: BalanceAsked, desk: TheDesk, live: TheLive
) -> Response:
    """Show a series: its level, its figures with their words, and where its sources part."""
    from pledgebook.web.balance.opening import series_of
    from pledgebook.web.balance.points import pooled

    view = live.view(day_of(asked))
    book = series_of(desk, view)
    shown = pooled(book.get(name), book.as_of, Per.MONTH, Names(view.catalogue.parties))
    return page(
        request, "pages/balance_series.html", title=shown.title, asked=asked, one=shown,
        day=book.as_of, linked=linked,
    )  # fmt: skip
