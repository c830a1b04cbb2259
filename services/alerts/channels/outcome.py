"""What becomes of one try to reach a subscriber, and of a target that cannot be one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """The other side has taken it."""


@dataclass(frozen=True)
class Retry:
    """Not accepted this time. `after`: seconds that the other side asks to be left alone; `reason`: one sentence."""

    after: float | None
    reason: str


@dataclass(frozen=True)
class Gone:
    """Never will be: the subscription is to be disabled. `reason`: one sentence."""

    reason: str


Outcome = Accepted | Retry | Gone


class InvalidTarget(ValueError):
    """A target that nothing can be sent to. The message is one sentence that says what to write instead."""
