"""Marks that turn the direction of writing turn nothing on a page of the app."""

from __future__ import annotations

import re

import pytest
from hostile_book import attacked
from test_web_hostile import READ, addresses

_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_QUOTED = "right-to-left \u202eetirw\u202c"
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def test_no_name_turns_the_direction_of_writing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Names show where they would; only what a document says itself is shown as it is stored."""
    with (
        attacked(tmp_path_factory.mktemp("turned")) as found,
        found.served.client(known=False) as client,
    ):
        client.cookies = found.cookies
        turned, seen = {}, 0
        for route in READ:
            for address in addresses(route, found.places):
                answer = client.get(address)
                if not answer.headers.get("content-type", "").startswith("text/html"):
                    continue
                seen += "\N{REPLACEMENT CHARACTER}knat" in answer.text
                # What a form sends back is as it was written; what is shown between tags is not.
                # A document is quoted to the letter.
                shown = _TAG.sub("<>", answer.text).replace(_QUOTED, "")
                if match := _TURNS.search(shown):
                    turned[address] = shown[max(0, match.start() - 60) : match.end() + 20]
        assert seen > 3, "no page showed the trap"
        assert turned == {}, "\n".join(f"{a}: {t!r}" for a, t in turned.items())
