"""A report of a crash with the variables of every frame, as collectors of errors send it, holds no content."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from anshou.consumers.recording import add_record
from anshou.consumers.searching import Sought, search_consumers
from anshou.tickets.kinds import Kind
from confidentiality.audit.leaves import write_leaves
from tests.consumers.samples import PHONE, SECRETS, card
from tests.tickets.desk import Desk


def report_of(error: BaseException) -> str:
    """The whole chain of errors, each frame with its variables, but for the frames of tests."""
    rendered = traceback.TracebackException.from_exception(error, capture_locals=True, lookup_lines=False)
    seen: list[str] = []
    waiting = [rendered]
    while waiting:
        one = waiting.pop()
        seen += [str(frame.locals) for frame in one.stack if "/tests/" not in frame.filename]
        seen += list(one.format_exception_only())
        waiting += [inner for inner in (one.__cause__, one.__context__) if inner is not None]
    return "\n".join(seen) + str(error) + repr(error)


async def test_a_record_that_cannot_be_written_tells_nothing(desk: Desk) -> None:
    by = desk.cast.owner
    await desk.open(Kind.SERVICE_QUALITY, by)
    ticket = await desk.ticket(by)
    # No card from outside has such a quantity; the driver refuses it in the midst of the INSERT.
    with pytest.raises(DBAPIError) as failed:
        await add_record(desk.session, ticket, card(private=True, quantity=2**40), by=by, at=desk.now)
        await desk.session.flush()
    told = report_of(failed.value)
    assert "INSERT INTO consumer_record" in told
    assert [secret for secret in SECRETS if secret in told] == []


async def test_a_search_that_fails_tells_nothing_of_what_was_sought(desk: Desk) -> None:
    by = desk.cast.owner
    await desk.open(Kind.SERVICE_QUALITY, by)
    await add_record(desk.session, await desk.ticket(by), card(private=True), by=by, at=desk.now)
    await desk.session.flush()
    # A search leaves its leaf, which a transaction that only reads refuses.
    await desk.session.execute(text("SET TRANSACTION READ ONLY"))
    with pytest.raises(Exception, match=r".") as failed:
        await search_consumers(desk.session, Sought(phone=PHONE), merchants=[desk.cast.yunshan.id], by=by, at=desk.now)
        await write_leaves(desk.session)
    told = report_of(failed.value)
    assert [secret for secret in SECRETS if secret in told] == []
