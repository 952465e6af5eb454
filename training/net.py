"""The network: a small encoder with marks on its tokens, and heads over spots and candidates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, INNER, LENGTH, WORDS = 384, 12, 1536, 512, 30522
CARRIED = 4
LABELS = {"kind": 10, "category": 31, "scope": 3, "status": 2, "per": 5}


class Layer(nn.Module):
    """One layer of a BERT encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.n1, self.n2 = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.i, self.u = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        """Return the states behind this layer; `mask` is true where a token stands."""
        batch, length, _ = x.shape

        def split(t: Tensor) -> Tensor:
            return t.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        seen = functional.scaled_dot_product_attention(
            split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=mask
        )
        seen = self.o(seen.transpose(1, 2).reshape(batch, length, WIDTH))
        x = self.n1(x + functional.dropout(seen, drop, self.training))
        inner = self.u(functional.gelu(self.i(x)))
        return self.n2(x + functional.dropout(inner, drop, self.training))


class Encoder(nn.Module):
    """A BERT encoder whose tokens also bear a mark of what the catalogue knows of them."""

    def __init__(self, marks: int, layers: int = 6, frozen: int = 3) -> None:
        super().__init__()
        self.frozen = frozen
        self.word, self.pos = nn.Embedding(WORDS, WIDTH), nn.Embedding(LENGTH, WIDTH)
        self.typ, self.norm = nn.Embedding(2, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.mark = nn.Embedding(marks, WIDTH)
        nn.init.zeros_(self.mark.weight)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.drop = 0.1

    def lower(self, ids: Tensor, places: Tensor, rows: Tensor) -> Tensor:
        """Return the states below the layers that learn; they never change.

        Windows may share a row: `places` counts the tokens of each from zero, `rows` numbers the
        windows from one, and a token sees those of its own window alone.
        """
        x = self.norm(self.word(ids) + self.pos(places) + self.typ.weight[0])
        seen = within(rows)
        for layer in self.layers[: self.frozen]:
            x = layer(x, seen, 0.0)
        return x  # type: ignore[no-any-return]

    def upper(self, x: Tensor, marks: Tensor, rows: Tensor) -> Tensor:
        """Return the last states from those below and the marks of the tokens."""
        x = functional.dropout(x + self.mark(marks), self.drop, self.training)
        seen = within(rows)
        for layer in self.layers[self.frozen :]:
            x = layer(x, seen, self.drop)
        return x

    def forward(self, ids: Tensor, places: Tensor, rows: Tensor, marks: Tensor) -> Tensor:
        """Return a state for each token."""
        return self.upper(self.lower(ids, places, rows), marks, rows)

    def load(self, folder: Path) -> None:
        """Take over the weights of a sentence encoder in the layout of Hugging Face's BERT."""
        from safetensors.torch import load_file

        found = load_file(folder / "model.safetensors")
        found = {name.removeprefix("bert."): value for name, value in found.items()}
        state = {
            "word.weight": found["embeddings.word_embeddings.weight"],
            "pos.weight": found["embeddings.position_embeddings.weight"],
            "typ.weight": found["embeddings.token_type_embeddings.weight"],
            "norm.weight": found["embeddings.LayerNorm.weight"],
            "norm.bias": found["embeddings.LayerNorm.bias"],
        }
        names = {
            "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
            "o": "attention.output.dense", "n1": "attention.output.LayerNorm",
            "i": "intermediate.dense", "u": "output.dense", "n2": "output.LayerNorm",
        }  # fmt: skip
        for number in range(len(self.layers)):
            for short, long in names.items():
                for part in ("weight", "bias"):
                    key = f"encoder.layer.{number}.{long}.{part}"
                    state[f"layers.{number}.{short}.{part}"] = found[key]
        missing, unexpected = self.load_state_dict(state, strict=False)
        assert (unexpected, missing) == ([], ["mark.weight"])


def within(rows: Tensor) -> Tensor:
    """Return which tokens see which: those of one window."""
    return (rows[:, :, None] == rows[:, None, :])[:, None]


@dataclass(frozen=True)
class Sizes:
    """The widths of the features, which the reader decides."""

    marks: int
    spot: int
    edge: int
    pairs: dict[str, int]

    def dump(self) -> str:
        """Return the sizes as JSON."""
        return json.dumps({"marks": self.marks, "spot": self.spot, "edge": self.edge, **self.pairs})


def block(inward: int, outward: int, drop: float) -> nn.Sequential:
    """Return a dense layer with its norm."""
    return nn.Sequential(
        nn.Linear(inward, outward), nn.GELU(), nn.LayerNorm(outward), nn.Dropout(drop)
    )


class Heads(nn.Module):
    """What is decided over spots and candidates."""

    def __init__(self, sizes: Sizes, wide: int = 256, narrow: int = 96, drop: float = 0.2) -> None:
        super().__init__()
        self.own = block(sizes.spot, 128, drop)
        self.join = block(2 * WIDTH + 128, wide, drop)
        self.out = nn.ModuleDict(
            {
                name: nn.Sequential(block(wide, 128, drop), nn.Linear(128, size))
                for name, size in LABELS.items()
            }
        )
        self.from_spot = nn.ModuleDict({n: nn.Linear(wide, narrow) for n in sizes.pairs})
        self.from_text = nn.ModuleDict({n: nn.Linear(WIDTH, narrow) for n in sizes.pairs})
        self.score = nn.ModuleDict(
            {
                name: nn.Sequential(block(3 * narrow + size, narrow, drop), nn.Linear(narrow, 2))
                for name, size in sizes.pairs.items()
            }
        )
        self.beside = nn.TransformerEncoderLayer(
            wide, 4, 2 * wide, drop, "gelu", batch_first=True, norm_first=True
        )
        self.again = nn.Sequential(nn.Linear(CARRIED + narrow, 32), nn.GELU(), nn.Linear(32, 1))
        self.again_spot = nn.Linear(wide, narrow)
        nn.init.zeros_(self.again[2].weight)
        self.edge_spot = nn.Linear(wide, 2 * narrow)
        self.edge_text = nn.Linear(WIDTH, narrow)
        self.edge_score = nn.Sequential(nn.Linear(sizes.edge, 32), nn.GELU(), nn.Linear(32, 2))
        self.narrow = narrow

    def spots(self, head: Tensor, full: Tensor, features: Tensor, place: Tensor) -> Tensor:
        """Return the states of spots, each seen beside the others of its document.

        `place` holds the document of each spot and its number there.
        """
        own = self.join(torch.cat([head, full, self.own(features)], -1))
        batch, longest = int(place[-1, 0]) + 1, int(place[:, 1].max()) + 1
        rows = own.new_zeros(batch, longest, own.shape[-1])
        rows = rows.index_put((place[:, 0], place[:, 1]), own)
        empty = torch.ones(batch, longest, dtype=torch.bool)
        empty = empty.index_put((place[:, 0], place[:, 1]), torch.tensor(False))
        return self.beside(rows, src_key_padding_mask=empty)[place[:, 0], place[:, 1]]  # type: ignore[no-any-return]

    def alone(self, head: Tensor, full: Tensor, features: Tensor) -> Tensor:
        """Return the states of the spots of one document."""
        x = self.join(torch.cat([head, full, self.own(features)], -1))
        # Written out, since PyTorch's own layer takes the number of spots for a constant.
        layer = self.beside
        seen = layer.self_attn
        mixed = functional.linear(layer.norm1(x), seen.in_proj_weight, seen.in_proj_bias)
        q, k, v = mixed.view(-1, 3, seen.num_heads, seen.head_dim).permute(1, 2, 0, 3).unbind(0)
        chance = torch.softmax(q @ k.transpose(1, 2) / seen.head_dim**0.5, -1)
        x = x + seen.out_proj((chance @ v).permute(1, 0, 2).flatten(1))
        inner = layer.linear2(functional.gelu(layer.linear1(layer.norm2(x))))
        return x + inner  # type: ignore[no-any-return]

    def labels(self, spots: Tensor) -> dict[str, Tensor]:
        """Return the logits of each label."""
        return {name: head(spots) for name, head in self.out.items()}

    def pairs(self, name: str, spots: Tensor, texts: Tensor, pair: dict[str, Tensor]) -> Tensor:
        """Return two scores of each candidate: of being the one, of being one of several."""
        a = self.from_spot[name](spots)[pair["spot"]]
        b = self.from_text[name](texts)[pair["text"]]
        features = pair["features"]
        return self.score[name](torch.cat([a, b, a * b, features], -1))  # type: ignore[no-any-return]

    def settle(
        self,
        scores: Tensor,
        spots: Tensor,
        weight: Tensor,
        together: Tensor,
        pair: dict[str, Tensor],
        table: Tensor,
    ) -> Tensor:
        """Return the scores of actors once more, now that the other spots have had their say.

        `weight` is each spot's chance of being a statement, `together` their sum over its document;
        `pair["code"]` numbers the parties, `table` is zero for each spot and party.
        """
        owner, code = pair["spot"], pair["code"]
        raised = torch.exp(scores.clamp(-30, 30))
        whole = table.index_put((owner, code), raised).sum(1)
        chance = raised / (whole[owner] + 1e-9)
        table = table.index_put((owner, code), chance * weight[owner])
        padded = functional.pad(table, (0, 0, 1, 1))
        own = table[owner, code]
        carried = torch.stack(
            [
                (table.sum(0)[code] - own) / (together[owner] - weight[owner] + 0.3),
                padded[owner, code],
                padded[owner + 2, code],
                chance,
            ],
            -1,
        )
        told = self.again(torch.cat([carried, self.again_spot(spots)[owner]], -1))
        return scores + told[:, 0]  # type: ignore[no-any-return]

    def edges(self, spots: Tensor, texts: Tensor, pair: dict[str, Tensor]) -> Tensor:
        """Return two scores of each unit: of beginning and of ending the evidence."""
        key = self.edge_text(texts)
        query = self.edge_spot(spots).view(-1, 2, self.narrow)
        met = torch.einsum("snk,uk->sun", query, key) / self.narrow**0.5
        return met[pair["spot"], pair["text"]] + self.edge_score(pair["features"])


def mean_of(states: Tensor, spans: Tensor) -> Tensor:
    """Return the mean state of each span (window, first, behind the last); zeros where empty."""
    summed = functional.pad(states.float().cumsum(1), (0, 0, 1, 0))
    window, first, last = spans.unbind(-1)
    total = summed[window, last] - summed[window, first]
    return total / (last - first).clamp(min=1)[:, None]
