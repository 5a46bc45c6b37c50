"""The same on PostgreSQL: whatever people do, the rows say what the pure process says, and merchants read nothing else.

The model is the engine's own situation, moved beside the rows. A disagreement between a writer, the facts that are read
back, and the table of the process shows here.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.tickets.acting import acting_as, level_of
from anshou.tickets.advancing import advance, begin, is_open
from anshou.tickets.entries import Entry
from anshou.tickets.errors import MoveNotOpen, MoveNotYours, TicketNotFound
from anshou.tickets.facts import situation_of
from anshou.tickets.kinds import Kind, Side, Status
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.rules import rules_at
from anshou.tickets.situation import Rules
from confidentiality.keys.vault import CARRIED_AS
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.tickets.desk import Desk
from tests.tickets.samples import ANYTIME, heard, variants


class _Undo(Exception):
    """Raised into a session to roll it back."""


class LifeOnRows(RuleBasedStateMachine):
    """One ticket in one transaction, rolled back at the end."""

    kind: Kind
    database: Database
    tenant: Tenant

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.held = AsyncExitStack()
        self.run(self.set_up())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    async def set_up(self) -> None:
        self.tenants = Tenants(
            self.database.url, secret=self.database.secret, carry={CARRIED_AS: self.database.open_vault()}
        )
        self.held.push_async_callback(self.tenants.close)
        session = await self.held.enter_async_context(self.tenants.session(self.tenant, AGENCY))

        async def act_as(context: Context) -> None:
            await self.tenants.switch(session, context)

        self.desk = Desk(session, act_as, await settle(session))
        # Another ticket of the merchant, to be linked with and merged into.
        self.other = (await self.desk.open(self.kind, self.desk.cast.owner)).number
        ticket = await self.desk.open(self.kind, self.desk.cast.owner)
        self.rules = await rules_at(session, self.desk.now)
        self.process = ticket.process
        self.model = begin(self.process, self.rules)
        self.entries = 1
        self.links: set[str] = set()

    def teardown(self) -> None:
        try:
            self.run(self.held.__aexit__(_Undo, _Undo(), None))
        except _Undo:
            pass
        finally:
            self.runner.close()

    @property
    def rules_now(self) -> Rules:
        return replace(self.rules, now=self.desk.now)

    async def offers(self) -> list[tuple[Person, AnyMove, Actor]]:
        """Whoever reaches the ticket, with each move that they may make by right, open or not."""
        found = []
        for person in self.desk.cast.everybody.values():
            try:
                ticket = await self.desk.ticket(person)
            except (TicketNotFound, PermissionMissing):
                continue
            for move in self.process.moves:
                actor = acting_as(move, person, ticket)
                if actor is not None:
                    found.append((person, move, actor))
        return found

    @rule(data=st.data())
    def the_ordinary_course_goes_on(self, data: st.DataObject) -> None:
        self.run(self.make(data, but=ANYTIME))

    @rule(data=st.data())
    def somebody_does_anything(self, data: st.DataObject) -> None:
        self.run(self.make(data))

    async def make(self, data: st.DataObject, *, but: frozenset[str] = frozenset()) -> None:
        self.desk.now += timedelta(minutes=5)
        rules = self.rules_now
        open_ones = [offer for offer in await self.offers() if is_open(self.process, self.model, offer[1], rules)]
        open_ones = [offer for offer in open_ones if offer[1].name not in but] or open_ones
        person, move, actor = data.draw(st.sampled_from(open_ones), label="offer")
        if move.name in {"link", "merge"} and self.links:
            return
        # The pure process looks into the future; a person cannot.
        stated = [record for record in variants(move.record, rules) if not record.faults(self.desk.now)]
        chosen = data.draw(st.sampled_from(stated), label="record")
        changes = await self.desk.particulars(move.name, self.other)
        if actor is Actor.FOR_MERCHANT:
            changes["heard"] = heard(self.desk.now)
        record = self.desk.named(chosen, **changes)
        rules = replace(self.rules_now, now=self.desk.now + timedelta(minutes=5))
        side = Side.MERCHANT if actor in (Actor.MERCHANT, Actor.FOR_MERCHANT) else Side.AGENCY
        level = level_of(person)
        expected = advance(self.process, self.model, move, record, by=side, rules=rules, level=level)
        if move.name == "approve_plan" and await self.desk.wrote_the_plan(person):
            return
        await self.desk.act_with(person, move.name, record)
        self.model = expected
        if move.name in {"link", "merge"}:
            self.links.add(self.other)

    @rule(data=st.data())
    def somebody_tries_what_they_may_not(self, data: st.DataObject) -> None:
        self.run(self.try_in_vain(data))

    async def try_in_vain(self, data: st.DataObject) -> None:
        by_right = {(person.id, move.name) for person, move, _ in await self.offers()}
        rules = replace(self.rules_now, now=self.desk.now + timedelta(minutes=5))
        readers = [
            self.desk.cast.owner,
            self.desk.cast.member,
            self.desk.cast.account_manager,
            self.desk.cast.executive,
        ]
        barred = [
            (person, move)
            for person in readers
            for move in self.process.moves
            if (person.id, move.name) not in by_right or not is_open(self.process, self.model, move, rules)
        ]
        person, move = data.draw(st.sampled_from(barred), label="barred")
        chosen = variants(move.record, rules)[0]
        changes: dict[str, Any] = {}
        if acting_as(move, person, await self.desk.ticket(person)) is Actor.FOR_MERCHANT:
            changes["heard"] = heard(self.desk.now)
        with pytest.raises((MoveNotOpen, MoveNotYours)):
            await self.desk.act_with(person, move.name, self.desk.named(chosen, **changes))

    @rule(days=st.sampled_from([1, 8, 16]))
    def days_pass(self, days: int) -> None:
        self.desk.now += timedelta(days=days)

    @invariant()
    def the_rows_say_what_the_process_says(self) -> None:
        self.run(self.compare())

    async def compare(self) -> None:
        desk = self.desk
        ticket = await desk.ticket(desk.cast.executive)
        now = await situation_of(desk.session, ticket, self.rules_now)
        assert now == self.model
        assert ticket.status is self.process.status(self.model)
        assert ticket.version >= 1
        if ticket.status in (Status.AWAITING_CUSTOMER, Status.CLOSED):
            # Only a first response is still owed while the merchant is waited for.
            assert ticket.next_due_at is None or ticket.status is Status.AWAITING_CUSTOMER
        inner = await desk.session.scalar(select(func.count()).where(Entry.audience == Side.AGENCY))
        mine = await desk.ticket(desk.cast.owner)
        assert mine.id == ticket.id
        assert await desk.session.scalar(select(func.count()).where(Entry.audience == Side.AGENCY)) == 0
        assert inner is not None


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.usefixtures("wiped")
async def test_a_ticket_of_any_kind_lives_by_its_process_on_rows(
    kind: Kind, database: Database, tenant: Tenant
) -> None:
    machine = type("Life", (LifeOnRows,), {"kind": kind, "database": database, "tenant": tenant})
    few_and_long = settings(
        deadline=None,
        stateful_step_count=25,
        max_examples=8,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    # Hypothesis is not async: the machine has an event loop of its own, on a thread of its own.
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=few_and_long)
