from __future__ import annotations

from drawing import drawn
from pledgebook.book import Book
from pledgebook.errors import Problem
from pledgebook.reporting import listings


def test_documents(told: Book) -> None:
    found = told.documents()
    shown = drawn(listings.documents(found), 100)
    assert all(document.id[:8] in shown for document in found)
    assert "withdrawn" not in shown
    told.withdraw(found[0].id, by="A")
    assert "withdrawn" in drawn(listings.documents(told.documents()), 100)
    assert drawn(listings.documents([]), 80) == "The book holds no document."


def test_problems() -> None:
    problem = Problem(
        code="not-json", what="it is not JSON", source="a\x1b.jsonl", place="line 3", mend="mend it"
    )
    shown = drawn(listings.problems([problem]), 100)
    assert "a�.jsonl, line 3: it is not JSON. Mend it." in shown
    assert drawn(listings.problems([]), 80) == "Reading met no problem."


def test_judgements(told: Book) -> None:
    made = told.judge("wrong", told.commitments()[0].statements[0], by="A. Clerk", note="no such")
    back = told.revoke(made.id, by="B. Clerk")
    shown = drawn(listings.judgements([(made, "taken back"), (back, "")]), 120)
    assert "A. Clerk" in shown
    assert f"of {made.id[:8]}" in shown
    assert drawn(listings.judgements([]), 80) == "Nobody has judged anything in this book."


def test_a_correction_says_what_it_puts(told: Book) -> None:
    statement = told.commitments()[0].statements[0]
    made = told.judge("corrected", statement, by="A. Clerk", changes={"when": "2023-04"})
    assert "when: 2023-04" in drawn(listings.judgements([(made, "in force")]), 80)
