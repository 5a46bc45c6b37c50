"""A consent is asked for, signed under its hash, refused, withdrawn, and runs out; each leaves a row and a leaf."""

from datetime import date, timedelta
from hashlib import sha256

import msgspec
import pytest
from sqlalchemy import select

from anshou.merchants.errors import MerchantNotFound
from anshou.people.errors import PermissionMissing, ProofMissing
from anshou.people.roles import Role
from anshou.privacy.disclosures import consenting
from anshou.privacy.disclosures.documents import canonical, read_document
from anshou.privacy.disclosures.errors import (
    ConsentOutdated,
    DisclosureNotFound,
    DisclosureNotOpen,
    RequestInvalid,
)
from anshou.privacy.disclosures.kinds import EndSort, Part, Standing
from anshou.privacy.disclosures.requesting import DisclosureRequest
from anshou.tickets.errors import TicketNotFound
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tenants.context import AGENCY
from tests.cast import staff
from tests.privacy.disclosures.desk import Desk


async def leaves(desk: Desk) -> list[str]:
    """The codes of the leaves about the disclosure, in order."""
    await write_leaves(desk.session)
    await desk.act_as(AGENCY)
    consent = await desk.seen_by(desk.cast.supervisor)
    query = select(AuditLeaf.action).where(AuditLeaf.subject_id == consent.disclosure.id).order_by(AuditLeaf.id)
    return list(await desk.session.scalars(query))


async def test_what_is_asked_is_frozen_and_waits_for_the_owner(desk: Desk) -> None:
    consent = await desk.request()
    document = read_document(consent.disclosure)
    assert consent.standing(desk.now) is Standing.WAITING
    assert consent.disclosure.number.startswith("DW2611-")
    assert consent.disclosure.sha256 == sha256(consent.disclosure.document).hexdigest()
    assert canonical(document) == consent.disclosure.document
    assert (document.recipient.name, document.purpose) == ("安速物流", "破损包裹理赔")
    assert [file.ticket for file in document.files] == desk.tickets
    assert await leaves(desk) == ["disclosure.requested"]


async def test_the_text_names_no_file_by_a_name_that_could_tell_what_is_in_it(desk: Desk) -> None:
    consent = await desk.request()
    assert "转账回单" not in consent.disclosure.document.decode()


async def test_the_owner_signs_exactly_the_text_that_was_asked(desk: Desk) -> None:
    await desk.request()
    consent = await desk.sign()
    signature = consent.signature(Part.GENERAL)
    assert consent.standing(desk.now) is Standing.IN_FORCE
    assert signature is not None
    assert (signature.sha256, signature.name, signature.second_factor) == (consent.disclosure.sha256, "云飞", True)
    assert await leaves(desk) == ["disclosure.requested", "consent.signed"]


async def test_another_text_is_not_signed(desk: Desk) -> None:
    await desk.request()
    with pytest.raises(ConsentOutdated):
        await desk.sign(sha256="0" * 64)


async def test_nobody_signs_without_having_proved_who_they_are_for_this_very_text(desk: Desk) -> None:
    first = await desk.request()
    consent = await desk.request()
    owner, session = desk.cast.owner, desk.session
    await desk.act_as(owner.context())
    for proof in (
        desk.proof(owner, first),
        desk.proof(desk.cast.member, consent),
        desk.proof(owner, consent, at=desk.now - timedelta(hours=1)),
    ):
        with pytest.raises(ProofMissing):
            await consenting.sign(
                session,
                consent.disclosure,
                consent.disclosure.sha256,
                sensitive=False,
                proof=proof,
                by=owner,
                at=desk.now,
            )


async def test_only_the_owner_answers_and_only_the_agency_asks(desk: Desk) -> None:
    await desk.request()
    with pytest.raises(PermissionMissing):
        await desk.sign(by=desk.cast.member)
    with pytest.raises(PermissionMissing):
        await desk.withdraw(by=desk.cast.member)
    for person in (desk.cast.service_agent, desk.cast.admin, desk.cast.executive, desk.cast.auditor, desk.cast.owner):
        with pytest.raises(PermissionMissing):
            await desk.request(by=person)


async def test_another_merchant_does_not_find_it(desk: Desk) -> None:
    await desk.request()
    with pytest.raises(DisclosureNotFound):
        await desk.seen_by(desk.cast.other_owner)


async def test_a_refusal_with_its_reason_ends_it(desk: Desk) -> None:
    consent = await desk.request()
    owner = desk.cast.owner
    await desk.act_as(owner.context())
    await consenting.refuse(desk.session, consent.disclosure, "范围太大", by=owner, at=desk.now)
    consent = await desk.seen_by(owner)
    end = consent.end(Part.GENERAL)
    assert end is not None
    assert (end.sort, end.reason, end.ended_by) == (EndSort.REFUSED, "范围太大", owner.id)
    assert consent.standing(desk.now) is Standing.REFUSED
    with pytest.raises(DisclosureNotOpen):
        await desk.sign()


