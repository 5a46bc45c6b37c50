"""What tests of the agency's desk do over and over: take a matter in, make a move through its form."""

import re
from html import unescape

import httpx

from tests.cast import Anhe
from tests.portal.visitor import Visitor

REPORT = {
    "title": "主图与设计需求不符",
    "description": "上线的主图色差明显，与确认稿不一致。",
    "request": "请重新制作并当天上线。",
    "channel": "phone",
    "occurred_on": "2026-11-22",
    "urgency": "normal",
    "category": "page_design",
}


async def open_report(visitor: Visitor, anhe: Anhe, **changes: str) -> str:
    """Take a service problem of 云杉 in; returns the ticket's number."""
    await visitor.go(f"/tickets/new/service_quality?merchant={anhe.yunshan.id}")
    await visitor.send(
        "/tickets/new/service_quality",
        merchant=str(anhe.yunshan.id),
        shop=str(anhe.yunshan.shop_id),
        **REPORT | changes,
    )
    found = re.fullmatch(r"/tickets/(FW\d{4}-\d{5})", visitor.path)
    assert found, visitor.text
    return found[1]


async def move(visitor: Visitor, number: str, name: str, **values: object) -> httpx.Response:
    """Open the move's form and send it with these values over what stands in it."""
    await visitor.go(f"/tickets/{number}/moves/{name}")
    assert visitor.status == 200, unescape(visitor.text)
    return await visitor.send(f"/tickets/{number}/moves/{name}", seen=visitor.value_of("seen"), **values)


async def planned(visitor: Visitor, anhe: Anhe) -> str:
    """A ticket of the specialist's, at planning."""
    number = await open_report(visitor, anhe)
    await move(visitor, number, "accept")
    await move(
        visitor,
        number,
        "dispatch",
        category="page_design",
        urgency="urgent",
        severity="major",
        department="operations",
        owner=str(anhe.specialist.id),
        promised_at="2026-11-24T18:00",
    )
    assert visitor.says("已完成：分派")
    async with Visitor(visitor.client._transport.app) as specialist:  # type: ignore[attr-defined]
        await specialist.sign_in("specialist")
        await move(
            specialist,
            number,
            "conclude_analysis",
            cause="旧版稿件",
            responsible_department="operations",
            responsible_person=str(anhe.specialist.id),
            **{
                "responsibility.shares[0].party": "agency",
                "responsibility.shares[0].basis_points": "66.5",
                "responsibility.shares[1].party": "platform",
                "responsibility.shares[1].basis_points": "33.5",
                "responsibility.basis": "比对",
            },
        )
        assert specialist.says("33.5 %")
    return number
