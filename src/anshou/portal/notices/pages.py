"""The list of notices, reading them, and the count beside the bell."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.notices import Notice, count_unread, list_notices, mark_read, visible_notice
from anshou.people.web_sessions import act_for
from anshou.portal.notices.addresses import address_of_notice
from anshou.portal.notices.wording import said_of
from anshou.portal.pages import go_to, page
from tenants.context import Context
from tenants.refusals import N_, Invalid
from tenants.registry import TenantState

PAGE = 30


class PlaceInvalid(Invalid):
    """Raised when a page would be continued from something that no page ended with."""

    def __init__(self) -> None:
        super().__init__(N_("翻页位置无效，请从第一页重新开始。"))


@get("/notices")
async def notices_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The latest first."""
    after = _read(request.query_params["after"]) if "after" in request.query_params else None
    found = await list_notices(visit.session, visit.person, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    return page(
        request,
        "notices/list.html",
        rows=[{"notice": one, "said": said_of(one, visit.person)} for one in shown],
        unread=await count_unread(visit.session, visit.person),
        first="/notices" if after else "",
        following="/notices?" + urlencode({"after": _place(shown[-1])}) if len(found) > PAGE else "",
        zone=(await read_settings(visit.session)).zone,
    )


@post("/notices/read", status_code=303)
async def read_all(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """I have seen them all."""
    await mark_read(visit.session, visit.person, at=visit.at)
    return go_to(request, "/notices")


@get("/notices/{notice_id:uuid}")
async def open_notice(notice_id: FromPath[UUID], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """From a letter or the list to the ticket; first to the other merchant when it is about that one's."""
    gate = gate_of(request)
    async with gate.enter(caller) as visit:
        notice = await visible_notice(visit.session, visit.person, notice_id)
        if notice.acting_for == caller.person.merchant_id or notice.acting_for is None:
            await seen(visit, notice.subject_id)
            return go_to(request, address_of_notice(notice))
    return page(request, "notices/switch.html", told=notice, merchant_name=await _name(request, caller, notice))


@post("/notices/{notice_id:uuid}", status_code=303)
async def open_as_other_merchant(
    notice_id: FromPath[UUID], request: Asked, caller: NamedDependency[Caller]
) -> Response[str]:
    """Act for the merchant that the notice is about, and go on to it. Raises MembershipNotFound."""
    gate = gate_of(request)
    async with gate.enter(caller) as visit:
        notice = await visible_notice(visit.session, visit.person, notice_id)
    if notice.acting_for is not None:
        async with gate.door(caller.tenant).open() as session:
            await act_for(session, caller.session, notice.acting_for)
    return go_to(request, f"/notices/{notice_id}")


async def seen(visit: Visit, subject_id: UUID) -> None:
    """The person looks at the ticket: what was told of it is read. A suspended agency's people change nothing."""
    if visit.tenant.state is TenantState.ACTIVE:
        await mark_read(visit.session, visit.person, subject_id=subject_id, at=visit.at)


async def _name(request: Asked, caller: Caller, notice: Notice) -> str:
    """The other merchant's name, from inside its own fence, and only for somebody who works there."""
    if notice.acting_for is None or notice.acting_for not in caller.session.merchant_ids:
        return ""
    inside = Context("merchant", person=caller.person.id, merchant=notice.acting_for)
    async with gate_of(request).tenants.session(caller.tenant, inside) as session:
        return (await visible_merchant(session, notice.acting_for)).name


def _place(notice: Notice) -> str:
    return f"{notice.left_at.isoformat()}~{notice.id}"


def _read(text: str) -> tuple[datetime, UUID]:
    at, _, ident = text.partition("~")
    try:
        place: Any = (datetime.fromisoformat(at), UUID(ident))
    except ValueError:
        raise PlaceInvalid from None
    if place[0].tzinfo is None:
        raise PlaceInvalid
    return place[0], place[1]


NOTICES = (notices_page, read_all, open_notice, open_as_other_merchant)
