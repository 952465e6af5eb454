"""The manifest: what it confirms it keeps, whatever is cut off."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.bulk.manifest import Loaded, Manifest, Part
from pledgebook.bulk.places import Place
from pledgebook.errors import SourceError

_NAMES = st.sampled_from(["a", "b", "c"])
_STEPS = st.lists(
    st.tuples(st.sampled_from(["loaded", "part", "retired", "confirm", "compact", "die"]), _NAMES),
    max_size=30,
)


@settings(max_examples=60)
@given(_STEPS)
def test_what_was_confirmed_is_there_and_nothing_else(steps: list[tuple[str, str]]) -> None:
    """Whatever is done and wherever it is cut off, it opens as it was last confirmed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder)
        manifest = Manifest.open(place)
        confirmed: tuple[dict[str, Loaded], dict[str, Part]] = ({}, {})
        for count, (step, batch) in enumerate(steps):
            if step == "loaded":
                manifest.note_loaded(Loaded(batch, "x", count))
            elif step == "part":
                manifest.note_part(Part(batch, f"p{count}", "x", 1, 2, 0, failed=("d1",)))
            elif step == "retired":
                manifest.note_retired(batch)
            elif step == "die":
                manifest = Manifest.open(place)
                assert (manifest.loaded, manifest.parts) == confirmed
            else:
                manifest.confirm(now=True)
                if step == "compact":
                    manifest.compact()
                confirmed = dict(manifest.loaded), dict(manifest.parts)
        again = Manifest.open(place)
        assert (again.loaded, again.parts) == confirmed


def test_compacting_that_was_cut_off_changes_nothing(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    manifest = Manifest.open(place)
    for name in "abc":
        manifest.note_loaded(Loaded(name, "x", 1))
        manifest.confirm(now=True)
    old = {path: path.read_bytes() for path in tmp_path.rglob("*.jsonl")}
    assert len(old) == 3
    manifest.note_retired("a")
    manifest.compact()
    # As if it had died before the old files were removed.
    for path, data in old.items():
        path.write_bytes(data)
    assert Manifest.open(place).loaded.keys() == {"b", "c"}


def test_lines_wait_for_their_time(tmp_path: Path) -> None:
    manifest = Manifest.open(Place(str(tmp_path)))
    assert not manifest.confirm(now=True)
    for number in range(499):
        manifest.note_loaded(Loaded(f"b{number}", "x", 1))
    manifest._since += 1000
    assert not manifest.confirm()
    manifest.note_loaded(Loaded("last", "x", 1))
    assert manifest.confirm()
    assert len(Manifest.open(Place(str(tmp_path))).loaded) == 500


@pytest.mark.parametrize("text", ["no JSON\n", '{"kind": "other"}\n', '{"kind": "whole"}\n', "[]"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest").mkdir()
    (tmp_path / "manifest" / "00000001.jsonl").write_text(text)
    with pytest.raises(SourceError, match="no manifest of a bulk reading"):
        Manifest.open(Place(str(tmp_path)))
