"""HTML: main text, structure, metadata, and pages that mean harm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from document_files import codes, read_all

from pledgebook.vocabulary.document import Document

PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Norway sends tanks | Ministry</title>
<meta property="og:title" content="Norway sends tanks">
<meta property="article:published_time" content="2023-02-14T23:30:00+01:00">
<script>var tanks = "evil one";</script><style>p { color: evil-two }</style></head>
<body onload="evil-three()">
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<main><article><h1>Norway sends tanks</h1>
<p>Norway will send <b>eight</b> Leopard&nbsp;2 tanks to <a href="/u">Ukraine</a>, the ministry of
defence said on Tuesday.<br>The cabinet agreed.</p>
<h2>The package</h2><p>The package contains the following items:</p>
<ul><li>eight F<b>-16</b> aircraft<li>four special vehicles
<ul><li>two of them armoured</li></ul></li><li><p>10,000 rounds</p></li></ul>
<script>document.write("evil four")</script><noscript>evil five</noscript>
<table><tr><th>Donor</th><th>Item</th></tr><tr><td>Poland</td><td>14 <i>tanks</i></td></tr>
<tr><td>Canada</td><td>four<br>tanks</td></tr></table>
<blockquote>We stand with them.</blockquote><template>evil six</template>
</article></main><footer>Copyright 1999 The Ministry</footer></body></html>"""

JSON_LD = """{"@type": "NewsArticle", "datePublished": "2023-02-14T08:00:00Z",
"dateModified": "2024-01-01"}"""

TEXT = """Norway sends tanks

Norway will send eight Leopard\u00a02 tanks to Ukraine, the ministry of defence said on Tuesday.
The cabinet agreed.

The package

The package contains the following items:

- eight F-16 aircraft
- four special vehicles
  - two of them armoured
- 10,000 rounds

Donor | Item
Poland | 14 tanks
Canada | four tanks

We stand with them."""


