"""HTML: the main text of a page, with headings, list items and table rows as lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from pledgebook.documents import dates
from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.encoding import declared_in_markup
from pledgebook.documents.finish import clean
from pledgebook.documents.formats.html_watch import TooMuchError, measure
from pledgebook.documents.formats.markup import as_lines
from pledgebook.documents.formats.plain import decode_or_explain, remark_on_guess
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

if TYPE_CHECKING:
    from configparser import ConfigParser

    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_OPENING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_TOO_DEEP = "excessive depth"
_NO_PAGE = "its elements are nested too deep, or it has none"
_MAX_PLAIN = 9_000_000
_META_KEYS = frozenset({"name", "property", "itemprop", "content", "http-equiv", "pubdate"})
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Beyond it the time that trafilatura takes grows with the square: then all text is kept.
_MAX_ELEMENTS = 20_000
# Never text for a reader.
_SILENT = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas")
_FURNITURE = ("head", "nav", "footer", "form", "button")
# A page of which the extractor keeps less than this share has its main part elsewhere.
_MIN_SHARE = 0.4
_WORDS_OF_CONTENT = 4


class Html(Extractor):
    """Web pages."""

    name = "html"
    version = 1
    suffixes = frozenset({".html", ".htm", ".xhtml"})
    media_types = frozenset({"text/html", "application/xhtml+xml"})

    def certain(self, head: bytes) -> bool:
        """Whether it opens as a page does."""
        return _OPENING.match(head[:4096]) is not None

    def likely(self, head: bytes) -> bool:
        """Whether the opening stands behind something else."""
        return b"<html" in head[:4096].lower()

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield the one document."""
        data = blob.read(limits.max_tree_bytes)
        if isinstance(data, Problem):
            yield data
            return
        decoded = decode_or_explain(blob, data, blob.charset or declared_in_markup(data))
        if isinstance(decoded, Problem):
            yield decoded
            return
        try:
            tree = _tree(decoded.text, limits)
        except TooMuchError as error:
            yield blob.problem("html-damaged", str(error), mend="save the page as text")
            return
        title, lang = _title(tree), tree.get("lang")
        date = publication_date(tree)
        yield Draft(
            text=main_text(tree),
            sha256=sha256(data),
            title=title,
            date=date,
            date_source="metadata" if date else None,
            lang=lang if lang and len(lang.strip()) >= 2 else None,
        )
        yield from remark_on_guess(blob, decoded)


def parse(text: str) -> HtmlElement | None:
    """Return the tree of a page; None where it is too deep, or too much, to be one."""
    try:
        return _tree(text, Limits())
    except TooMuchError:
        return None


def _tree(text: str, limits: Limits) -> HtmlElement:
    from lxml import etree, html  # type: ignore[import-untyped]

    page = clean(text).encode("utf-8")
    measure(page, limits.max_elements)
    # Else the parser ends, without a word, at the first piece of text or script of 10 MB.
    huge = len(page) > _MAX_PLAIN
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=huge
    )
    try:
        tree = html.document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise TooMuchError(_NO_PAGE) from None
    if any(_TOO_DEEP in entry.message.lower() for entry in parser.error_log):
        raise TooMuchError(_NO_PAGE)
    return tree


def main_text(tree: HtmlElement) -> str:
    """Return the text of the page without menus, scripts and footers.

    Of a large page the tree itself is cut: copies of it would take its memory several times over.
    """
    import trafilatura

    if _is_large(tree):
        _drop(tree, _SILENT)
        if _is_large(tree):
            _drop(tree, _FURNITURE)
            return as_lines(tree)
    spoken = _without(tree, _SILENT)
    whole = _without(spoken, _FURNITURE)
    found = trafilatura.bare_extraction(
        _with_plain_links(spoken),
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        with_metadata=False,
        config=_settings(),
    )
    body = None if found is None or isinstance(found, dict) else found.body
    text = as_lines(body) if body is not None else ""
    main = whole.xpath("//main | //*[@role='main']")[:1] or whole.xpath(
        "//article[not(ancestor::article)]"
    )
    parts = [as_lines(part) for part in main]
    if parts and len(text) < _MIN_SHARE * max(map(len, parts)):
        return "\n\n".join(parts)
    return _under_heading(text, whole) if text else as_lines(whole)


