"""The trained weights, run by ONNX Runtime: from the arrays of a document to scores."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import as_file, files
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from pledgebook.errors import UsageError
from pledgebook.reading.learned.arrays import Arrays, numbered
from pledgebook.reading.learned.candidates import FIELDS
from pledgebook.reading.learned.decode import Scores
from pledgebook.reading.learned.packing import means, pack
from pledgebook.reading.learned.windows import Tokenize

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

HEADS = ("kind", "category", "scope", "status", "per")
WEIGHTS = "pledgebook.reading.learned.weights"


class Model:
    """Encoder and heads of one training."""

    def __init__(
        self, encoder: InferenceSession, heads: InferenceSession, threshold: float
    ) -> None:
        self._encoder, self._heads = encoder, heads
        self.threshold = threshold

    def score(self, made: Arrays) -> Scores:
        """Return what the model says of a document."""
        packed = pack([int(length) for length in made.mask.sum(1)])
        (states,) = self._encoder.run(
            None,
            {
                "ids": packed.lay(list(made.ids)),
                "places": packed.places,
                "rows": packed.rows,
                "marks": packed.lay(list(made.marks)),
            },
        )
        given: dict[str, Any] = {
            "texts": means(states, packed.moved(made.spans)),
            "head": made.head,
            "full": made.full,
            "spot": made.spot_features,
            "code": (code := numbered(made.pairs["actor"].candidates)),
            "table": np.zeros((len(made.spots), int(code.max()) + 1), np.float32),
        }
        for name, pairs in (*made.pairs.items(), ("edges", made.edges)):
            given[f"{name}.spot"], given[f"{name}.text"] = pairs.spot, pairs.text
            given[f"{name}.features"] = pairs.features
        # The heads know fields by name; two fields may share their candidates.
        names = [one.name for one in self._heads.get_inputs()]
        out = [one.name for one in self._heads.get_outputs()]
        found = dict(
            zip(out, self._heads.run(None, {name: given[name] for name in names}), strict=True)
        )
        return Scores(
            {name: found[name] for name in HEADS},
            {name: found[f"pair:{name}"][:, 0] for name in FIELDS},
            found["pair:actor"][:, 1],
            found["edges"][:, 0],
            found["edges"][:, 1],
        )


@cache
def load_model() -> Model:
    """Return the model of this package. Raises UsageError where its runtime is not installed."""
    runtime = _runtime("onnxruntime")
    options = runtime.SessionOptions()
    # One thread a document: documents are read side by side, not words.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    sessions = []
    for name in ("encoder.onnx", "heads.onnx"):
        with as_file(files(WEIGHTS) / name) as path:
            sessions.append(
                runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            )
    card = json.loads((files(WEIGHTS) / "card.json").read_text("utf-8"))
    return Model(sessions[0], sessions[1], float(card["threshold"]))


@cache
def load_tokenizer() -> Tokenize:
    """Return the tokenizer that the encoder was trained with."""
    return tokenizer_of((files(WEIGHTS) / "tokenizer.json").read_text("utf-8"))


def tokenizer_of(described: str) -> Tokenize:
    """Return the tokenizer that a `tokenizer.json` describes, without padding and truncation."""
    made = _runtime("tokenizers").Tokenizer.from_str(described)
    made.no_padding()
    made.no_truncation()

    def tokenize(text: str) -> tuple[list[int], list[tuple[int, int]]]:
        found = made.encode(text, add_special_tokens=False)
        return found.ids, found.offsets

    return tokenize


def _runtime(name: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f"the learned coder needs {name}",
            where="--coder learned",
            mend="Install it: pip install 'pledgebook[learned]'",
        ) from error
