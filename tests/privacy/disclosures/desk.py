"""The desk of the disclosure tests: somebody asks, the merchant answers, each in their own context, as time goes on."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.privacy.disclosures import consenting, requesting
from anshou.privacy.disclosures.kinds import Part, RecipientKind
from anshou.privacy.disclosures.reading import visible_consent
from anshou.privacy.disclosures.requesting import DisclosureRequest
from anshou.privacy.disclosures.rows import Consent
from anshou.tickets.kinds import Kind
from tests.cast import Anhe
from tests.conftest import ActAs
from tests.tickets.desk import Desk as TicketDesk
from tests.tickets.samples import NOW

STEP = timedelta(minutes=5)


@dataclass
class Desk:
    """Works on one disclosure at a time: `number`. Each act happens five minutes after the one before."""

    session: AsyncSession
    act_as: ActAs
    cast: Anhe
    now: datetime = NOW
    number: str = ""
    tickets: list[str] = field(default_factory=list)

    async def a_ticket(self, *, files: int = 1) -> str:
        """A ticket of 云杉 with attachments that both sides see."""
        desk = TicketDesk(self.session, self.act_as, self.cast, now=self.now)
        await desk.open(Kind.SERVICE_QUALITY, self.cast.account_manager)
        for _ in range(files):
            await desk.add_file(self.cast.account_manager)
        self.now = desk.now
        self.tickets.append(desk.number)
        return desk.number

    def asked(self, **changes: Any) -> DisclosureRequest:
        """A request for the attachments of the tickets so far, by default for thirty days."""
        given: dict[str, Any] = {
            "merchant": self.cast.yunshan.id,
            "recipient_name": "安速物流",
            "recipient_kind": RecipientKind.CARRIER,
            "recipient_contact": "理赔部 400-000-0000",
            "purpose": "破损包裹理赔",
            "tickets": tuple(self.tickets),
            "attachments": True,
            "valid_from": date(2026, 11, 1),
            "valid_until": date(2026, 12, 31),
        }
        return DisclosureRequest(**(given | changes))

    async def request(self, by: Person | None = None, **changes: Any) -> Consent:
        """Somebody asks; the account manager unless told."""
        by = by or self.cast.account_manager
        await self.act_as(by.context())
        self.now += STEP
        made = await requesting.request_disclosure(self.session, self.asked(**changes), by=by, at=self.now)
        self.number = made.number
        return await self.seen_by(by)

    async def seen_by(self, person: Person) -> Consent:
        """The disclosure as the person sees it."""
        await self.act_as(person.context())
        return await visible_consent(self.session, person, self.number)

    def proof(self, person: Person, consent: Consent, **changes: Any) -> Proof:
        """That the person signed in again just now to sign this consent."""
        given: dict[str, Any] = {
            "account_id": person.id,
            "session_id": uuid4(),
            "purpose": consenting.signing_purpose(consent.disclosure.id),
            "at": self.now,
            "address": "203.0.113.7",
            "agent": "test",
            "second_factor": True,
        }
        return Proof(**(given | changes))

    async def sign(self, *, sensitive: bool = False, by: Person | None = None, sha256: str = "") -> Consent:
        """The merchant's owner signs."""
        by = by or self.cast.owner
        consent = await self.seen_by(by)
        self.now += STEP
        return await consenting.sign(
            self.session,
            consent.disclosure,
            sha256 or consent.disclosure.sha256,
            sensitive=sensitive,
            proof=self.proof(by, consent),
            by=by,
            at=self.now,
        )

    async def withdraw(self, part: Part = Part.GENERAL, *, by: Person | None = None) -> None:
        """The merchant's owner takes it back."""
        by = by or self.cast.owner
        consent = await self.seen_by(by)
        self.now += STEP
        await consenting.withdraw(self.session, consent.disclosure, part, "不再合作", by=by, at=self.now)
