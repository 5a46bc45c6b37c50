"""Agreements (和解协议): what is proposed is frozen as bytes, and the bytes are what is shown, hashed and signed."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.errors import ProofMissing
from anshou.people.person import Person
from anshou.people.proving import Proof, require_proof
from anshou.tickets import disputing
from anshou.tickets.errors import AgreementOutdated
from anshou.tickets.kinds import Side
from anshou.tickets.made import Made
from anshou.tickets.obligations import lay_down
from anshou.tickets.sealed_contents import content_of
from anshou.tickets.tickets import Ticket
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, MerchantRow
from tenants.prepared import entities
from tenants.refusals import N_

SHOWN = action("agreement.shown_to_sign", N_("签署前查看保密协议"))


class Agreement(MerchantRow, Base):
    """One version of an agreement. `document` is its canonical JSON, `sha256` the hex digest of exactly those bytes.

    On a confidential ticket the document lies sealed and is empty here; the digest stays.
    """

    __tablename__ = "agreement"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    version: Mapped[int]
    title: Mapped[str]
    document: Mapped[bytes]
    sha256: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]


class Signature(MerchantRow, Base):
    """One side's signature: who, when, from which address and session, on which bytes."""

    __tablename__ = "signature"

    ticket_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
    side: Mapped[Side]
    name: Mapped[str]
    address: Mapped[str]
    session_id: Mapped[UUID]
    second_factor: Mapped[bool]
    sha256: Mapped[str]
    signed_by: Mapped[UUID]
    signed_at: Mapped[datetime]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What an agreement says, as it is signed."""

    ticket: str
    version: int
    title: str
    text: str
    obligations: tuple[disputing.ObligationDraft, ...]


def canonical(document: Document) -> bytes:
    """The one sequence of bytes for a document: JSON in UTF-8, keys in order, no spaces."""
    return msgspec.json.encode(document, order="sorted")


def find_document(agreement: Agreement) -> Document | None:
    """What the agreement says; None if it is confidential and lies sealed."""
    return msgspec.json.decode(agreement.document, type=Document) if agreement.document else None


async def open_document(
    session: AsyncSession, ticket: Ticket, agreement: Agreement, *, by: Person, at: datetime
) -> Document:
    """What the agreement says to those who sign it: nobody signs what they cannot read. If it is confidential, that it
    was shown is recorded in the same transaction, which must commit before the text leaves.

    Raises KeyDestroyed, SealBroken.
    """
    if agreement.document:
        return msgspec.json.decode(agreement.document, type=Document)
    body = {"sha256": agreement.sha256}
    await record(
        session,
        SHOWN,
        actor=by.actor(),
        at=at,
        owner=ticket.merchant_id,
        subject=agreement.id,
        ticket=ticket.id,
        body=body,
    )
    content = await content_of(session, ticket, agreement.id)
    return msgspec.json.decode(content["document"], type=Document)


def signing_purpose(agreement_id: UUID) -> str:
    """What a person signs in again for, when they sign this agreement."""
    return f"sign_agreement:{agreement_id}"


_NEWEST = entities(
    select(Agreement)
    .where(Agreement.merchant_id == bindparam("merchant"), Agreement.ticket_id == bindparam("ticket"))
    .order_by(Agreement.version.desc())
    .limit(1)
)


async def find_agreement(session: AsyncSession, ticket: Ticket) -> Agreement | None:
    """The newest version, if one was proposed."""
    return await _NEWEST.one_or_none(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def write_agreement(session: AsyncSession, ticket: Ticket, record: disputing.Agreement, made: Made) -> None:
    """Propose the next version. Signatures on an earlier one do not carry over."""
    counted = select(func.coalesce(func.max(Agreement.version), 0) + 1).where(
        Agreement.merchant_id == ticket.merchant_id, Agreement.ticket_id == ticket.id
    )
    version = (await session.scalars(counted)).one()
    document = canonical(
        Document(
            ticket=ticket.number,
            version=version,
            title=record.title,
            text=record.text,
            obligations=record.obligations,
        )
    )
    agreement = Agreement(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        round=made.before.round,
        version=version,
        title=record.title,
        document=document,
        sha256=sha256(document).hexdigest(),
        proposed_by=made.who,
        proposed_at=made.at,
    )
    session.add(agreement)
    # The obligations refer to it.
    await session.flush()
    await lay_down(session, ticket, record.obligations, made, agreement_id=agreement.id)


async def write_signature(session: AsyncSession, ticket: Ticket, record: disputing.Signature, made: Made) -> None:
    """Sign the newest version for the person's side. Raises AgreementOutdated, ProofMissing."""
    agreement = await find_agreement(session, ticket)
    if agreement is None or (agreement.id, agreement.sha256) != (record.agreement, record.sha256):
        raise AgreementOutdated
    proof = _proof(made.proof, agreement, by=made.by, at=made.at)
    session.add(
        Signature(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            agreement_id=agreement.id,
            side=made.side,
            name=made.by.name,
            address=proof.address,
            session_id=proof.session_id,
            second_factor=proof.second_factor,
            sha256=agreement.sha256,
            signed_by=made.who,
            signed_at=made.at,
        )
    )


def _proof(proof: Proof | None, agreement: Agreement, *, by: Person, at: datetime) -> Proof:
    if proof is None:
        raise ProofMissing
    require_proof(proof, signing_purpose(agreement.id), by=by, at=at)
    return proof
