"""What an erasure takes away is recorded cell by cell: nobody who deletes behind the application hides behind one."""

from sqlalchemy import text

from anshou.consumers.recording import add_record
from anshou.tickets.kinds import Kind
from anshou.tickets.marking import mark_confidential
from confidentiality.audit.cell_check import CellVerdict, check_cells
from confidentiality.audit.cells import record_cells
from tenants.context import AGENCY
from tests.consumers.samples import card
from tests.privacy.retention.eraser import YEAR, Eraser
from tests.tickets.desk import Desk


async def checked(desk: Desk) -> CellVerdict:
    """As `anshou audit verify` does, with what the transaction has left so far."""
    await desk.act_as(AGENCY)
    await desk.session.flush()
    await record_cells(desk.session)
    return await check_cells(desk.session)


async def closed_with_secrets(eraser: Eraser) -> None:
    """A confidential ticket with a consumer record, refused the day it came."""
    desk = eraser.desk
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await add_record(desk.session, ticket, card(), by=desk.cast.owner, at=desk.now)
    await mark_confidential(desk.session, ticket, by=desk.cast.owner, at=desk.now)
    await desk.act(desk.cast.service_agent, "refuse")


async def test_what_the_daily_erasure_takes_away_is_no_finding(eraser: Eraser) -> None:
    await closed_with_secrets(eraser)
    before = await checked(eraser.desk)
    assert before.compared > 8
    assert before.findings == []
    await eraser.daily(eraser.desk.now + 10 * YEAR)
    after = await checked(eraser.desk)
    assert after.compared < before.compared
    assert after.findings == []


async def test_what_is_deleted_without_a_leaf_is_found_before_and_after_an_erasure(eraser: Eraser) -> None:
    await closed_with_secrets(eraser)
    await checked(eraser.desk)
    await eraser.desk.session.execute(text("DELETE FROM consumer_record"))
    missing = (await checked(eraser.desk)).findings
    assert {one.table for one in missing} == {"consumer_record"}
    await eraser.daily(eraser.desk.now + 10 * YEAR)
    assert (await checked(eraser.desk)).findings == missing
