"""Where a key of a TOML file stands, in every way that TOML lets one write it."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.vocabulary.toml_places import find_line, key_lines

TEXT = '''# a comment with [brackets] and "quotes"
a = 1
"b.c".d = """x
 y = 3 \\"""
""\\""""
[t."u v"]   # head
k = [ 1, # x ]
  {p = 2, q.r = '}'},
 [3,
 4] ]
[[l]]
n = "a # [b] \\" c"
[[l.m]]
x = 2023-01-02T03:04:05Z
[[l.m]]
y = \'\'\'a''
b = 2\'\'\'\'
[l.o]
z = 1e3 # c
[[l]]
n = {a = {b = 1}, "\\u0063" = []}
'lit key' . other = -inf
'''


def test_every_key_is_found_on_its_line() -> None:
    tomllib.loads(TEXT)
    assert key_lines(TEXT) == {
        ("a",): 2,
        ("b.c",): 3,
        ("b.c", "d"): 3,
        ("t",): 6,
        ("t", "u v"): 6,
        ("t", "u v", "k"): 7,
        ("t", "u v", "k", 0): 7,
        ("t", "u v", "k", 1): 8,
        ("t", "u v", "k", 1, "p"): 8,
        ("t", "u v", "k", 1, "q"): 8,
        ("t", "u v", "k", 1, "q", "r"): 8,
        ("t", "u v", "k", 2): 9,
        ("t", "u v", "k", 2, 0): 9,
        ("t", "u v", "k", 2, 1): 10,
        ("l",): 11,
        ("l", 0): 11,
        ("l", 0, "n"): 12,
        ("l", 0, "m"): 13,
        ("l", 0, "m", 0): 13,
        ("l", 0, "m", 0, "x"): 14,
        ("l", 0, "m", 1): 15,
        ("l", 0, "m", 1, "y"): 16,
        ("l", 0, "o"): 18,
        ("l", 0, "o", "z"): 19,
        ("l", 1): 20,
        ("l", 1, "n"): 21,
        ("l", 1, "n", "a"): 21,
        ("l", 1, "n", "a", "b"): 21,
        ("l", 1, "n", "c"): 21,
        ("l", 1, "lit key"): 22,
        ("l", 1, "lit key", "other"): 22,
    }


def test_what_is_not_written_is_looked_for_around_it() -> None:
    lines = key_lines("[a]\nb = 1\n")
    assert find_line(lines, ("a", "b", 3, "c")) == 2
    assert find_line(lines, ("a", "missing")) == 1
    assert find_line(lines, ("nowhere",)) is None


KEYS = st.text('ab.c #]é"\\', min_size=1, max_size=4)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 9) | st.booleans() | st.text("ab #]},=\n'\"\\", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(KEYS, VALUES, max_size=4), st.lists(st.dictionaries(KEYS, VALUES), max_size=3)
)
def test_every_path_of_any_file_has_a_line(
    top: dict[str, Any], tables: list[dict[str, Any]]
) -> None:
    heads = ['[["many tables"]]'] * len(tables)
    text = "".join(f"{written(key)} = {toml(value)}\n" for key, value in top.items())
    starts = []
    for head, table in zip(heads, tables, strict=True):
        starts.append(text.count("\n") + 1)
        text += f"{head}  # next\n"
        text += "".join(f"{written(key)} = {toml(value)}\n" for key, value in table.items())
    read = tomllib.loads(text)
    lines = key_lines(text)
    assert set(lines) == set(paths(read))
    assert [lines["many tables", at] for at in range(len(tables))] == starts
    for line, key in enumerate(top, 1):
        assert lines[(key,)] >= line


def written(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # Longer forms where the text lets them stand as they are.
        if "\\" not in value and "'" not in value:
            return f"'''\n{value}'''"
        return written(value).replace("\n", "\\n")
    if isinstance(value, list):
        return "[" + ", # ]\n".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return str(value)


def paths(value: object, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = [here] if here else []
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        found += paths(inner, (*here, key))
    return found
