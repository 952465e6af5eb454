"""The file of feeds: what it may say, and faults that name file, line, key and mend."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import jsonschema
import pytest

from pledgebook.documents.feeds.feeds_file import (
    FeedsError,
    feeds_schema,
    load_feeds,
    make_settings,
    read_feeds,
)
from pledgebook.documents.feeds.settings import FeedSettings, FeedsFile
from pledgebook.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "feeds.toml"


def faults(text: str) -> list[str]:
    with pytest.raises(FeedsError) as caught:
        read_feeds(text, "feeds.toml")
    return [str(problem) for problem in caught.value.problems]


def test_the_example_is_read_and_fits_its_schema() -> None:
    found = load_feeds(EXAMPLE)
    assert len(found.feeds) >= 3
    jsonschema.validate(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")), feeds_schema())


def test_the_head_holds_where_a_feed_says_nothing() -> None:
    found = read_feeds(
        'every = "1h"\nlimit = 5\ncoder = "learned"\ncontact = "me@example.org"\n'
        '[[feed]]\nurl = "https://a.example/"\n'
        '[[feed]]\nurl = "https://b.example/"\nevery = "30m"\nlimit = 9\ncoder = "grammar"\n'
    )
    first, second = found.feeds
    assert (first.every, first.limit, first.coder) == (dt.timedelta(hours=1), 5, "learned")
    assert (second.every, second.limit, second.coder) == (dt.timedelta(minutes=30), 9, "grammar")
    assert found.contact == "me@example.org"


def test_what_is_left_out() -> None:
    (feed,) = read_feeds('[[feed]]\nurl = "https://a.example/"').feeds
    assert feed == make_settings(url="https://a.example/")
    assert (feed.every, feed.limit, feed.follow) == (dt.timedelta(minutes=30), 20, True)
    assert feed.reads_pages
    assert not make_settings(url="https://a.example/", follow=False).reads_pages
    assert not make_settings(url="https://a.example/", content="feed").reads_pages


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("30m", {"minutes": 30}),
        ("45 minutes", {"minutes": 45}),
        ("2h", {"hours": 2}),
        ("1 day", {"days": 1}),
        ("90 min", {"minutes": 90}),
    ],
)
def test_spans_of_time(written: str, span: dict[str, int]) -> None:
    said = make_settings(url="https://a.example/", every=written)
    assert said.every == dt.timedelta(**span)
    assert make_settings(**said.record()) == said


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('evry = "1h"', ("feeds.toml, line 3, feed[1].evry: there is no key 'evry' here. "
         "Did you mean every?")),
        ('every = "4m"', ("feeds.toml, line 3, feed[1].every: '4m' is out of bounds. "
         'Write "5m" at least and "30d" at most.')),
        ("every = 30", ("feeds.toml, line 3, feed[1].every: 30 is no span of time. "
         'Write it as "30m", "2h" or "1d".')),
        ('language = "English!"', ("feeds.toml, line 3, feed[1].language: 'English!' is no "
         'language code. Write one such as "en" or "uk".')),
        ('coder = ","', ("feeds.toml, line 3, feed[1].coder: ',' is no coder. "
         'Write one such as "grammar" or "grammar,llm".')),
        ('include = "tank"', ("feeds.toml, line 3, feed[1].include: it should be a list. "
         "It is: read only entries in which a word begins with one of these.")),
        ("limit = 0", ("feeds.toml, line 3, feed[1].limit: it should be greater than or equal to "
         "1. It is: most articles that one poll reads; the rest waits.")),
        ('follow = "yes"', ("feeds.toml, line 3, feed[1].follow: it should be a valid boolean. "
         "It is: whether the pages that its entries lead to may be fetched.")),
        ('follow = false\ncontent = "page"', ('feeds.toml, line 1, feed[1]: content is "page" and '
         'follow is false. Write follow = true, or content = "feed".')),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_key_and_mend(line: str, told: str) -> None:
    assert faults(f'[[feed]]\nurl = "https://a.example/"\n{line}\n') == [told]


def test_all_faults_are_told_at_once_in_their_order() -> None:
    told = faults('limit = "x"\n[[feed]]\nname = "a"\n[[feed]]\nurl = "nowhere"\ncontact = "x"\n')
    assert [one.partition(": ")[0] for one in told] == [
        "feeds.toml, line 1, limit",
        "feeds.toml, line 2, feed[1].url",
        "feeds.toml, line 5, feed[2].url",
        "feeds.toml, line 6, feed[2].contact",
    ]
    with pytest.raises(FeedsError, match=r"Then see the other faults \(3\)"):
        read_feeds('limit = "x"\n[[feed]]\nname = "a"\n[[feed]]\nurl = "nowhere"\ncontact = "x"\n')


def test_one_feed_twice_is_a_fault() -> None:
    (told,) = faults(
        '[[feed]]\nurl = "http://a.example/feed"\n[[feed]]\nurl = "https://A.example/feed#x"\n'
    )
    assert told == (
        "feeds.toml, line 4, feed[2].url: this is the address of feed[1] already. "
        "Take one of the two out."
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "feed is not said"),
        ("feed = []", "feed"),
        ("[[feed]\n", "line 1: this is no TOML"),
        ("a = [" + "[" * 5000, "no TOML"),
        ('contact = "a)b\\nc"\n[[feed]]\nurl = "https://a.example/"', "no address to write to"),
    ],
)
def test_what_is_no_file_of_feeds(text: str, told: str) -> None:
    assert told in faults(text)[0]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"examples/feeds\.toml"):
        load_feeds(tmp_path / "none.toml")
    path = tmp_path / "feeds.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="UTF-8"):
        load_feeds(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(UsageError, match="too large"):
        load_feeds(path)


def test_the_schema_knows_every_key_and_says_what_it_is() -> None:
    schema = feeds_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    tables = {"": schema, "feed": schema["$defs"]["FeedSettings"]}
    for name, model in (("", FeedsFile), ("feed", FeedSettings)):
        assert set(tables[name]["properties"]) == set(model.model_fields)
        assert all(told.get("description") for told in tables[name]["properties"].values())
    assert schema["properties"]["every"]["default"] == "30m"


def test_the_page_shows_the_keys_as_they_are() -> None:
    from feed_keys import PAGE, with_tables

    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "run python tools/feed_keys.py"
