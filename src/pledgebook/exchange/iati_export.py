"""Export as IATI 2.03: each promise, and what came of it, as an activity with its transactions.

Money only: IATI has no place for a number of tanks, which stands in the description. A range gives
its low end, "up to" gives no transaction, and nothing unknown becomes zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.exchange.bookrows import last_instant
from pledgebook.exchange.counting import Losses
from pledgebook.exchange.export_tables import Tables
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.exchange.intake import data_table
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.wording import commitment_line
from pledgebook.vocabulary.catalogue import Catalogue

if TYPE_CHECKING:
    from lxml import etree  # type: ignore[import-untyped]

__all__ = ["TRANSACTIONS", "exporter"]

TRANSACTIONS = {Stage.PLEDGED: "12", Stage.ON_ORDER: "2", Stage.DELIVERED: "3"}
"""Codes of IATI's list TransactionType: outgoing pledge, outgoing commitment, disbursement."""

_FUNDING, _IMPLEMENTING = "1", "4"
_ORG_TYPES = {"state": "10", "group": "40", "company": "70"}
_OTHER_ORG = "90"
_PIPELINE, _IMPLEMENTATION, _FINALISATION, _SUSPENDED = "1", "2", "3", "6"
_PLANNED_START, _PLANNED_END = "1", "3"
_GENERAL, _OTHER_DESCRIPTION = "1", "4"
_PARENT, _CHILD = "1", "2"
_WEB_PAGE = "A12"
_FORMATS = {"html": "text/html", "pdf": "application/pdf"}
_UNREGISTERED = ("unregistered", "an unregistered publisher")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_WEB = ("http://", "https://")


class _Iati:
    name = "iati"

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        from lxml import etree

        if wishes.with_text or wishes.table is not None:
            raise UsageError(
                "IATI has no place for whole texts, and no tables",
                mend="Leave out --with-text and --table, or export jsonl",
            )
        tables = Tables(source, wishes)
        activities = [one for one in tables.commitments if TRANSACTIONS.keys() & one.stages.keys()]
        if not activities:
            mend = "Read some reports, or ask for other donors, recipients or items"
            raise UsageError("there is no promise to export, and IATI wants one", mend=mend)
        with source.store.database.reading() as connection:
            recorded = last_instant(connection)
        writer = _Activities(tables, activities, source.catalogue(), _publisher(wishes.publisher))
        head = {"version": "2.03"} | ({"generated-datetime": recorded} if recorded else {})
        with target.file() as path, etree.xmlfile(str(path), encoding="utf-8") as file:
            file.write_declaration()
            with file.element("iati-activities", head):
                for one in activities:
                    file.write(writer.activity(one), pretty_print=True)
        told = writer.notes(len(tables.commitments) - len(activities))
        if wishes.publisher is None:
            told.append("it names no registered publisher: give --publisher ID=NAME to publish it")
        rows = {"activities": len(activities), "transactions": writer.counts["transactions"]}
        problems = writer.losses.problems(str(target.path))
        return ExportReport(target.path, rows, tuple(problems), tuple(told))


