"""The team board over HTTP: what it shows, giving a ticket away and back, and being second."""

import re

import pytest
from litestar import Litestar

from anshou.people.roles import Department
from anshou.tickets.kinds import Kind
from anshou.tickets.sealed_contents import PLACEHOLDER
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.clock import TestClock
from tests.portal.stories import Stories
from tests.portal.test_confidential_tickets import TITLE, report
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk


async def carried(desk: Desk) -> None:
    """The specialist has it."""
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "dispatch", department=Department.OPERATIONS)


async def nobodys(desk: Desk) -> None:
    """The department has it, and nobody in it."""
    await carried(desk)
    await desk.act(desk.cast.supervisor, "release")


@pytest.fixture
async def stories(tenants: Tenants, tenant: Tenant, anhe: Anhe, clock: TestClock) -> Stories:
    return Stories(tenants, tenant, anhe, clock)


@pytest.fixture
async def lead(stories: Stories, visitor: Visitor) -> Visitor:
    """The supervisor of both departments, signed in."""
    await visitor.sign_in("supervisor")
    return visitor


def column(visitor: Visitor, name: str) -> str:
    """What stands in somebody's column."""
    found = re.search(rf'data-name="{name}">(.*?)</section>', visitor.text, re.S)
    assert found, f"no column of {name}"
    return found[1]


def form_of_undo(visitor: Visitor) -> str:
    """The form that takes back what was just done."""
    return visitor.text.split("data-board-move", 1)[1].split("</form>", 1)[0]


async def test_an_empty_board_says_so_and_shows_the_team(lead: Visitor) -> None:
    await lead.go("/board")
    assert lead.status == 200
    assert lead.says("这个团队没有未结的工单")
    assert "手上没有未结的工单" in column(lead, "唐磊")


async def test_the_board_shows_who_has_what_and_leads_on(lead: Visitor, stories: Stories, anhe: Anhe) -> None:
    number, free = await stories.tell(carried), await stories.tell(nobodys)
    await lead.go("/board")
    assert f'href="/tickets/{number}"' in column(lead, "唐磊")
    assert f'href="/tickets/{free}"' in column(lead, "未分派")
    assert f"tab=open&amp;owner={anhe.specialist.id}" in column(lead, "唐磊")
    await lead.go("/board?department=technical_support")
    assert number not in lead.text
    await lead.go("/board?department=logistics")
    assert number in lead.text, "a department of others is as if none was asked for"


async def test_a_ticket_is_given_away_by_a_plain_form_and_taken_back(
    lead: Visitor, stories: Stories, anhe: Anhe
) -> None:
    number = await stories.tell(carried)
    await lead.go("/board?department=operations")
    await lead.go(f"/board/move/{number}?back=/board?department=operations")
    assert lead.says("韦华（0）")
    seen = lead.value_of("seen")
    assert 'name="back" value="/board?department=operations"' in lead.text
    here = {"seen": seen, "back": "/board?department=operations"}
    await lead.send(f"/board/move/{number}", owner=str(anhe.supervisor.id), **here)
    assert lead.path.startswith("/board?department=operations&moved=")
    assert lead.says(f"{number} 已交给 韦华。")
    assert number in column(lead, "韦华")
    await lead.send(
        f"/board/move/{number}", owner=lead.value_of("owner"), seen=str(int(seen) + 1), back="https://evil.example/"
    )
    assert lead.path.startswith("/board?moved=")
    assert number in column(lead, "唐磊")


async def test_what_nobody_had_goes_back_to_nobody(lead: Visitor, stories: Stories, anhe: Anhe) -> None:
    number = await stories.tell(nobodys)
    await lead.go(f"/board/move/{number}")
    await lead.send(f"/board/move/{number}", owner=str(anhe.specialist.id), seen=lead.value_of("seen"), back="/board")
    assert number in column(lead, "唐磊")
    undo = dict(re.findall(r'name="(owner|seen)" value="([^"]*)"', form_of_undo(lead)))
    assert undo["owner"] == ""
    await lead.send(f"/board/move/{number}", back="/board", **undo)
    assert lead.says(f"{number} 已退回待分派。")
    assert number in column(lead, "未分派")


async def test_whoever_comes_second_is_told_who_was_first(
    lead: Visitor, stories: Stories, anhe: Anhe, app: Litestar
) -> None:
    number = await stories.tell(carried)
    await lead.go(f"/board/move/{number}")
    seen = lead.value_of("seen")
    async with Visitor(app) as boss:
        await boss.sign_in("executive")
        await boss.go(f"/board/move/{number}")
        await boss.send(f"/board/move/{number}", owner=str(anhe.supervisor.id), seen=seen, back="/board")
        assert boss.status == 200
    values = {"owner": str(anhe.account_manager.id), "seen": seen, "back": "/board"}
    await lead.go("/board")
    await lead.send(f"/board/move/{number}", headers={"x-fragment": "board"}, **values)
    assert lead.status == 409
    assert lead.says("高远 已于")
    await lead.go("/board")
    await lead.send(f"/board/move/{number}", **values)
    assert lead.status == 409
    assert lead.says("高远 已于")
    await lead.go("/board")
    assert number in column(lead, "韦华")


async def test_the_script_is_answered_in_words_with_what_undoes_it(lead: Visitor, stories: Stories, anhe: Anhe) -> None:
    number = await stories.tell(carried)
    await lead.go(f"/board/move/{number}")
    seen = lead.value_of("seen")
    await lead.send(f"/board/move/{number}", headers={"x-fragment": "board"}, owner=str(anhe.supervisor.id), seen=seen)
    assert lead.status == 200
    assert "<html" not in lead.text
    assert lead.says(f"{number} 已交给 韦华。")
    assert lead.value_of("owner") == str(anhe.specialist.id)


async def test_the_columns_come_again_only_when_something_changed(lead: Visitor, stories: Stories) -> None:
    await stories.tell(carried)
    await lead.go("/board")
    seen = lead.value_of("seen")
    await lead.go(f"/board/columns?department=all&seen={seen}")
    assert lead.status == 204
    number = await stories.tell(carried)
    await lead.go(f"/board/columns?department=all&seen={seen}")
    assert lead.status == 200
    assert number in lead.text


@pytest.mark.parametrize("owner", ["nonsense", "00000000-0000-0000-0000-000000000009"])
async def test_nobody_unknown_gets_a_ticket(lead: Visitor, stories: Stories, owner: str) -> None:
    number = await stories.tell(carried)
    await lead.go(f"/board/move/{number}")
    await lead.send(f"/board/move/{number}", owner=owner, seen=lead.value_of("seen"), back="/board")
    assert lead.status == 422


async def test_a_confidential_ticket_shows_its_stand_in(anhe: Anhe, visitor: Visitor, app: Litestar) -> None:
    number = await report(visitor)
    async with Visitor(app) as boss:
        await boss.sign_in("executive")
        await boss.go("/board?department=after_sales_service")
        assert number in column(boss, "未分派")
        assert boss.says(PLACEHOLDER)
        await boss.go(f"/board/move/{number}")
        assert boss.says(PLACEHOLDER)
        assert not boss.says(TITLE)


@pytest.mark.parametrize("login", ["manager", "specialist", "finance", "admin", "auditor"])
async def test_who_leads_nobody_has_no_board(visitor: Visitor, stories: Stories, login: str) -> None:
    number = await stories.tell(carried)
    await visitor.sign_in(login)
    for address in ("/board", "/board/columns", f"/board/move/{number}"):
        await visitor.go(address)
        assert visitor.status == 403, address
        assert not visitor.says("主图与设计需求不符")
