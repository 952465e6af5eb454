"""What the hits have in common: how many there are of each type, donor, category, outlet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pledgebook.ledger.search.columns import Column, Mask
from pledgebook.ledger.search.found import Facet, FacetValue
from pledgebook.ledger.search.names import category_label, party_label
from pledgebook.ledger.search.units import Units
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["facets_of"]

_FIELDS = {
    "type": "type",
    "donor": "donor",
    "recipient": "recipient",
    "category": "item",
    "stage": "stage",
    "kind": "kind",
    "outlet": "outlet",
    "year": "year",
    "language": "lang",
}
"""The facets, in the order in which they are shown, and the field of a query for each."""


def facets_of(
    hits: Mask, of_all_kinds: Mask, units: Units, catalogue: Catalogue, limit: int
) -> tuple[Facet, ...]:
    """Count the hits by each facet; by type, those of all kinds. Up to `limit` values of each."""
    labels: dict[str, Callable[[str], str]] = {
        "donor": lambda code: party_label(code, catalogue),
        "recipient": lambda code: party_label(code, catalogue),
        "category": category_label,
        "stage": lambda stage: stage.replace("_", " "),
    }
    return tuple(
        _facet(
            name,
            field,
            units.columns[name],
            of_all_kinds if name == "type" else hits,
            labels.get(name, str),
            limit,
        )
        for name, field in _FIELDS.items()
    )


def _facet(
    name: str, field: str, column: Column, hits: Mask, label: Callable[[str], str], limit: int
) -> Facet:
    counts = column.counted(hits)
    there = np.flatnonzero(counts)
    found = sorted(there.tolist(), key=lambda at: (-counts[at], str(column.values[at])))
    values = []
    for at in found[:limit]:
        value = str(column.values[at])
        values.append(
            FacetValue(value, label(column.values[at]), int(counts[at]), _clause(field, value))
        )
    return Facet(name, tuple(values), max(len(found) - limit, 0))


def _clause(field: str, value: str) -> str:
    if field == "year":
        return f"from:{value} to:{value}"
    plain = value.replace('"', " ")
    return f'{field}:"{plain}"' if any(map(str.isspace, plain)) else f"{field}:{plain}"
