"""What is due goes, what is held stays with its reason, and the report says both."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from anshou.consumers.cards import Correction
from anshou.consumers.recording import add_record, correct_record
from anshou.privacy.retention.due import SkipReason, count_due
from anshou.privacy.retention.errors import HeldAlready, HoldLifted
from anshou.privacy.retention.holds import (
    HeldThing,
    HoldCause,
    HoldGiven,
    LiftGiven,
    lift_hold,
    place_hold,
    visible_hold,
)
from anshou.privacy.retention.of_consumers import CONSUMER_RECORDS
from anshou.privacy.retention.periods import set_period
from anshou.privacy.retention.registry import LISTED, kind_of
from anshou.privacy.retention.runs import RunCause, erase_merchant, kept_the_day_before
from anshou.tickets.kinds import Kind
from billing.reconciliation.batches import Arrival, Arrived, import_lines
from confidentiality.sealing.fields import all_sealed_models, sealed_fields
from tenants.base import Base
from tenants.context import AGENCY
from tenants.erasing import ERASED
from tenants.storage import ObjectMissing
from tests.consumers.samples import card
from tests.house_rules.sources import modules
from tests.privacy.retention.eraser import GOES, SAID, YEAR, Eraser

WHY = HoldGiven(cause=HoldCause.LITIGATION, reason="法院要求保全证据")


async def test_each_kind_goes_when_its_own_period_is_over(eraser: Eraser) -> None:
    ticket = await eraser.closed_ticket()
    session, now = eraser.desk.session, eraser.desk.now
    assert (await eraser.daily(now + YEAR)).lines == ()
    key = f"files/{ticket.number}"
    assert [piece async for piece in eraser.storage.read(key)] == [b"a picture"]

    files = await eraser.daily(now + 2 * YEAR)
    assert [(line.kind, line.subjects, line.cells, line.files) for line in files.lines] == [("attachments", 1, 1, 1)]
    with pytest.raises(ObjectMissing):
        [piece async for piece in eraser.storage.read(key)]
    assert list(await session.scalars(text("SELECT name FROM attachment"))) == [ERASED]
    assert await eraser.said() == [SAID]

    texts = await eraser.daily(now + 3 * YEAR)
    assert {line.kind for line in texts.lines} == GOES - {"attachments"}
    assert await eraser.said() == [ERASED]
    row = (await session.execute(text("SELECT title, description, request, number, step, outcome FROM ticket"))).one()
    assert tuple(row) == (ERASED, ERASED, ERASED, ticket.number, "closed", "refused")


async def test_what_was_erased_is_not_due_again(eraser: Eraser) -> None:
    await eraser.closed_ticket()
    late = eraser.desk.now + 30 * YEAR
    assert (await eraser.daily(late)).subjects > 0
    assert (await eraser.daily(late + timedelta(days=1))).lines == ()
    assert await count_due(eraser.desk.session, kind_of("ticket_texts"), late) == 0


async def test_a_shorter_period_makes_more_due_at_once_and_the_preview_said_how_much(eraser: Eraser) -> None:
    await eraser.closed_ticket()
    session, at = eraser.desk.session, eraser.desk.now + timedelta(days=70)
    kind = kind_of("attachments")
    assert await count_due(session, kind, kind.before(at, 3)) == 0
    assert await count_due(session, kind, kind.before(at, 2)) == 1
    await set_period(session, kind, 2, by=eraser.desk.cast.admin, at=at)
    assert [line.kind for line in (await eraser.daily(at)).lines] == ["attachments"]


@pytest.mark.parametrize("what", list(HeldThing)[:2])
async def test_a_hold_keeps_until_it_is_lifted(eraser: Eraser, what: HeldThing) -> None:
    ticket = await eraser.closed_ticket()
    desk, late = eraser.desk, eraser.desk.now + 4 * YEAR
    subject = ticket.id if what is HeldThing.TICKET else ticket.merchant_id
    given = {"on_what": what, "merchant_id": ticket.merchant_id, "subject_id": subject}
    hold = await place_hold(desk.session, WHY, **given, by=desk.cast.admin, at=late)
    with pytest.raises(HeldAlready):
        await place_hold(desk.session, WHY, **given, by=desk.cast.admin, at=late)
    report = await eraser.daily(late)
    assert report.subjects == 0
    assert {(skip.kind, skip.reason, skip.rows, skip.example) for skip in report.skips} == {
        (kind, SkipReason.HOLD, 1, str(hold.id)) for kind in GOES
    }
    assert await eraser.said() == [SAID]
    hold = await visible_hold(desk.session, hold.id, by=desk.cast.admin)
    await lift_hold(desk.session, hold, LiftGiven(because="已结案"), by=desk.cast.admin, at=late)
    with pytest.raises(HoldLifted):
        await lift_hold(desk.session, hold, LiftGiven(because="已结案"), by=desk.cast.admin, at=late)
    assert (await eraser.daily(late)).subjects == len(GOES)


async def test_an_open_dispute_holds_everything_of_its_merchant_by_itself(eraser: Eraser) -> None:
    await eraser.closed_ticket()
    desk = eraser.desk
    late = desk.now + 4 * YEAR
    dispute = await desk.open(Kind.CONTRACT_DISPUTE, desk.cast.owner)
    report = await eraser.daily(late)
    assert report.subjects == 0
    assert {(skip.reason, skip.example) for skip in report.skips} == {(SkipReason.DISPUTE, dispute.number)}
    assert await eraser.said() == [SAID]
    # What the administrators are told of once, and not every day again.
    following = await eraser.daily(late + timedelta(days=1))
    assert following.kept == report.kept == await kept_the_day_before(desk.session, following.run)


async def test_everything_of_a_merchant_goes_when_its_entrustment_ends_but_what_a_law_protects(eraser: Eraser) -> None:
    await eraser.closed_ticket()
    desk = eraser.desk
    open_ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.member)
    await desk.act_as(AGENCY)
    run = await erase_merchant(desk.session, desk.cast.yunshan.id, by=desk.cast.admin, at=desk.now)
    report = await eraser.carry_out(run, desk.now)
    assert report.run.cause is RunCause.MERCHANT
    assert report.run.finished_at == desk.now
    assert await eraser.said() == [ERASED]
    title = text("SELECT title FROM ticket WHERE id = :id")
    assert await desk.session.scalar(title, {"id": open_ticket.id}) == ERASED
    # The contract still runs: what entrusted processing was based on is kept for three years after its end.
    assert {(skip.kind, skip.reason) for skip in report.skips} == {("contract_documents", SkipReason.LAW)}


async def test_another_merchant_keeps_everything(eraser: Eraser) -> None:
    await eraser.closed_ticket()
    desk = eraser.desk
    run = await erase_merchant(desk.session, desk.cast.qinghe.id, by=desk.cast.admin, at=desk.now)
    await eraser.carry_out(run, desk.now)
    assert await eraser.said() == [SAID]


async def test_many_are_erased_in_batches_and_each_once(eraser: Eraser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anshou.privacy.retention.carrying_out.BATCH", 2)
    for _ in range(5):
        await eraser.closed_ticket()
    report = await eraser.daily(eraser.desk.now + 4 * YEAR)
    assert {line.kind: line.subjects for line in report.lines} == dict.fromkeys(GOES, 5)
    assert set(await eraser.said()) == {ERASED}
    rows = await eraser.desk.session.execute(
        text("SELECT kind, count(*), count(DISTINCT subject_id) FROM erasure GROUP BY 1")
    )
    assert {kind: (rows, subjects) for kind, rows, subjects in rows} == {line.kind: (5, 5) for line in report.lines}


async def test_a_consumers_record_goes_with_what_it_said_before_and_cannot_be_found_any_more(eraser: Eraser) -> None:
    desk = eraser.desk
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.service_agent)
    record = await add_record(desk.session, ticket, card(), by=desk.cast.service_agent, at=desk.now)
    corrected = Correction(phone="13900001111")
    await correct_record(desk.session, ticket, record, corrected, by=desk.cast.service_agent, at=desk.now)
    await desk.act(desk.cast.service_agent, "refuse")
    report = await eraser.daily(desk.now + YEAR)
    assert [(line.kind, line.subjects, line.cells) for line in report.lines] == [("consumer_records", 1, 2)]
    sealed = ", ".join(CONSUMER_RECORDS.contents[0].columns)
    left = text(f"SELECT count(*) FROM consumer_record WHERE num_nonnulls({sealed}) > 0")
    assert await desk.session.scalar(left) == 0
    assert await desk.session.scalar(text("SELECT count(*) FROM consumer_record WHERE quantity > 0")) == 2


def test_everything_sealed_is_content_of_a_kind_and_goes_some_day() -> None:
    modules()
    erased = {(part.table, name) for kind in LISTED for part in kind.contents for name in part.columns}
    sealed = {(field.table, name) for model in all_sealed_models(Base) for name, field in sealed_fields(model).items()}
    assert {one for one in sealed if one[0] not in GONE_WHOLE} - erased == set()


# Tables whose rows are deleted and not blanked.
GONE_WHOLE = {part.table for kind in LISTED for part in kind.contents if part.act == "delete"}


async def test_an_impact_assessment_goes_as_a_whole_and_not_before_the_law_allows(eraser: Eraser) -> None:
    session, at = eraser.desk.session, datetime.now(UTC)
    for years in (2, 4, 6):
        await session.execute(
            text(
                "INSERT INTO impact_assessment (id, title, reason, lawfulness, impact, measures, conclusion, "
                "assessed_on, recorded_by, recorded_at) VALUES (:id, 't', 'sensitive', 'l', 'i', 'm', 'acceptable', "
                "'2020-01-01', :id, :at)"
            ),
            {"id": uuid4(), "at": at - years * YEAR},
        )
    left = text("SELECT count(*) FROM impact_assessment")
    await eraser.daily(at)
    assert await session.scalar(left) == 2
    await set_period(session, kind_of("impact_assessments"), 36, by=eraser.desk.cast.admin, at=at)
    await eraser.daily(at)
    assert await session.scalar(left) == 1


async def test_a_bank_statement_loses_names_after_ten_years_and_keeps_its_figures(eraser: Eraser) -> None:
    session, at = eraser.desk.session, datetime(2037, 1, 2, tzinfo=UTC)
    for year in (2026, 2027):
        line = Arrived(number=1, booked_on=date(year, 3, 1), fen=800, counterparty="钱进", text="退款", key="1")
        account = f"招行 {year}"
        file = Arrival(
            sha256=year.to_bytes(32), name="流水.csv", source="bank_statement", account=account, lines=(line,)
        )
        await import_lines(session, file, by=uuid4(), at=eraser.desk.now)
    await eraser.daily(at)
    left = await session.execute(text("SELECT counterparty, text, fen FROM external_line ORDER BY booked_on"))
    assert [tuple(row) for row in left] == [(ERASED, ERASED, 800), ("钱进", "退款", 800)]
