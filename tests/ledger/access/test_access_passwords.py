"""What is accepted as a password, and what is kept of it."""

from __future__ import annotations

import string

import pytest
from gates import PASSWORD, cheap
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.ledger.access.limits import load_limits
from pledgebook.ledger.access.passwords import Passwords, check_password

CHEAP = Passwords(cheap().password)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD1234",
        "P@ssw0rd!2024",
        "123password123",
        "aaaaaaaaaaaa",
        "abababababab",
        "123412341234",
        "123456789012",
        "0987654321098",
        "qwertyuiopas",
        "1qaz2wsx3edc",
        "passwordpassword",
        "letmein-letmein",
        "iloveyou2024!!",
        "welcome_welcome",
        "pledgebook2026",
        "correcthorsebatterystaple",
        "olena.kovalenko",
        "Olena.Kovalenko1",
        "            ",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(UsageError, match="guessed"):
        check_password(password, "olena.kovalenko")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "a ferry leaves at noon",
        "паляниця на столі",
        "kVq3zr8Lm2Xt",
        "rather dull but long",
        "passwords are a burden",
        "🐝🐢🐘🦉🐙🦔🐬🐿🦢🦋🐞🐌",
        "x7" + "y" * 254,
    ],
)
def test_length_is_what_counts(password: str) -> None:
    check_password(password, "olena.kovalenko")


def test_the_shortest_and_the_longest() -> None:
    rules = load_limits().password
    assert (rules.shortest, rules.longest) == (12, 256)
    check_password("kVq3zr8Lm2Xt")
    with pytest.raises(UsageError, match="too short"):
        check_password("kVq3zr8Lm2X")
    with pytest.raises(UsageError, match="too long"):
        check_password("kVq3zr8Lm2Xt" + "z" * 245)
    with pytest.raises(UsageError, match="too long"):
        check_password("kVq3zr8Lm2Xt" + "🐝" * 240 + "ﷺ" * 0 + "🐢" * 8)


def test_the_cost_is_no_less_than_advised() -> None:
    """RFC 9106 and OWASP: argon2id, 19 MiB and two passes at least."""
    rules = load_limits().password
    assert rules.memory >= 19 * 1024
    assert rules.passes >= 2
    assert Passwords(rules).hash(PASSWORD).startswith("$argon2id$")


@settings(max_examples=30)
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_password_fits_itself_and_nothing_else(one: str, other: str) -> None:
    kept = CHEAP.hash(one)
    assert CHEAP.fits(kept, one)
    assert CHEAP.hash(one) != kept  # salted
    import unicodedata

    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert CHEAP.fits(kept, other) == same


def test_keyboards_that_compose_differently_give_one_password() -> None:
    kept = CHEAP.hash("na\u00efve caf\u00e9s everywhere")
    assert CHEAP.fits(kept, "nai\u0308ve cafe\u0301s everywhere")


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$"])
def test_without_a_hash_nothing_fits(kept: str | None) -> None:
    assert not CHEAP.fits(kept, PASSWORD)
    assert not CHEAP.fits(kept, "")


def test_changed_parameters_show() -> None:
    kept = CHEAP.hash(PASSWORD)
    assert not CHEAP.outdated(kept)
    assert Passwords(cheap(memory=16).password).outdated(kept)
    assert Passwords(cheap(passes=2).password).fits(kept, PASSWORD)


@given(st.text(string.ascii_letters + string.digits + " ", min_size=12, max_size=40))
def test_checking_never_fails_otherwise(password: str) -> None:
    try:
        check_password(password, "coder")
    except UsageError as error:
        assert error.mend  # noqa: PT017 - what is refused says what to do
