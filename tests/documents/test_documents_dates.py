"""Publication dates from the first lines and from URLs: strict, since a wrong one misleads."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from document_files import read_all

from pledgebook.documents import load
from pledgebook.documents.dates import date_in_url, dateline, iso_date, plausible
from pledgebook.vocabulary.document import Document

TODAY = dt.date(2026, 6, 1)
DAY = dt.date(2023, 2, 14)


@pytest.mark.parametrize(
    "text",
    [
        "BRUSSELS, Feb 14, 2023 (Agency) - Ministers met.",
        "BRUSSELS, 14 Feb. 2023 - Ministers met.",
        "Brussels, 14 February 2023 \u2013 Ministers met.",
        "Berlin, 14 February 2023. Ukraine has received rounds.",
        "A headline\n\nMinistry of Defence, Helsinki, 14 February 2023\n\nThe president decided.",
        "Feb. 14, 2023 - for immediate release\n\nToday the department said so.",
        "IMMEDIATE RELEASE\nAid\nFebruary 14th, 2023\n\nThe department said so.",
        "Published: 14 February 2023\nUpdated: 20 March 2023\nText.",
        "Updated: 20 March 2023\nPublished: 14 February 2023\nText.",
        "Last updated 14 February 2023, 21:09 CET\nText.",
        "Date: 2023-02-14\nText.",
        "date 2023-02-14",
        "2023-02-14",
        "14.02.2023",
        "News | 14.2.2023 17:45\nText.",
        "Answer given on behalf of the Commission (14.2.2023)\nText.",
        "Tuesday, 14 February 2023\nText.",
        "Berlin, Tuesday, 14 February 2023\nText.",
        "14/02/2023\nText.",
        "02/14/2023\nText.",
        "Berlin, den 14. Februar 2023\nDie Regierung liefert Panzer.",
        "Paris, le 14 f\u00e9vrier 2023 \u2013 Le minist\u00e8re annonce.",
        "Madrid, 14 de febrero de 2023\nEl gobierno anuncia.",
        "\u041a\u0438\u0457\u0432, 14 \u043b\u044e\u0442\u043e\u0433\u043e 2023\n\u041c\u0438.",
        "2023\u5e742\u670814\u65e5\nText.",
        "**Published on:** 14 February 2023\nText.".replace("**", ""),
    ],
)
def test_a_dateline_is_found(text: str) -> None:
    assert dateline(text, TODAY) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BRUSSELS, Feb 14 (Agency) - Ministers met.",
        "BRUSSELS, Feb 14 - Ministers met on 3 March 2022 and again.",
        "On 14 February 2023 Norway sent tanks.",
        "14 February 2023 was the day on which Norway sent tanks.",
        "14 February 2023, the day on which Norway sent tanks, was a Tuesday like any other one.",
        "Norway sent tanks on 14 February 2023.",
        "As of 14 February 2023 Norway has sent tanks.",
        "Since 14 February 2023, Norway has sent tanks.",
        "Pledges made public by 14 February 2023\n- Norway: tanks",
        "- 14 February 2023: Norway sends tanks\n- 15 February 2023: Poland does",
        "14 February 2023: Norway sends tanks\n15 February 2023: Poland does",
        "February 2023\nText.",
        "30 February 2023\nText.",
        "02/03/2023\nText.",
        "14 February 1923\nText.",
        "14 February 2123\nText.",
        "12-14 February 2023\nText.",
        "Resolution 2023-02-145\nText.",
        "x" * 700 + "\n14 February 2023",
        "A line.\n" * 100 + "14 February 2023",
    ],
)
def test_prose_and_half_dates_are_no_dateline(text: str) -> None:
    assert dateline(text, TODAY) is None


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://example.org/2023/02/14/aid/", True),
        ("https://example.org/news/2023/2/14/aid.html", True),
        ("https://example.org/aid-2023-02-14", True),
        ("https://example.org/world/2023/feb/14/aid", True),
        ("https://example.org/2023/02/aid", False),
        ("https://example.org/2023/02/30/aid", False),
        ("https://example.org/aid?date=2023-02-14", False),
        ("https://example.org/12023-02-14", False),
        ("https://example.org/1823/02/14/aid", False),
        ("https://example.org/2023/may-be/14", False),
        ("http://[broken", False),
    ],
)
def test_a_date_in_a_url(url: str, *, found: bool) -> None:
    assert date_in_url(url, TODAY) == (DAY if found else None)


def test_only_plausible_dates_count() -> None:
    assert plausible(TODAY + dt.timedelta(days=1), TODAY)
    assert plausible(TODAY + dt.timedelta(days=2), TODAY) is None
    assert plausible(dt.date(1990, 1, 1), TODAY)
    assert plausible(dt.date(1989, 12, 31), TODAY) is None
    assert iso_date("2023-02-14T10:00:00Z") == DAY
    assert iso_date("2023-2-14") is None
    assert iso_date("2023-02-14x") is None


ORDER = """<html><head><meta property="article:published_time" content="2023-02-02"></head>
<body><article><p>Berlin, 3 March 2023. Ukraine has received tanks.</p></article></body></html>"""


def test_the_order_of_the_sources_of_a_date(tmp_path: Path) -> None:
    def first(path: Path, given: dt.date | None = None) -> tuple[str, str | None]:
        (found,) = load([path], date=given)
        assert isinstance(found, Document)
        return str(found.date), found.date_source

    page = tmp_path / "page.html"
    page.write_text(ORDER)
    assert first(page, dt.date(2021, 1, 1)) == ("2021-01-01", "given")
    assert first(page) == ("2023-02-02", "metadata")
    page.write_text(ORDER.replace("article:published_time", "other"))
    assert first(page) == ("2023-03-03", "dateline")
    line = tmp_path / "line.jsonl"
    record = {"text": "Berlin, 3 March 2023. Tanks.", "url": "https://example.org/2023/04/04/x"}
    line.write_text(json.dumps({**record, "date": "2023-01-01"}))
    assert first(line) == ("2023-01-01", "given")
    assert first(line, dt.date(2021, 1, 1)) == ("2021-01-01", "given")
    line.write_text(json.dumps(record))
    assert first(line) == ("2023-03-03", "dateline")
    line.write_text(json.dumps({**record, "text": "Tanks were sent."}))
    assert first(line) == ("2023-04-04", "url")


def corpus() -> Path:
    """Return the folder of the shared corpus, which need not be there."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "corpus"
    return Path(os.environ.get("PLEDGEBOOK_CORPUS", beside))


@pytest.mark.skipif(not corpus().is_dir(), reason="the shared corpus is not here")
def test_datelines_of_the_corpus_are_never_wrong(tmp_path: Path) -> None:
    found = 0
    for path in (corpus() / "written-dev.jsonl", corpus() / "real-dev.jsonl"):
        expected = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        bare = tmp_path / path.name
        bare.write_text("\n".join(json.dumps({"text": one["text"]}) for one in expected))
        documents, problems = read_all(bare)
        assert problems == []
        assert [document.text for document in documents] == [one["text"] for one in expected]
        for document, one in zip(documents, expected, strict=True):
            if document.date is not None:
                assert document.date.isoformat() == one["date"]
                found += 1
    assert found >= 10
