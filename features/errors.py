"""Every error that dyadrisk raises on purpose. Nothing else belongs here.

A message says what was expected, what came (``!r``) and what to do next.
"""


class DyadriskError(Exception):
    """Base of all errors that a user may read without a traceback."""


class ConfigError(DyadriskError):
    """A setting, argument or configuration file is wrong; exit code 2."""


class DataError(DyadriskError):
    """Input data or a stored artifact is not what it must be; exit code 1."""


class RetriableError(DyadriskError):
    """A passing fault (time-out, 429, 503): the same call may succeed later.

    Args:
        message: what happened.
        retry_after: seconds that the other side asked us to wait, if it did.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SkippableError(DyadriskError):
    """One item is refused and the rest of the run goes on.

    Args:
        reason: short stable code that lands in ``raw_reject.reason``,
            for example ``"empty"`` or ``"language"``.
        message: the sentence that a person reads.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class FatalError(DyadriskError):
    """The run cannot go on, for example because the store is unreachable."""
