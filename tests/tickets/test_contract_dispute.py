"""合作纠纷问题 on real rows: agreement, no agreement, default, and what a signature is worth."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select

from anshou.people.errors import ProofMissing
from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.people.roles import Role
from anshou.tickets.agreements import Agreement, Signature, find_agreement, find_document
from anshou.tickets.disputing import Signature as SignatureRecord
from anshou.tickets.errors import (
    AgreementOutdated,
    AttachmentNotFound,
    MoveNotOpen,
    MoveNotYours,
    ObligationNotOpen,
    ProofHidden,
)
from anshou.tickets.kinds import Kind, Outcome, Side, Status
from anshou.tickets.moving import make_move
from anshou.tickets.obligations import Obligation
from tests.tickets.desk import Desk


async def negotiating(desk: Desk) -> None:
    """A claim to the first round of talks."""
    cast = desk.cast
    await desk.open(Kind.CONTRACT_DISPUTE, cast.owner)
    await desk.act(cast.account_manager, "start_procedure")
    await desk.act(cast.account_manager, "conclude_investigation")
    await desk.act(cast.account_manager, "record_round")


async def agreed(desk: Desk) -> None:
    """An agreement that both have signed."""
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "propose_agreement")
    await desk.act(cast.owner, "sign_for_merchant")
    await desk.act(cast.supervisor, "sign_for_agency")


async def perform_all(desk: Desk) -> None:
    """Each obligation that still binds is performed, with proof."""
    for obligation in await desk.open_obligations():
        proof = await desk.add_file(desk.cast.account_manager)
        await desk.act(desk.cast.account_manager, "perform_obligation", obligation=obligation, proof=proof)


async def test_a_dispute_goes_from_filing_over_a_signed_agreement_to_closed(desk: Desk) -> None:
    cast = desk.cast
    await agreed(desk)
    ticket = await desk.ticket(cast.owner)
    assert (ticket.step, ticket.status) == ("enforcement", Status.IN_PROGRESS)
    with pytest.raises(MoveNotOpen, match="还有义务没有履行"):
        await desk.act(cast.account_manager, "close")
    await perform_all(desk)
    ticket = await desk.act(cast.account_manager, "close")
    assert (ticket.step, ticket.outcome) == ("closed", Outcome.RESOLVED)


@pytest.mark.parametrize("agency_first", [True, False])
async def test_enforcement_begins_only_when_both_have_signed(desk: Desk, agency_first: bool) -> None:
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "propose_agreement")
    signing = [(cast.executive, "sign_for_agency"), (cast.owner, "sign_for_merchant")]
    first, second = signing if agency_first else reversed(signing)
    ticket = await desk.act(*first)
    assert ticket.step == "settlement"
    # Whoever has not signed yet is waited for.
    assert ticket.status is (Status.AWAITING_CUSTOMER if agency_first else Status.IN_PROGRESS)
    assert first[1] not in await desk.open_to(first[0])
    ticket = await desk.act(*second)
    assert ticket.step == "enforcement"


async def test_a_signature_keeps_who_when_where_and_the_hash_of_what_was_signed(desk: Desk) -> None:
    cast = desk.cast
    await agreed(desk)
    await desk.act_as(cast.owner.context())
    agreement = (await desk.session.scalars(select(Agreement))).one()
    assert agreement.sha256 == sha256(agreement.document).hexdigest()
    document = find_document(agreement)
    assert (document.ticket, document.version) == (desk.number, 1)
    assert document.text == "双方同意如下：……"
    assert len(document.obligations) == 2
    signatures = (await desk.session.scalars(select(Signature).order_by(Signature.signed_at))).all()
    assert [(one.side, one.signed_by, one.name) for one in signatures] == [
        (Side.MERCHANT, cast.owner.id, "云飞"),
        (Side.AGENCY, cast.supervisor.id, "韦华"),
    ]
    assert {(one.address, one.sha256, one.second_factor) for one in signatures} == {
        ("203.0.113.7", agreement.sha256, True)
    }


async def test_nobody_signs_without_having_signed_in_again_for_it(desk: Desk) -> None:
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "propose_agreement")
    ticket = await desk.ticket(cast.owner)
    agreement = await find_agreement(desk.session, ticket)
    assert agreement is not None
    good = desk.proof(cast.owner, agreement.id)
    worthless: list[Proof | None] = [
        None,
        replace(good, purpose="change_password"),
        replace(good, purpose=f"sign_agreement:{uuid4()}"),
        replace(good, account_id=cast.member.id),
        replace(good, at=desk.now - timedelta(hours=1)),
    ]
    record = SignatureRecord(agreement=agreement.id, sha256=agreement.sha256)
    for proof in worthless:
        with pytest.raises(ProofMissing):
            await make_move(
                desk.session,
                ticket,
                "sign_for_merchant",
                record,
                by=cast.owner,
                at=desk.now,
                seen=ticket.version,
                proof=proof,
            )


async def test_a_new_version_is_signed_anew(desk: Desk) -> None:
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "propose_agreement")
    ticket = await desk.act(cast.owner, "sign_for_merchant")
    old = await find_agreement(desk.session, ticket)
    assert old is not None
    await desk.act(cast.account_manager, "propose_agreement", text="双方重新约定如下：……")
    assert "sign_for_merchant" in await desk.open_to(cast.owner)
    ticket = await desk.ticket(cast.owner)
    with pytest.raises(AgreementOutdated):
        await make_move(
            desk.session,
            ticket,
            "sign_for_merchant",
            SignatureRecord(agreement=old.id, sha256=old.sha256),
            by=cast.owner,
            at=desk.now,
            seen=ticket.version,
            proof=desk.proof(cast.owner, old.id),
        )
    await desk.act(cast.supervisor, "sign_for_agency")
    ticket = await desk.act(cast.owner, "sign_for_merchant")
    assert ticket.step == "enforcement"


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.SPECIALIST, Role.MERCHANT_MEMBER])
async def test_who_has_no_authority_to_bind_a_side_does_not_sign(desk: Desk, role: Role) -> None:
    await negotiating(desk)
    await desk.act(desk.cast.account_manager, "propose_agreement")
    person = desk.cast.everybody[role]
    assert {"sign_for_merchant", "sign_for_agency"}.isdisjoint(await desk.open_to(person))
    for move in ("sign_for_merchant", "sign_for_agency"):
        with pytest.raises(MoveNotYours):
            await desk.act(person, move)


async def test_a_declined_agreement_returns_to_negotiation_and_counts_a_round(desk: Desk) -> None:
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "propose_agreement")
    await desk.act(cast.supervisor, "sign_for_agency")
    ticket = await desk.act(cast.owner, "decline_agreement")
    assert (ticket.step, ticket.round) == ("negotiation", 2)
    with pytest.raises(MoveNotOpen, match="还没有协商记录"):
        await desk.act(cast.account_manager, "propose_agreement")
    await desk.act(cast.owner, "record_round", merchant_offer="退还 3,000 元")
    await desk.act(cast.account_manager, "propose_agreement")
    await desk.act(cast.owner, "sign_for_merchant")
    # The agency's signature was on the agreement that was declined.
    ticket = await desk.act(cast.supervisor, "sign_for_agency")
    assert (ticket.step, ticket.round) == ("enforcement", 2)


@pytest.mark.parametrize("at_settlement", [True, False])
@pytest.mark.parametrize("by", [Role.MERCHANT_OWNER, Role.ACCOUNT_MANAGER])
async def test_without_an_agreement_it_goes_to_arbitration_and_the_award_is_enforced(
    desk: Desk, at_settlement: bool, by: Role
) -> None:
    cast = desk.cast
    await negotiating(desk)
    if at_settlement:
        await desk.act(cast.account_manager, "propose_agreement")
    ticket = await desk.act(cast.everybody[by], "declare_no_agreement")
    assert (ticket.step, ticket.round, ticket.status) == ("external_resolution", 1, Status.IN_PROGRESS)
    await desk.act(cast.account_manager, "record_proceeding")
    with pytest.raises(MoveNotOpen, match="还没有结果"):
        await desk.act(cast.account_manager, "close")
    ticket = await desk.act(cast.account_manager, "record_outcome")
    assert ticket.step == "enforcement"
    await perform_all(desk)
    ticket = await desk.act(cast.account_manager, "close")
    assert ticket.outcome is Outcome.RESOLVED


async def test_a_dismissed_claim_leaves_nothing_to_enforce(desk: Desk) -> None:
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "declare_no_agreement")
    ticket = await desk.act(cast.account_manager, "record_outcome", obligations=())
    assert ticket.step == "external_resolution"
    with pytest.raises(MoveNotOpen, match="已有结果"):
        await desk.act(cast.account_manager, "record_outcome")
    ticket = await desk.act(cast.account_manager, "close")
    assert ticket.outcome is Outcome.RESOLVED


async def test_sides_before_a_court_may_still_settle(desk: Desk) -> None:
    cast = desk.cast
    await negotiating(desk)
    await desk.act(cast.account_manager, "declare_no_agreement")
    await desk.act(cast.account_manager, "record_proceeding")
    ticket = await desk.act(cast.account_manager, "propose_agreement")
    assert ticket.step == "settlement"
    await desk.act(cast.owner, "sign_for_merchant")
    ticket = await desk.act(cast.supervisor, "sign_for_agency")
    assert ticket.step == "enforcement"


async def test_an_agreement_that_is_not_kept_goes_to_court(desk: Desk) -> None:
    cast = desk.cast
    await agreed(desk)
    ticket = await desk.act(cast.owner, "report_default")
    assert (ticket.step, ticket.round) == ("external_resolution", 2)
    ticket = await desk.act(cast.account_manager, "record_outcome")
    assert ticket.step == "enforcement"
    await desk.act_as(cast.account_manager.context())
    bound = (await desk.session.scalars(select(Obligation).where(Obligation.superseded.is_(False)))).all()
    assert [one.outcome_id is not None for one in bound] == [True]
    await perform_all(desk)
    await desk.act(cast.account_manager, "close")


async def test_an_obligation_is_performed_once_and_proved_by_what_both_sides_can_read(desk: Desk) -> None:
    cast = desk.cast
    await agreed(desk)
    obligations = (await desk.session.scalars(select(Obligation.id).order_by(Obligation.position))).all()

    async def perform(by: Person, proof: object) -> None:
        await desk.act(by, "perform_obligation", obligation=obligations[0], proof=proof)

    with pytest.raises(AttachmentNotFound):
        await perform(cast.account_manager, uuid4())
    with pytest.raises(ProofHidden):
        await perform(cast.account_manager, await desk.add_file(cast.account_manager, Side.AGENCY))
    with pytest.raises(MoveNotYours):
        await perform(cast.owner, uuid4())
    await perform(cast.specialist, await desk.add_file(cast.owner))
    with pytest.raises(ObligationNotOpen):
        await perform(cast.account_manager, await desk.add_file(cast.account_manager))


async def test_an_agreement_cannot_be_rewritten(desk: Desk) -> None:
    cast = desk.cast
    await agreed(desk)
    for table in ("agreement", "signature"):
        assert await desk.refused(f"UPDATE {table} SET sha256 = repeat('0', 64)", cast.account_manager)
        assert await desk.refused(f"DELETE FROM {table}", cast.account_manager)
