from __future__ import annotations

from fulfilment_made import AS_OF, START, day, spell

from pledgebook.forecasting.fulfilment.spells import SpellSet, gather


def test_what_is_reported_later_is_left_until_then() -> None:
    spells = [
        spell(share=0.25, delivered=(day(30), day(30)), reported=day(31)),
        spell(share=0.75, delivered=(day(90), day(90)), reported=day(100)),
    ]
    ((early,), _), ((late,), _) = gather(spells, day(50)), gather(spells, day(100))
    assert (len(early.parts), early.left) == (1, 0.75)
    assert (len(late.parts), late.left, late.complete) == (2, 0.0, True)
    assert gather(spells, START - (day(1) - day(0)))[0] == []


def test_a_promise_dated_after_its_delivery_is_left_out_and_told() -> None:
    late = spell(delivered=(day(-30), day(-20)), reported=day(10))
    records, caveats = gather([late, spell("c2")], AS_OF)
    assert [one.commitment for one in records] == ["c2"]
    (caveat,) = caveats
    assert caveat.about == "c1"
    assert "promise was told after the delivery" in caveat.why
    assert caveat.mend


def test_a_report_before_the_delivery_that_it_tells_of_counts_without_that_day() -> None:
    odd = spell(delivered=(day(60), day(61)), reported=day(40))
    (record,), (caveat,) = gather([odd], AS_OF)
    assert record.parts[0].delivered is None
    assert caveat.said
    assert "reported on" in caveat.why


def test_a_delivery_lies_between_its_promise_and_its_report() -> None:
    wide = spell(delivered=(day(-5), day(40)), reported=day(20))
    (record,), caveats = gather([wide], AS_OF)
    assert record.parts[0].delivered == (START, day(20))
    assert caveats == []


def test_a_vague_promise_was_made_before_what_came_of_it() -> None:
    vague = spell(promised=(START, day(30)), delivered=(day(10), day(12)), reported=day(15))
    assert gather([vague], AS_OF)[0][0].promised == (START, day(12))


def test_the_order_of_spells_does_not_matter() -> None:
    spells = [
        spell("b"),
        spell("a", share=0.5, reported=day(9)),
        spell("a", share=0.5, reported=None),
    ]
    assert gather(spells, AS_OF) == gather(spells[::-1], AS_OF)


def test_unknown_shares_leave_open_whether_anything_is_left() -> None:
    parts = [spell(share=None, reported=day(9)), spell(share=None)]
    assert gather(parts, AS_OF)[0][0].left is None
    assert gather(parts[:1], AS_OF)[0][0].complete


def test_no_spells_are_no_records() -> None:
    assert gather(SpellSet(()), AS_OF) == ([], [])