def page(tmp_path: Path, content: str | bytes, name: str = "page.html") -> Path:
    """Write a page."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path: Path) -> Document:
    """Read the one document of a page that has no fault."""
    (document,), problems = read_all(path)
    assert problems == []
    return document


def test_main_text_with_its_structure(tmp_path: Path) -> None:
    document = only(page(tmp_path, PAGE))
    assert document.text.replace("\u00a0", " ") == TEXT.replace("\u00a0", " ")
    assert document.title == "Norway sends tanks"
    assert document.lang == "en"
    assert (document.date, document.date_source) == (dt.date(2023, 2, 14), "metadata")
    assert document.extractor == "html/1"


def test_nothing_that_runs_comes_in(tmp_path: Path) -> None:
    assert "evil" not in only(page(tmp_path, PAGE)).text


def test_a_page_under_another_name_is_still_a_page(tmp_path: Path) -> None:
    for name in ("page.txt", "page.pdf", "page"):
        assert only(page(tmp_path, PAGE, name)).extractor == "html/1"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ('<meta name="date" content="2023-02-14">', "", "2023-02-14"),
        (
            f'<script type="application/ld+json">{JSON_LD}</script>',
            "",
            "2023-02-14",
        ),
        ("", '<article><time datetime="2023-02-14">Tuesday</time></article>', "2023-02-14"),
        (
            "",
            '<time datetime="2020-01-01">x</time><time pubdate datetime="2023-02-14">y</time>',
            "2023-02-14",
        ),
        ("", '<time datetime="2020-01-01">x</time><time datetime="2023-02-14">y</time>', None),
        ('<meta property="article:published_time" content="2023-02-31">', "", None),
        ('<meta property="article:published_time" content="2999-01-01">', "", None),
        ('<meta property="article:published_time" content="1901-01-01">', "", None),
        ('<link rel="canonical" href="https://example.org/2021/03/04/x">', "", None),
        ("", "<p>Copyright 2019. The war began on 24 February 2022 and goes on.</p>", None),
        ("", "<p>BRUSSELS, 14 February 2023 - Ministers met.</p>", "2023-02-14"),
    ],
)
def test_the_date_of_publication(
    tmp_path: Path, head: str, body: str, expected: str | None
) -> None:
    html = (
        f"<html><head>{head}</head><body>{body}<p>Norway sends tanks to Ukraine.</p></body></html>"
    )
    date = only(page(tmp_path, html)).date
    assert (date.isoformat() if date else None) == expected


@pytest.mark.parametrize(
    "declared",
    [
        '<meta charset="windows-1251">',
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    ],
)
def test_a_declared_encoding_is_used(tmp_path: Path, declared: str) -> None:
    text = "Норвегия передаст Украине восемь танков."
    html = f"<html><head>{declared}</head><body><p>{text}</p></body></html>"
    assert only(page(tmp_path, html.encode("cp1251"))).text == text


def test_latin_1_is_read_as_browsers_do(tmp_path: Path) -> None:
    html = "<html><head><meta charset=iso-8859-1></head><body><p>“Eight” tanks, now.</p></body>"
    assert only(page(tmp_path, html.encode("cp1252"))).text == "“Eight” tanks, now."


def test_a_wrong_declaration_is_noticed(tmp_path: Path) -> None:
    html = "<html><head><meta charset=utf-8></head><body><p>Støre sends tanks.</p></body></html>"
    (document,), problems = read_all(page(tmp_path, html.encode("cp1252")))
    assert document.text == "Støre sends tanks."
    assert codes(problems) == ["encoding-guessed"]


def test_a_page_without_an_article_keeps_its_words(tmp_path: Path) -> None:
    html = "<html><body><div>Norway sends tanks.</div><ul><li>eight tanks</li></ul></body></html>"
    assert only(page(tmp_path, html)).text == "Norway sends tanks.\n\n- eight tanks"


def test_a_table_that_only_places_text_is_not_one_line(tmp_path: Path) -> None:
    cell = "".join(f"<p>Norway sends {number} tanks.</p>" for number in range(4))
    html = f"<html><body><table><tr><td>Menu</td><td>{cell}</td></tr></table></body></html>"
    assert "Norway sends 0 tanks.\n" in only(page(tmp_path, html)).text


def test_a_long_list_of_a_release_is_kept_whole(tmp_path: Path) -> None:
    items = "".join(f"<li>{number} vehicles of type {number}</li>" for number in range(60))
    html = f"<html><body><article><h1>Aid</h1><p>It contains:</p><ul>{items}</ul></article></body>"
    text = only(page(tmp_path, html)).text
    assert all(f"- {number} vehicles of type {number}" in text for number in range(60))


ITEMS = "".join(f'<li><a href="/{n}">{n} Leopard tanks</a></li>' for n in range(5))
LISTED = "\n".join(f"- {n} Leopard tanks" for n in range(5))
MENU = (
    '<div class="menu"><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></div>'
)


@pytest.mark.parametrize("box", ["main", "article", 'div class="content"', "div"])
def test_a_list_of_links_is_no_menu_where_it_is_content(tmp_path: Path, box: str) -> None:
    inside = f"<h1>Aid</h1><p>Germany has delivered:</p><ul>{ITEMS}</ul><p>More is to come.</p>"
    html = f"<html><body>{MENU}<{box}>{inside}</{box.split()[0]}></body></html>"
    text = only(page(tmp_path, html)).text
    assert text.endswith(f"Aid\n\nGermany has delivered:\n\n{LISTED}\n\nMore is to come.")


def test_several_articles_on_a_page_are_all_read(tmp_path: Path) -> None:
    html = (
        "<html><body><article><h2>A</h2><p>Short.</p></article>"
        "<article><h2>B</h2><p>Poland sends 14 tanks to Ukraine.</p></article></body></html>"
    )
    text = only(page(tmp_path, html)).text
    assert text == "A\n\nShort.\n\nB\n\nPoland sends 14 tanks to Ukraine."


@pytest.mark.parametrize("body", ["", "<script>alert(1)</script>", "<p> </p>"])
def test_a_page_without_text_is_empty(tmp_path: Path, body: str) -> None:
    html = f"<html><head></head><body>{body}</body></html>"
    assert codes(read_all(page(tmp_path, html))[1]) == ["empty-document"]


@pytest.mark.parametrize("tag", ["div", "ul><li", "table><tr><td", "b", "blockquote"])
def test_a_depth_bomb_is_a_problem_and_not_a_crash(tmp_path: Path, tag: str) -> None:
    html = "<html><body>" + f"<{tag}>" * 200_000 + "Norway sends tanks."
    documents, problems = read_all(page(tmp_path, html))
    assert documents == []
    assert codes(problems) == ["html-damaged"]


def test_a_huge_page_is_read(tmp_path: Path) -> None:
    spans = "".join(f"<span>{number} tanks </span>" for number in range(100_000))
    path = page(tmp_path, f"<html><body><nav>Menu</nav><p>{spans}</p></body></html>")
    text = only(path).text
    assert text.startswith("0 tanks 1 tanks")
    assert text.endswith("99999 tanks")


def test_odd_names_of_attributes_do_no_harm(tmp_path: Path) -> None:
    html = '<html><head><meta 1x="a" =b <c d:e="f" content="g"></head><p>Norway sends tanks.</p>'
    assert "Norway sends tanks." in only(page(tmp_path, html)).text


def test_an_entity_bomb_does_not_expand(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    html = f"<!DOCTYPE html [{entities}]><html><body><p>Tanks &a9;</p></body></html>"
    documents, _ = read_all(page(tmp_path, html))
    assert all(len(document.text) < 2_000 for document in documents)
