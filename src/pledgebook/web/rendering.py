"""Pages from templates; everything that is shown is escaped, so text from documents stays text."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.outlets import outlet_of
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.wording import amount, figure_text, units
from pledgebook.reporting.amounts import money as money_text
from pledgebook.reporting.amounts import quantity
from pledgebook.reporting.cutting import first_words, last_words
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.figures import counted
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.web.person import person_of
from pledgebook.web.settings import Settings

__all__ = ["NAVIGATION", "page", "part", "safe_url", "static_folder", "theme_of"]

NAVIGATION = (
    ("/", "Overview"),
    ("/commitments", "Commitments"),
    ("/documents", "Documents"),
    ("/reading", "Reading desk"),
    ("/joining", "Joining desk"),
    ("/balance", "Balance"),
    ("/plans", "Plans"),
    ("/upload", "Add"),
)
"""The places that every page leads to."""

_CONTEXT = 150
"""Signs of the text on either side of a quotation that a page shows."""

_STAGES = {
    Stage.ASKED: "asked",
    Stage.CONSIDERED: "considered",
    Stage.PLEDGED: "pledged",
    Stage.ON_ORDER: "on order",
    Stage.DELIVERED: "delivered",
    Stage.REFUSED: "refused",
}


def static_folder() -> Path:
    """Return the folder of scripts, styles and pictures."""
    return Path(str(files("pledgebook.web"))) / "static"


@cache
def _stamp(path: str) -> str:
    """Return the address of a static file, with a mark that changes with its content."""
    content = (static_folder() / path).read_bytes()
    return f"/static/{path}?v={hashlib.sha256(content).hexdigest()[:10]}"


def safe_url(url: str | None) -> str | None:
    """Return an address that a page may lead to: http or https, nothing that runs."""
    if url is None or not url.casefold().startswith(("http://", "https://")):
        return None
    return url


def _day(value: dt.date | dt.datetime | None) -> str:
    """Return a day as people write it: 14 Feb 2023."""
    if value is None:
        return ""
    return f"{value.day} {value:%b %Y}"


def _figure(figure: StageFigure | None) -> str:
    return "" if figure is None else figure_text(figure)


def _interval(interval: Interval | None, unit: str | None = None) -> str:
    return "" if interval is None else amount(interval, unit)


def _total(total: Total | None) -> str:
    return "" if total is None else quantity(total)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("pledgebook.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"static": _stamp, "navigation": NAVIGATION, "stage_words": _STAGES}
    made.filters |= {
        "count": counted,
        "document_name": document_name,
        "day": _day,
        "figure": _figure,
        "from_word": lambda text: last_words(text, _CONTEXT),
        "host": lambda url: outlet_of(url) or "",
        "to_word": lambda text: first_words(text, _CONTEXT),
        "interval": _interval,
        "line": one_line,
        "money": money_text,
        "safe_url": safe_url,
        "stage": lambda stage: _STAGES.get(stage, str(stage)),
        "total": _total,
        "units": units,
    }
    return made


def theme_of(request: Request) -> str:
    """Return the theme that this person chose: "light", "dark", or "" for that of the system."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in ("light", "dark") else ""


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,  # noqa: ANN401 - whatever a template shows
) -> HTMLResponse:
    """Return a page. `here` is the address of its place in the navigation."""
    text = part(request, template, **context)
    return HTMLResponse(text, status, headers)


def part(request: Request, template: str, **context: Any) -> str:  # noqa: ANN401
    """Return a rendered template, whole or a piece of a page, as text."""
    person = person_of(request)
    app = request.app
    catalogue: Catalogue | None = getattr(app.state, "catalogue", None)
    settings: Settings = app.state.settings
    held = {
        "request": request,
        "person": person,
        "settings": settings,
        "theme": theme_of(request),
        "here": request.url.path,
        "party": Names(catalogue.parties if catalogue else {}).of,
        "book_place": app.state.place,
    }
    return _environment().get_template(template).render(held | context)
