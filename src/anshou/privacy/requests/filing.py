"""Taking a request in, by the agency or by the merchant whose consumer asks, and starting its clock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.requests.clock import set_clock, start_clock
from anshou.privacy.requests.errors import MerchantMissing
from anshou.privacy.requests.kinds import State, Step, Through
from anshou.privacy.requests.recording import noted
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.requests.shapes import RequestGiven
from anshou.privacy.requests.telling import RECEIVED
from anshou.privacy.telling import tell_roles
from anshou.tickets.numbering import next_number
from confidentiality.keys.vault import open_keys

# 个人信息请求: the letters of a request's number.
PREFIX = "GR"


async def file_request(session: AsyncSession, given: RequestGiven, *, by: Person, at: datetime) -> SubjectRequest:
    """Take the request in. A merchant's people file for their own merchant; the agency names it.

    Raises PermissionMissing, MerchantNotFound, MerchantMissing, and what `open_keys` raises.
    """
    authorize(by, Permission.RECORD_CONSUMER if by.is_merchant else Permission.HANDLE_SUBJECT_REQUESTS)
    merchant_id = await _merchant(session, given, by)
    settings = await read_settings(session)
    number = await next_number(session, PREFIX, at.astimezone(settings.zone).date())
    warn_at, due_at = start_clock(at, settings.subject_request_days)
    request = SubjectRequest(
        merchant_id=merchant_id,
        number=number,
        asks_for=given.asks_for,
        channel=given.channel,
        through=Through.MERCHANT if by.is_merchant else Through.AGENCY,
        state=State.RECEIVED,
        received_by=by.id,
        received_at=at,
        warn_at=warn_at,
        due_at=due_at,
    )
    ring = await open_keys(session, merchant_id)
    ring.seal(request, asker=given.asker.strip(), contact=given.contact.strip(), wish=given.wish.strip() or None)
    session.add(request)
    await session.flush()
    await noted(session, request, Step.RECEIVED, detail=given.asks_for.value, by=by, at=at)
    await set_clock(session, request)
    if by.is_merchant:
        await tell_roles(session, RECEIVED, Role.SUPERVISOR, subject=request.id, number=number)
    return request


async def _merchant(session: AsyncSession, given: RequestGiven, by: Person) -> UUID:
    if by.merchant_id is not None:
        return by.merchant_id
    if given.merchant is None:
        raise MerchantMissing
    return (await visible_merchant(session, given.merchant)).id
