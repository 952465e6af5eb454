"""A person's TOML file: read within its bounds, every fault with its place."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pledgebook.errors import UsageError
from pledgebook.vocabulary.toml_files import NoTomlError, TomlKind

KIND = TomlKind("the list", most=1_500_000, absent="Write one", mend="Look at the quotes")


def test_a_file_with_a_mark_at_its_start_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_bytes(b"\xef\xbb\xbf" + 'name = "Žluť"\r\n'.encode())
    text = KIND.load(path)
    assert KIND.tables(text, str(path)) == {"name": "Žluť"}


def test_a_file_that_is_not_there_is_told_with_its_mend(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: the list cannot be read: .* Write one\."):
        KIND.load(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="the list cannot be read"):
        KIND.load(tmp_path)


def test_no_more_is_read_than_the_bound() -> None:
    at_bound, endless = io.BytesIO(b"#" * 1_500_000), io.BytesIO(b"#" * 4_000_000)
    assert KIND.read(at_bound, "list.toml") == "#" * 1_500_000
    with pytest.raises(UsageError, match=r"list\.toml: the list is too large: more than 1.5 MB"):
        KIND.read(endless, "list.toml")
    assert endless.tell() == 1_500_001


def test_bytes_that_are_no_text_are_told_with_their_place() -> None:
    with pytest.raises(UsageError, match=r"list\.toml: the file is no UTF-8 text \(byte 2\)"):
        KIND.read(io.BytesIO(b"a=\xff"), "list.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\nb = = 2", "list.toml, line 2: this is no TOML: invalid value"),
        ("a = 1\na = 2", "list.toml, line 2: this is no TOML: cannot overwrite a value"),
        ("a = 1\nb = [\n1\n", "list.toml, line 4: this is no TOML: "),
        ("a = " + "[" * 5000, "list.toml, line 1: this is no TOML: it is nested too deeply"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(NoTomlError) as caught:
        KIND.tables(text, "list.toml")
    assert str(caught.value).startswith(told)
    assert str(caught.value).endswith("Look at the quotes.")
    assert str(caught.value.problem) == str(caught.value)
