"""The seam of instant messaging: what a robot says, and how its messenger may answer.

Every adapter passes `tests/notifying/test_contract.py`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: what it is called, and where to look."""

    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a robot says, in its group's language. `to_all` calls everybody in the group (@所有人)."""

    heading: str
    lines: tuple[Line, ...] = ()
    closing: str = ""
    to_all: bool = False


class NotSaid(Exception):
    """Raised when the words did not reach the group.

    `reason` is a code of ours with the messenger's own number, e.g. `too fast (45009)`: never its text, which may
    quote what was sent, and never the address, which is the robot's secret.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class OutOfReach(NotSaid):
    """Raised when nobody answered, or the messenger was busy with itself: later may do."""


class TooFast(NotSaid):
    """Raised when the robot spoke too often. `wait` is how long it has to keep quiet."""

    def __init__(self, reason: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(reason)


class WordsRefused(NotSaid):
    """Raised when the messenger will never take these words; others it may take."""


class RobotShut(NotSaid):
    """Raised when the robot itself will not do: it was removed, or its secret, keyword or address list does not fit.

    Whoever keeps the robot has to mend it; until then nothing is said.
    """


class Robot(Protocol):
    """A robot in a group."""

    async def say(self, words: Words) -> None:
        """Say it once. Raises OutOfReach, TooFast, WordsRefused or RobotShut."""
        ...
