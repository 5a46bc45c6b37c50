"""That consumer records were shown masked is recorded, once for each list; nothing shown leaves nothing."""

from sqlalchemy import select

from anshou.consumers.recording import add_record
from anshou.consumers.searching import Sought
from anshou.privacy.consumers_shown import find_consumers, show_of_ticket
from anshou.tickets.kinds import Kind
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tests.consumers.samples import CARD, PHONE
from tests.tickets.desk import Desk


async def _lists(desk: Desk) -> int:
    await desk.act_as(desk.cast.executive.context())
    await write_leaves(desk.session)
    found = await desk.session.scalars(select(AuditLeaf.action))
    return sum(action.startswith("list.") or "masked" in action for action in found)


async def test_a_ticket_with_records_leaves_one_leaf_when_it_is_shown(desk: Desk) -> None:
    by = desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    ticket = await desk.ticket(by)
    assert await show_of_ticket(desk.session, ticket, by=by, at=desk.now) == []
    assert await _lists(desk) == 0
    ticket = await desk.ticket(by)
    for _ in range(2):
        await add_record(desk.session, ticket, CARD, by=by, at=desk.now)
    assert len(await show_of_ticket(desk.session, ticket, by=by, at=desk.now)) == 2
    assert await _lists(desk) == 1


async def test_hits_of_a_search_leave_one_leaf_for_the_merchant(desk: Desk) -> None:
    by = desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await add_record(desk.session, await desk.ticket(by), CARD, by=by, at=desk.now)
    merchants = [desk.cast.yunshan.id]
    for phone, leaves in (("9999", 0), (PHONE, 1)):
        await desk.act_as(by.context())
        await find_consumers(desk.session, Sought(phone=phone), merchants=merchants, by=by, at=desk.now)
        assert await _lists(desk) == leaves
