"""Citations ready to paste: who said what, where and when, with the hash of what was read."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pledgebook.errors import UsageError
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.wording import statement_line

_SHORT = 12
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class Citation:
    """One quoted piece and its document; `quote` and `says` are None for a whole document."""

    id: str
    title: str
    place: str | None
    date: dt.date | None
    sha256: str
    says: str | None = None
    quote: str | None = None
    speaker: str | None = None

    @classmethod
    def of(cls, document: StoredDocument, entry: Entry | None = None) -> Citation:
        """Cite a document, or one statement in it."""
        origins = [place.origin for place in document.locations]
        statement = entry.statement if entry else None
        return cls(
            id=entry.id if entry else document.id,
            title=document_name(document),
            place=document.url or (origins[0] if origins else None),
            date=document.date,
            sha256=document.bytes_sha256,
            says=statement_line(statement) if statement else None,
            quote=" ".join(statement.evidence.quote.split()) if statement else None,
            speaker=statement.speaker if statement else None,
        )

    @property
    def day(self) -> str:
        """The publication date, or "undated"."""
        return self.date.isoformat() if self.date else "undated"


def cite(citations: Sequence[Citation], style: str) -> str:
    """Write citations in a style: text, markdown, bibtex or json. Raises UsageError."""
    writer = _STYLES.get(style)
    if writer is None:
        raise UsageError(f"no style is called {style!r}", mend=f"One of: {', '.join(_STYLES)}")
    return writer(citations)


def _text(citations: Iterable[Citation]) -> str:
    return "\n\n".join(_line(one, lambda text: text, "“{}”") for one in citations)


def _markdown(citations: Iterable[Citation]) -> str:
    def safe(text: str) -> str:
        return _MARKDOWN.sub(r"\\\1", text)

    return "\n\n".join(_line(one, safe, "> {}\n>\n> —", link=True) for one in citations)


def _line(one: Citation, safe: Callable[[str], str], quoted: str, *, link: bool = False) -> str:
    parts = []
    if one.quote is not None:
        parts.append(quoted.format(safe(one.quote)))
    speaker = f"{safe(one.speaker)}, in " if one.speaker else ""
    is_web = one.place is not None and one.place.startswith(("http://", "https://"))
    title = safe(one.title)
    if link and is_web:
        title = f"[{title}](<{one.place}>)"
    source = [f"{speaker}{title}", one.day]
    if one.place is not None and one.place != one.title and not (link and is_web):
        source.append(safe(one.place))
    source.append(f"SHA-256 {one.sha256[:_SHORT]}")
    parts.append(", ".join(source))
    return " ".join(parts) + f" [{one.id[:_SHORT]}]"


def _bibtex(citations: Iterable[Citation]) -> str:
    entries = []
    for one in citations:
        fields = {"title": f"{{{one.title.translate(_LATEX)}}}"}
        if one.speaker:
            fields["author"] = f"{{{one.speaker.translate(_LATEX)}}}"
        if one.date is not None:
            fields |= {"date": one.date.isoformat(), "year": str(one.date.year)}
        if one.place is not None:
            is_web = one.place.startswith(("http://", "https://"))
            fields["url" if is_web else "howpublished"] = (
                one.place.translate({ord(c): f"%{ord(c):02X}" for c in "{}\\"})
                if is_web
                else one.place.translate(_LATEX)
            )
        note = f"SHA-256 {one.sha256[:_SHORT]}"
        if one.quote is not None:
            note = f"``{one.quote.translate(_LATEX)}''; {note}"
        fields["note"] = note
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@misc{{pledgebook-{one.id[:_SHORT]},\n{lines}\n}}")
    return "\n\n".join(entries)


def _json(citations: Iterable[Citation]) -> str:
    rows = [
        {
            "id": one.id,
            "says": one.says,
            "quote": one.quote,
            "speaker": one.speaker,
            "title": one.title,
            "place": one.place,
            "date": one.date.isoformat() if one.date else None,
            "sha256": one.sha256,
        }
        for one in citations
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


_STYLES: dict[str, Callable[[Sequence[Citation]], str]] = {
    "text": _text,
    "markdown": _markdown,
    "bibtex": _bibtex,
    "json": _json,
}
