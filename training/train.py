"""Train the learned coder, and score it on documents that it has not seen."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from dataset import Example
from net import LABELS, Encoder, Heads, Sizes, mean_of
from torch import Tensor
from torch.nn import functional

from pledgebook.reading.learned.arrays import numbered
from pledgebook.reading.learned.decode import Scores, decode, settled
from pledgebook.reading.learned.packing import Packed, pack
from pledgebook.vocabulary.statement import Statement

WEIGHTS = {
    "kind": 2.0, "category": 1.0, "scope": 0.7, "status": 0.5, "per": 0.3, "actor": 1.0,
    "recipient": 0.5, "when": 0.5, "speaker": 0.5, "supplier": 0.3, "designation": 0.5,
    "quantity": 0.5, "money": 0.5,
}  # fmt: skip


def laid(packed: Packed, parts: Sequence[Tensor]) -> Tensor:
    """Lay the states of windows where the windows lie."""
    found = torch.zeros(*packed.rows.shape, parts[0].shape[-1], dtype=parts[0].dtype)
    for (row, at, length), part in zip(packed.where, parts, strict=True):
        found[row, at : at + length] = part[:length]
    return found


class Model(torch.nn.Module):
    """Encoder and heads together."""

    def __init__(self, sizes: Sizes, layers: int = 6, frozen: int = 3) -> None:
        super().__init__()
        self.encoder, self.heads = Encoder(sizes.marks, layers, frozen), Heads(sizes)

    def forward(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        """Return all logits of a batch."""
        states = self._states(batch)
        heads, place = self.heads, batch["place"]
        texts = mean_of(states, batch["spans"])
        spots = heads.spots(texts[batch["head"]], texts[batch["full"]], batch["spot"], place)
        found: dict[str, Tensor] = heads.labels(spots)
        for name in heads.score:
            found[f"pair:{name}"] = heads.pairs(name, spots, texts, batch["pairs"][name])
        weight = 1 - functional.softmax(found["kind"], -1)[:, 0]
        actor = found["pair:actor"]
        documents = torch.zeros(int(place[-1, 0]) + 1).index_add(0, place[:, 0], weight)
        pair = batch["pairs"]["actor"]
        settled = heads.settle(
            actor[:, 0], spots, weight, documents[place[:, 0]], pair, batch["table"]
        )
        found["first:actor"] = actor[:, 0]
        found["pair:actor"] = torch.stack([settled, actor[:, 1]], -1)
        found["edges"] = heads.edges(spots, texts, batch["edges"])
        return found

    def _states(self, batch: dict[str, Any]) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.encoder.upper(batch["lower"], batch["marks"], batch["rows"]).float()


def sizes_of(examples: Sequence[Example], marks: int) -> Sizes:
    """Return the feature widths of examples."""
    made = next(e.made for e in examples if e.made is not None)
    return Sizes(
        marks,
        made.spot_features.shape[1],
        made.edges.features.shape[1],
        {name: pairs.features.shape[1] for name, pairs in made.pairs.items()},
    )


def collate(examples: Sequence[Example]) -> dict[str, Any]:
    """Join documents into one batch."""
    kept = [e for e in examples if e.made is not None]
    made = [e.made for e in kept if e.made is not None]
    packed = pack([int(n) for m in made for n in m.mask.sum(1)], trim=False)
    windows = np.cumsum([0] + [len(m.ids) for m in made])
    counts = np.cumsum([0] + [len(m.spots) for m in made])
    texts = np.cumsum([0] + [len(m.spans) for m in made])

    def moved(arrays: list[np.ndarray], by: np.ndarray) -> Tensor:
        return torch.from_numpy(
            np.concatenate([a + b for a, b in zip(arrays, by[:-1], strict=True)])
        )

    def pairs(arrays: list[Any]) -> dict[str, Tensor]:
        return {
            "spot": moved([p.spot for p in arrays], counts),
            "text": moved([p.text for p in arrays], texts),
            "features": torch.from_numpy(np.concatenate([p.features for p in arrays])),
        }

    parties = [numbered(m.pairs["actor"].candidates) for m in made]
    starts = np.cumsum([0] + [int(c.max()) + 1 for c in parties])
    actor = pairs([m.pairs["actor"] for m in made])
    actor["code"] = moved(parties, starts)
    spans = np.concatenate([m.spans + [w, 0, 0] for m, w in zip(made, windows[:-1], strict=True)])
    return {
        "lower": laid(packed, [part for e in kept for part in e.lower]),
        "rows": torch.from_numpy(packed.rows),
        "marks": torch.from_numpy(packed.lay([line for m in made for line in m.marks])),
        "table": torch.zeros(int(counts[-1]), int(starts[-1])),
        "place": torch.from_numpy(
            np.array([(d, k) for d, m in enumerate(made) for k in range(len(m.spots))], np.int64)
        ),
        "spans": torch.from_numpy(packed.moved(spans)),
        "head": moved([m.head for m in made], texts),
        "full": moved([m.full for m in made], texts),
        "spot": torch.from_numpy(np.concatenate([m.spot_features for m in made])),
        "pairs": {n: pairs([m.pairs[n] for m in made]) for n in made[0].pairs} | {"actor": actor},
        "edges": pairs([m.edges for m in made]),
    }


@torch.no_grad()
def prepare(encoder: Encoder, examples: Sequence[Example], size: int = 32) -> None:
    """Keep with each example the states of the layers that do not learn."""
    encoder.eval()
    usable = [e.made for e in examples if e.made is not None]
    owners = [e for e in examples if e.made is not None]
    for start in range(0, len(usable), size):
        some = usable[start : start + size]
        packed = pack([int(n) for m in some for n in m.mask.sum(1)], trim=False)
        ids = torch.from_numpy(packed.lay([row for m in some for row in m.ids]))
        places, rows = torch.from_numpy(packed.places), torch.from_numpy(packed.rows)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = encoder.lower(ids, places, rows).to(torch.bfloat16)
        window = 0
        for one, made in zip(owners[start:], some, strict=False):
            one.lower = []
            for _ in made.ids:
                row, at, length = packed.where[window]
                one.lower.append(found[row, at : at + length].clone())
                window += 1


def loss_of(model: Model, examples: Sequence[Example]) -> Tensor:
    """Return the loss over a batch of documents."""
    examples = [e for e in examples if e.made is not None]
    batch = collate(examples)
    found = model(batch)
    total = torch.zeros(())
    count = sum(len(e.targets["kind"]) for e in examples)
    right = max(1, sum(int((e.targets["kind"] > 0).sum()) for e in examples))
    for name in LABELS:
        target = torch.from_numpy(np.concatenate([e.targets[name] for e in examples]))
        lost = functional.cross_entropy(found[name], target, ignore_index=-1, reduction="sum")
        total = total + WEIGHTS[name] * lost / (right * 2 if name == "kind" else right)
    for name in model.heads.score:
        marks = torch.from_numpy(np.concatenate([e.marked[name] for e in examples]))
        owner = batch["pairs"][name]["spot"]
        total = (
            total
            + WEIGHTS[name] * _ranked(found[f"pair:{name}"][:, 0], marks, owner, count) / right
        )
        if name == "actor":
            total = total + 0.5 * _ranked(found["first:actor"], marks, owner, count) / right
            total = total + 0.5 * _joint(found["pair:actor"][:, 1], marks, owner, count) / right
    edges = torch.from_numpy(np.concatenate([e.edges for e in examples]))
    for side in (0, 1):
        owner = batch["edges"]["spot"]
        total = total + 0.3 * _ranked(found["edges"][:, side], edges[:, side], owner, count) / right
    return total


def _ranked(scores: Tensor, marks: Tensor, owner: Tensor, count: int) -> Tensor:
    """Return the loss of choosing among candidates, over the spots that have a right one."""
    top = torch.full((count,), -1e9).scatter_reduce(0, owner, scores.detach(), "amax")
    raised = torch.exp(scores - top[owner])
    whole = torch.zeros(count).index_add(0, owner, raised)
    part = torch.zeros(count).index_add(0, owner, raised * marks)
    held = torch.zeros(count).index_add(0, owner, marks) > 0
    return -(torch.log(part[held] + 1e-9) - torch.log(whole[held] + 1e-9)).sum()


def _joint(scores: Tensor, marks: Tensor, owner: Tensor, count: int) -> Tensor:
    held = torch.zeros(count).index_add(0, owner, marks)[owner] > 0
    return functional.binary_cross_entropy_with_logits(scores[held], marks[held], reduction="sum")


def train(
    examples: Sequence[Example],
    model: Model,
    *,
    epochs: int,
    batch: int = 6,
    rate: float = 6e-5,
    head_rate: float = 1.5e-3,
    seed: int = 1,
    tell: Any = print,
    after: Any = None,
) -> None:
    """Train a model in place."""
    torch.manual_seed(seed)
    chooser = random.Random(seed)
    usable = [e for e in examples if e.made is not None]
    steps = epochs * ((len(usable) + batch - 1) // batch)
    below = [model.encoder.word, model.encoder.pos, model.encoder.typ, model.encoder.norm]
    for part in (*below, *model.encoder.layers[: model.encoder.frozen]):
        part.requires_grad_(False)
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": encoder, "lr": rate, "weight_decay": 0.01},
            {"params": list(model.heads.parameters()), "lr": head_rate, "weight_decay": 0.02},
        ]
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / steps)
    )
    began = time.time()
    for epoch in range(epochs):
        model.train()
        order = list(usable)
        chooser.shuffle(order)
        lost = 0.0
        for start in range(0, len(order), batch):
            optimiser.zero_grad()
            loss = loss_of(model, order[start : start + batch])
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            lost += float(loss.detach())
        tell(
            f"epoch {epoch + 1}: loss {lost * batch / len(order):.3f}, {time.time() - began:.0f} s"
        )
        if after is not None:
            after(epoch + 1)


@torch.no_grad()
def scores(model: Model, example: Example) -> Scores:
    """Return a model's scores of one document."""
    model.eval()
    found = {name: value.numpy() for name, value in model(collate([example])).items()}
    return Scores(
        {name: found[name] for name in LABELS},
        {name: found[f"pair:{name}"][:, 0] for name in model.heads.score},
        found["pair:actor"][:, 1],
        found["edges"][:, 0],
        found["edges"][:, 1],
    )


def decided(model: Model, one: Example, threshold: float) -> list[Statement]:
    """Return the statements that a model finds in a document."""
    if one.made is None:
        return []
    return settled(decode(one.made, scores(model, one), threshold))


def predict(model: Model, examples: Sequence[Example], threshold: float) -> dict[str, Any]:
    """Return predictions in the corpus format, by id."""
    return {
        e.coded["id"]: {
            "id": e.coded["id"],
            "statements": [s.to_corpus() for s in decided(model, e, threshold)],
        }
        for e in examples
    }