async def test_a_withdrawal_ends_it_at_once_and_only_once(desk: Desk) -> None:
    await desk.request()
    await desk.sign()
    await desk.withdraw()
    consent = await desk.seen_by(desk.cast.owner)
    assert consent.standing(desk.now) is Standing.WITHDRAWN
    assert await leaves(desk) == ["disclosure.requested", "consent.signed", "consent.withdrawn"]
    with pytest.raises(DisclosureNotOpen):
        await desk.withdraw()


async def test_what_was_never_signed_cannot_be_withdrawn(desk: Desk) -> None:
    await desk.request()
    with pytest.raises(DisclosureNotOpen):
        await desk.withdraw()
    await desk.sign()
    with pytest.raises(DisclosureNotOpen):
        await desk.withdraw(Part.SENSITIVE)


async def test_a_request_can_be_taken_back_until_it_is_answered(desk: Desk) -> None:
    manager = desk.cast.account_manager
    consent = await desk.request()
    await consenting.retract(desk.session, consent.disclosure, "改由平台处理", by=manager, at=desk.now)
    assert (await desk.seen_by(manager)).standing(desk.now) is Standing.RETRACTED
    await desk.request()
    await desk.sign()
    consent = await desk.seen_by(manager)
    with pytest.raises(DisclosureNotOpen):
        await consenting.retract(desk.session, consent.disclosure, "", by=manager, at=desk.now)


async def test_a_consent_runs_out_at_the_end_of_its_last_day_in_the_agencys_zone(desk: Desk) -> None:
    await desk.request(valid_until=date(2026, 12, 31))
    consent = await desk.sign()
    # Midnight in Shanghai.
    end = consent.disclosure.valid_until
    assert end.isoformat() in ("2026-12-31T16:00:00+00:00", "2027-01-01T00:00:00+08:00")
    assert consent.standing(end - timedelta(microseconds=1)) is Standing.IN_FORCE
    assert consent.standing(end) is Standing.EXPIRED


async def test_the_timer_records_that_it_has_run_out_and_leaves_others_alone(desk: Desk) -> None:
    await desk.request()
    consent = await desk.sign()
    await desk.act_as(AGENCY)
    early, late = consent.disclosure.valid_until - timedelta(days=1), consent.disclosure.valid_until
    await consenting.expire(desk.session, consent.disclosure.id, early)
    assert (await desk.seen_by(desk.cast.owner)).end(Part.GENERAL) is None
    await desk.act_as(AGENCY)
    await consenting.expire(desk.session, consent.disclosure.id, late)
    await consenting.expire(desk.session, consent.disclosure.id, late)
    end = (await desk.seen_by(desk.cast.owner)).end(Part.GENERAL)
    assert end is not None
    assert end.sort is EndSort.EXPIRED


async def test_a_consent_that_begins_later_is_not_in_force_before(desk: Desk) -> None:
    await desk.request(valid_from=date(2026, 12, 10))
    consent = await desk.sign()
    assert consent.standing(desk.now) is Standing.UPCOMING
    assert consent.standing(consent.disclosure.valid_from) is Standing.IN_FORCE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": date(2026, 11, 1)}, "valid_until"),
        ({"valid_until": date(2028, 12, 1)}, "valid_until"),
        ({"valid_from": date(2027, 2, 1), "valid_until": date(2027, 1, 1)}, "valid_until"),
        ({"attachments": False}, "fields"),
        ({"fields": ("account.name",)}, "fields"),
        ({"sensitive": True}, "necessity"),
        ({"sensitive": True, "necessity": "理赔需要"}, "sensitive"),
    ],
)
async def test_a_request_that_contradicts_itself_is_refused(desk: Desk, changes: dict[str, object], field: str) -> None:
    with pytest.raises(RequestInvalid) as refused:
        await desk.request(**changes)
    assert set(refused.value.fields) == {field}


async def test_only_tickets_of_the_merchant_that_the_person_reaches_can_be_named(desk: Desk) -> None:
    with pytest.raises(TicketNotFound):
        await desk.request(tickets=("FW2611-99999",))
    with pytest.raises(MerchantNotFound):
        await desk.request(merchant=desk.cast.qinghe.id)
    await desk.act_as(AGENCY)
    both = (desk.cast.yunshan.id, desk.cast.qinghe.id)
    serves_both = await staff(desk.session, "丁一", "both", Role.ACCOUNT_MANAGER, merchants=both)
    with pytest.raises(RequestInvalid) as refused:
        await desk.request(by=serves_both, merchant=desk.cast.qinghe.id)
    assert set(refused.value.fields) == {"tickets"}


def test_the_shape_of_a_request_refuses_blanks() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"recipient_name": " "}, DisclosureRequest)
