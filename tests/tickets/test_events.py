"""Who must be told of what: decided in the business transaction, left as jobs that carry ids and nothing else."""

import json
import re
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets import events
from anshou.tickets.advancing import begin
from anshou.tickets.events import Carriers, Tiding, tidings_of_message, tidings_of_move
from anshou.tickets.kinds import EscalationLevel, Kind
from anshou.tickets.made import Made
from anshou.tickets.opening import open_ticket
from anshou.tickets.process import Actor
from anshou.tickets.processes import PROCESSES
from anshou.tickets.recipients import recipients
from anshou.tickets.situation import Rules
from anshou.tickets.tickets import Ticket
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW, report

RULES = Rules(now=NOW)
OWNER, MERCHANT = new_id(), new_id()
AGENT = Person(id=new_id(), name="林悦", roles=frozenset({Role.ACCOUNT_MANAGER}))
CUSTOMER = Person(id=new_id(), name="云飞", roles=frozenset({Role.MERCHANT_OWNER}), merchant_id=MERCHANT)


def ticket_of(owner: UUID | None = OWNER, department: Department | None = Department.OPERATIONS) -> Ticket:
    return Ticket(kind=Kind.SERVICE_QUALITY, merchant_id=MERCHANT, owner_id=owner, department=department)


def tidings(
    ticket: Ticket,
    move: str,
    by: Person,
    step: str,
    to: str,
    before: Carriers | None = None,
    doers: Collection[UUID] = (),
    **after: object,
) -> set[Tiding]:
    """What a move between two steps gives to tell."""
    process = PROCESSES[Kind.SERVICE_QUALITY]
    now = replace(begin(process, RULES), step=step)
    chosen = process.move(move)
    made = Made(
        move=chosen,
        by=by,
        actor=Actor.AGENCY,
        at=NOW,
        before=now,
        after=replace(now, step=to, **after),  # type: ignore[arg-type]
        rules=RULES,
    )
    shown = chosen.shown if isinstance(chosen.shown, bool) else True
    return set(tidings_of_move(ticket, made, before or Carriers.of(ticket), shown=shown, doers=doers))


def person(event: str, who: UUID = OWNER) -> Tiding:
    return Tiding(actor=events.TELL_PERSON, event=event, person=who)


def merchant(event: str) -> Tiding:
    return Tiding(actor=events.TELL_MERCHANT, event=event)


def test_the_merchant_hears_of_a_plan_to_confirm_and_the_owner_of_its_approval() -> None:
    found = tidings(ticket_of(), "approve_plan", AGENT, "plan_review", "plan_confirmation")
    assert found == {merchant("approve_plan"), person("approve_plan")}


def test_on_completion_the_merchant_is_asked_for_a_rating_at_once() -> None:
    found = tidings(ticket_of(), "finish_execution", AGENT, "execution", "evaluation")
    assert Tiding(actor=events.ASK_RATING, event="finish_execution") in found
    assert merchant("finish_execution") not in found


def test_the_supervisor_hears_of_a_plan_to_review() -> None:
    found = tidings(ticket_of(), "submit_plan", AGENT, "planning", "plan_review")
    supervisor = Tiding(actor=events.TELL_SUPERVISOR, event="plan_to_review", department=Department.OPERATIONS)
    assert found == {supervisor, person("submit_plan")}


@pytest.mark.parametrize(
    ("owner", "department", "expected"),
    [
        (OWNER, Department.OPERATIONS, person("reject_plan")),
        (
            None,
            Department.OPERATIONS,
            Tiding(actor=events.TELL_DEPARTMENT, event="reject_plan", department=Department.OPERATIONS),
        ),
        (None, None, Tiding(actor=events.TELL_FRONT_DESK, event="reject_plan")),
    ],
)
def test_the_merchants_moves_are_told_to_whoever_carries_the_ticket(
    owner: UUID | None, department: Department | None, expected: Tiding
) -> None:
    found = tidings(ticket_of(owner, department), "reject_plan", CUSTOMER, "plan_confirmation", "planning")
    assert found == {expected}


def test_nobody_is_told_of_what_they_did_themselves() -> None:
    assert tidings(ticket_of(AGENT.id), "conclude_analysis", AGENT, "analysis", "planning") == set()


def test_a_new_owner_hears_that_the_ticket_is_theirs() -> None:
    before = Carriers(owner=AGENT.id, department=Department.OPERATIONS)
    assert tidings(ticket_of(), "assign", AGENT, "analysis", "analysis", before) == {person("assigned")}
    before = Carriers(owner=None, department=Department.OPERATIONS)
    assert tidings(ticket_of(AGENT.id), "claim", AGENT, "analysis", "analysis", before) == set()


