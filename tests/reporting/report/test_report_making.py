"""What a report holds, told of made-up books on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from asking_story import asking_story
from hostile_story import hostile
from making import Said, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.reporting.report.html import to_html
from pledgebook.reporting.report.making import make_report, web_link
from pledgebook.reporting.report.markdown import to_markdown
from pledgebook.reporting.report.model import Claims, Report, Section, Table
from pledgebook.reporting.report.wishes import Limits, Wishes
from reports_made import book_of, report_of


def sections(found: Report) -> dict[str, Section]:
    return {one.id: one for one in found.sections}


def table(section: Section) -> Table:
    return next(block for block in section.blocks if isinstance(block, Table))


def cells(section: Section) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table(section).rows if not row.group]


def references(found: Report) -> Iterator[str]:
    for section in found.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (name for row in block.rows for cell in row.cells for name in cell.refs)
            if isinstance(block, Claims):
                yield from (name for claim in block.claims for name in claim.refs)


@pytest.fixture
def asked(place: str) -> Iterator[Book]:
    with book_of(place, asking_story()) as book:
        yield book


def test_every_figure_opens_down_to_sentences_of_the_book(asked: Book) -> None:
    found = report_of(asked, since=dt.date(2023, 3, 1))
    names = {*references(found)}
    assert len(names) > 10
    assert names <= found.numbers.keys()
    entries = asked.ledger(as_of="2024-01-01").entries
    sources = {one.id for one in found.sources}
    for note in found.notes:
        assert note.said, note.title
        for said in note.said:
            assert said.quote == entries[said.id].statement.evidence.quote
            assert said.source in sources
    assert sorted(note.number for note in found.notes) == [*range(1, len(found.notes) + 1)]


def test_every_row_that_bears_a_figure_has_its_notes(asked: Book) -> None:
    found = sections(report_of(asked))
    for name in ("donors", "items", "status", "largest", "overdue"):
        rows = [row for row in table(found[name]).rows if not row.group]
        assert rows
        assert all(any(cell.refs for cell in row.cells) for row in rows), name


def test_stages_stand_side_by_side_and_are_not_added(asked: Book) -> None:
    rows = {row[0]: row[1:] for row in cells(sections(report_of(asked))["short"])}
    commitments = asked.commitments(as_of="2024-01-01")
    reached = [
        f"{sum(stage in one.stages for one in commitments):,}"
        for stage in ("asked", "pledged", "on_order", "delivered")
    ]
    assert rows["Undertakings that reached it"] == reached


def test_the_table_donor_by_donor_is_the_status(asked: Book) -> None:
    rows = [row for row in table(sections(report_of(asked))["status"]).rows if not row.group]
    status = [row for row in asked.rows(as_of="2024-01-01") if row.quantities]
    ids = {tuple(sorted(one.id for one in row.commitments)) for row in status}
    assert {tuple(sorted(row.cells[-1].refs)) for row in rows} == ids


def test_overdue_is_what_the_book_answers(asked: Book) -> None:
    found = sections(report_of(asked))["overdue"]
    late = asked.answers.overdue(as_of="2024-01-01").rows
    rows = table(found).rows
    assert [row.cells[-1].refs for row in rows] == [(one.id,) for one in late]
    assert rows
    assert all(row.cells[3].alarm for row in rows)


def test_contradictions_stand_with_all_their_sentences(told: Book) -> None:
    [claims] = [
        block
        for block in sections(report_of(told))["contradictions"].blocks
        if isinstance(block, Claims)
    ]
    clashes = told.answers.contradictions(as_of="2024-01-01")
    assert [[said.id for said in claim.said] for claim in claims.claims] == [
        [*clash.statements] for clash in clashes
    ]
    assert clashes


def test_what_changed_since_a_day(told: Book) -> None:
    found = sections(report_of(told, since=dt.date(2023, 3, 15)))["changes"]
    [claims] = [block for block in found.blocks if isinstance(block, Claims)]
    changes = told.diff("2023-03-15", "2024-01-01").changes.changes
    assert {claim.refs for claim in claims.claims} == {
        tuple(one.id for one in change.after) for change in changes if change.kind != "reviewed"
    }
    assert any(said.quote for claim in claims.claims for said in claim.said)
    assert "changes" not in sections(report_of(told))


def test_nothing_changed_is_said(told: Book) -> None:
    first, last = dt.date(2023, 5, 10), dt.date(2023, 5, 20)
    found = sections(report_of(told, as_of=last, since=first))["changes"]
    assert "changes nothing" in str(found.blocks)


def test_a_day_that_passed_is_a_change_without_a_report(told: Book) -> None:
    found = sections(report_of(told, since=dt.date(2023, 12, 1)))["changes"]
    [claims] = [block for block in found.blocks if isinstance(block, Claims)]
    assert "overdue now; no new report: the day that was promised passed" in claims.claims[0].text


def test_a_report_is_narrowed_by_names(told: Book) -> None:
    found = report_of(told, donor="Norway", recipient="Ukraine", item="tank")
    assert "Norway" in found.title
    givers = {cell.text for row in table(sections(found)["donors"]).rows for cell in row.cells[:1]}
    assert givers == {"Norway"}
    with pytest.raises(NotFoundError, match="no donor is known as 'Narnia'"):
        report_of(told, donor="Narnia")


def test_the_title_that_is_wished_for(told: Book) -> None:
    assert report_of(told, title="Tanks\nfor  all").title == "Tanks for all"


def test_the_same_book_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    """In whatever order it was read: names of rows in a store, or of sets, leave no trace."""
    pages = []
    for number, readings in enumerate((asking_story(), asking_story()[::-1])):
        with book_of(tmp_path / f"{number}.db", readings) as book:
            found = report_of(book, since=dt.date(2023, 3, 1))
            pages.append((to_html(found), to_markdown(found)))
    assert pages[0] == pages[1]


def test_what_has_no_room_is_counted_in_words(tmp_path: Path) -> None:
    small = Limits(
        notes=5, said=1, quote=40, donors=1, items=2, status=3, largest=1, overdue=1, changes=1,
        clashes=1, findings=1, sources=2, months=2,
    )  # fmt: skip
    with book_of(tmp_path / "aid.db", [*asking_story(), *hostile()]) as book:
        found = report_of(book, since=dt.date(2023, 2, 15), limits=small)
        whole = report_of(book)
    assert len(found.notes) == 5
    left = len({*references(whole)}) - 5
    assert f"And {len(whole.sources)}" not in found.sources_more
    assert "no note here, for want of room" in found.notes_more
    assert int(found.notes_more.split()[0]) >= left - 5
    by_name = sections(found)
    everything = sections(whole)
    for name, noun in (("donors", "donor"), ("items", "item"), ("status", "row")):
        rows = [row for row in table(by_name[name]).rows if not row.group]
        all_rows = [row for row in table(everything[name]).rows if not row.group]
        more = len(all_rows) - len(rows)
        assert table(by_name[name]).more.startswith(f"And {more} more {noun}")
    page = to_html(found)
    assert "not printed" in page
    for note in found.notes:
        assert len(note.said) == 1
        assert all(len(said.quote) <= 42 for said in note.said)


def test_what_is_late_or_contradicted_has_its_note_before_all_else(tmp_path: Path) -> None:
    with book_of(tmp_path / "aid.db", asking_story()) as book:
        late = [one.id for one in book.answers.overdue(as_of="2024-01-01").rows]
        found = report_of(book, limits=Limits(notes=len(late)))
    assert {note.id for note in found.notes} == {*late}


def test_an_empty_book_has_a_report_too(tmp_path: Path) -> None:
    with book_of(tmp_path / "aid.db", []) as book:
        found = report_of(book, since=dt.date(2023, 1, 1))
        page = to_html(found)
    assert found.notes == ()
    assert "0 undertakings" in page
    assert "None" not in to_markdown(found)


def test_undated_reports_say_so(tmp_path: Path) -> None:
    said = Said("Norway will send eight Leopard 2 tanks", quantity=8)
    with book_of(tmp_path / "aid.db", [report(said, date=None)]) as book:
        found = make_report(book, book.store, Wishes())
    [note] = found.notes
    assert note.remarks[-1].strong == "Undated"
    assert note.said[0].day == "undated; read on 1 January 2025"
    assert found.sources[0].day == "undated; read on 1 January 2025"


def test_a_long_time_is_told_by_quarter_and_by_year(tmp_path: Path) -> None:
    readings = [
        report(
            Said(f"in {year} Norway pledged one more tank", quantity=1, when=f"{year}-03"),
            date=f"{year}-03-01",
        )
        for year in range(2012, 2024)
    ]
    with book_of(tmp_path / "aid.db", readings) as book:
        for months, caption in ((200, "by month"), (60, "by quarter"), (20, "by year")):
            found = report_of(book, limits=Limits(months=months))
            assert caption in table(sections(found)["timeline"]).caption


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"as_of": dt.date(2023, 1, 1), "since": dt.date(2023, 1, 1)}, "no change since"),
        ({"assume": object(), "until": "2024-12"}, "--item"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(wishes: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Wishes(**wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://example.org", False),
        ("data:text/html,x", False),
        ("//example.org/x", False),
        ("https:///nothing", False),
        ("http://[broken", False),
        ("https://example.org/\u202egpj.exe", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(address: str | None, is_link: bool) -> None:
    assert web_link(address) == (address if is_link else None)


def test_the_path_of_a_file_on_somebodys_machine_stays_there(tmp_path: Path) -> None:
    with book_of(tmp_path / "aid.db", asking_story()) as book:
        found = report_of(book)
    assert {one.address for one in found.sources} == {"one.txt"}
