"""Nothing confidential is told by the side door: not by an answer, address, header, line, row, letter or file.

What may hold content is the answer to an explicit reveal, and a form that comes back to whoever typed into it.
"""

import pytest

from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.values import canaries_in

# The building of the house, some thousand requests, is counted to the first test.
pytestmark = pytest.mark.timeout(900)

# Sink -> at least so many different things were heard there; else the test would see nothing because nothing was said.
LOUD = {
    "answers": 300,
    "headers": 300,
    "addresses": 300,
    "log lines": 100,
    "rows": 500,
    "stored files": 3,
    "letters": 3,
    "webhooks": 5,
    "commands": 6,
}


@pytest.mark.parametrize("sink", [*LOUD, "database log", "temporary files"])
def test_no_canary_is_told(life: Life, sink: str) -> None:
    assert life.told.finds(sink) == {}


@pytest.mark.parametrize("sink", LOUD)
def test_there_was_much_to_hear(life: Life, sink: str) -> None:
    assert len(life.told.by_sink[sink]) >= LOUD[sink]


def test_the_answers_to_reveals_held_what_was_asked_for_and_are_not_stored(life: Life) -> None:
    told = {name for answer in life.told.opened for name in canaries_in(answer.content)}
    assert told >= {"phone", "title", "said", "wanted", "amount", "file_name", "file_content"}
    assert all("no-store" in answer.headers["cache-control"] for answer in life.told.opened)
