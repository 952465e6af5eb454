"""A report as one page of HTML that needs nothing beside it: no script, no request, one sheet.

Every text is escaped by Jinja2; the page forbids itself all else by its Content-Security-Policy.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pledgebook.reporting.extras import require
from pledgebook.reporting.report.model import Reference, Report
from pledgebook.reporting.report.runs import Runs, runs_of

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["check_html", "to_html"]

_PACKAGE = "pledgebook.reporting.report"
_PAPERS = {"a4": "A4", "letter": "letter"}


def check_html() -> None:
    """Raise UsageError where the extra that draws pages is not installed."""
    require("report", "a report", ("jinja2",))


def to_html(report: Report, *, paper: str | None = None) -> str:
    """Return a report as a page. `paper` fixes the size of its printed pages: "a4", "letter".

    Raises UsageError where Jinja2 is not installed.
    """
    check_html()
    size = _PAPERS.get(paper or "")
    environment = _environment()
    # As it stands in the page, to the letter: the policy names it by its hash.
    sheet = environment.get_template("report.css").render(paper=size)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()

    def runs(names: Iterable[Reference]) -> Runs:
        return runs_of(names, report.numbers)

    return environment.get_template("report.html.j2").render(
        report=report,
        numbers=report.numbers,
        runs=runs,
        paper=size,
        style_hash=f"sha256-{digest}",
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def load(name: str) -> str:
        return (files(_PACKAGE) / "templates" / name).read_text(encoding="utf-8")

    made = Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    made.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    made.filters["kind"] = lambda block: type(block).__name__
    return made
