"""What `why` says of a whole, of parts, of corrections and of the history, in words."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion
from undertaking import all_of, came, one, one_group, pledged

from drawing import drawn
from making import Clock, Said, report
from pledgebook.book import Book
from pledgebook.ledger.relatives import Moment, correction_notes, moments, relatives
from pledgebook.reporting.why_tree import why_tree
from pledgebook.vocabulary.statement import Category, Kind

AID = Said(
    "a package worth 250 million dollars",
    actors=("USA",),
    category=Category.MILITARY_AID,
    designation=None,
    money=(250e6, "USD"),
    when="2023-02-14",
)
TOW = Said(
    "200 TOW missiles",
    actors=("USA",),
    category=Category.ANTI_TANK_WEAPON,
    designation="TOW",
    quantity=200,
    when="2023-02-14",
)


def test_a_whole_names_its_parts_and_a_part_its_whole() -> None:
    reading = report(AID, TOW)
    cases = one_group([reading]).cases
    found = all_of([type(one_group([reading]))([case]) for case in cases])
    known = {commitment.id: commitment for commitment in found}
    whole = next(commitment for commitment in found if commitment.parts)
    part = next(commitment for commitment in found if commitment.wholes)
    reason = "one document lists it with the package: the same giver, recipient and date"
    [up] = relatives(part, known.get)
    assert (up.role, up.commitment) == ("whole", whole.id)
    assert up.says == (f"part of USA to UKR: military-aid, 250,000,000 USD ({whole.id}): {reason}")
    [down] = relatives(whole, known.get)
    assert down.says == f"its part: USA to UKR: TOW, 200 ({part.id}): {reason}"
    # Where the ledger of a day does not hold the other, its id is told.
    [lone] = relatives(part, lambda _: None)
    assert lone.says == f"part of {whole.id}: {reason}"


def test_the_time_line_tells_every_event_in_words() -> None:
    asked = report(
        Said("Kyiv asked Oslo for 100 tanks", kind=Kind.REQUEST, actors=("UKR",), quantity=100),
        date="2023-01-10",
    )
    group = one_group(
        [
            report(pledged(14)),
            report(pledged(8, "not 14 but 8"), date="2023-02-16"),
            report(came(8, "2023-04-01", "the last eight"), date="2023-04-03"),
        ]
    )
    request, promise = all_of([one_group([asked]), group])
    told = moments(promise)
    assert told[0] == Moment(
        day=told[0].day,
        what="asked",
        says=f"asked 100 by UKR ({request.id})",
        commitment=request.id,
        statements=request.statements,
    )
    assert [moment.says for moment in told[1:]] == [
        "pledged 14",
        "corrected 8 (14 before; a later report corrects it)",
        "delivered 8, reported 2023-04-03",
        "completed 8 (all that was promised has come), reported 2023-04-03",
    ]
    first, second = promise.statements[:2]
    assert correction_notes(promise) == [
        f"pledged: 8 takes the place of 14 ({first}): a later report corrects it ({second})"
    ]


def test_money_is_told_with_its_currency() -> None:
    revised = Said("revised: 300 million", actors=("USA",), category=Category.MILITARY_AID,
                   designation=None, money=(300e6, "USD"))  # fmt: skip
    found = one(report(AID), report(revised, date="2023-02-16"))
    [note] = correction_notes(found)
    assert note.startswith("pledged: 300,000,000 USD takes the place of 250,000,000 USD (s")
    assert moments(found)[0].says == "pledged 250,000,000 USD"


def test_why_shows_them(place: str, clock: Clock, snapshot: SnapshotAssertion) -> None:
    readings = [
        report(AID, TOW),
        report(
            Said("Washington delivered 50 TOW", kind=Kind.DELIVERY, actors=("USA",), quantity=50,
                 category=Category.ANTI_TANK_WEAPON, designation="TOW", when="2023-02-20"),
            date="2023-02-21",
        ),
    ]  # fmt: skip
    with Book.open(place, clock=clock) as book:
        book._store.add(readings)
        found = {commitment.item: commitment for commitment in book.commitments()}
        heads = [book.why(found[name].id) for name in ("military-aid", "TOW")]
    # The statements below are told elsewhere.
    shown = [drawn(why_tree(head.model_copy(update={"children": ()})), 120) for head in heads]
    assert found["TOW"].state.value == "partly-delivered"
    assert "\n\n".join(shown) == snapshot
