"""Which column of a user's table is which field: a small TOML file that is saved and used again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pledgebook.errors import UsageError
from pledgebook.vocabulary.toml_files import TomlKind

__all__ = [
    "FIELDS",
    "Mapping",
    "StatementMapping",
    "find_mapping",
    "load_mapping",
    "mapping_schema",
]

_SUFFIX = ".mapping.toml"
_KIND = TomlKind("the mapping", mend="Mend it, or ask for --suggest")

FieldName = Literal[
    "kind",
    "status",
    "scope",
    "donor",
    "recipient",
    "item",
    "category",
    "designation",
    "quantity",
    "unit",
    "money",
    "currency",
    "when",
    "date",
    "supplier",
    "speaker",
    "source",
    "note",
    "key",
]
FIELDS: tuple[str, ...] = get_args(FieldName)
"""The fields that a column, or a fixed value, can be."""

Header = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatementMapping(_Part):
    """One of several statements that a row makes; what it leaves out is that of the whole table.

    Where it has columns of its own for a quantity or money, it is made only if one of them is
    filled.
    """

    columns: dict[FieldName, Header] = Field(default_factory=dict)
    fixed: dict[FieldName, Short] = Field(default_factory=dict)


class Mapping(_Part):
    """A saved mapping of a table's columns to the fields of statements."""

    dataset: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")] | None = (
        Field(
            default=None,
            description="short name of the data set; the file's name where it is left out",
        )
    )
    sheet: Short | None = Field(default=None, description="sheet of a workbook; else the first fit")
    header_row: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="number of the row with the headers; else the first that fits"
    )
    day_first: bool | None = Field(
        default=None, description="whether 02/03/2023 is in March (true) or in February (false)"
    )
    decimal: Literal[".", ","] | None = Field(
        default=None, description="the mark before the fraction of a number"
    )
    separator: Short = Field(default=";", description="stands between several donors in a cell")
    missing: tuple[Short, ...] = Field(
        default=(), description="more texts that stand for an empty cell"
    )
    fill_down: tuple[Header, ...] = Field(
        default=(), description="columns whose value holds for the empty cells below it"
    )
    factor: dict[Literal["quantity", "money"], Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="1000000 for a column in millions"
    )
    columns: dict[FieldName, Header] = Field(
        default_factory=dict, description="field = header of its column"
    )
    fixed: dict[FieldName, Short] = Field(
        default_factory=dict, description="field = value, where no column gives another"
    )
    values: dict[FieldName, dict[Short, str]] = Field(
        default_factory=dict, description="what the cells of a field mean: text = value"
    )
    statements: tuple[StatementMapping, ...] = Field(
        default=(), description="where a row makes several statements: pledged and delivered"
    )

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        for part in self.parts():
            given = {*part.columns, *part.fixed}
            if "kind" not in given:
                raise ValueError("no column and no fixed value gives the kind of statement")
            if not given & {"item", "category", "designation", "money"}:
                raise ValueError("neither an item, a category nor money is given")
            if "money" in given and "currency" not in given:
                raise ValueError("money needs a currency, as a column or a fixed value")
        return self

    def parts(self) -> tuple[StatementMapping, ...]:
        """Return the statements of a row, each with all of its columns and fixed values."""
        if not self.statements:
            return (StatementMapping(columns=self.columns, fixed=self.fixed),)
        return tuple(
            StatementMapping(
                columns={
                    **{name: head for name, head in self.columns.items() if name not in one.fixed},
                    **one.columns,
                },
                fixed={
                    **{name: said for name, said in self.fixed.items() if name not in one.columns},
                    **one.fixed,
                },
            )
            for one in self.statements
        )

    def headers(self) -> tuple[str, ...]:
        """Return every header that the mapping names, each once."""
        listed = [*self.columns.values()]
        for one in self.statements:
            listed += one.columns.values()
        return tuple(dict.fromkeys([*listed, *self.fill_down]))


def load_mapping(path: Path) -> Mapping:
    """Return the mapping of a file. Raises UsageError, with the field, where it is wrong."""
    tables = _KIND.tables(_KIND.load(path), str(path))
    try:
        return Mapping.model_validate(tables)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        says = first["msg"].removeprefix("Value error, ")
        what = f"{field}: {says}" if field else says
        mend = f"the fields are {', '.join(FIELDS)}"
        raise UsageError(what, where=str(path), mend=mend) from error


def find_mapping(named: str | None, table: Path, book: str | None = None) -> Path:
    """Return the file of a mapping: by path, or by its name beside the table, the book, or saved.

    Without a name it is the one beside the table, "aid.mapping.toml" for "aid.xlsx". Raises
    UsageError where there is none, with the places that were looked at.
    """
    if named is None:
        places = [table.with_name(f"{table.stem}{_SUFFIX}")]
    else:
        places = [Path(named).expanduser(), table.parent / f"{named}{_SUFFIX}"]
        if book is not None and "://" not in book:
            places.append(Path(book).parent / f"{named}{_SUFFIX}")
        places.append(_saved() / f"{named}.toml")
    for place in places:
        if place.is_file():
            return place
    what = f"no mapping is called {named!r}" if named else "it needs a mapping of its columns"
    looked = ", ".join(str(place) for place in dict.fromkeys(places))
    mend = f"looked for {looked}; `pledgebook import table FILE --suggest` writes a first one"
    raise UsageError(what, where=str(table), mend=mend)


def mapping_schema() -> dict[str, Any]:
    """Return the JSON Schema of a mapping, by which an editor can complete one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Mapping.model_json_schema(),
    }


def _saved() -> Path:
    from platformdirs import user_config_path

    return user_config_path("pledgebook") / "mappings"
