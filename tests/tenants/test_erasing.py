"""Content is taken away by one function on a signed request; injected SQL takes nothing and rewrites nothing."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.kinds import Kind
from anshou.tickets.timeline import post_message
from tenants.context import AGENCY, Context
from tenants.erasing import ERASED, Content, Erasure, Head, erase_batch, lock_head
from tenants.signing import Signer
from tests.cast import NOW, settle
from tests.conftest import ActAs
from tests.tickets.desk import Desk

TEXTS = (Content(table="entry", columns=("body", "record")), Content(table="ticket", by="id", columns=("description",)))
DENIED = "42501"


@pytest.fixture
async def desk(session: AsyncSession, act_as: ActAs) -> Desk:
    """With a ticket of 云杉 on whose timeline somebody said something."""
    made = Desk(session, act_as, await settle(session))
    ticket = await made.open(Kind.SERVICE_QUALITY, made.cast.owner)
    await post_message(session, ticket, "买家手机 13812341234", by=made.cast.owner, at=made.now + timedelta(minutes=1))
    await session.flush()
    await act_as(AGENCY)
    assert await lock_head(session) == Head(0, "")
    return made


async def ids(session: AsyncSession) -> tuple[UUID, UUID]:
    row = (await session.execute(text("SELECT id, merchant_id FROM ticket"))).one()
    return row[0], row[1]


def of_ticket(ticket: UUID, merchant: UUID, *contents: Content) -> Erasure:
    return Erasure(kind="texts", table="ticket", subjects=((ticket, merchant),), contents=contents or TEXTS)


async def test_texts_are_blanked_where_nobody_may_change_a_row_and_the_skeleton_stays(
    session: AsyncSession, desk: Desk
) -> None:
    skeleton = text("SELECT id, at, sort, author_id, audience, version FROM entry ORDER BY id")
    before = (await session.execute(skeleton)).all()
    run = uuid4()
    counted = await erase_batch(
        session, [of_ticket(*await ids(session))], run=run, head=Head(1, "mac"), at=NOW + timedelta(days=1)
    )
    assert counted == {"texts": len(before) + 1}
    assert (await session.execute(skeleton)).all() == before
    bodies = await session.scalars(text("SELECT DISTINCT body FROM entry WHERE body IS NOT NULL"))
    assert list(bodies) == [ERASED]
    assert set(await session.scalars(text("SELECT record::text FROM entry"))) == {"{}"}
    assert await session.scalar(text("SELECT description FROM ticket")) == ERASED
    row = (await session.execute(text("SELECT number, run_id, kind, subject_id, merchant_id FROM erasure"))).one()
    assert tuple(row) == (1, run, "texts", *await ids(session))
    assert await lock_head(session) == Head(1, "mac")


async def test_another_merchants_rows_stay_when_the_subject_is_named_under_the_wrong_merchant(
    session: AsyncSession, desk: Desk
) -> None:
    ticket, _ = await ids(session)
    wrong = of_ticket(ticket, desk.cast.qinghe.id, TEXTS[0])
    assert await erase_batch(session, [wrong], run=uuid4(), head=Head(1, ""), at=NOW) == {"texts": 0}


async def test_only_rows_of_the_named_sort_are_blanked(session: AsyncSession, desk: Desk) -> None:
    only = Content(table="entry", columns=("body",), only=("sort", ("contact",)))
    assert await erase_batch(
        session, [of_ticket(*await ids(session), only)], run=uuid4(), head=Head(1, ""), at=NOW
    ) == {"texts": 0}


async def test_keys_times_and_states_are_no_content_whatever_is_asked(session: AsyncSession, desk: Desk) -> None:
    ticket, merchant = await ids(session)
    greedy = Content(table="entry", columns=("id", "merchant_id", "at", "version", "body"))
    before = (await session.execute(text("SELECT id, merchant_id, at, version FROM entry ORDER BY id"))).all()
    await erase_batch(session, [of_ticket(ticket, merchant, greedy)], run=uuid4(), head=Head(1, ""), at=NOW)
    assert (await session.execute(text("SELECT id, merchant_id, at, version FROM entry ORDER BY id"))).all() == before
    state = Content(table="entry", columns=("sort",))
    with pytest.raises(DBAPIError, match="entry_sort_check"):
        async with session.begin_nested():
            await erase_batch(session, [of_ticket(ticket, merchant, state)], run=uuid4(), head=Head(2, ""), at=NOW)


async def test_the_trace_of_erasures_cannot_be_erased(session: AsyncSession, desk: Desk) -> None:
    for table in ("erasure", "erasure_head", "erasure_run", "audit_leaf", "audit_checkpoint"):
        trace = Content(table=table, by="id")
        with pytest.raises(DBAPIError, match="trace of erasures"):
            async with session.begin_nested():
                await erase_batch(
                    session, [of_ticket(*await ids(session), trace)], run=uuid4(), head=Head(1, ""), at=NOW
                )


async def test_rows_kept_for_evidence_are_never_deleted_not_even_on_a_signed_request(
    session: AsyncSession, desk: Desk
) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        async with session.begin_nested():
            deleting = Content(table="entry")
            await erase_batch(
                session, [of_ticket(*await ids(session), deleting)], run=uuid4(), head=Head(1, ""), at=NOW
            )


async def test_a_batch_is_carried_out_once_and_in_turn(session: AsyncSession, desk: Desk) -> None:
    for number in (0, 2, 7):
        with pytest.raises(DBAPIError, match="another batch"):
            async with session.begin_nested():
                await erase_batch(session, [], run=uuid4(), head=Head(number, ""), at=NOW)
    await erase_batch(session, [], run=uuid4(), head=Head(1, ""), at=NOW)
    with pytest.raises(DBAPIError, match="another batch"):
        async with session.begin_nested():
            await erase_batch(session, [], run=uuid4(), head=Head(1, ""), at=NOW)


REQUEST = (
    '{{"number": 1, "mac": "", "run": "{ticket}", "at": "2026-11-23T00:00:00Z", "erasures": [{{"kind": "x", "table": '
    '"ticket", "subjects": [{{"id": "{ticket}", "merchant": "{merchant}"}}], "contents": [{{"table": "entry", "by": '
    '"ticket_id", "act": "blank", "columns": ["body"]}}]}}]}}'
)

# Each is one statement, as an injection would be; `{request}` is a well-formed request.
ATTACKS = {
    "no signature": "SELECT control.erase($r${request}$r$, NULL)",
    "an empty signature": "SELECT control.erase($r${request}$r$, '')",
    "the signature of the context": "SELECT control.erase($r${request}$r$, right(current_setting('anshou.ctx'), 64))",
    "a rewrite in the open": "UPDATE entry SET body = 'never said'",
    "a rewrite under the setting": "UPDATE entry SET body = 'x' WHERE current_setting('anshou.erasing') <> ''",
    "a deletion": "DELETE FROM entry",
    "a forged record": "INSERT INTO erasure SELECT gen_random_uuid(), 1, id, 'x', 'ticket', id, id, now() FROM ticket",
    "a record taken back": "DELETE FROM erasure",
    "a head set forward": "UPDATE erasure_head SET number = 1000",
    "a head made up": "INSERT INTO erasure_head VALUES (gen_random_uuid(), true, 1000, '')",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("scope", ["agency", "staff", "merchant", "door"])
async def test_injected_sql_erases_and_rewrites_nothing(
    session: AsyncSession, desk: Desk, act_as: ActAs, attack: str, scope: str
) -> None:
    ticket, merchant = await ids(session)
    before = (await session.execute(text("SELECT body FROM entry ORDER BY id"))).all()
    filled = ATTACKS[attack].replace("{request}", REQUEST.format(ticket=ticket, merchant=merchant))
    contexts = {
        "agency": AGENCY,
        "staff": desk.cast.account_manager.context(),
        "merchant": desk.cast.owner.context(),
        "door": Context("door"),
    }
    await act_as(contexts[scope])
    driver: asyncpg.Connection = session.info["connection"].driver
    # A setting of the right table's, which any login can make.
    await driver.execute(f"SET LOCAL anshou.erasing = '{await driver.fetchval('SELECT $1::regclass::oid', 'entry')}'")
    await driver.execute("SAVEPOINT attack")
    with pytest.raises(asyncpg.PostgresError, match=r"permission denied|append-only|bad erasure|row-level security"):
        await driver.execute(filled)
    await driver.execute("ROLLBACK TO attack")
    await act_as(AGENCY)
    assert (await session.execute(text("SELECT body FROM entry ORDER BY id"))).all() == before
    assert await session.scalar(text("SELECT count(*) FROM erasure")) == 0
    assert await lock_head(session) == Head(0, "")


async def test_a_signature_is_good_for_its_words_its_login_its_connection_and_the_agency(
    session: AsyncSession, desk: Desk, act_as: ActAs
) -> None:
    ticket, merchant = await ids(session)
    request = REQUEST.format(ticket=ticket, merchant=merchant)
    signer: Signer = session.info["signer"]
    connection = session.info["connection"]
    role, process = connection.role, connection.backend_pid
    signed = signer.erasure(request, role=role, backend_pid=process)
    for text_given, signature in (
        (request.replace("body", "name"), signed),
        (request, signer.erasure(request, role="t_other", backend_pid=process)),
        (request, signer.erasure(request, role=role, backend_pid=process + 1)),
    ):
        with pytest.raises(DBAPIError, match="bad erasure"):
            async with session.begin_nested():
                await session.execute(text("SELECT control.erase(:r, :s)"), {"r": text_given, "s": signature})
    for person in (desk.cast.owner, desk.cast.account_manager):
        await act_as(person.context())
        with pytest.raises(DBAPIError, match="only for the agency"):
            async with session.begin_nested():
                await session.execute(text("SELECT control.erase(:r, :s)"), {"r": request, "s": signed})
