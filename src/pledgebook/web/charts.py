"""Charts that a page shows and that download as PNG, SVG, Vega-Lite JSON and their data."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from pledgebook.web.downloads import offer_files
from pledgebook.web.rendering import static_folder

__all__ = ["CHART_FORMS", "MOST_MARKS", "offer_chart"]

Spec = dict[str, Any]

CHART_FORMS = {
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
MOST_MARKS = 5_000
"""No chart draws more than these."""

_PIXELS_PER_INCH = 144
_DRAWING = threading.Lock()


def offer_chart(router: APIRouter, path: str, build: Callable[..., Spec]) -> None:
    """Add a chart to a router: `path`.json is its Vega-Lite description, .svg and .png pictures.

    `build` is called as a page is and returns a Vega-Lite description with its data in it.
    """
    name = path.rsplit("/", 1)[-1]

    def picture(spec: Spec, form: str) -> Response:
        headers = {"content-disposition": f'inline; filename="{name}.{form}"'}
        return Response(_drawn(spec, form), headers=headers, media_type=CHART_FORMS[form])

    offer_files(router, path, CHART_FORMS, build, picture)


def _drawn(spec: Spec, form: str) -> bytes:
    if form == "json":
        return json.dumps(spec, ensure_ascii=False, default=str).encode("utf-8", "replace")
    import vl_convert

    own = {"background": "white", **_coloured(spec)}
    if own.get("width") == "container":
        own["width"] = 720
    with _DRAWING:
        if form == "svg":
            return vl_convert.vegalite_to_svg(own).encode()
        png: bytes = vl_convert.vegalite_to_png(own, ppi=_PIXELS_PER_INCH)
        return png


_THEMED = "token:"
_FIRST_RULE = re.compile(r":root \{(.*?)\}", re.DOTALL)


@cache
def _light() -> Mapping[str, str]:
    """Return the colours of the light theme by the names of their tokens, as the sheet has them."""
    sheet = (static_folder() / "app.css").read_text(encoding="utf-8")
    found = _FIRST_RULE.search(sheet)
    assert found is not None
    return dict(re.findall(r"(--[\w-]+): (#\w+);", found[1]))


def _coloured(value: Any) -> Any:  # noqa: ANN401 - any part of a description
    """Return a description with colours in place of the names of tokens; its data stay as they are.

    A page has its theme do this; a picture on paper is light.
    """
    if isinstance(value, str) and value.startswith(_THEMED):
        return _light().get(value.removeprefix(_THEMED), "#555555")
    if isinstance(value, list):
        return [_coloured(one) for one in value]
    if isinstance(value, dict):
        return {key: held if key == "values" else _coloured(held) for key, held in value.items()}
    return value
