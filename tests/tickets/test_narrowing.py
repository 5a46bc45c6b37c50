"""What lists are narrowed by, taken together: nothing is lost, and nothing is said twice."""

from itertools import combinations
from typing import Any
from uuid import uuid4

from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.kinds import EscalationLevel, Kind, Status, Urgency
from anshou.tickets.queue_filters import Filters, conditions
from anshou.tickets.queue_tabs import Tab, in_tab, tabs_of
from anshou.tickets.queues import count_tabs
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW
from tests.tickets.test_queues import numbers


async def test_what_narrows_together_finds_what_each_finds_alone(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.open(Kind.DATA_ANOMALY, cast.owner, urgency=Urgency.URGENT)
    await desk.act(cast.account_manager, "escalate")
    await desk.open(Kind.CONTRACT_DISPUTE, cast.account_manager)
    await desk.act(cast.owner, "withdraw")
    filters: list[dict[str, Any]] = [
        {"escalated": True},
        {"escalated": False},
        {"level": EscalationLevel.SUPERVISOR},
        {"owner": cast.account_manager.id},
        {"owned": True},
        {"owned": False},
        {"status": Status.AWAITING_CUSTOMER},
        {"status": Status.CLOSED},
        {"step": "detected"},
    ]
    for person in (cast.account_manager, cast.supervisor):
        everything = [set(await numbers(desk, person, Tab.ALL, Filters(**one))) for one in filters]
        for tab in tabs_of(person):
            held = set(await numbers(desk, person, tab))
            for (one, by_one), (other, by_other) in combinations(zip(filters, everything, strict=True), 2):
                if one.keys() != other.keys():
                    found = await numbers(desk, person, tab, Filters(**one, **other))
                    assert set(found) == held & by_one & by_other, (tab, one, other)


async def test_who_was_escalated_is_found_as_often_as_the_merchant_ends_and_reopens_it(desk: Desk) -> None:
    """What a merchant does, who sees nothing of the desk, tells the desk whether its ticket is open."""
    cast = desk.cast
    number = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", department=Department.OPERATIONS)
    await desk.act(cast.account_manager, "escalate")

    async def found(tab: Tab, person: Person = cast.account_manager) -> bool:
        by_any = await numbers(desk, person, tab, Filters(escalated=True))
        by_level = await numbers(desk, person, tab, Filters(level=EscalationLevel.SUPERVISOR))
        assert by_any == by_level
        return by_any == [number]

    async def held_by_the_supervisor() -> list[str]:
        held = await numbers(desk, cast.supervisor, Tab.ESCALATED)
        counts = await count_tabs(desk.session, cast.supervisor, at=desk.now)
        assert counts[Tab.ESCALATED] == len(held)
        return held

    assert await held_by_the_supervisor() == [number]
    for _ in range(2):
        await desk.act(cast.owner, "withdraw")
        assert (await found(Tab.OPEN), await found(Tab.CLOSED), await found(Tab.ALL)) == (False, True, True)
        assert await held_by_the_supervisor() == []
        await desk.act(cast.owner, "reopen")
        assert (await found(Tab.OPEN), await found(Tab.CLOSED), await found(Tab.ALL)) == (True, False, True)
        assert await held_by_the_supervisor() == [number]
    await desk.act(cast.supervisor, "decide_escalation")
    assert not await found(Tab.ALL)
    await desk.act(cast.account_manager, "escalate")
    assert await held_by_the_supervisor() == [number]


def test_nothing_is_said_twice_of_a_list() -> None:
    """PostgreSQL would take it for two conditions, of which each leaves few, and put together what it should walk."""
    said: dict[str, Any] = {"status": Status.IN_PROGRESS, "step": "analysis", "due_before": NOW}
    person = Person(id=uuid4(), name="", roles=frozenset({Role.EXECUTIVE}))
    for tab in tabs_of(person):
        texts = [str(one) for one in (*in_tab(tab, person), *conditions(said, tab))]
        assert len(texts) == len({*texts}), tab
