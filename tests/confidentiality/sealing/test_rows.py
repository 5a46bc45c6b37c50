"""Sealed fields on real rows: written and read by ORM and Core, found by blind indexes, refused in the clear."""

from hashlib import sha256

import asyncpg
import pytest
from sqlalchemy import bindparam, delete, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.errors import PlaintextRefused, SealBroken, SealMisplaced
from confidentiality.sealing.cells import GONE, NOTED, note_rows, take_noted
from confidentiality.sealing.handles import Sealed
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.errors import ChangedMeanwhile
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.sealing.trial import MERCHANT, NAME, OTHER_MERCHANT, PHONE, Buyer, new_buyer, new_ring
from tests.database import Database


async def test_what_was_sealed_opens_after_a_round_trip(session: AsyncSession) -> None:
    ring = new_ring()
    session.add(new_buyer(ring, amount=-1250))
    await session.flush()
    session.expunge_all()
    buyer = (await session.scalars(select(Buyer))).one()
    assert buyer.name is not None
    assert buyer.amount is not None
    assert (ring.open(buyer.phone), ring.open(buyer.name), ring.open(buyer.amount)) == (PHONE, NAME, -1250)
    assert (ring.masked(buyer.phone), ring.masked(buyer.name), ring.masked(None)) == ("138****1234", "张*", "")


async def test_core_rows_open_and_show_masked_in_bulk(session: AsyncSession) -> None:
    ring = new_ring()
    plain = [{"id": new_id(), "merchant_id": MERCHANT, "phone": f"1380000{n:04}", "name": NAME} for n in range(5)]
    await session.execute(insert(Buyer), ring.seal_rows(Buyer, plain))
    query = select(Buyer.id, Buyer.merchant_id, Buyer.seal_version, Buyer.phone, Buyer.name, Buyer.amount)
    rows = (await session.execute(query.order_by(Buyer.id))).all()
    opened = ring.open_rows(rows, Buyer.phone, Buyer.name, Buyer.amount)
    assert opened == [(row["phone"], NAME, None) for row in plain]
    assert ring.masked_rows(rows, Buyer.phone)[3] == ("138****0003",)
    assert ring.masked_rows(rows, Buyer.id, Buyer.phone, Buyer.amount)[3] == (rows[3].id, "138****0003", None)
    assert ring.masked_rows(rows, Buyer.id) == [(row.id,) for row in rows]
    assert ring.confirmed(rows, Buyer.phone, "138 0000 0003") == [rows[3]]
    assert ring.confirmed_last(rows, Buyer.phone, "0003") == [rows[3]]
    with pytest.raises(TypeError, match="open_rows"):
        ring.open(rows[0].phone)


async def test_a_new_write_seals_all_fields_anew_in_the_next_version(session: AsyncSession) -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    session.add(buyer)
    await session.flush()
    before = buyer.name
    ring.seal(buyer, phone="13900000000")
    await session.flush()
    await session.refresh(buyer)
    assert buyer.seal_version == 2
    assert buyer.name != before
    assert buyer.name is not None
    assert (ring.open(buyer.phone), ring.open(buyer.name)) == ("13900000000", NAME)


async def test_the_second_of_two_writers_of_the_same_version_is_refused(
    trial: tuple[Database, Tenant], trial_tenants: Tenants
) -> None:
    ring, tenant = new_ring(), trial[1]
    buyer = new_buyer(ring)
    async with trial_tenants.session(tenant, AGENCY) as session:
        session.add(buyer)
    try:
        with pytest.raises(ChangedMeanwhile):
            async with trial_tenants.session(tenant, AGENCY) as second:
                seen = (await second.scalars(select(Buyer))).one()
                async with trial_tenants.session(tenant, AGENCY) as first:
                    ring.seal((await first.scalars(select(Buyer))).one(), name="李四")
                ring.seal(seen, phone="13900000000")
        async with trial_tenants.session(tenant, AGENCY) as session:
            kept = (await session.scalars(select(Buyer))).one()
            assert kept.name is not None
            assert (kept.seal_version, ring.open(kept.phone), ring.open(kept.name)) == (2, PHONE, "李四")
    finally:
        async with trial_tenants.session(tenant, AGENCY) as session:
            await session.execute(delete(Buyer))


async def test_copy_takes_no_plain_text_either(trial: tuple[Database, Tenant]) -> None:
    database, tenant = trial
    connection = await database.connect_as(tenant)
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.copy_records_to_table(
                "trial_buyer",
                records=[(new_id(), MERCHANT, 1, PHONE.encode())],
                columns=["id", "merchant_id", "seal_version", "phone"],
            )
    finally:
        await connection.close()