def _under_heading(text: str, whole: HtmlElement) -> str:
    """Set the one main heading of the page above the text where the extractor left it out."""
    headings = [" ".join(heading.text_content().split()) for heading in whole.iter("h1")]
    if len(headings) != 1 or headings[0] in text:
        return text
    return f"{headings[0]}\n\n{text}"


@cache
def _settings() -> ConfigParser:
    """Return settings in which a short page keeps its structure, and is not made one line."""
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"
    return config


def _with_plain_links(tree: HtmlElement) -> HtmlElement:
    """Return a copy in which links in content are text.

    Trafilatura drops lists of links as menus, and lists of aid link each item. The links of a menu
    are short, without figures, and outside the article.
    """
    copy = deepcopy(tree)
    for link in copy.xpath("//a[not(ancestor::nav or ancestor::footer or ancestor::aside)]"):
        text = link.text_content()
        inside = next(link.iterancestors("article", "main"), None) is not None
        if inside or len(text.split()) >= _WORDS_OF_CONTENT or any(map(str.isdigit, text)):
            link.tag = "span"
            link.attrib.clear()
    return copy


def publication_date(tree: HtmlElement) -> dt.date | None:
    """Return the date of publication that the page's metadata states.

    Only its meta elements, JSON-LD and marked times are shown to htmldate: in running text and
    links it would take dates of other things.
    """
    from htmldate import find_date
    from lxml import html

    page = html.document_fromstring("<html><head></head><body></body></html>")
    head, body = page.find("head"), page.find("body")
    for meta in tree.iter("meta"):
        content = meta.get("content") or ""
        # Of a day that does not exist htmldate makes the first of the month.
        impossible = _ISO_DAY.match(content) and dates.iso_date(content[:10]) is None
        if (meta.get("property") or "").lower() != "og:url" and not impossible:
            head.append(html.Element("meta", **{k: v for k, v in meta.items() if k in _META_KEYS}))
    for script in tree.xpath("//script[@type='application/ld+json']"):
        element = html.Element("script", type="application/ld+json")
        element.text = script.text or ""
        head.append(element)
    for time in _marked_times(tree):
        element = html.Element("time", datetime=time, pubdate="pubdate")
        body.append(element)
    latest = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    found = find_date(
        page,
        extensive_search=False,
        original_date=True,
        min_date=dates.EARLIEST.isoformat(),
        max_date=latest.date().isoformat(),
    )
    return dates.plausible(dates.iso_date(found)) if found else None


def _marked_times(tree: HtmlElement) -> list[str]:
    """Return the time that is marked as that of publication, or the one time of the article."""
    marked = tree.xpath(
        "//time[@datetime][@pubdate or @itemprop='datePublished' or contains(@class, 'publish')]"
    )
    times = marked or tree.xpath("//article//time[@datetime] | //main//time[@datetime]")
    times = times or tree.xpath("//time[@datetime]")
    distinct = {time.get("datetime").strip()[:10] for time in times}
    return [times[0].get("datetime").strip()] if marked or len(distinct) == 1 else []


def _title(tree: HtmlElement) -> str | None:
    for path in ("//meta[@property='og:title']/@content", "//h1", "//head/title"):
        for found in tree.xpath(path):
            text = found if isinstance(found, str) else found.text_content()
            if text.strip():
                return " ".join(text.split())
    return None


def _is_large(tree: HtmlElement) -> bool:
    return next(islice(tree.iter(), _MAX_ELEMENTS, None), None) is not None


def _without(tree: HtmlElement, tags: tuple[str, ...]) -> HtmlElement:
    copy = deepcopy(tree)
    _drop(copy, tags)
    return copy


def _drop(tree: HtmlElement, tags: tuple[str, ...]) -> None:
    for element in list(tree.iter(*tags)):
        if element.getparent() is not None:
            element.drop_tree()
