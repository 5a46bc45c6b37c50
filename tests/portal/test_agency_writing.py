"""What is said and attached at the agency's desk, and how the thread shows it."""

import asyncio
import re
from html import unescape

import pytest
from litestar import Litestar

from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.clock import TestClock
from tests.portal.visitor import Visitor


async def test_notes_look_different_from_messages_and_say_so(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="note", body="商家情绪激动，注意措辞")
    await manager.send(f"/tickets/{number}/entries", audience="message", body="您好，已收到您的反馈")
    assert re.search(r'class="entry-item note[^"]*inside', manager.text)
    assert manager.says("内部备注 · 商家看不到")
    assert re.search(r'class="entry-item message"', manager.text)


async def test_nothing_said_is_refused_and_what_was_typed_is_kept(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="message", body="   ")
    assert manager.status == 422
    await manager.go(f"/tickets/{number}")
    token = manager.token()
    files = [("files", ("bad.exe", b"MZ\x90\x00" + b"\x00" * 100, "application/octet-stream"))]
    manager.page = await manager.client.post(
        f"/tickets/{number}/entries", data={"_token": token, "audience": "note", "body": "看附件"}, files=files
    )
    assert manager.status == 422
    assert manager.says("不支持上传")
    assert manager.says("看附件")
    await manager.go(f"/tickets/{number}")
    assert not in_the_thread(manager, "看附件")
    # It waits as a draft.
    assert manager.says("看附件")


def in_the_thread(visitor: Visitor, words: str) -> bool:
    """Whether the words were written to the ticket; below the thread they stand in what is being written."""
    thread, below = unescape(visitor.text).split('id="thread"')[1].split('id="reply"')
    assert below
    return words in thread


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"audience": "nota"}, "请从给出的选项里选择“写给谁看”"),
        ({"audience": "Note"}, "请从给出的选项里选择“写给谁看”"),
        ({"audience": ""}, "请填写“写给谁看”"),
        ({}, "请填写“写给谁看”"),
    ],
)
@pytest.mark.parametrize("body", ["内部核算，先不告知商家", "内部核算，买家 13812341234 另有说法"])
async def test_what_is_written_to_nobody_we_know_reaches_nobody(
    manager: Visitor, anhe: Anhe, app: Litestar, choice: dict[str, str], said: str, body: str
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/entries", body=body, **choice)
    assert manager.status == 422
    assert manager.says(said)
    # It is kept, every reader is offered and none is chosen.
    assert manager.says(body)
    assert re.findall(r'name="audience"[^>]* value="(\w+)"', manager.text) == ["message", "progress", "note"]
    assert not re.search(r'name="audience"[^>]* checked', manager.text)
    await manager.go(f"/tickets/{number}")
    assert not in_the_thread(manager, "内部核算")
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}")
        assert owner.status == 200
        assert not owner.says("内部核算")


async def test_a_picture_is_attached_shown_and_handed_out(manager: Visitor, anhe: Anhe, app: Litestar) -> None:
    number = await open_report(manager, anhe)
    files = [("files", ("截图.png", PIXEL, "image/png")), ("files", ("说明.txt", "色差说明".encode(), "text/plain"))]
    manager.page = await manager.client.post(
        f"/tickets/{number}/entries",
        data={"_token": manager.token(), "audience": "note", "body": ""},
        files=files,
    )
    assert manager.status == 200, manager.text
    links = re.findall(rf'href="(/tickets/{number}/attachments/[^"]+)"', manager.text)
    assert len(links) == 2
    picture = await manager.client.get(links[0])
    assert picture.content == PIXEL
    assert picture.headers["content-disposition"].startswith("inline")
    assert picture.headers["content-security-policy"].startswith("sandbox")
    text = await manager.client.get(links[1])
    assert text.headers["content-disposition"].startswith("attachment")
    async with Visitor(app) as stranger:
        await stranger.sign_in("finance")
        assert (await stranger.go(links[0])).status_code in (403, 404)


@pytest.mark.parametrize("audience", ["message", "progress", "note"])
async def test_what_is_sent_twice_is_said_once_and_told_as_done(
    manager: Visitor, anhe: Anhe, clock: TestClock, audience: str
) -> None:
    number = await open_report(manager, anhe)
    form, said = f"/tickets/{number}/entries", {"audience": audience, "body": "已经换好，请您看一下"}

    async def send(content: bytes = b"") -> int:
        files = [("files", ("说明.txt", content, "text/plain"))] if content else None
        manager.page = await manager.client.post(form, data={"_token": manager.token(), **said}, files=files)
        assert manager.status == 200
        assert manager.path == f"/tickets/{number}"
        return manager.text.split('id="reply"')[0].count(said["body"])

    assert [await send(), await send()] == [1, 1]
    # With another file it is another one.
    assert [await send("一".encode()), await send("一".encode()), await send("二".encode())] == [2, 2, 3]
    assert len(set(re.findall(rf"/tickets/{number}/attachments/[0-9a-f-]{{36}}", manager.text))) == 2
    clock.forward(hours=1)
    assert await send("二".encode()) == 4


async def test_of_three_that_are_sent_at_once_one_is_said(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    said = {"_token": manager.token(), "audience": "message", "body": "马上处理"}
    answers = await asyncio.gather(*(manager.client.post(f"/tickets/{number}/entries", data=said) for _ in range(3)))
    assert [(answer.status_code, answer.url.path) for answer in answers] == [(200, f"/tickets/{number}")] * 3
    await manager.go(f"/tickets/{number}")
    assert manager.text.count("马上处理") == 1


async def test_the_thread_asks_for_itself_only_when_something_was_added(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    found = re.search(r'hx-get="(/tickets/[^"]+/thread\?[^"]+)"', manager.text)
    assert found
    address = unescape(found[1])
    assert (await manager.client.get(address)).status_code == 204
    await manager.send(f"/tickets/{number}/entries", audience="note", body="新的一条")
    answer = await manager.client.get(address)
    assert answer.status_code == 200
    assert "新的一条" in answer.text


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