async def test_rows_are_found_by_the_whole_text_and_by_its_end(session: AsyncSession) -> None:
    ring = new_ring()
    for last in range(40):
        session.add(new_buyer(ring, phone=f"138000012{last:02}"))
    await session.flush()
    for written in ("13800001207", "+86 138-0000-1207", "１３８００００１２０７"):
        found = (await session.scalars(select(Buyer).where(Buyer.phone.matches(ring, written)))).all()
        assert [ring.open(each.phone) for each in found if ring.confirms(each.phone, written)] == ["13800001207"]
    found = (await session.scalars(select(Buyer).where(Buyer.phone.matches_last(ring, "1239")))).all()
    assert [ring.open(each.phone) for each in found if ring.confirms_last(each.phone, "1239")] == ["13800001239"]
    assert (await session.scalars(select(Buyer).where(Buyer.phone.matches(ring, "-")))).all() == []


async def test_a_privacy_number_is_found_by_the_digits_that_show(session: AsyncSession) -> None:
    ring = new_ring()
    session.add(new_buyer(ring, phone="13812341234转8801"))
    await session.flush()
    buyer = (await session.scalars(select(Buyer).where(Buyer.phone.matches_last(ring, "1234")))).one()
    assert ring.masked(buyer.phone) == "138****1234"
    assert ring.confirms_last(buyer.phone, "1234")
    assert not ring.confirms_last(buyer.phone, "8801")
    assert (await session.scalars(select(Buyer).where(Buyer.phone.matches(ring, "13812341234-8801")))).one() is buyer
    # Another extension is another consumer.
    assert not ring.confirms(buyer.phone, "13812341234")


async def test_no_old_index_value_stays_after_a_change(session: AsyncSession) -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    session.add(buyer)
    await session.flush()
    ring.seal(buyer, phone="13911112222")
    await session.flush()
    assert (await session.scalars(select(Buyer).where(Buyer.phone.matches(ring, PHONE)))).all() == []
    assert (await session.scalars(select(Buyer).where(Buyer.phone.matches_last(ring, "1234")))).all() == []
    assert (await session.scalars(select(Buyer).where(Buyer.phone.matches(ring, "13911112222")))).one() is buyer


async def test_a_merchants_ring_finds_nothing_of_another_merchant(session: AsyncSession) -> None:
    ours, theirs = new_ring(), new_ring(owner=OTHER_MERCHANT)
    session.add(new_buyer(theirs))
    await session.flush()
    assert (await session.scalars(select(Buyer).where(Buyer.phone.matches(ours, PHONE)))).all() == []
    theirs_found = (await session.scalars(select(Buyer).where(Buyer.phone.matches(theirs, PHONE)))).one()
    with pytest.raises(SealBroken):
        ours.open(theirs_found.phone)
    with pytest.raises(SealMisplaced):
        ours.seal(theirs_found, phone="13800000000")


async def test_no_way_through_sqlalchemy_takes_a_plain_text(session: AsyncSession) -> None:
    ids = {"id": new_id(), "merchant_id": MERCHANT, "seal_version": 1}
    with pytest.raises(PlaintextRefused):
        Buyer(merchant_id=MERCHANT, phone=PHONE)
    statements = [
        insert(Buyer).values(**ids, phone=PHONE),
        insert(Buyer.__table__).values(**ids, phone=PHONE.encode()),
        update(Buyer).values(phone=PHONE),
        update(Buyer).values(phone_last4=b"1234"),
        update(Buyer.__table__).values(name=NAME),
        select(Buyer).where(Buyer.phone == PHONE),
        select(literal(PHONE, Buyer.phone.type)),
        text("UPDATE trial_buyer SET phone = :phone").bindparams(bindparam("phone", PHONE, Buyer.phone.type)),
    ]
    for statement in statements:
        with pytest.raises(PlaintextRefused) as refused:
            await session.execute(statement)
        assert PHONE not in repr(refused.value)
    for many in (insert(Buyer), insert(Buyer.__table__)):
        with pytest.raises(PlaintextRefused):
            await session.execute(many, [{**ids, "phone": PHONE}, {**ids, "id": new_id(), "phone": PHONE}])
    with pytest.raises(PlaintextRefused):
        await session.execute(update(Buyer), [{**ids, "phone": PHONE}])


