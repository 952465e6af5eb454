from __future__ import annotations

import random

import numpy as np
import pytest
from fulfilment_made import AS_OF, day, fitted, history, spell

from pledgebook.forecasting.fulfilment import FulfilmentModel, Mark, fit, fit_ends
from pledgebook.forecasting.fulfilment.priors import COMMON, load_priors
from pledgebook.forecasting.fulfilment.simulate import Truth
from pledgebook.forecasting.fulfilment.trials import truth_of


def test_the_truth_of_a_simulated_history_is_found() -> None:
    estimates = fitted(1, 400).estimates
    for name, value in truth_of(Truth()).items():
        found = estimates[name]
        assert abs(found.value - value) < 3.5 * found.error, name
    # What the data tell of is known far better than before.
    for name in ("location", "scale", "more", "report", "report_scale"):
        assert estimates[name].learned > 0.5, name


def test_the_effects_of_groups_follow_the_truth() -> None:
    model, made = fitted(1, 400), history(1, 400)
    donors = model.effects("donor")
    truth = made.donor_effects
    assert (
        np.corrcoef([donors[one][0] for one in donors], [truth[one] for one in donors])[0, 1] > 0.6
    )


def test_small_groups_shrink_to_the_whole() -> None:
    """One lot that came after five times the usual time moves its donor by far less than that."""
    made = history(1, 400)
    late = [
        spell("z1", donors=("ZZZ",), category="item-0", promised=(made.start, made.start),
              delivered=(day(-300 + 500), day(-300 + 500)), reported=day(-300 + 501)),
    ]  # fmt: skip
    effect, error = fit([*made.spells, *late], made.as_of).effects("donor")["ZZZ"]
    many = [
        spell(f"z{at}", donors=("ZZZ",), category="item-0", promised=(made.start, made.start),
              delivered=(day(-300 + 500 + at), day(-300 + 500 + at)), reported=day(-299 + 500 + at))
        for at in range(25)
    ]  # fmt: skip
    larger, surer = fit([*made.spells, *many], made.as_of).effects("donor")["ZZZ"]
    assert 0.0 < effect < 0.5 < larger
    assert surer < error


def test_the_order_of_the_spells_does_not_matter() -> None:
    made = history(2, 60)
    mixed = list(made.spells)
    random.Random(3).shuffle(mixed)
    one, other = fit(made.spells, made.as_of), fit(mixed, made.as_of)
    assert np.array_equal(one.fitted.vector, other.fitted.vector)
    assert np.array_equal(one.fitted.covariance, other.fitted.covariance)


def test_reports_of_later_days_are_not_seen() -> None:
    made = history(2, 60)
    early = day(200)
    known = [one for one in made.spells if one.promised[0] <= early and one.reported is not None]
    seen = fit(made.spells, early)
    assert seen.lots == sum(one.reported is not None and one.reported <= early for one in known)
    assert 0 < seen.lots < fit(made.spells, made.as_of).lots


def says(model: FulfilmentModel) -> str:
    return "\n".join(caveat.why for caveat in model.caveats)


def test_without_data_it_is_the_prior_and_says_so() -> None:
    model = fit([], AS_OF)
    assert "stated prior" in says(model)
    priors = load_priors().common
    for name in COMMON:
        found = model.estimates[name]
        assert (found.value, found.error) == pytest.approx((priors[name].at, priors[name].spread))
        assert found.learned == pytest.approx(0.0, abs=1e-9)


def test_where_nothing_has_come_it_says_so() -> None:
    model = fit([spell(f"c{at}") for at in range(10)], AS_OF)
    assert "none of 10 promises is reported as delivered" in says(model)
    assert "one donor only" in says(model)
    # That nothing came of ten promises in a year and a half is known, all the same.
    assert model.estimates["location"].value > load_priors().common["location"].at


def test_it_says_what_its_sources_do_not_tell() -> None:
    unnamed = [spell(f"c{at}", donors=(f"D{at % 3}",), reported=day(90 + at)) for at in range(30)]
    told = says(fit(unnamed, AS_OF))
    assert "no source says" in told
    assert "no report names the day" in told
    named = [
        *unnamed,
        spell("n", delivered=(day(9), day(9)), reported=day(12)),
        spell("m", mark=Mark.UNDISCLOSED),
    ]
    assert "no " not in says(fit(named, AS_OF))


def test_without_marks_the_truth_lies_between_two_ends() -> None:
    made = history(4, 150)
    bare = [
        one if one.reported else spell(
            one.commitment, donors=one.donors, category=one.category, promised=one.promised,
            share=one.share,
        )
        for one in made.spells
    ]  # fmt: skip
    told, hidden = fit_ends(bare, made.as_of)
    middle = fit(bare, made.as_of)
    never = [
        1.0 / (1.0 + np.exp(-model.estimates["dropped"].value)) for model in (told, middle, hidden)
    ]
    assert never[0] > never[1]
    assert never[0] > never[2]


def test_all_families_can_be_fitted() -> None:
    made = history(2, 60)
    likelihoods = {
        name: fit(made.spells, made.as_of, family=name).fitted.log_likelihood
        for name in ("log-logistic", "weibull", "log-normal")
    }
    assert all(np.isfinite(value) for value in likelihoods.values())
    assert len(set(likelihoods.values())) == 3
