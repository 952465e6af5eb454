"""The flows in an answer of FTS, and the cells that a person reads of one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pledgebook.errors import SourceError
from pledgebook.exchange.intake import Notebook, clean, iso_day

__all__ = ["Flow", "Found", "Place", "cells_of", "day_of", "dollars", "flows_of", "keep", "objects"]

Flow = Mapping[str, Any]
_MOST = 1e15
_CELLS = {
    "Flow": "id",
    "Version": "versionId",
    "Boundary": "boundary",
    "On boundary": "onBoundary",
    "Flow type": "flowType",
    "Parent flow": "parentFlowId",
    "Child flows": "childFlowIds",
    "New money": "newMoney",
    "Contribution type": "contributionType",
    "Method": "method",
    "Earmarking": "grandBargainEarmarkingType",
    "Keywords": "keywords",
    "Budget year": "budgetYear",
    "Reference": "refCode",
    "First reported": "firstReportedDate",
    "Updated": "updatedAt",
    "Full parked amount in USD": "fullParkedAmountUSD",
    "Exchange rate": "exchangeRate",
    "Description": "description",
}
_PLACES = ("Organization", "Location", "Plan", "Emergency", "Cluster", "UsageYear")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flow stands: the file, and the words for it in a problem."""

    file: str
    words: str


@dataclass(frozen=True, slots=True)
class Found:
    """A flow with its place."""

    flow: Flow
    place: Place


def flows_of(data: bytes, file: Path) -> Iterator[object]:
    """Return the flows of one answer, wherever in it they stand."""
    mend = "save the answer of the FTS interface as it is, as JSON in UTF-8"
    try:
        tree = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        what = f"it is no JSON that can be read ({error})"
        raise SourceError(what, where=str(file), mend=mend) from error
    for step in ("data", "flows"):
        if isinstance(tree, dict) and step in tree:
            tree = tree[step]
    if not isinstance(tree, list):
        raise SourceError("it holds no list of flows", where=str(file), mend=mend)
    return iter(tree)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def keep(flow: object, place: Place, flows: dict[str, Found], notebook: Notebook) -> None:
    """Keep a flow under its id; of two versions, which pages may both hold, the newer."""
    id_ = clean(flow.get("id") or "") if isinstance(flow, dict) else ""
    if not isinstance(flow, dict) or not id_:
        what = "it is no flow with an id" if isinstance(flow, dict) else "it is no flow"
        notebook.fault("not-a-flow", what, place=place.words, mend="fetch the answer again")
        return
    before = flows.get(id_)
    if before is None or _version(flow) > _version(before.flow):
        flows[id_] = Found(flow, place)


def _version(flow: Flow) -> float:
    version = flow.get("versionId")
    return float(version) if isinstance(version, int | float) else 0.0


def dollars(flow: Flow) -> float | None:
    """Return the amount in USD where it is a number that an amount can be."""
    usd = flow.get("amountUSD")
    if isinstance(usd, bool) or not isinstance(usd, int | float) or not 0 <= usd <= _MOST:
        return None
    return float(usd)


def objects(flow: Flow, side: str) -> dict[str, list[str]]:
    """Return the names on one side of a flow by their type, each once, in order."""
    found: dict[str, list[str]] = {kind: [] for kind in _PLACES}
    listed = flow.get(side)
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("type") in found:
            said = clean(one.get("name") or "")
            if said and said not in found[one["type"]]:
                found[one["type"]].append(said)
    return found


def cells_of(
    flow: Flow, given: Mapping[str, Sequence[str]], taken: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the cells of a flow: what a statement rests on first, in one piece."""
    reports = flow.get("reportDetails")
    first = reports[0] if isinstance(reports, list) and reports else {}
    by = first.get("organization") if isinstance(first, dict) else None
    said: dict[str, object] = {
        "Source organisation": "; ".join(given["Organization"]),
        "Destination organisation": "; ".join(taken["Organization"]),
        "Destination location": "; ".join(taken["Location"]),
        "Status": flow.get("status"),
        "Amount in USD": flow.get("amountUSD"),
        "Original amount": flow.get("originalAmount"),
        "Original currency": flow.get("originalCurrency"),
        "Decision date": day_of(flow, "decisionDate"),
        "Date": day_of(flow, "date"),
        "Reported by": by,
        "Source location": "; ".join(given["Location"]),
        "Destination plan": "; ".join(taken["Plan"]),
        "Emergency": "; ".join(taken["Emergency"]),
        "Cluster": "; ".join(taken["Cluster"]),
        "Usage year": "; ".join(taken["UsageYear"]),
        **{header: flow.get(key) for header, key in _CELLS.items()},
    }
    texts = {header: _said(value) for header, value in said.items()}
    return {header: text for header, text in texts.items() if text}


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(clean(one) for one in value)
    if isinstance(value, float):
        return f"{value:.15g}"
    return clean(value)


def day_of(flow: Flow, *keys: str) -> str | None:
    """Return the first of these dates that is one."""
    days: list[dt.date] = [day for key in keys if (day := iso_day(flow.get(key)))]
    return days[0].isoformat() if days else None
