"""Charts as files: PNG and SVG, Vega-Lite JSON, or a page that needs no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pledgebook.errors import UsageError
from pledgebook.exchange.safely import new_file
from pledgebook.reporting.extras import require

if TYPE_CHECKING:
    from altair import TopLevelMixin

__all__ = ["KINDS", "chart_bytes", "check_charts", "kind_of", "save_chart"]

KINDS = (".png", ".svg", ".vl.json", ".html")
"""The endings of the files that a chart can be written to."""

_PIXELS_PER_INCH = 144


def check_charts() -> None:
    """Raise UsageError where the extra that draws charts is not installed."""
    require("charts", "a chart", ("altair", "vl_convert"))


def kind_of(path: Path) -> str:
    """Return which of the kinds a file is to be, by its ending. Raises UsageError."""
    for kind in KINDS:
        if path.name.casefold().endswith(kind):
            return kind
    raise UsageError(
        "a chart cannot be written to a file of this ending",
        where=str(path),
        mend=f"Give one of: {', '.join(KINDS)}",
    )


def chart_bytes(chart: TopLevelMixin, kind: str) -> bytes:
    """Return a chart as the content of a file of a kind. No network is used."""
    import vl_convert

    spec: dict[str, Any] = chart.to_dict()
    if kind == ".png":
        png: bytes = vl_convert.vegalite_to_png(spec, ppi=_PIXELS_PER_INCH)
        return png
    if kind == ".svg":
        return vl_convert.vegalite_to_svg(spec).encode()
    if kind == ".html":
        return vl_convert.vegalite_to_html(spec, bundle=True).encode()
    return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()


def save_chart(chart: TopLevelMixin, path: Path, *, force: bool = False) -> None:
    """Write a chart to a file; `force` replaces one that is there. Raises UsageError."""
    content = chart_bytes(chart, kind_of(path))
    with new_file(path, force=force) as part:
        part.write_bytes(content)
