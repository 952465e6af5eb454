"""The data files: found, parsed and checked, with errors that name the file and the entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.entries import CatalogueFile
from pledgebook.vocabulary.toml_text import BadTomlError, loads

__all__ = ["DATA", "data_files", "parse_file"]

DATA = Path(__file__).parent / "data"


def data_files() -> list[Path]:
    """Return the package's data files, sorted."""
    return sorted(DATA.rglob("*.toml"))


def parse_file(name: str, data: bytes) -> CatalogueFile:
    """Return the checked entries of one data file. Raises CatalogueError where one is wrong."""
    try:
        tables = loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is no UTF-8"
        raise CatalogueError(what, where=name, mend="Save the file as UTF-8") from error
    except BadTomlError as error:
        mend = "Mend the TOML; the package's data files are examples"
        raise CatalogueError(f"this is no TOML: {error}", where=name, mend=mend) from error
    try:
        return CatalogueFile.model_validate(tables)
    except ValidationError as error:
        raise _invalid(name, tables, error) from error


def _invalid(name: str, tables: dict[str, Any], error: ValidationError) -> CatalogueError:
    first = error.errors(include_url=False)[0]
    path = list(first["loc"])
    place = name
    if len(path) > 1 and isinstance(path[1], int):
        entry = tables[str(path[0])][path[1]]
        label = ""
        if isinstance(entry, dict):
            known = (str(entry[key]) for key in ("id", "code", "host", "name") if key in entry)
            label = next(known, "")
        place = f"{name}, [[{path[0]}]] {path[1] + 1}" + (f" ({label})" if label else "")
    fields = ".".join(map(str, path[2:] or path))
    mend = "Correct the entry; docs and the package's data files show the fields"
    return CatalogueError(f"{fields}: {first['msg']}", where=place, mend=mend)
