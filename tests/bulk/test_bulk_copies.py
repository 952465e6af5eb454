"""Near-copies: the same whatever the order, as a plain search finds them, and nothing lost."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from bulk_cases import story
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.bulk import copies as copies_module
from pledgebook.bulk.copies import COPIES, LIKE_ENOUGH, MOST_DAYS, find_copies
from pledgebook.bulk.grouping import join_equal
from pledgebook.bulk.marks import (
    BANDS,
    MARKS,
    PERMUTATIONS,
    ROWS,
    marks_of,
    shingles_of,
    signature_of,
    telling_of,
)
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.document import Document, sha256

CATALOGUE = load_catalogue()
_BY_LINES = [
    "",
    " (Reuters)",
    "\nBy our own staff",
    "\nRead more below",
    "\n14 more tanks were sent",
]


def document(text: str, date: dt.date | None = None, lang: str = "en", url: str = "") -> Document:
    return Document(
        text=text,
        bytes_sha256=sha256(text),
        extractor="plain/1",
        origin="x",
        date=date,
        lang=lang,
        url=url or None,
    )


def frames(batches: Sequence[Sequence[Document]]) -> list[pl.LazyFrame]:
    return [
        pl.DataFrame(
            [marks_of(one, CATALOGUE, f"batch{n}", place) for place, one in enumerate(batch)],
            schema=MARKS,
        ).lazy()
        for n, batch in enumerate(batches)
        if batch
    ]


def found(batches: Sequence[Sequence[Document]]) -> dict[str, Counter[str | None]]:
    """For each document how often it is read (None) and of what it is a copy."""
    told = find_copies(frames(batches))
    assert told.schema == COPIES
    copied = {(batch, place): original for batch, place, original, _ in told.iter_rows()}
    result: dict[str, Counter[str | None]] = {}
    for n, batch in enumerate(batches):
        for place, one in enumerate(batch):
            result.setdefault(one.id, Counter())[copied.get((f"batch{n}", place))] += 1
    return result


def plainly(documents: Sequence[Document]) -> dict[str, str]:
    """The copies as a search finds them that holds everything in memory and asks one by one."""
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    kept: dict[str, tuple[Document, MinHash, set[int]]] = {}
    copies: dict[str, str] = {}
    unique: dict[str, Document] = {}
    finds = {id(one): marks_of(one, CATALOGUE, "", 0)["found"] for one in documents}
    for one in sorted(documents, key=lambda one: (one.date or dt.date.max, finds[id(one)])):
        unique.setdefault(one.id, one)
    order = sorted(unique.values(), key=lambda one: (one.date or dt.date.max, one.id))
    for rank, one in enumerate(order):
        signature = MinHash(PERMUTATIONS, hashfunc=int)
        signature.update_batch(shingles_of(one.text).tolist())
        telling = set(telling_of(one, CATALOGUE) or ())
        for key in sorted(index.query(signature)):
            other, theirs, told = kept[key]
            near = one.date is None or (
                other.date is not None and (one.date - other.date).days <= MOST_DAYS
            )
            if (
                near
                and other.lang == one.lang
                and signature.jaccard(theirs) >= LIKE_ENOUGH
                and telling <= told
            ):
                copies[one.id] = other.id
                break
        else:
            key = f"{rank:06}"
            index.insert(key, signature)
            kept[key] = one, signature, telling
    return copies


@st.composite
def collections(draw: st.DrawFn) -> list[Document]:
    """Documents of which many are edits of a few."""
    made = []
    for _ in range(draw(st.integers(1, 14))):
        first = draw(st.integers(0, 3))
        text = " ".join(story(number) for number in range(first, first + 4))
        cut = draw(st.integers(0, 3))
        text = " ".join(text.split()[cut:]) + draw(st.sampled_from(_BY_LINES))
        days = draw(st.none() | st.integers(0, 60))
        date = None if days is None else dt.date(2023, 1, 1) + dt.timedelta(days=days)
        made.append(document(text, date, draw(st.sampled_from(["en", "en", "uk"]))))
    return made


@settings(max_examples=20)
@given(collections(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_copies_are_independent_of_order_and_batches(
    made: list[Document], chance: random.Random, size: int
) -> None:
    one = found([made])
    shuffled = list(made)
    chance.shuffle(shuffled)
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    assert found(batches) == one
    expected = plainly(made)
    for name, told in one.items():
        if name in expected:
            assert set(told) == {expected[name]}
        else:
            # One find is read; further finds are copies of the very document.
            assert told[None] == 1
            assert set(told) <= {None, name}


def test_a_copy_of_a_copy_names_the_original_that_is_read() -> None:
    text = " ".join(story(number) for number in range(8))
    made = [
        document(text + end, dt.date(2023, 1, day))
        for day, end in enumerate(("", " (Reuters)", "\nBy our own staff"), 1)
    ]
    told = found([made])
    assert told[made[0].id] == {None: 1}
    assert told[made[1].id] == told[made[2].id] == {made[0].id: 1}


def test_what_cannot_be_read_is_no_original() -> None:
    text = " ".join(story(number) for number in range(8))
    made = [
        document(text + end, dt.date(2023, 1, day))
        for day, end in enumerate(("", " (Reuters)", "\nBy our own staff"), 1)
    ]
    told = find_copies(frames([made]), barred=frozenset([made[0].id]))
    assert told.select("position", "copy_of").rows() == [(2, made[1].id)]


@pytest.mark.parametrize(
    ("change", "is_copy"),
    [
        (("12 howitzers", "12 howitzers"), True),
        (("x0", "x1"), False),  # a number, even in a name
        (("will send 3 howitzers", "will send 4 howitzers"), False),
        (("Norway has already", "Sweden has already"), False),
        (("trucks to Ukraine.", "trucks to Ukraine (see page)."), False),
        (("on a rainy afternoon by the sea", "on a sunny afternoon by the sea"), False),
    ],
)
def test_one_changed_word_in_a_telling_sentence_is_no_copy(
    change: tuple[str, str], *, is_copy: bool
) -> None:
    text = " ".join(story(number) for number in range(8))
    assert change[0] in text or is_copy
    first = document(text, dt.date(2023, 1, 1))
    second = document(text.replace(*change, 1) + "\nBy our own staff", dt.date(2023, 1, 2))
    assert (second.id in plainly([first, second])) is is_copy
    assert found([[second, first]])[second.id] == {first.id if is_copy else None: 1}


def test_a_repeat_months_later_is_read_again() -> None:
    text = " ".join(story(number) for number in range(4))
    first = document(text, dt.date(2023, 1, 1))
    later = document(text + " (Reuters)", dt.date(2023, 5, 1))
    undated = document(text + "\nBy our own staff")
    told = found([[later, undated, first]])
    assert told[later.id] == {None: 1}
    assert told[undated.id] == {first.id: 1}


def test_the_earliest_find_of_one_document_is_read() -> None:
    text = story(1)
    made = [
        document(text, None),
        document(text, dt.date(2023, 1, 2)),
        document(text, dt.date(2023, 1, 1)),
        document(text, dt.date(2023, 1, 1), url="https://a.example/"),
    ]
    told = find_copies(frames([made[:2], made[2:]]), near=False)
    assert told.select("batch", "position").rows() == [
        ("batch0", 0),
        ("batch0", 1),
        ("batch1", 0),
    ]
    assert set(told["copy_of"]) == {made[0].id}


def test_texts_without_words_are_no_copies_of_each_other() -> None:
    made = [document("!!!"), document("???"), document("…")]
    assert find_copies(frames([made])).is_empty()
    assert find_copies([]).is_empty()


def test_portions_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(2)
    made = [
        document(
            " ".join(story(number) for number in range(n % 9, n % 9 + 5))
            + chance.choice(_BY_LINES),
            dt.date(2023, 1, 1 + n % 28),
        )
        for n in range(60)
    ]
    whole = found([made])
    monkeypatch.setattr(copies_module, "_AT_ONCE", 3)
    assert found([made]) == whole
    assert sum(set(told) != {None} for told in whole.values()) > 5


def test_marks_are_scanned_from_files(tmp_path: Path) -> None:
    text = " ".join(story(number) for number in range(4))
    made = [document(text, dt.date(2023, 1, 1)), document(text + " (AP)", dt.date(2023, 1, 2))]
    paths = []
    for n, frame in enumerate(frames([made[1:], made[:1]])):
        paths.append(str(tmp_path / f"{n}.parquet"))
        frame.collect().write_parquet(paths[-1])
    assert find_copies(paths)["copy_of"].to_list() == [made[0].id]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_members_of_equal_hash_are_joined(hashes: list[int]) -> None:
    labels = np.arange(len(hashes), dtype=np.int64)
    join_equal(labels, np.array(hashes, np.uint64), np.arange(len(hashes), dtype=np.int64))
    assert labels.tolist() == [hashes.index(one) for one in hashes]
    # A second kind of meeting joins sets that the first one left apart.
    pairs = np.array([n // 2 for n in range(len(hashes))], np.uint64)
    join_equal(labels, pairs, np.arange(len(hashes), dtype=np.int64))
    assert all(labels[n] == labels[n - n % 2] for n in range(len(hashes)))
    assert all(
        labels[n] == labels[m]
        for n in range(len(hashes))
        for m in range(len(hashes))
        if hashes[n] == hashes[m]
    )


def test_a_signature_estimates_the_share_of_common_shingles() -> None:
    words = [f"w{n}" for n in range(400)]
    first, second = shingles_of(" ".join(words)), shingles_of(" ".join(words[40:]))
    truth = len(set(first.tolist()) & set(second.tolist())) / len(
        set(first.tolist()) | set(second.tolist())
    )
    estimate = float(np.mean(signature_of(first) == signature_of(second)))
    assert abs(estimate - truth) < 0.12
    assert truth == pytest.approx(0.9, abs=0.01)
    assert shingles_of("one two").size == 1
    assert shingles_of("…").size == 0
