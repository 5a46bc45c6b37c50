"""Nothing confidential is told by the side door: not by an answer, address, header, line, row, letter or file.

What may hold content is the answer to an explicit reveal, and a form that comes back to whoever typed into it.
"""

import pytest

from tests.confidentiality.canaries.crashing import crash
from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.posting import LEFT_OUT
from tests.confidentiality.canaries.values import canaries_in
from tests.portal.test_strangers import ROUTES

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
    "answers to what was typed": 100,
    "messages": 5,
    "memory": 100,
}

# What these places tell because it is plain by decision (docs/confidentiality.md): how a contract's document is called.
PLAIN = {
    "rows": {"contract_document": {"document_name"}},
    "log lines": {"sqlalchemy.engine.Engine": {"document_name"}},
}

# Where people type what is confidential, beside whatever else is found to have a form.
TYPED_INTO = {
    "/disclosures/new",
    "/merchants/new",
    "/merchants/{merchant_id}/accounts/new",
    "/my/data/requests/new",
    "/my/report",
    "/sign-in",
    "/tickets/{number}/consumers/new",
}


@pytest.mark.parametrize("sink", [*LOUD, "database log", "temporary files", "crash reports"])
def test_no_canary_is_told(life: Life, sink: str) -> None:
    found = life.told.finds(sink)
    for place, names in PLAIN.get(sink, {}).items():
        found = {where: told - names if place in where else told for where, told in found.items()}
    assert {where: told for where, told in found.items() if told} == {}


@pytest.mark.parametrize("sink", LOUD)
def test_there_was_much_to_hear(life: Life, sink: str) -> None:
    assert len(life.told.by_sink[sink]) >= LOUD[sink]


def test_the_answers_to_reveals_held_what_was_asked_for_and_are_not_stored(life: Life) -> None:
    told = {name for answer in life.told.opened for name in canaries_in(answer.content)}
    assert told >= {"phone", "title", "said", "wanted", "amount", "file_name", "file_content"}
    assert all("no-store" in answer.headers["cache-control"] for answer in life.told.opened)


def test_what_was_handed_out_held_what_it_was_for(life: Life) -> None:
    for kind in ("json", "xlsx"):
        assert canaries_in(life.handed_out[kind]) == {"name"}, kind
    assert canaries_in(life.handed_out["return"]) >= {"name", "phone", "address", "holder", "account_number"}


def test_every_route_that_takes_a_form_was_posted_to(life: Life) -> None:
    assert life.tried == {route.path_format for method, route in ROUTES if method == "POST"} - LEFT_OUT
    reached = {path for path, statuses in life.posted.items() if statuses - {403, 404}}
    assert reached >= TYPED_INTO, TYPED_INTO - reached
    assert len(reached) >= 25, sorted(reached)


def test_no_form_and_no_file_broke_anything(life: Life) -> None:
    assert life.broken == set()
    assert {status for status in life.uploaded if status >= 500} == set()
    assert set(life.uploaded) >= {400, 413, 415, 422}


def test_every_job_that_fails_says_only_what_kind_of_error_it_was(life: Life) -> None:
    said = {name for actor, name in life.failures if actor == crash.name}
    assert said == {"Unforeseen", "Conflict", "NumericValueOutOfRangeError", "ExceptionGroup", "ValidationError"}
    # Of our own, only what nobody takes in may fail.
    assert {actor for actor, _ in life.failures} <= {crash.name, "webhooks.deliver"}
