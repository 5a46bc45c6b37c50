"""Schemathesis asks every operation, as every role, what it makes of what the document allows and of what it does not.

It finds no server error, no undocumented status, header or media type, and no answer that departs from its schema.
`ANSHOU_TEST_FUZZ` raises how many requests of each sort an operation gets.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from functools import cache
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from anshou.people.roles import Department, Role
from anshou.tickets.kinds import Kind
from tenants.context import AGENCY
from tests.api.conftest import House
from tests.api.desk import ApiDesk
from tests.api.published import document, operations
from tests.api.serving import serving
from tests.api.treasures import Treasure, hidden
from tests.cast import staff

EXAMPLES = int(os.environ.get("ANSHOU_TEST_FUZZ", "2"))

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

# Fields of bodies that name somebody or something, and what stands in for the random ids that nothing has.
NAMED = {
    "merchant": "merchant_id",
    "shop": "shop_id",
    "account_id": "colleague_id",
    "owner": "colleague_id",
    "responsible_person": "colleague_id",
}

# What an operation's answers can be without anything being wrong with them.
ANSWERED = frozenset(range(200, 500))

MOSTLY = strategies.sampled_from([True, True, True, False])


class Asked:
    """A house with something in every drawer, behind a web server: its address, and the headers of each role."""

    def __init__(self, address: str, house: House, treasure: Treasure, numbers: list[str]) -> None:
        self.address = address
        self.ids = treasure.ids
        self.numbers = numbers
        self.keys = {role: house.keys[house.anhe.everybody[role].id] for role in Role}
        self.session = requests.Session()


@pytest.fixture(scope="module")
async def asked(house: House) -> AsyncIterator[Asked]:
    """One of everything that an address can name. What is done to people is done to somebody who holds no key here."""
    made = await hidden(house)
    numbers = [made.ids["number"], *await under_way(house)]
    async with house.tenants.session(house.tenant, AGENCY) as session:
        victim = await staff(session, "替身", "stand-in", Role.SPECIALIST, departments=(Department.QUALITY,))
    made.ids |= {"person_id": str(victim.id), "colleague_id": str(house.anhe.specialist.id)}
    async with serving(house.app) as address:
        asked = Asked(f"{address}/api/v1", house, made, numbers)
        yield asked
        asked.session.close()


async def under_way(house: House) -> list[str]:
    """Tickets that wait for the department, for the merchant and for a signature: their numbers."""
    anhe, numbers = house.anhe, []
    desk = ApiDesk(house)
    for moves in (("accept", "dispatch"), ("accept", "dispatch", "conclude_analysis", "submit_plan", "approve_plan")):
        await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
        for move in moves:
            await desk.act(_who(house, move), move)
        numbers.append(desk.number)
    await desk.open(Kind.DATA_ANOMALY, anhe.specialist)
    await desk.act(anhe.account_manager, "dispatch", department="technical_support")
    numbers.append(desk.number)
    await desk.open(Kind.CONTRACT_DISPUTE, anhe.owner)
    for move in ("start_procedure", "conclude_investigation", "record_round", "propose_agreement"):
        await desk.act(anhe.account_manager, move)
    return [*numbers, desk.number]


def _who(house: House, move: str) -> Any:
    anhe = house.anhe
    if move == "approve_plan":
        return anhe.supervisor
    return anhe.specialist if move in ("conclude_analysis", "submit_plan") else anhe.account_manager


@pytest.mark.parametrize("name", sorted(operation.name for operation in operations()))
async def test_what_is_answered_is_what_is_documented(asked: Asked, name: str) -> None:
    """In every role: each generated request is sent once with each role's key."""
    await asyncio.to_thread(_ask_both_ways, asked, name)


@cache
def _operations() -> dict[str, Any]:
    """The operations as Schemathesis reads them; once, because most of its time goes into reading their schemas."""
    config = SchemathesisConfig()
    # Who asks is not what is tried here: `test_strangers` asks without a key.
    config.projects.default.generation.update(with_security_parameters=False, allow_x00=False)
    schema = schemathesis.openapi.from_dict(document(), config=config)
    read = [each.ok() for each in schema.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in read}


def _ask_both_ways(asked: Asked, name: str) -> None:
    operation = _operations()[name]
    _ask(asked, operation, GenerationMode.POSITIVE, EXAMPLES)
    try:
        _ask(asked, operation, GenerationMode.NEGATIVE, EXAMPLES)
    except Unsatisfiable:
        # Without a body or a query there is nothing to get wrong.
        described = operation.definition.raw
        assert "requestBody" not in described
        assert not [one for one in described.get("parameters", ()) if one["in"] == "query"]


def _ask(asked: Asked, operation: Any, mode: GenerationMode, examples: int) -> None:
    found: list[Exception] = []

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(
        case=operation.as_strategy(generation_mode=mode), known=MOSTLY, number=strategies.sampled_from(asked.numbers)
    )
    def ask(case: Any, known: bool, number: str) -> None:
        if known:
            _name_what_there_is(case, asked.ids | {"number": number})
        for role, key in asked.keys.items():
            try:
                _ask_as(asked, case, number, key)
            except Exception as failure:
                # All at once: one role's finding hides no other's.
                failure.add_note(f"asked as {role}")
                found.append(failure)

    ask()
    if found:
        raise ExceptionGroup(f"{len(found)} findings", found)


def _name_what_there_is(case: Any, ids: dict[str, str]) -> None:
    """Let the request name things that exist instead of random ids."""
    case.path_parameters = {name: ids[name] for name in case.path_parameters}
    if isinstance(case.body, dict):
        case.body |= {name: ids[NAMED[name]] for name in case.body if case.body[name] and name in NAMED}


def _ask_as(asked: Asked, case: Any, number: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    if "Idempotency-Key" in (case.headers or {}):
        headers["Idempotency-Key"] = uuid4().hex
    if "If-Match" in (case.headers or {}) and case.path_parameters.get("number") == number:
        seen = asked.session.get(f"{asked.address}/tickets/{number}", headers=headers, timeout=120)
        headers["If-Match"] = seen.headers.get("etag", '"1"')
    response = case.call(base_url=asked.address, session=asked.session, headers=headers, timeout=120)
    assert response.status_code in ANSWERED
    case.validate_response(response, checks=CHECKS)
