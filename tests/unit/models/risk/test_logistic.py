import numpy as np
import pytest
from scipy.optimize import minimize

from models.risk.logistic import SignedLogistic


@pytest.fixture
def rows():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(1500, 6)) @ rng.normal(size=(6, 6))
    y = rng.random(1500) < 1 / (1 + np.exp(-(x[:, 0] - x[:, 1] - 3)))
    return x, y, rng.choice([1.0, 12.5], 1500)


def loss(theta, x, y, weight, penalty_weight):
    score = x @ theta[:-1] + theta[-1]
    fit = np.logaddexp(0.0, score) - y * score
    return weight @ fit / weight.sum() + penalty_weight * theta[:-1] @ theta[:-1] / 2


@pytest.mark.parametrize("signs", [(0,) * 6, (1, 1, -1, -1, 0, 1)])
def test_no_other_optimiser_finds_better_weights(rows, signs):
    x, y, weight = rows
    fit = SignedLogistic(1e-3, signs).fit(x, y, weight)
    bounds = [{1: (0, None), -1: (None, 0), 0: (None, None)}[s] for s in signs] + [(None, None)]
    rival = minimize(loss, np.zeros(7), (x, y, weight, 1e-3), "L-BFGS-B", bounds=bounds, tol=1e-14)
    ours = loss(np.append(fit.coef_, fit.intercept_), x, y, weight, 1e-3)
    assert ours <= rival.fun + 1e-12


def test_weights_never_take_the_forbidden_sign(rows):
    x, y, weight = rows
    signs = (-1, 1, 1, -1, 1, -1)
    coef = SignedLogistic(1e-4, signs).fit(x, y, weight).coef_
    assert (coef * signs >= 0).all()
    assert (coef == 0).any()


def test_given_log_odds_are_not_learnt_again(rows):
    x, y, weight = rows
    first = SignedLogistic(0.0).fit(x, y, weight)
    again = SignedLogistic(0.0).fit(x, y, weight, first.decision_function(x))
    assert np.abs(again.coef_).max() < 1e-4
    assert abs(again.intercept_) < 1e-4


def test_without_a_constant_an_average_row_keeps_its_odds(rows):
    x, y, weight = rows
    assert SignedLogistic(1e-3, fit_intercept=False).fit(x, y, weight).intercept_ == 0.0


def test_a_column_that_tells_all_stays_finite():
    x = np.linspace(-1, 1, 50)[:, None]
    fit = SignedLogistic(1e-8, (1,)).fit(x, x[:, 0] > 0)
    assert np.isfinite(fit.coef_).all()
    assert fit.predict_proba(x)[-1, 1] > 0.99
