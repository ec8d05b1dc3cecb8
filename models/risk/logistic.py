"""Logistic regression whose weights keep the sign that theory demands."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin

Floats = npt.NDArray[np.float64]


class SignedLogistic(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """L2-regularised logistic regression with per-column sign constraints.

    Args:
        penalty_weight: strength of the L2 penalty on the weights, per mean row loss.
        signs: +1, -1 or 0 (free) for each column; None leaves all free.
        max_iter: L-BFGS-B iterations.
        fit_intercept: whether there is a free constant.

    Example:
        >>> x = np.array([[0.0], [1.0], [2.0], [3.0]])
        >>> fit = SignedLogistic(signs=(-1,)).fit(x, np.array([0, 0, 1, 1]))
        >>> float(fit.coef_[0])
        0.0
    """

    def __init__(
        self,
        penalty_weight: float = 1e-4,
        signs: tuple[int, ...] | None = None,
        max_iter: int = 500,
        fit_intercept: bool = True,
    ) -> None:
        self.penalty_weight = penalty_weight
        self.signs = signs
        self.max_iter = max_iter
        self.fit_intercept = fit_intercept

    def fit(
        self,
        x: Floats,
        y: npt.NDArray[Any],
        sample_weight: Floats | None = None,
        offset: Floats | None = None,
    ) -> SignedLogistic:
        """Fit on standardised columns x and labels y in {0, 1}.

        Args:
            x: standardised columns.
            y: labels.
            sample_weight: weight of each row.
            offset: log odds that are given and added to the formula.
        """
        weight = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, float)
        weight = weight / weight.sum()
        hit = np.asarray(y, dtype=np.float64)
        base = np.clip(float(weight @ hit), 1e-6, 1 - 1e-6)
        start = np.zeros(x.shape[1] + 1)
        start[-1] = np.log(base / (1 - base)) if self.fit_intercept else 0.0
        known = np.zeros(len(y)) if offset is None else offset
        result = minimize(
            _loss_and_gradient,
            start,
            args=(x, hit, weight, self.penalty_weight, known),
            jac=True,
            method="L-BFGS-B",
            bounds=_bounds(self.signs, x.shape[1], self.fit_intercept),
            options={"maxiter": self.max_iter, "ftol": 1e-10, "gtol": 1e-7},
        )
        self.coef_: Floats = result.x[:-1]
        self.intercept_: float = float(result.x[-1])
        self.classes_ = np.array([0, 1])
        return self

    def decision_function(self, x: Floats) -> Floats:
        """Return the log odds."""
        return x @ self.coef_ + self.intercept_

    def predict_proba(self, x: Floats) -> Floats:
        """Return the probabilities of the classes 0 and 1."""
        prob = expit(self.decision_function(x))
        return np.column_stack([1 - prob, prob])

    def predict(self, x: Floats) -> npt.NDArray[np.int64]:
        """Return the more likely class."""
        return (self.decision_function(x) > 0).astype(np.int64)


def _bounds(
    signs: tuple[int, ...] | None, width: int, has_intercept: bool
) -> list[tuple[float | None, float | None]]:
    """Return the box of each weight; the intercept is free or 0."""
    box: dict[int, tuple[float | None, float | None]] = {
        1: (0.0, None),
        -1: (None, 0.0),
        0: (None, None),
    }
    constant = (None, None) if has_intercept else (0.0, 0.0)
    return [*(box[sign] for sign in (signs or (0,) * width)), constant]


def _loss_and_gradient(
    theta: Floats,
    x: Floats,
    hit: Floats,
    weight: Floats,
    penalty_weight: float,
    offset: Floats,
) -> tuple[float, Floats]:
    """Return weighted log loss plus penalty, and its gradient."""
    coef = theta[:-1]
    score = x @ coef + theta[-1] + offset
    loss = float(weight @ (np.logaddexp(0.0, score) - hit * score))
    residual = weight * (expit(score) - hit)
    gradient = np.append(x.T @ residual + penalty_weight * coef, residual.sum())
    return loss + 0.5 * penalty_weight * float(coef @ coef), gradient
