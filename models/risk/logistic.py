"""Logistic regression whose weights keep the sign that theory demands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin

Floats = npt.NDArray[np.float64]


class SignedLogistic(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """L2-regularised logistic regression with per-column sign constraints.

    Args:
        penalty_weight: strength of the L2 penalty on the weights, per mean row loss.
        signs: +1, -1 or 0 (free) for each column; None leaves all free.
        max_iter: Newton steps at most.
        fit_intercept: whether there is a free constant.
        tolerance: slope of the loss at which a weight counts as found.

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
        max_iter: int = 100,
        fit_intercept: bool = True,
        tolerance: float = 1e-8,
    ) -> None:
        self.penalty_weight = penalty_weight
        self.signs = signs
        self.max_iter = max_iter
        self.fit_intercept = fit_intercept
        self.tolerance = tolerance

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
        known = np.zeros(len(y)) if offset is None else offset
        hit = np.asarray(y, dtype=np.float64)
        task = _Task(x, hit, weight / weight.sum(), known, self.penalty_weight)
        base = np.clip(float(task.weight @ hit), 1e-6, 1 - 1e-6)
        start = np.zeros(x.shape[1] + 1)
        start[-1] = np.log(base / (1 - base)) if self.fit_intercept else 0.0
        theta = _minimise(task, start, _box(self.signs, x.shape[1], self.fit_intercept), self)
        self.coef_: Floats = theta[:-1]
        self.intercept_: float = float(theta[-1])
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


@dataclass(frozen=True)
class _Task:
    """Rows, labels, weights that sum to 1, given log odds, and the penalty."""

    x: Floats
    hit: Floats
    weight: Floats
    offset: Floats
    penalty_weight: float

    def score(self, theta: Floats) -> Floats:
        """Return the log odds of each row."""
        odds: Floats = self.x @ theta[:-1] + theta[-1] + self.offset
        return odds

    def loss(self, theta: Floats, score: Floats) -> float:
        """Return the weighted log loss plus penalty."""
        coef = theta[:-1]
        loss = float(self.weight @ (np.logaddexp(0.0, score) - self.hit * score))
        return loss + 0.5 * self.penalty_weight * float(coef @ coef)

    def slope(self, theta: Floats, prob: Floats) -> Floats:
        """Return the gradient of the loss."""
        residual = self.weight * (prob - self.hit)
        pull = self.penalty_weight * theta[:-1]
        return np.append(self.x.T @ residual + pull, residual.sum())

    def curvature(self, prob: Floats) -> Floats:
        """Return the second derivatives of the loss."""
        share = self.weight * prob * (1 - prob)
        pulled = self.x * np.sqrt(share)[:, None]
        cross = self.x.T @ share
        block = pulled.T @ pulled + self.penalty_weight * np.eye(len(cross))
        return np.block([[block, cross[:, None]], [cross[None, :], share.sum()]])


def _box(signs: tuple[int, ...] | None, width: int, has_intercept: bool) -> tuple[Floats, Floats]:
    """Return the lowest and highest value of each weight and the intercept."""
    sign = np.array(signs or (0,) * width, dtype=float)
    edge = np.inf if has_intercept else 0.0
    low = np.append(np.where(sign > 0, 0.0, -np.inf), -edge)
    return low, np.append(np.where(sign < 0, 0.0, np.inf), edge)


def _minimise(
    task: _Task, start: Floats, box: tuple[Floats, Floats], rules: SignedLogistic
) -> Floats:
    """Return the weights of least loss inside the box, by projected Newton steps.

    Source: Bertsekas (1982), Projected Newton methods, SIAM J. Control and Optimization 20.
    """
    theta, score = start, task.score(start)
    loss = task.loss(theta, score)
    for _ in range(rules.max_iter):
        prob = expit(score)
        slope = task.slope(theta, prob)
        low, high = theta <= box[0], theta >= box[1]
        is_free = ~((low & (slope >= 0)) | (high & (slope <= 0)))
        if np.abs(slope[is_free]).max(initial=0.0) < rules.tolerance:
            break
        bend = task.curvature(prob)[np.ix_(is_free, is_free)]
        step = np.zeros(len(theta))
        step[is_free] = np.linalg.solve(bend + 1e-12 * np.eye(len(bend)), slope[is_free])
        found = _search(task, theta, step, box, loss)
        if found is None:
            break
        theta, score, loss = found
    return theta


def _search(
    task: _Task, theta: Floats, step: Floats, box: tuple[Floats, Floats], loss: float
) -> tuple[Floats, Floats, float] | None:
    """Return the first of ever shorter steps that lowers the loss, None where none does."""
    for length in 0.5 ** np.arange(20):
        trial = np.clip(theta - length * step, *box)
        score = task.score(trial)
        now = task.loss(trial, score)
        if now < loss:
            return trial, score, now
    return None
