"""When two addresses are one article, and which are taken at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.documents.feeds.addresses import address_digest, canonical, host_of, same_site


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("HTTPS://Example.ORG:443", "https://example.org/"),
        ("http://example.org:80/a#b", "http://example.org/a"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://example.org./a", "https://example.org/a"),
        (
            "https://example.org/a?utm_source=x&id=1&fbclid=y&UTM_Medium=z",
            "https://example.org/a?id=1",
        ),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a b/ü?q=ü", "https://example.org/a%20b/%C3%BC?q=%C3%BC"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://example.org/?b=2&a=1", "https://example.org/?b=2&a=1"),
        ("https://[2606:4700::1111]/a", "https://[2606:4700::1111]/a"),
        ("  https://example.org/a \n", "https://example.org/a"),
    ],
)
def test_writings_of_one_address(written: str, found: str) -> None:
    assert canonical(written) == found


@pytest.mark.parametrize(
    "written",
    [
        *(None, "", "a", "/a", "//", "javascript:alert(1)", "file:///etc/passwd", "ftp://x/y"),
        *("http://", "http://user@x/", "http://user:pass@x/", "http://x:99999999/", "http://[x"),
        *("https://example.org/" + "x" * 2000, "https://example.org/\ud800", "https://a<b>/"),
    ],
)
def test_what_is_no_address_of_a_page(written: str | None) -> None:
    assert canonical(written) is None


def test_an_address_is_relative_to_its_feed() -> None:
    base = "https://example.org/news/feed.xml"
    assert canonical("a", base) == "https://example.org/news/a"
    assert canonical("/a", base) == "https://example.org/a"
    assert canonical("//other.example/a", base) == "https://other.example/a"
    assert canonical("javascript:alert(1)", base) is None


def test_http_and_https_are_one_article() -> None:
    assert address_digest("http://example.org/a") == address_digest("https://example.org/a")
    assert address_digest("https://example.org/a") != address_digest("https://example.org/b")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "http://www.example.org/b", True),
        ("https://feeds.example.org/a", "https://example.org/b", True),
        ("https://example.org/a", "https://example.org:8080/b", False),
        ("https://example.org/a", "https://badexample.org/b", False),
        ("https://example.org/a", "https://example.org.evil.example/b", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_one_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same


@given(st.text(max_size=80), st.sampled_from(["", "https://", "http://example.org/", "//"]))
def test_what_is_canonical_stays_so(text: str, before: str) -> None:
    found = canonical(before + text, "https://example.org/feed")
    if found is not None:
        assert canonical(found) == found
        assert found.isascii() or not host_of(found).isascii()
        assert host_of(found)
        assert not any(sign in found for sign in ' \n\t\r\x00<>"')
