from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from kiel_files import HEADER, TANK, row, write_csv
from making import Said, entries, norway, report
from pledgebook.exchange.importing import import_file
from pledgebook.forecasting.fulfilment import (
    Mark,
    Spell,
    fit,
    outstanding_of,
    spells_of,
    spells_of_rows,
)
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind, Scope

TODAY = dt.date(2023, 12, 31)
FEBRUARY = dt.date(2023, 2, 14)


def ledger(readings: Sequence[Reading], today: dt.date = TODAY) -> Ledger:
    return build_ledger(entries(readings), today=today, tree=load_catalogue())


def spells(readings: Sequence[Reading], donor: str = "NOR") -> list[Spell]:
    made = ledger(readings)
    return [one for one in spells_of(made.commitments, made.entries, TODAY) if donor in one.donors]


def promise(quantity: int = 8) -> Said:
    return Said(f"Norway will send {quantity} Leopard 2 tanks", quantity=quantity)


def handed(
    words: str, quantity: int | None, when: str | None = None, scope: Scope = Scope.NEW
) -> Said:
    return Said(words, kind=Kind.DELIVERY, quantity=quantity, when=when, scope=scope)


def test_a_part_that_came_and_what_is_left() -> None:
    part, rest = spells(norway())
    assert part.promised == rest.promised == (FEBRUARY, FEBRUARY)
    assert part.share == 3 / 8
    assert part.delivered == (dt.date(2023, 3, 20), dt.date(2023, 3, 20))
    assert part.reported == dt.date(2023, 3, 21)
    assert (rest.share, rest.reported, rest.mark) == (5 / 8, None, Mark.UNMARKED)
    assert part.statements
    assert not set(part.statements) & set(rest.statements)


def test_a_promise_for_a_period_is_due_at_its_end() -> None:
    (jets,) = spells(norway(), "DNK")
    assert jets.due == dt.date(2023, 12, 31)
    assert jets.share == 1.0


def test_a_delivery_without_a_day_has_its_report_alone() -> None:
    one = spells(
        [
            report(promise(), date="2023-02-14"),
            report(handed("Norway handed over eight Leopard 2 tanks", 8), date="2023-05-02"),
        ]
    )
    assert [(part.share, part.delivered, part.reported) for part in one] == [
        (1.0, None, dt.date(2023, 5, 2))
    ]


def test_a_period_is_an_interval() -> None:
    (part,) = spells(
        [
            report(promise(), date="2023-02-14"),
            report(
                handed("in March Norway handed over eight Leopard 2 tanks", 8, "2023-03"),
                date="2023-05-02",
            ),
        ]
    )
    assert part.delivered == (dt.date(2023, 3, 1), dt.date(2023, 3, 31))


def test_a_running_total_beyond_its_parts_is_a_lot_of_its_own() -> None:
    found = spells(
        [
            report(promise(10), date="2023-02-14"),
            report(handed("Norway handed over two Leopard 2 tanks", 2, "2023-03-10"),
                   date="2023-03-11"),
            report(handed("Norway has sent seven of the Leopard 2 tanks in all", 7,
                          scope=Scope.TOTAL), date="2023-08-01"),
        ]
    )  # fmt: skip
    told = sorted(
        (one.reported, round(one.share or 0.0, 9)) for one in found if one.reported is not None
    )
    assert told == [(dt.date(2023, 3, 11), 0.2), (dt.date(2023, 8, 1), 0.5)]
    (rest,) = [one for one in found if one.reported is None]
    assert rest.share is not None
    assert abs(rest.share - 0.3) < 1e-9


def test_a_delivery_of_unknown_size_leaves_open_what_is_left() -> None:
    found = spells(
        [
            report(promise(), date="2023-02-14"),
            report(handed("Norway handed over Leopard 2 tanks", None), date="2023-05-02"),
        ]
    )
    assert sorted((one.share, one.reported is None) for one in found if one.share) == []
    assert {one.reported for one in found} == {None, dt.date(2023, 5, 2)}