def test_a_department_hears_of_a_ticket_handed_to_it() -> None:
    before = Carriers(owner=OWNER, department=Department.QUALITY)
    found = tidings(ticket_of(owner=None), "hand_over", AGENT, "analysis", "analysis", before)
    assert found == {Tiding(actor=events.TELL_DEPARTMENT, event="hand_over", department=Department.OPERATIONS)}


def test_whoever_has_a_measure_hears_that_it_is_to_be_done() -> None:
    doer = new_id()
    found = tidings(ticket_of(), "accept_plan", CUSTOMER, "plan_confirmation", "execution", doers={doer, OWNER})
    assert found == {person("accept_plan"), person("measures_to_do", doer)}


@pytest.mark.parametrize(
    ("level", "actor"),
    [
        (EscalationLevel.SUPERVISOR, events.TELL_SUPERVISOR),
        (EscalationLevel.EXECUTIVE, events.TELL_EXECUTIVE),
    ],
)
def test_an_escalation_is_told_to_the_level_it_rises_to_and_not_to_the_merchant(
    level: EscalationLevel, actor: str
) -> None:
    found = tidings(ticket_of(), "escalate", AGENT, "analysis", "analysis", level=level)
    assert found == {Tiding(actor=actor, event="escalate", department=Department.OPERATIONS)}


def test_a_message_is_told_to_the_other_side() -> None:
    assert set(tidings_of_message(ticket_of(), AGENT)) == {merchant("message")}
    assert set(tidings_of_message(ticket_of(), CUSTOMER)) == {person("message")}


def test_quiet_moves_exist() -> None:
    names = {move.name for process in PROCESSES.values() for move in process.moves}
    assert names >= events.QUIET


def test_the_names_of_the_actors_are_frozen() -> None:
    assert set(events.ACTORS) == {
        "tickets.tell_merchant",
        "tickets.ask_rating",
        "tickets.tell_person",
        "tickets.tell_department",
        "tickets.tell_supervisor",
        "tickets.tell_executive",
        "tickets.tell_front_desk",
        "tickets.tell_systems",
    }


@pytest.mark.usefixtures("wiped")
async def test_jobs_carry_ids_and_no_content(tenants: Tenants, tenant: Tenant) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    async with tenants.session(tenant, cast.owner.context()) as session:
        ticket = await open_ticket(session, report(Kind.SERVICE_QUALITY), by=cast.owner, at=NOW)
    async with tenants.control() as control:
        jobs = (await control.execute(text("SELECT actor, payload FROM control.job"))).all()
    said = {job.actor: job.payload if isinstance(job.payload, dict) else json.loads(job.payload) for job in jobs}
    # The contracts of the cast came into force, and rules are applied from that day on.
    assert said.pop("finance.apply_rules")
    assert set(said) == {"tickets.tell_front_desk", "tickets.tell_systems"}
    payload = said["tickets.tell_front_desk"]
    assert payload.pop("event") == "opened"
    assert payload == said["tickets.tell_systems"]
    assert payload["ticket"] == str(ticket.id)
    assert all(re.fullmatch(r"[0-9a-f-]{36}", value) for value in payload.values())
    async with tenants.session(tenant, AGENCY) as session:
        assert set(await recipients(session, "tickets.tell_front_desk", payload)) == {
            cast.account_manager.id,
            cast.service_agent.id,
        }


async def test_where_nobody_holds_the_place_meant_the_next_one_up_is_told(desk: Desk) -> None:
    cast = desk.cast
    anybody = {"merchant": str(cast.qinghe.id)}
    for actor, payload, expected in (
        (events.TELL_MERCHANT, {"merchant": str(cast.yunshan.id)}, {cast.owner.id, cast.member.id}),
        (events.ASK_RATING, anybody, {cast.other_owner.id}),
        (events.TELL_PERSON, anybody | {"person": str(cast.finance.id)}, {cast.finance.id}),
        (events.TELL_DEPARTMENT, anybody | {"department": "operations"}, {cast.specialist.id}),
        (events.TELL_SUPERVISOR, anybody | {"department": "operations"}, {cast.supervisor.id}),
        # Nobody supervises logistics, nor coordinates: the executive is told.
        (events.TELL_SUPERVISOR, anybody | {"department": "logistics"}, {cast.executive.id}),
        (events.TELL_DEPARTMENT, anybody | {"department": "logistics"}, {cast.executive.id}),
        (events.TELL_EXECUTIVE, anybody, {cast.executive.id}),
    ):
        assert set(await recipients(desk.session, actor, payload)) == expected, actor
