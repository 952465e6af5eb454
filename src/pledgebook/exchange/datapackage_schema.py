"""What a data package says of itself: resources, fields, keys, in the words of Frictionless."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table

from pledgebook.exchange.bookrows import JSON_COLUMNS, ordered_tables
from pledgebook.ledger.columns import UtcTime

__all__ = ["NULL", "QUOTATIONS", "field_names", "resource", "table_schema"]

NULL = "\\N"
"""What stands in a cell that holds nothing, as distinct from an empty text."""

QUOTATIONS = "quotations"
"""The resource of the quoted pieces of documents whose whole text is not there."""

Field = dict[str, Any]

_TITLES = {
    "documents": "stored texts, with their hashes and what made the text",
    "locations": "places where a document was found",
    "reading_runs": "readings of a document: by which coder, with what taken for true",
    "statements": "what a statement says, the span that shows it, and the quoted words",
    "run_statements": "which reading gave which statement, by which rule",
    "activations": "from when on a reading counts; the last one of a document does",
    "judgements": "what a person decided, or took back",
    "withdrawals": "that a document is hidden, or shown again",
    "purges": "that a text was erased for good",
    "problems": "faults in data that a reading met",
    "releases": "imported releases of data sets",
    "release_rows": "rows of a release, as documents",
    "prices": "prices that a release gives",
    QUOTATIONS: "quoted pieces of documents, where they start, in characters",
}
_JSON_TYPES = {"grounds": "array", "subjects": "array", "notes": "string"}
_DOCUMENTS: list[Field] = [
    {
        "name": "holds",
        "type": "string",
        "constraints": {"enum": ["whole", "quotations", "nothing"], "required": True},
        "description": "whole text here, quoted pieces in quotations.csv, or erased for good",
    },
    {"name": "characters", "type": "integer", "description": "length of the whole text"},
    {"name": "text", "type": "string"},
]
_QUOTE: Field = {"name": "quote", "type": "string", "description": "the slice of the text"}


def field_names(name: str) -> list[str]:
    """Return the columns of a resource, in order."""
    return [field["name"] for field in table_schema(name)["fields"]]


def table_schema(name: str) -> dict[str, Any]:
    """Return the table schema of a resource."""
    if name == QUOTATIONS:
        schema: dict[str, Any] = {
            "fields": [
                {"name": "document_id", "type": "string", "constraints": {"required": True}},
                {"name": "start", "type": "integer", "constraints": {"required": True}},
                {"name": "text", "type": "string", "constraints": {"required": True}},
            ],
            "primaryKey": ["document_id", "start"],
            "foreignKeys": [_foreign("document_id", "documents", "id")],
        }
    else:
        table = next(one for one in ordered_tables() if one.name == name)
        schema = {
            "fields": _fields(table),
            "primaryKey": [column.name for column in table.primary_key],
        }
        keys = [
            _foreign(
                column.name,
                # A table that refers to itself is named by an empty text.
                "" if key.column.table is table else key.column.table.name,
                key.column.name,
            )
            for column in table.c
            for key in column.foreign_keys
        ]
        if keys:
            schema["foreignKeys"] = keys
    return {**schema, "missingValues": [NULL]}


def resource(name: str, path: str, size: int, digest: str) -> dict[str, Any]:
    """Return the description of a table's file."""
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "title": _TITLES.get(name, name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": table_schema(name),
    }


def _foreign(field: str, table: str, column: str) -> dict[str, Any]:
    return {"fields": field, "reference": {"resource": table, "fields": column}}


def _fields(table: Table) -> list[Field]:
    if table.name == "documents":
        kept = [_field(column) for column in table.c if column.name != "text"]
        return [*kept, *_DOCUMENTS]
    fields = [_field(column) for column in table.c]
    if table.name == "statements":
        # Those of an erased document have nothing left but their ids.
        for field in fields:
            if field["name"] == "body":
                field.pop("constraints")
        fields.append(_QUOTE)
    return fields


def _field(column: Column[Any]) -> Field:
    field: Field = {"name": column.name, "type": "string"}
    kind = column.type
    if column.name in JSON_COLUMNS.get(column.table.name, ()):
        field["type"] = _JSON_TYPES.get(column.name, "object")
    elif isinstance(kind, UtcTime):
        field |= {"type": "datetime", "format": "any"}
    elif isinstance(kind, Date):
        field["type"] = "date"
    elif isinstance(kind, Boolean):
        field["type"] = "boolean"
    elif isinstance(kind, Integer):
        field["type"] = "integer"
    elif isinstance(kind, Float):
        field["type"] = "number"
    if not column.nullable:
        field["constraints"] = {"required": True}
    return field
