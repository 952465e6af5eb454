"""TOML of others is read as tomllib reads it, or refused in bounded time, with a sentence."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pledgebook.vocabulary.toml_text import BadTomlError, loads


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "{b = " * 5000, "nested too deeply"),
        ("a = " + "9" * 5000, "too many digits"),
        ("\n\n" + ".".join("a" * 31) + " = 1", "more than 30 parts (at line 3, column 1)"),
        ("[" + " . ".join(["'a b'"] * 40) + "]", "more than 30 parts (at line 1, column 1)"),
        ("a = {" + '"".' * 40 + "b = 1}", "more than 30 parts"),
        ("a = [\n", "at end of document"),
        ("a = 1\na = 2\n", "at line 2"),
    ],
)
def test_what_is_refused(text: str, what: str) -> None:
    with pytest.raises(BadTomlError) as caught:
        loads(text)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 29) + " = 1",
        'a = "' + "b." * 25 + '"  # ' + "c.d " * 40,
        "a = [" + "1.5, " * 60 + "]",
        "a = '''\n" + "one. two. " * 14 + "'''",
        "a = 2023-02-14T10:00:00.5Z",
    ],
)
def test_what_people_write_is_read(text: str) -> None:
    assert loads(text) == tomllib.loads(text)


@given(st.text(alphabet="ab.=\"'[]{}\n 1#,-", max_size=80))
@example("a" * 40 + "." * 40)
@example('"' * 60)
def test_it_reads_what_tomllib_reads(text: str) -> None:
    try:
        meant = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError):
        with pytest.raises(BadTomlError):
            loads(text)
        return
    assert loads(text) == meant


def test_a_long_text_without_keys_takes_linear_time() -> None:
    """It would run for hours if one of these took time with the square of its length."""
    for piece in ("a", "a ", '"', "'\"", ". ", "a.\n", '"a', "a\t.", "-_"):
        with pytest.raises(BadTomlError):
            loads(piece * (1_000_000 // len(piece)) + "!")
