"""Loading disclosures with permission, and everything that has been said to them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.disclosures.errors import DisclosureNotFound
from anshou.privacy.disclosures.rows import Consent, ConsentEnd, ConsentSignature, Disclosure, DisclosureExport


async def visible_consent(session: AsyncSession, person: Person, number: str) -> Consent:
    """The disclosure of that number with what was said to it. Raises DisclosureNotFound, PermissionMissing."""
    authorize(person, Permission.READ_DISCLOSURES)
    query = select(Disclosure).where(Disclosure.number == number)
    if person.merchant_id is not None:
        query = query.where(Disclosure.merchant_id == person.merchant_id)
    disclosure = (await session.scalars(query)).one_or_none()
    if disclosure is None:
        raise DisclosureNotFound(number)
    return await with_answers(session, disclosure)


async def with_answers(session: AsyncSession, disclosure: Disclosure) -> Consent:
    """The disclosure with what was said to it up to now."""
    (consent,) = await _with_answers(session, [disclosure])
    return consent


async def list_consents(
    session: AsyncSession,
    person: Person,
    *,
    merchant_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Consent]:
    """Disclosures in reach, the latest first; `after` is the last one's id."""
    authorize(person, Permission.READ_DISCLOSURES)
    query = select(Disclosure).order_by(Disclosure.id.desc()).limit(limit)
    owner = person.merchant_id or merchant_id
    if owner is not None:
        query = query.where(Disclosure.merchant_id == owner)
    if after is not None:
        query = query.where(Disclosure.id < after)
    return await _with_answers(session, list(await session.scalars(query)))


async def exports_of(
    session: AsyncSession, person: Person, consents: Sequence[Consent]
) -> dict[UUID, list[DisclosureExport]]:
    """What was handed out under each of them, the latest first, by the disclosure's id."""
    authorize(person, Permission.READ_DISCLOSURES)
    rows = await session.scalars(
        select(DisclosureExport)
        .where(_of(DisclosureExport, [consent.disclosure for consent in consents]))
        .order_by(DisclosureExport.id.desc())
    )
    found = defaultdict(list)
    for row in rows:
        found[row.disclosure_id].append(row)
    return dict(found)


async def _with_answers(session: AsyncSession, disclosures: Sequence[Disclosure]) -> list[Consent]:
    signatures, ends = defaultdict(list), defaultdict(list)
    for signature in await session.scalars(select(ConsentSignature).where(_of(ConsentSignature, disclosures))):
        signatures[signature.disclosure_id].append(signature)
    for end in await session.scalars(select(ConsentEnd).where(_of(ConsentEnd, disclosures))):
        ends[end.disclosure_id].append(end)
    return [Consent(one, signatures[one.id], ends[one.id]) for one in disclosures]


def _of(model, disclosures: Sequence[Disclosure]):  # type: ignore[no-untyped-def]
    # Both columns, as the unique constraints begin with the merchant.
    return tuple_(model.merchant_id, model.disclosure_id).in_([(one.merchant_id, one.id) for one in disclosures])