class _Activities:
    """Makes the elements of activities."""

    def __init__(
        self,
        tables: Tables,
        activities: Sequence[Commitment],
        catalogue: Catalogue,
        publisher: tuple[str, str],
    ) -> None:
        self._tables = tables
        self._exported = {one.id: one for one in activities}
        self._catalogue = catalogue
        self._publisher = publisher
        self._countries: Mapping[str, str] = {
            alpha3: alpha2 for alpha2, alpha3 in data_table("countries")["alpha3"].items()
        }
        self.losses = Losses()
        self.counts: Counter[str] = Counter()

    def activity(self, one: Commitment) -> etree._Element:
        """Return a commitment as an activity, its parts in the order that the schema wants."""
        from lxml import etree

        root = etree.Element("iati-activity", {_XML_LANG: "en"})
        reference, name = self._publisher
        self._text(etree.SubElement(root, "iati-identifier"), f"{reference}-{one.id}")
        reporting = {"ref": reference, "type": _OTHER_ORG, "secondary-reporter": "1"}
        self._add(root, "reporting-org", reporting, name)
        givers = " and ".join(map(self._party, one.donors)) or "somebody not named"
        to = f" to {self._party(one.recipient)}" if one.recipient else ""
        self._add(root, "title", {}, f"{givers}{to}: {one.item}")
        self._add(root, "description", {"type": _GENERAL}, commitment_line(one))
        entries = [self._tables.ledger.entries[name] for name in one.statements]
        self._quotations(root, entries)
        for donor in one.donors or ("somebody not named",):
            self._organisation(root, donor, _FUNDING)
        if one.supplier:
            self._organisation(root, one.supplier, _IMPLEMENTING)
        etree.SubElement(root, "activity-status", code=_status(one))
        first = {"type": _PLANNED_START, "iso-date": one.first.isoformat()}
        self._add(root, "activity-date", first, "the day of the first report")
        if one.due is not None:
            last = {"type": _PLANNED_END, "iso-date": one.due.isoformat()}
            self._add(root, "activity-date", last, "the last day of the promised period")
        if one.recipient is not None and one.recipient in self._countries:
            code = {"code": self._countries[one.recipient]}
            self._add(root, "recipient-country", code, self._party(one.recipient))
        for stage, code_of in TRANSACTIONS.items():
            if stage in one.stages:
                self._transactions(root, one, stage, code_of)
        self._links(root, one)
        self._relations(root, one)
        return root

    def _quotations(self, root: etree._Element, entries: list[Entry]) -> None:
        from lxml import etree

        for entry in entries:
            document = self._tables.documents.get(entry.document)
            from_where = f"{document_name(document)}, " if document else ""
            lang = document.lang if document else None
            quote = f"“{entry.statement.evidence.quote}” ({from_where}{entry.counted})"
            found = etree.SubElement(root, "description", type=_OTHER_DESCRIPTION)
            self._narrative(found, quote, lang)

    def _organisation(self, root: etree._Element, code: str, role: str) -> None:
        party = self._catalogue.find_party(code)
        kind = _ORG_TYPES.get(party.kind) if party is not None else None
        self._add(
            root,
            "participating-org",
            {"role": role} | ({"type": kind} if kind else {}),
            self._party(code),
        )

    def _transactions(self, root: etree._Element, one: Commitment, stage: Stage, code: str) -> None:
        from lxml import etree

        figure = one.stages[stage]
        day = max(self._tables.ledger.entries[name].counted for name in figure.prevailing)
        if not figure.money:
            self.counts["in kind"] += 1
        whole = self._money_of_wholes(one, stage)
        for currency, amount in sorted(figure.money.items()):
            if currency in whole:
                self.counts["within"] += 1
                continue
            if amount.low is None:
                self.counts["open below"] += 1
                continue
            self.counts["transactions"] += 1
            made = etree.SubElement(root, "transaction")
            etree.SubElement(made, "transaction-type", code=code)
            etree.SubElement(made, "transaction-date", {"iso-date": day.isoformat()})
            money = {"currency": currency, "value-date": day.isoformat()}
            etree.SubElement(made, "value", money).text = _decimal(amount.low)
            if amount.low != amount.high:
                self.counts["ranges"] += 1
                self._add(made, "description", {}, _range(amount, currency))
            if one.donors:
                givers = " and ".join(map(self._party, one.donors))
                self._add(made, "provider-org", {}, givers)
            if one.recipient:
                self._add(made, "receiver-org", {}, self._party(one.recipient))

    def _money_of_wholes(self, one: Commitment, stage: Stage) -> set[str]:
        """Return the currencies in which what it is a part of is counted at this stage already."""
        wholes = [self._exported[part.whole] for part in one.wholes if part.whole in self._exported]
        return {
            currency
            for whole in wholes
            if stage in whole.stages
            for currency in whole.stages[stage].money
        }

    def _relations(self, root: etree._Element, one: Commitment) -> None:
        from lxml import etree

        related = [(part.whole, _PARENT) for part in one.wholes]
        related += [(part.part, _CHILD) for part in one.parts]
        for name, kind in dict.fromkeys(related):
            if name in self._exported:
                reference = f"{self._publisher[0]}-{name}"
                etree.SubElement(root, "related-activity", ref=reference, type=kind)

    def _links(self, root: etree._Element, one: Commitment) -> None:
        from lxml import etree

        for name in one.documents:
            document = self._tables.documents.get(name)
            url = _url(document)
            if document is None or url is None:
                continue
            form = _FORMATS.get(document.extractor.partition("/")[0], "text/plain")
            link = etree.SubElement(root, "document-link", format=form, url=url)
            self._add(link, "title", {}, document_name(document))
            etree.SubElement(link, "category", code=_WEB_PAGE)
            if document.date is not None:
                etree.SubElement(link, "document-date", {"iso-date": document.date.isoformat()})

    def _party(self, code: str | None) -> str:
        party = self._catalogue.find_party(code) if code else None
        return party.name if party is not None else code or "somebody not named"

    def _add(
        self, under: etree._Element, name: str, attributes: Mapping[str, str], says: str
    ) -> etree._Element:
        from lxml import etree

        made = etree.SubElement(
            under, name, {k: self.losses.safe(v) for k, v in attributes.items()}
        )
        self._narrative(made, says)
        return made

    def _narrative(self, under: etree._Element, says: str, lang: str | None = None) -> None:
        from lxml import etree

        attributes = {_XML_LANG: self.losses.safe(lang)} if lang else {}
        self._text(etree.SubElement(under, "narrative", attributes), says)

    def _text(self, element: etree._Element, says: str) -> None:
        element.text = self.losses.safe(says)

    def notes(self, left_out: int) -> list[str]:
        """Return what IATI has no place for, in words."""
        told = []
        if left_out:
            told.append(f"{left_out:,} left out: asked for, considered or refused, and no promise")
        for name, says in (
            ("in kind", "stages without money have no transaction, but a description"),
            ("within", "amounts are a part of another activity's and have no transaction here"),
            ("open below", "amounts of 'up to' have no transaction, but a description"),
            ("ranges", "ranges of money are given by their low end, with a description"),
        ):
            if self.counts[name]:
                told.append(f"{self.counts[name]:,} {says}")
        return told


