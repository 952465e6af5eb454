"""RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom, element by element; nothing is fetched or expanded.

No feed needs entities of its own. One that declares any is refused before lxml sees it: with them
begins all that XML can do to a reader. A bare document type, as RSS 0.91 has, is let pass.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5
from typing import Any
from xml.parsers import expat

from pledgebook.documents.feeds.addresses import canonical
from pledgebook.documents.feeds.drafts import EntryDraft, gather
from pledgebook.documents.feeds.entries import ParsedFeed
from pledgebook.documents.feeds.markup_text import one_line_of
from pledgebook.documents.feeds.times import update_pause
from pledgebook.errors import SourceError

__all__ = ["parse_xml"]

_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ITEMS = frozenset({"item", "entry"})
_MOST_ELEMENTS = 200_000
_MAX_PROLOG = 100_000
_PIECE = 4096
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_PLAIN_SPACES = (
    *("http://purl.org/rss/1.0/", "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"),
    *("http://my.netscape.com/", "http://channel.netscape.com/", "http://backend.userland.com/"),
)
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DUBLIN = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_HEAD = {"title": "title", "ttl": "ttl", "updateperiod": "period", "updatefrequency": "frequency"}
_MEND = "tell its publisher, or give another feed of the same site"


class _Head:
    """What a feed says of itself, and what was passed over."""

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.remarks: list[str] = []


def parse_xml(text: str, url: str, today: dt.date) -> ParsedFeed:
    """Return the feed. Raises SourceError where it is none, or declares entities."""
    text = _DECLARATION.sub("", text, count=1).lstrip()
    _check_prolog(text, url)
    head = _Head()
    entries, remarks = gather(_drafts(text, url, head), today)
    says = head.says
    return ParsedFeed(
        title=one_line_of(says.get("title", "")),
        entries=entries,
        lang=says.get("language"),
        pause=update_pause(says.get("ttl"), says.get("period"), says.get("frequency")),
        remarks=(*head.remarks, *remarks),
    )


def _check_prolog(text: str, url: str) -> None:
    """Read up to the first element with a parser that stops where entities are declared."""
    parser = expat.ParserCreate("utf-8")
    begun: list[str] = []

    def doctype(_name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            what = "it declares entities of its own, which no feed needs"
            raise SourceError(what, where=url, mend="do not trust it")

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda name, _: begun.append(name)
    data = text[:_MAX_PROLOG].encode()
    try:
        for at in range(0, len(data), _PIECE):
            parser.Parse(data[at : at + _PIECE], False)
            if begun:
                return
    except expat.ExpatError as error:
        if begun:
            return  # The parser behind mends what it can.
        raise SourceError(f"it is no XML ({error})", where=url, mend=_MEND) from error
    raise SourceError("no element begins in it", where=url, mend=_MEND)


def _drafts(text: str, url: str, head: _Head) -> Iterator[EntryDraft]:
    from lxml import etree  # type: ignore[import-untyped]

    parsed = etree.iterparse(
        io.BytesIO(_NAMED.sub(_numbered, text).encode()),
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _walk(parsed, url, head)
    except etree.XMLSyntaxError as error:
        head.remarks.append(f"it breaks off as XML ({str(error.msg)[:200]})")


def _walk(parsed: Any, url: str, head: _Head) -> Iterator[EntryDraft]:  # noqa: ANN401  no types
    root: Any = None
    item: Any = None
    for count, (event, element) in enumerate(parsed):
        if count > 2 * _MOST_ELEMENTS:
            head.remarks.append(f"it has more than {_MOST_ELEMENTS:,} elements; the rest is left")
            return
        name = _name(element)
        if event == "start":
            if root is None:
                root = element
                _check_root(name, url)
                _say(head, "language", element.get(f"{_XML}lang"))
            elif item is None and name in _ITEMS:
                item = element
            continue
        if element is item:
            yield _draft(element, url)
            item = None
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        elif item is None and element is not root:
            _tell_head(element, name, head)


def _tell_head(element: Any, name: str, head: _Head) -> None:  # noqa: ANN401
    parent = _name(element.getparent()) if element.getparent() is not None else ""
    if parent in ("channel", "feed", "rdf") and name in _HEAD:
        _say(head, _HEAD[name], _flat(element))
    elif parent == "channel" and name == "language":
        _say(head, "language", _flat(element))


def _say(head: _Head, key: str, value: str | None) -> None:
    if value and value.strip():
        head.says.setdefault(key, value.strip()[:2000])


def _check_root(name: str, url: str) -> None:
    if name not in _ROOTS:
        what = f"its first element is {name[:60]!r}, and it is no feed"
        raise SourceError(what, where=url, mend="give the address of an RSS or Atom feed")


def _draft(item: Any, url: str) -> EntryDraft:  # noqa: ANN401
    """Return what stands in an item or an entry."""
    draft = EntryDraft(key=item.get(f"{_RDF}about") or "", lang=item.get(f"{_XML}lang"))
    summary, permalink = "", ""
    for child in item:
        name, space = _name(child), _space(child)
        plain = not space or space.startswith(_PLAIN_SPACES)
        if name == "title" and (plain or (space in _DUBLIN and not draft.title)):
            draft.title = _markup(child)
        elif name == "link" and plain:
            draft.url = draft.url or _link(child, url)
        elif name in ("guid", "id") and plain:
            draft.key = _flat(child).strip() or draft.key
            permalink = draft.key if child.get("isPermaLink", "true") != "false" else ""
        elif (name, space) == ("encoded", _CONTENT) or (name == "content" and plain):
            draft.content = draft.content or _markup(child)
        elif name in ("description", "summary") and plain:
            summary = summary or _markup(child)
        else:
            _tell_time(child, name, draft)
    draft.content = draft.content if draft.content.strip() else summary
    draft.url = draft.url or canonical(permalink)
    return draft


def _tell_time(child: Any, name: str, draft: EntryDraft) -> None:  # noqa: ANN401
    if name in ("pubdate", "published", "issued", "date", "created"):
        draft.published = draft.published or _flat(child)
    elif name in ("updated", "modified"):
        draft.updated = draft.updated or _flat(child)


def _link(element: Any, url: str) -> str | None:  # noqa: ANN401
    """Return the address of an RSS link, or of an Atom link to the article itself."""
    if element.get("rel", "alternate") != "alternate":
        return None
    return canonical(element.get("href") or _flat(element), _base(element, url))


def _base(element: Any, url: str) -> str:  # noqa: ANN401
    """Return what addresses are relative to: xml:base of the elements around, or the feed's own."""
    bases = [one.get(f"{_XML}base") for one in (element, *element.iterancestors())]
    found = url
    for base in reversed([one for one in bases if one]):
        found = canonical(base, found) or found
    return found


def _markup(element: Any) -> str:  # noqa: ANN401
    """Return what an element holds as HTML: unescaped text, or the elements of XHTML."""
    from lxml import etree

    if len(element) == 0:
        if element.get("type") == "text" and "<" in (element.text or ""):
            # Atom calls it plain text: what looks like a tag in it is none.
            return str(etree.tostring(_as_span(element.text), encoding="unicode"))
        return element.text or ""
    inner = [element.text or ""]
    inner += [str(etree.tostring(child, encoding="unicode")) for child in element]
    return "".join(inner)


def _as_span(text: str) -> Any:  # noqa: ANN401
    from lxml import etree

    span = etree.Element("span")
    span.text = text
    return span


def _flat(element: Any) -> str:  # noqa: ANN401
    return "".join(element.itertext()).strip()


def _name(element: Any) -> str:  # noqa: ANN401
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _space(element: Any) -> str:  # noqa: ANN401
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def _numbered(match: re.Match[str]) -> str:
    return _number(match[1])


@lru_cache(4096)
def _number(name: str) -> str:
    """Write an entity of HTML, which XML does not know, by its number."""
    if name not in html5:
        return f"&{name}"
    return "".join(f"&#{ord(sign)};" for sign in html5[name])
