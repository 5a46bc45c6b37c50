"""Numbers of people typed into free text: the portal asks before it posts them, and loses nothing meanwhile."""

import re
from html import unescape

from litestar import Litestar

from tests.cast import Anhe
from tests.portal.agency_steps import move, open_report
from tests.portal.visitor import Visitor

NUMBER = "13800001234"
HINT = "内容中似有手机号"


def _brought_along(page: str) -> list[str]:
    return [unescape(value) for value in re.findall(r'name="kept_files" value="([^"]+)"', page)]


async def test_a_phone_number_in_a_message_or_note_is_asked_about_first(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    for audience in ("message", "note", "progress"):
        await manager.go(f"/tickets/{number}")
        await manager.send(f"/tickets/{number}/entries", audience=audience, body=f"顾客电话{NUMBER}，请回电")
        assert manager.says(HINT)
        assert manager.says(f"顾客电话{NUMBER}，请回电")
    await manager.go(f"/tickets/{number}")
    assert not manager.says(NUMBER)


async def test_it_is_sent_masked_or_as_it_stands_as_the_person_decides(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/entries", audience="note", body=f"甲 {NUMBER}", slips="mask")
    assert manager.says("甲 138****1234")
    assert not manager.says(NUMBER)
    await manager.send(f"/tickets/{number}/entries", audience="note", body=f"乙 {NUMBER}", slips="send")
    assert manager.says(f"乙 {NUMBER}")


async def test_files_that_came_along_are_kept_until_it_is_sent(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    manager.page = await manager.client.post(
        f"/tickets/{number}/entries",
        data={"_token": manager.token(), "audience": "note", "body": NUMBER},
        files=[("files", ("说明.txt", "色差说明".encode(), "text/plain"))],
    )
    assert manager.says("已带上：说明.txt")
    kept = _brought_along(manager.text)
    await manager.send(f"/tickets/{number}/entries", audience="note", body=NUMBER, slips="mask", kept_files=kept)
    link = re.search(rf'href="(/tickets/{number}/attachments/[^"]+)"', manager.text)
    assert link
    assert (await manager.client.get(link[1])).content.decode() == "色差说明"


async def test_a_file_that_another_session_kept_is_not_taken(manager: Visitor, anhe: Anhe, app: Litestar) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    manager.page = await manager.client.post(
        f"/tickets/{number}/entries",
        data={"_token": manager.token(), "audience": "note", "body": NUMBER},
        files=[("files", ("说明.txt", "色差说明".encode(), "text/plain"))],
    )
    kept = _brought_along(manager.text)
    async with Visitor(app) as other:
        await other.sign_in("agent")
        await other.go(f"/tickets/{number}")
        await other.send(f"/tickets/{number}/entries", audience="note", body="看附件", kept_files=[*kept, "x", "e30="])
        assert other.says("看附件")
        assert not other.says("说明.txt")


async def test_a_merchants_message_and_report_are_asked_about_too(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/my/report")
    told = {
        "kind": "service_quality",
        "title": "赠品漏发",
        "description": f"顾客{NUMBER}没有收到赠品",
        "request": "补发",
        "occurred_on": "2026-11-20",
        "urgency": "normal",
        "shop": str(anhe.yunshan.shop_id),
    }
    await visitor.send("/my/report", **told)
    assert visitor.says(HINT)
    assert visitor.says(told["description"])
    await visitor.send("/my/report", **told, slips="mask")
    assert visitor.says("顾客138****1234没有收到赠品")
    assert NUMBER not in visitor.text
    address = visitor.path.split("#")[0]
    await visitor.send(f"{address}/messages", body=f"电话{NUMBER}")
    assert visitor.says(HINT)
    await visitor.send(f"{address}/messages", body=f"电话{NUMBER}", slips="mask")
    assert visitor.says("电话138****1234")


async def test_an_agents_report_is_asked_about_and_opened_as_decided(manager: Visitor, anhe: Anhe) -> None:
    await manager.go(f"/tickets/new/service_quality?merchant={anhe.yunshan.id}")
    told = {
        "merchant": str(anhe.yunshan.id),
        "channel": "phone",
        "title": "赠品漏发",
        "description": f"顾客{NUMBER}没有收到赠品",
        "request": "补发",
        "occurred_on": "2026-11-20",
        "urgency": "normal",
    }
    await manager.send("/tickets/new/service_quality", **told)
    assert manager.says(HINT)
    await manager.send("/tickets/new/service_quality", **told, slips="send")
    assert manager.says(told["description"])


async def test_a_moves_words_are_asked_about_and_its_figures_are_not(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    told = {
        "held_at": "2026-11-23T09:30",
        "channel": "phone",
        "direction": "to_merchant",
        "people": f"顾客 {NUMBER}",
        "content": "说明了处理进度",
    }
    await move(manager, number, "record_contact", **told)
    assert manager.says(HINT)
    assert manager.value_of("people") == told["people"]
    await move(manager, number, "record_contact", **told, slips="mask")
    assert manager.path == f"/tickets/{number}", manager.text
    assert manager.says("顾客 138****1234")
    assert NUMBER not in manager.text
