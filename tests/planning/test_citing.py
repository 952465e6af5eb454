"""The ids of plans are read back as they were written."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.planning.citing import Citation, is_plan_id, parse_plan_id

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)


@given(
    st.builds(
        Citation,
        file=names,
        gap=st.sampled_from([0.01, 0.1, 0.0037, 0.0]),
        as_of=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
        what=st.sampled_from(["order", "draw", "call", "sign", "expand", "need", "short"]),
        name=names,
        day=st.none() | st.builds(dt.date, st.integers(2000, 2100), st.integers(1, 12), st.just(1)),
    )
)
def test_a_citation_is_read_back_as_it_was(citation: Citation) -> None:
    assert is_plan_id(citation.id)
    assert parse_plan_id(citation.id) == citation
    assert len(citation.id.splitlines()) == 1


def test_an_id_reads_as_a_person_would_write_it() -> None:
    day = dt.date(2023, 6, 1)
    citation = Citation("winter.toml", 0.01, None, "order", "Works A", day)
    assert citation.id == "plan:winter.toml?gap=0.01#order/Works A@2023-06"
    assert parse_plan_id("plan:winter.toml#order/Works A@2023-06") == citation
    assert parse_plan_id("plan:winter.toml") == Citation("winter.toml")


@pytest.mark.parametrize(
    "text",
    [
        "plan:",
        "plan:?gap=0.01",
        "plan:a.toml?gap=much",
        "plan:a.toml#steal/x",
        "plan:a.toml#order/",
        "plan:a.toml#order/x@someday",
        "plan:a.toml?as_of=2023",
    ],
)
def test_what_is_no_id_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(UsageError, match="plan:FILE"):
        parse_plan_id(text)
