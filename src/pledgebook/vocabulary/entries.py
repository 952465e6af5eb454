"""The entries of the catalogue's data files: what a line of TOML may say.

The same models check the files that ship with the package and a user's additions, and give the
JSON Schema by which an editor can complete them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pledgebook.vocabulary.statement import Category

__all__ = [
    "CatalogueFile",
    "CompanyEntry",
    "DefaultUnitEntry",
    "ItemEntry",
    "PartyEntry",
    "PersonEntry",
    "PublisherEntry",
    "UnitEntry",
    "catalogue_schema",
]

Text = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^\S(.*\S)?$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]
Year = Annotated[int, Field(ge=1900, le=2100)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PartyEntry(_Entry):
    """A state, a group of states or another body, with the words that stand for it."""

    code: Text = Field(description="ISO 3166-1 alpha-3, a group's code, or a body's name")
    name: Text = Field(description="the common English name")
    kind: Literal["state", "group", "body"] = "body"
    country: Text | None = Field(default=None, description="code of the state that it belongs to")
    names: tuple[Text, ...] = Field(default=(), description="other names; matched as written")
    adjectives: tuple[Text, ...] = ()
    people: tuple[Text, ...] = Field(default=(), description="plural nouns: Danes, the Dutch")
    capitals: tuple[Text, ...] = ()
    metonyms: tuple[Text, ...] = Field(
        default=(), description="offices, forces, parliaments and places that stand for it"
    )
    descriptions: tuple[Text, ...] = Field(
        default=(), description="'the Nordic country': resolved only where the text has named it"
    )
    phrases: tuple[Text, ...] = Field(
        default=(), description="generic words that stand for it; matched in any case"
    )
    ambiguous: tuple[Text, ...] = Field(
        default=(), description="those of its words that often mean something else"
    )

    @model_validator(mode="after")
    def _ambiguous_is_its_own(self) -> Self:
        own = {self.name, *self.names, *self.adjectives, *self.people, *self.capitals}
        own.update(self.metonyms, self.phrases)
        if strange := sorted(set(self.ambiguous) - own):
            raise ValueError(f"ambiguous lists {strange}, which are none of its words")
        return self


class CompanyEntry(_Entry):
    """A maker or trader."""

    name: Text = Field(description="the name as usually written; it is the party's code")
    names: tuple[Text, ...] = ()
    country: Text | None = Field(default=None, description="code of its home state")
    ambiguous: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _ambiguous_is_its_own(self) -> Self:
        if strange := sorted(set(self.ambiguous) - {self.name, *self.names}):
            raise ValueError(f"ambiguous lists {strange}, which are none of its names")
        return self


class PersonEntry(_Entry):
    """A public office holder, who stands for a party while in office."""

    name: Text
    names: tuple[Text, ...] = Field(default=(), description="other spellings of the full name")
    surname: Text | Literal[False] | None = Field(
        default=None,
        description="where it is not the last word of name; false where it is an ordinary word",
    )
    short: tuple[Text, ...] = Field(
        default=(), description="names that mean this person even where no fuller one stands"
    )
    party: Text = Field(description="code of the party that the person speaks for")
    office: Text
    start: Year | None = Field(default=None, alias="from", description="first year in office")
    end: Year | None = Field(default=None, alias="to", description="last year in office")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"in office from {self.start} to {self.end}: it ends before it starts")
        return self


class PublisherEntry(_Entry):
    """A host, with all hosts under it, whose "we" is a party."""

    host: Host
    party: Text


class ItemEntry(_Entry):
    """A publicly known system or supply."""

    id: Slug
    designation: Text = Field(description="the model or calibre, written the common way")
    category: Category
    unit: Text | None = Field(default=None, description="where it is not its category's")
    parent: Slug | None = Field(default=None, description="the item that this one is a kind of")
    calibre: Text | None = None
    aliases: tuple[Text, ...] = Field(default=(), description="other ways to write it")
    plurals: tuple[Text, ...] | None = Field(
        default=None, description="irregular plurals; an empty list where there is none"
    )
    cased: bool = Field(default=False, description="its bare words are ordinary words too")
    needs: tuple[Text, ...] = Field(
        default=(), description="one of these must stand near its bare words"
    )
    ammunition: Category | None = Field(
        default=None, description="category of ammunition that is named by this platform"
    )
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$")] | None = None


class UnitEntry(_Entry):
    """A unit of quantity and the words that name it."""

    name: Text
    words: tuple[Text, ...]
    categories: tuple[Category, ...] = Field(
        default=(), description="where the words name this unit; everywhere if empty"
    )


class DefaultUnitEntry(_Entry):
    """The unit in which a category is counted where the text names none."""

    category: Category
    unit: Text


class CatalogueFile(_Entry):
    """One data file: any of these tables, in any number."""

    party: tuple[PartyEntry, ...] = ()
    company: tuple[CompanyEntry, ...] = ()
    person: tuple[PersonEntry, ...] = ()
    publisher: tuple[PublisherEntry, ...] = ()
    item: tuple[ItemEntry, ...] = ()
    unit: tuple[UnitEntry, ...] = ()
    default_unit: tuple[DefaultUnitEntry, ...] = ()


def catalogue_schema() -> dict[str, Any]:
    """Return the JSON Schema of a data file."""
    schema = CatalogueFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
