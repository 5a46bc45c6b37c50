"""What a messenger answers: always HTTP 200, and in the body a number that says how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from anshou.notifying.robots.talking import NotSaid, OutOfReach, RobotShut, TooFast, WordsRefused

# Kept short by the messengers themselves; whatever is longer is no answer of theirs.
LONGEST_ANSWER = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """A messenger's numbers. `words_refused` is also what a number means that is not listed here."""

    shut: Mapping[int, str]
    too_fast: Mapping[int, timedelta]
    words_refused: Mapping[int, str] = field(default_factory=dict)
    busy: frozenset[int] = frozenset({-1})


class _Answer(msgspec.Struct):
    errcode: int | None = None
    code: int | None = None
    msg: str = ""


def check_answer(status: int, body: bytes, codes: Codes, *, quiet: timedelta) -> None:
    """Return when the words were said. Raises OutOfReach, TooFast, WordsRefused or RobotShut.

    `quiet` is how long to wait after HTTP 429, which gateways answer before the messenger itself is asked.
    """
    if status == 429:
        raise TooFast("too fast (HTTP 429)", quiet)
    if status != 200:
        raise OutOfReach(f"HTTP {status}")
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except msgspec.MsgspecError:
        raise OutOfReach("the answer is not the messenger's") from None
    number = answer.errcode if answer.errcode is not None else answer.code
    if number is None:
        raise OutOfReach("the answer is not the messenger's")
    if number != 0:
        raise _outcome(number, answer.msg, codes, quiet)


def _outcome(number: int, said: str, codes: Codes, quiet: timedelta) -> NotSaid:
    if number in codes.busy:
        return OutOfReach(f"busy ({number})")
    # Feishu has one number for a body that it cannot read and for bodies that come too fast.
    if number in codes.too_fast or "too many request" in said.lower():
        return TooFast(f"too fast ({number})", codes.too_fast.get(number, quiet))
    if number in codes.shut:
        return RobotShut(f"{codes.shut[number]} ({number})")
    return WordsRefused(f"{codes.words_refused.get(number, 'refused')} ({number})")
