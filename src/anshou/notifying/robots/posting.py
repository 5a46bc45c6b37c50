"""The real robot: its words posted to its messenger."""

from collections.abc import Callable, Collection
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from anshou.notifying.errors import RobotAddressRefused
from anshou.notifying.robots.answers import LONGEST_ANSWER, check_answer
from anshou.notifying.robots.messengers import MANNERS, Messenger, check_robot_address
from anshou.notifying.robots.talking import OutOfReach, RobotShut, Words
from anshou.webhooks.errors import DestinationRefused
from anshou.webhooks.sending import Unanswered, exchange


class PostingRobot:
    """A robot at its messenger's address. Holds its secrets: never log it.

    `also` are hosts that the operator allows besides the messenger's own; only those may be private.
    """

    __slots__ = ("_also", "_messenger", "_now", "_secret", "_url")

    def __init__(
        self, messenger: Messenger, url: str, secret: str, *, also: Collection[str], now: Callable[[], datetime]
    ) -> None:
        self._messenger = messenger
        self._url = url
        self._secret = secret
        self._also = also
        self._now = now

    async def say(self, words: Words) -> None:
        """See `talking.Robot.say`."""
        manners, at = MANNERS[self._messenger], self._now()
        try:
            check_robot_address(self._messenger, self._url, also=self._also)
        except (RobotAddressRefused, DestinationRefused):
            # The operator has taken a host off the list since the robot was registered.
            raise RobotShut("destination refused") from None
        body = msgspec.json.encode(manners.body(words, secret=self._secret, at=at))
        try:
            status, answered = await exchange(
                manners.signed(self._url, secret=self._secret, at=at),
                body,
                {"content-type": "application/json; charset=utf-8"},
                allow_private=urlsplit(self._url).hostname in self._also,
                longest=LONGEST_ANSWER,
            )
        except Unanswered as failure:
            raise OutOfReach(str(failure)) from None
        check_answer(status, answered, manners.codes, quiet=manners.pause * 20)
