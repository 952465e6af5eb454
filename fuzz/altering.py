"""JSON that stays JSON: an input says where in a sound value something else is put.

Bytes that are changed at random are hardly ever JSON again, and would only try the parser.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

__all__ = ["altered"]

_HEAD = 3
_LONGEST = 96


def altered(sound: Any, data: bytes) -> Any:  # noqa: ANN401  JSON of any kind
    """Return a copy of a value with some of its parts taken out, doubled or replaced.

    Each change takes three bytes (where, what, how long) and the new value: as JSON where it is
    some, else as text.
    """
    value = {"": copy.deepcopy(sound)}
    while len(data) >= _HEAD:
        where, deed, size = data[0], data[1], data[2] % _LONGEST
        said, data = data[_HEAD : _HEAD + size], data[_HEAD + size :]
        spots = list(_spots(value))
        holder, key = spots[where % len(spots)]
        if deed % 8 == 7 and key != "":
            del holder[key]
        elif deed % 8 == 6 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif deed % 8 == 5 and isinstance(holder[key], str):
            text = holder[key]
            at = deed % (len(text) + 1)
            holder[key] = text[:at] + said.decode("utf-8", "replace") + text[at:]
        else:
            holder[key] = _value(said)
    return value[""]


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Yield every place that holds a value: what it is in, and its key there."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _spots(value[key])


def _value(said: bytes) -> object:
    text = said.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