def _publisher(given: str | None) -> tuple[str, str]:
    if given is None:
        return _UNREGISTERED
    reference, _, name = given.partition("=")
    if not reference.strip():
        raise UsageError(f"{given!r} names no publisher", mend="Write it as ID=NAME")
    return reference.strip(), name.strip() or reference.strip()


def _status(one: Commitment) -> str:
    if Stage.REFUSED in one.stages:
        return _SUSPENDED
    if Stage.DELIVERED in one.stages and one.outstanding is not None and one.outstanding.high == 0:
        return _FINALISATION
    started = Stage.DELIVERED in one.stages or Stage.ON_ORDER in one.stages
    return _IMPLEMENTATION if started else _PIPELINE


def _decimal(value: float) -> str:
    return f"{value:.2f}".removesuffix(".00")


def _range(amount: Interval, currency: str) -> str:
    return f"{amount} {currency}: the value is the low end"


def _url(document: StoredDocument | None) -> str | None:
    from urllib.parse import quote

    if document is None:
        return None
    places = [document.url, *(place.origin for place in document.locations)]
    for place in places:
        if place is not None and place.startswith(_WEB):
            return quote(place.encode("utf-8", "replace"), safe=":/?#@!$&'()*+,;=%~-._")
    return None


exporter = _Iati()
"""The exporter of this format."""
