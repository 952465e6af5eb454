"""How late targets are met: learned from all earlier ones, with a stated prior.

The logarithm of a slip is normal: ln s ~ N(mu + d_party, sigma²), d_party ~ N(0, D²); a share
`never` of targets is never reached. mu, ln sigma and `never` have the priors of the settings. A
target that was reached between two tellings counts with the chance of that interval, one that was
not reached yet with the chance of coming later or never. The tellings of one chain share one vote.
The posterior is a sum over a grid: a few dozen targets need no more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pledgebook.forecasting.forecast import Floats
from pledgebook.forecasting.series.settings import Settings
from pledgebook.forecasting.series.targets import Target

__all__ = ["SlipModel", "fit_slips"]

_LEAST = 1e-9
_MEANS = np.linspace(-2.5, 2.5, 15)
_SCATTERS = np.linspace(-2.0, 2.0, 7)
_NEVERS = np.array([0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.27, 0.35, 0.45, 0.55, 0.67, 0.8, 0.93])
_PARTIES = np.linspace(-2.0, 2.0, 5)


@dataclass(frozen=True, slots=True)
class SlipModel:
    """The posterior of slips. `targets` were learned from, of which `reached` were reached.

    `weights` are those of the grid points (means, scatters, nevers, parties) for a party that
    nothing is known of; `by_party` for those that told targets before.
    """

    targets: int
    reached: int
    means: Floats
    scatters: Floats
    nevers: Floats
    weights: Floats
    by_party: dict[tuple[str, ...], Floats]

    def chances(
        self, parties: tuple[str, ...], slips: Floats, beyond: float = 0.0
    ) -> tuple[Floats, float]:
        """Return the chance to be reached by each slip (slips,), and the chance never to be.

        `beyond` is a slip by which it is known not to have been reached.
        """
        from scipy.special import ndtr

        weights = self.by_party.get(parties, self.weights).ravel()
        means, scatters, nevers = (
            np.broadcast_to(part, self.weights.shape).ravel()
            for part in (self.means, self.scatters, self.nevers)
        )

        def by(slip: Floats) -> Floats:
            logs = np.log(np.maximum(slip, _LEAST))[:, None]
            return np.asarray(ndtr((logs - means) / scatters), dtype=np.float64)

        past = by(np.array([beyond]))[0]
        left = weights * (nevers + (1 - nevers) * (1 - past))
        total = float(left.sum())
        reached = (weights * (1 - nevers) * np.maximum(by(slips) - past, 0.0)).sum(axis=1) / total
        return np.asarray(reached, dtype=np.float64), float((weights * nevers).sum()) / total


def fit_slips(targets: Sequence[Target], settings: Settings) -> SlipModel:
    """Learn from targets what became of which is known, in any order."""
    prior = settings.slip
    means = (
        math.log(prior.median)
        + prior.median_spread * _MEANS[:, None, None, None]
        + prior.party_spread * _PARTIES[None, None, None, :]
    )
    scatters = prior.scatter * np.exp(prior.scatter_spread * _SCATTERS)[None, :, None, None]
    nevers = _NEVERS[None, None, :, None]
    shape = (len(_MEANS), len(_SCATTERS), len(_NEVERS), len(_PARTIES))
    common = (
        -0.5 * _MEANS[:, None, None] ** 2
        - 0.5 * _SCATTERS[None, :, None] ** 2
        + _log_never(prior.never_a, prior.never_b)[None, None, :]
    )
    of_party = -0.5 * _PARTIES**2
    of_party -= _log_sum(of_party)
    known = [(target, slip) for target in targets if (slip := target.slip(settings))]
    chained: dict[str, int] = defaultdict(int)
    for target, _ in known:
        chained[target.chain] += 1
    likely: dict[tuple[str, ...], Floats] = {}
    for target, slip in sorted(known, key=lambda pair: pair[0].id):
        parties = target.point.key.parties
        log = _log_likelihood(slip, means, scatters, nevers) / chained[target.chain]
        likely[parties] = likely.get(parties, np.zeros(shape)) + np.broadcast_to(log, shape)
    for parties in sorted(likely):
        common = common + _log_sum(likely[parties] + of_party, axis=3)
    by_party = {}
    for parties, log in likely.items():
        joint = log + of_party
        rest = common - _log_sum(joint, axis=3)
        by_party[parties] = _weights(rest[..., None] + joint)
    return SlipModel(
        targets=len(known),
        reached=sum(slip[1] < math.inf for _, slip in known),
        means=means,
        scatters=scatters,
        nevers=nevers,
        weights=_weights(np.broadcast_to(common[..., None] + of_party, shape)),
        by_party=by_party,
    )


def _log_never(a: float, b: float) -> Floats:
    """Return the logarithm of the Beta density at the nodes, times their widths."""
    edges = np.concatenate(([0.0], (_NEVERS[1:] + _NEVERS[:-1]) / 2, [1.0]))
    density = (a - 1) * np.log(_NEVERS) + (b - 1) * np.log1p(-_NEVERS)
    return np.asarray(density + np.log(np.diff(edges)), dtype=np.float64)


def _log_likelihood(
    slip: tuple[float, float], means: Floats, scatters: Floats, nevers: Floats
) -> Floats:
    from scipy.special import ndtr

    low = ndtr((math.log(max(slip[0], _LEAST)) - means) / scatters)
    if slip[1] == math.inf:
        return np.asarray(np.log(nevers + (1 - nevers) * (1 - low)), dtype=np.float64)
    high = ndtr((math.log(max(slip[1], _LEAST)) - means) / scatters)
    return np.asarray(np.log((1 - nevers) * (high - low) + 1e-12), dtype=np.float64)


def _log_sum(logs: Floats, axis: int = 0) -> Floats:
    top = logs.max(axis=axis, keepdims=True)
    summed = np.log(np.exp(logs - top).sum(axis=axis, keepdims=True)) + top
    return np.asarray(np.squeeze(summed, axis=axis), dtype=np.float64)


def _weights(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)
