"""The merchant's answers: signing, refusing, withdrawing; the agency taking its request back; the date running out.

Withdrawing is as easy as signing (PIPL art. 15) and needs no password. It ends what comes after it, not what was
handed out before.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import SYSTEM, Person
from anshou.people.proving import Proof, require_proof
from anshou.privacy.disclosures import actions, telling
from anshou.privacy.disclosures.documents import read_document
from anshou.privacy.disclosures.errors import ConsentOutdated, DisclosureNotOpen
from anshou.privacy.disclosures.kinds import EndSort, Part, Standing
from anshou.privacy.disclosures.reading import with_answers
from anshou.privacy.disclosures.rows import Consent, ConsentEnd, ConsentSignature, Disclosure
from confidentiality.audit.leaves import record


def signing_purpose(disclosure_id: UUID) -> str:
    """What a person signs in again for, when they sign this consent."""
    return f"sign_consent:{disclosure_id}"


async def sign(
    session: AsyncSession,
    disclosure: Disclosure,
    sha256: str,
    *,
    sensitive: bool,
    proof: Proof,
    by: Person,
    at: datetime,
) -> Consent:
    """Sign the text with this hash; with `sensitive` also the separate consent, which may be given later as well.

    Raises ConsentOutdated when another text was shown, ProofMissing, and DisclosureNotOpen.
    """
    authorize(by, Permission.GIVE_CONSENT)
    require_proof(proof, signing_purpose(disclosure.id), by=by, at=at)
    consent = await hold(session, disclosure)
    if sha256 != disclosure.sha256:
        raise ConsentOutdated
    standing = consent.standing(at)
    parts = [Part.GENERAL] if standing is Standing.WAITING else []
    separate = consent.signature(Part.SENSITIVE) is None and read_document(disclosure).has_sensitive()
    if sensitive and disclosure.asks_sensitive and separate and standing.is_open:
        parts.append(Part.SENSITIVE)
    if not parts:
        raise DisclosureNotOpen(standing)
    for part in parts:
        session.add(
            ConsentSignature(
                merchant_id=disclosure.merchant_id,
                disclosure_id=disclosure.id,
                part=part,
                name=by.name,
                address=proof.address,
                session_id=proof.session_id,
                second_factor=proof.second_factor,
                sha256=disclosure.sha256,
                signed_by=by.id,
                signed_at=at,
            )
        )
    await session.flush()
    await record(
        session,
        actions.CONSENT_SIGNED,
        actor=by.actor(),
        at=at,
        owner=disclosure.merchant_id,
        subject=disclosure.id,
        body={"number": disclosure.number, "sha256": disclosure.sha256, "parts": [part.value for part in parts]},
    )
    await telling.tell_agency(session, disclosure, telling.SIGNED)
    return await with_answers(session, disclosure)


async def refuse(session: AsyncSession, disclosure: Disclosure, reason: str, *, by: Person, at: datetime) -> None:
    """Decline what was asked. Raises DisclosureNotOpen unless it waits for the signature."""
    authorize(by, Permission.GIVE_CONSENT)
    consent = await hold(session, disclosure)
    _require(consent, at, Standing.WAITING)
    await _end(session, disclosure, Part.GENERAL, EndSort.REFUSED, reason, by=by, at=at)
    await telling.tell_agency(session, disclosure, telling.REFUSED)


async def withdraw(
    session: AsyncSession, disclosure: Disclosure, part: Part, reason: str, *, by: Person, at: datetime
) -> None:
    """Take a consent back, or only its sensitive part: no export under it begins afterwards.

    Raises DisclosureNotOpen when the part is not in force, or was taken back already.
    """
    authorize(by, Permission.GIVE_CONSENT)
    consent = await hold(session, disclosure)
    _require(consent, at, Standing.IN_FORCE, Standing.UPCOMING)
    if consent.signature(part) is None or consent.end(part) is not None:
        raise DisclosureNotOpen(consent.standing(at))
    await _end(session, disclosure, part, EndSort.WITHDRAWN, reason, by=by, at=at)
    await telling.tell_agency(session, disclosure, telling.WITHDRAWN)


async def retract(session: AsyncSession, disclosure: Disclosure, reason: str, *, by: Person, at: datetime) -> None:
    """Take the request back before the merchant has answered. Raises DisclosureNotOpen."""
    authorize(by, Permission.REQUEST_DISCLOSURE)
    consent = await hold(session, disclosure)
    _require(consent, at, Standing.WAITING)
    await _end(session, disclosure, Part.GENERAL, EndSort.RETRACTED, reason, by=by, at=at)
    await telling.tell_merchant(session, disclosure, telling.RETRACTED)


async def expire(session: AsyncSession, disclosure_id: UUID, at: datetime) -> None:
    """Record that the date has run out; for its timer. Nothing happens when the disclosure ended before."""
    disclosure = await session.get(Disclosure, disclosure_id)
    if disclosure is None:
        return
    consent = await hold(session, disclosure)
    if consent.end(Part.GENERAL) is None and at >= disclosure.valid_until:
        await _end(session, disclosure, Part.GENERAL, EndSort.EXPIRED, "", by=SYSTEM, at=at)


async def hold(session: AsyncSession, disclosure: Disclosure) -> Consent:
    """Wait for whoever signs, withdraws, ends or exports under this disclosure, and read what they left."""
    query = select(Disclosure.id).where(
        Disclosure.merchant_id == disclosure.merchant_id, Disclosure.id == disclosure.id
    )
    await session.execute(query.with_for_update(key_share=True))
    return await with_answers(session, disclosure)


def _require(consent: Consent, at: datetime, *standings: Standing) -> None:
    standing = consent.standing(at)
    if standing not in standings:
        raise DisclosureNotOpen(standing)


async def _end(
    session: AsyncSession, disclosure: Disclosure, part: Part, sort: EndSort, reason: str, *, by: Person, at: datetime
) -> None:
    session.add(
        ConsentEnd(
            merchant_id=disclosure.merchant_id,
            disclosure_id=disclosure.id,
            part=part,
            sort=sort,
            reason=reason.strip(),
            ended_by=by.id,
            ended_at=at,
        )
    )
    await session.flush()
    await record(
        session,
        actions.ENDED[sort],
        actor=by.actor(),
        at=at,
        owner=disclosure.merchant_id,
        subject=disclosure.id,
        body={"number": disclosure.number, "part": part.value, "reason": reason.strip()},
    )