@pytest.mark.parametrize("column", ["phone", "name", "amount", "phone_exact", "phone_last4"])
async def test_the_database_takes_no_plain_text_either(session: AsyncSession, column: str) -> None:
    session.add(new_buyer(new_ring()))
    await session.flush()
    for plain in (PHONE.encode(), b"1234", b"", b"\xa5SF" + PHONE.encode(), PHONE.encode() * 20):
        with pytest.raises(DBAPIError) as refused:
            async with session.begin_nested():
                await session.execute(text(f"UPDATE trial_buyer SET {column} = decode('{plain.hex()}', 'hex')"))
        assert refused.value.orig is not None
        assert isinstance(refused.value.orig.__cause__, asyncpg.CheckViolationError)
        assert PHONE not in str(refused.value)


async def test_cells_exchanged_in_the_database_do_not_open(session: AsyncSession) -> None:
    ring = new_ring()
    one, two = new_buyer(ring), new_buyer(ring, phone="13900000000")
    session.add_all([one, two])
    await session.flush()
    for change, names in (
        ("UPDATE trial_buyer SET phone = name", ("phone",)),
        (
            "UPDATE trial_buyer b SET phone = o.phone, name = o.name FROM trial_buyer o WHERE o.id <> b.id",
            ("phone", "name"),
        ),
        (f"UPDATE trial_buyer SET merchant_id = '{OTHER_MERCHANT}'", ("phone", "name")),
        ("UPDATE trial_buyer SET seal_version = seal_version + 1", ("phone", "name")),
    ):
        async with session.begin_nested() as tried:
            await session.execute(text(change))
            session.expire_all()
            for buyer in (await session.scalars(select(Buyer).order_by(Buyer.id))).all():
                for name in names:
                    with pytest.raises(SealBroken):
                        ring.open(getattr(buyer, name))
            await tried.rollback()
    session.expire_all()
    phones = [ring.open(buyer.phone) for buyer in (await session.scalars(select(Buyer).order_by(Buyer.id))).all()]
    assert phones == [PHONE, "13900000000"]


async def test_one_old_cell_put_back_does_not_open_and_a_whole_old_row_shows_in_its_digests(
    session: AsyncSession,
) -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    session.add(buyer)
    await session.flush()
    old = (await session.execute(text("SELECT phone, name, seal_version FROM trial_buyer"))).one()
    take_noted(session.sync_session)
    ring.seal(buyer, phone="13900000000")
    await session.flush()
    noted = {cell.column: cell.digest for cell in take_noted(session.sync_session)}
    await session.execute(text("UPDATE trial_buyer SET phone = :phone"), {"phone": old.phone})
    await session.refresh(buyer)
    with pytest.raises(SealBroken):
        ring.open(buyer.phone)
    await session.execute(
        text("UPDATE trial_buyer SET phone = :phone, name = :name, seal_version = :seal_version"), dict(old._mapping)
    )
    await session.refresh(buyer)
    # Nothing inside the row tells: the audit trail does, whose last digest is of another value.
    assert ring.open(buyer.phone) == PHONE
    assert sha256(buyer.phone.ciphertext).digest() != noted["phone"]


async def test_written_cells_are_noted_with_their_digests(session: AsyncSession) -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    session.add(buyer)
    await session.flush()
    cells = take_noted(session.sync_session)
    assert {(cell.column, cell.seal_version, cell.row) for cell in cells} == {
        ("phone", 1, buyer.id),
        ("name", 1, buyer.id),
    }
    assert len(cells[0].digest) == 32
    assert NOTED not in session.info
    ring.seal(buyer, name=None)
    await session.flush()
    phone, name = take_noted(session.sync_session)
    assert (phone.column, phone.seal_version, len(phone.digest)) == ("phone", 2, 32)
    assert (name.column, name.seal_version, name.digest) == ("name", 2, GONE)
    rows = ring.seal_rows(Buyer, [{"id": new_id(), "merchant_id": MERCHANT, "phone": PHONE}])
    note_rows(session.sync_session, Buyer, rows)
    assert [cell.row for cell in take_noted(session.sync_session)] == [rows[0]["id"]]


async def test_what_the_session_holds_is_sealed(session: AsyncSession) -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    session.add(buyer)
    await session.flush()
    held = [value for value in vars(buyer).values() if isinstance(value, Sealed)]
    assert len(held) == 2
    assert all(PHONE.encode() not in each.ciphertext and NAME.encode() not in each.ciphertext for each in held)