def test_what_is_bought_for_oneself_or_only_asked_for_is_no_promise() -> None:
    own = Said("Norway orders 54 Leopard 2 tanks for its army", kind=Kind.CONTRACT,
               recipient="NOR", quantity=54)  # fmt: skip
    asked = Said("Ukraine asked for 100 tanks", kind=Kind.REQUEST, actors=("UKR",), quantity=100)
    made = ledger([report(own, asked)])
    assert len(made.commitments) == 2
    assert len(spells_of(made.commitments, made.entries, TODAY)) == 0


def test_an_undated_document_gives_no_time_and_says_so() -> None:
    made = ledger([report(promise(), date=None)])
    found = spells_of(made.commitments, made.entries, dt.date(2026, 1, 1))
    assert len(found) == 0
    assert "undated" in found.caveats[0].why
    assert found.caveats[0].about == made.commitments[0].id


def test_what_is_outstanding_has_its_amount() -> None:
    made = ledger(norway())
    found = outstanding_of(made.commitments, spells_of(made.commitments, made.entries, TODAY))
    amounts = {one.commitment: (one.low, one.high, one.unit) for one in found}
    by_donor = {one.donors[0]: amounts.get(one.id) for one in made.commitments if one.donors}
    assert by_donor["NOR"] == (5.0, 5.0, "item")
    assert by_donor["SWE"] == (10.0, 10.0, "item")
    assert all(one.spells for one in found)


def test_what_comes_after_the_day_is_not_seen() -> None:
    made = ledger(norway())
    early = dt.date(2023, 2, 20)
    known = spells_of(made.commitments, made.entries, early)
    assert {one.donors[0] for one in known} == {"NOR", "DNK"}
    model = fit(known, early)
    assert (model.commitments, model.lots) == (2, 0)
    assert fit(spells_of(made.commitments, made.entries, TODAY), TODAY).lots == 1


def test_rows_of_a_release_tell_what_had_come_by_its_day(tmp_path: Path) -> None:
    rows = [
        row("Norway", "2022-03-01 00:00:00", units="8", delivered="8", **TANK),
        row("Norway", "2022-03-02 00:00:00", units="8", delivered="undisclosed", **TANK),
        row("Norway", "2022-03-03 00:00:00", units="8", delivered="2", **TANK),
        row("Norway", "2022-03-04 00:00:00", units="8", delivered=".", **TANK),
        row("Norway", "2022-03-05 00:00:00", units="8", delivered="0", **TANK),
        row("Norway", "until 7/27/2022", units="undisclosed", delivered="undisclosed", **TANK),
        row("Norway", "2022-03-06 00:00:00", "Humanitarian", id="NOH1", first="1"),
        row("Norway", "unclear", units="8", delivered="8", **TANK),
    ]
    published = dt.date(2022, 10, 3)
    store = Store.open(tmp_path / "book.db")
    path = write_csv(tmp_path / "release.csv", HEADER, rows)
    done = import_file(store, load_catalogue(), "kiel", path, published=published, by="the test")
    found = spells_of_rows(store.release_entries(done.id), published)
    store.close()
    by_day: dict[int, list[tuple[float | None, bool, Mark]]] = {}
    for one in found:
        told = one.reported is not None
        assert one.reported_by is told
        assert one.reported in (None, published)
        first, last = one.promised
        key = first.day if first == last else 0
        by_day.setdefault(key, []).append((one.share, told, one.mark))
    assert by_day == {
        1: [(1.0, True, Mark.UNMARKED)],
        2: [(1.0, False, Mark.UNDISCLOSED)],
        3: [(0.25, True, Mark.UNMARKED), (0.75, False, Mark.OPEN)],
        4: [(1.0, False, Mark.UNMARKED)],
        5: [(1.0, False, Mark.OPEN)],
        0: [(1.0, False, Mark.UNDISCLOSED)],
    }
    (caveat,) = found.caveats
    assert "no day of the promise" in caveat.why
