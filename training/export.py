"""Write a trained model as the package ships it: encoder and heads as ONNX, with their card."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import torch
from net import LABELS, WIDTH, Encoder, Heads
from torch import Tensor, nn
from torch.nn import functional
from train import Model

OPSET = 17


class _Encoder(nn.Module):
    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, places: Tensor, rows: Tensor, marks: Tensor) -> Tensor:
        return self.encoder(ids, places, rows, marks)  # type: ignore[no-any-return]


class _Heads(nn.Module):
    """The heads over one document, with flat inputs and outputs."""

    def __init__(self, heads: Heads) -> None:
        super().__init__()
        self.heads = heads
        self.fields = list(heads.score)

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        texts, head, full, spot, code, table = given[:6]
        rest = given[6:]
        names = [*self.fields, "edges"]
        pairs = {
            name: {"spot": rest[3 * k], "text": rest[3 * k + 1], "features": rest[3 * k + 2]}
            for k, name in enumerate(names)
        }
        heads = self.heads
        spots = heads.alone(texts[head], texts[full], spot)
        labels = heads.labels(spots)
        found = {n: heads.pairs(n, spots, texts, pairs[n]) for n in self.fields}
        weight = 1 - functional.softmax(labels["kind"], -1)[:, 0]
        actor = {**pairs["actor"], "code": code}
        settled = heads.settle(
            found["actor"][:, 0], spots, weight, weight.sum().expand_as(weight), actor, table
        )
        found["actor"] = torch.stack([settled, found["actor"][:, 1]], -1)
        edges = heads.edges(spots, texts, pairs["edges"])
        return (*(labels[n] for n in LABELS), *(found[n] for n in self.fields), edges)


def names_of(heads: Heads) -> tuple[list[str], list[str]]:
    """Return the names of the inputs and of the outputs of the heads' graph."""
    fields = [*heads.score, "edges"]
    inputs = ["texts", "head", "full", "spot", "code", "table"]
    inputs += [f"{name}.{part}" for name in fields for part in ("spot", "text", "features")]
    return inputs, [*LABELS, *(f"pair:{name}" for name in heads.score), "edges"]


def export(model: Model, folder: Path, tokenizer: Path, card: dict[str, Any]) -> None:
    """Write the files of a model into a folder."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    torch.backends.mha.set_fastpath_enabled(False)
    folder.mkdir(parents=True, exist_ok=True)
    tokens = ["ids", "places", "rows", "marks"]
    ids = torch.ones(2, 40, dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Encoder(model.encoder), (ids, ids, ids, ids), str(folder / "encoder.f32"),
            input_names=tokens, output_names=["states"],
            dynamic_axes={n: {0: "r", 1: "t"} for n in (*tokens, "states")},
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
        inputs, outputs = names_of(model.heads)
        axes = {n: {0: f"n_{n}"} for n in (*inputs, *outputs)} | {"table": {0: "s", 1: "c"}}
        torch.onnx.export(
            _Heads(model.heads), _example(model.heads), str(folder / "heads.f32"),
            input_names=inputs, output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
    quantize_dynamic(
        folder / "encoder.f32", folder / "encoder.onnx", weight_type=QuantType.QInt8,
        per_channel=True,
    )  # fmt: skip
    (folder / "encoder.f32").unlink()
    halve(folder / "heads.f32", folder / "heads.onnx")
    (folder / "heads.f32").unlink()
    shutil.copy(tokenizer, folder / "tokenizer.json")
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def halve(source: Path, target: Path) -> None:
    """Store the weights of a graph in half precision; they are widened again where used."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = onnx.load(str(source))
    casts = []
    for weight in graph.graph.initializer:
        if weight.data_type == TensorProto.FLOAT and int(np.prod(weight.dims)) > 256:
            name, values = weight.name, numpy_helper.to_array(weight)
            weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        graph.graph.node.insert(0, node)
    onnx.checker.check_model(graph)
    onnx.save(graph, str(target))


def _example(heads: Heads) -> tuple[Tensor, ...]:
    spots, texts, rows = 5, 9, 20
    sizes = {
        name: part[0][0].in_features - 3 * heads.narrow  # type: ignore[index, union-attr, operator]
        for name, part in heads.score.items()
    }
    sizes["edges"] = heads.edge_score[0].in_features
    own = heads.own[0].in_features
    zeros = torch.zeros
    given = [
        zeros(texts, WIDTH), torch.arange(spots), torch.arange(spots), zeros(spots, own),
        torch.arange(rows) % 4, zeros(spots, 4),
    ]  # fmt: skip
    for name in (*heads.score, "edges"):
        given += [torch.arange(rows) % spots, torch.arange(rows) % texts, zeros(rows, sizes[name])]
    return tuple(given)
