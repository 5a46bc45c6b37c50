"""The end of a contract, played by a test in its own transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from anshou.merchants.contracts import Contract, ContractVersion
from anshou.merchants.drafting import end_version
from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.privacy.entrustment import returning
from anshou.privacy.entrustment.certificates import certificate_purpose, issue_certificate
from anshou.privacy.entrustment.rows import Certificate, DataReturn
from anshou.privacy.retention.runs import ErasureRun
from tenants.context import AGENCY
from tests.privacy.retention.eraser import Eraser
from tests.tickets.desk import Desk

LAST = date(2026, 11, 22)


@dataclass
class Ending:
    """The end of 云杉's contract, step by step; each step happens an hour after the one before."""

    desk: Desk
    eraser: Eraser
    now: datetime
    number: str = ""

    async def contract(self) -> Contract:
        await self.desk.act_as(AGENCY)
        return await self.desk.session.get_one(Contract, self.desk.cast.yunshan.contract_id)

    async def end_contract(self) -> None:
        """Its last day was yesterday."""
        await self.desk.act_as(AGENCY)
        version = await self.desk.session.get_one(ContractVersion, self.desk.cast.yunshan.version_id)
        await end_version(self.desk.session, version, LAST, "不再续约", by=self.desk.cast.admin, at=self.now)

    async def begin(self, by: Person | None = None) -> DataReturn:
        contract = await self.contract()
        made = await returning.begin_return(self.desk.session, contract, by=by or self.desk.cast.admin, at=self.now)
        self.number = made.number
        return made

    async def seen_by(self, person: Person) -> DataReturn:
        await self.desk.act_as(person.context())
        self.now += timedelta(hours=1)
        return await returning.visible_return(self.desk.session, self.number, by=person)

    async def choose(self, *, take_back: bool, by: Person | None = None) -> None:
        by = by or self.desk.cast.owner
        made = await self.seen_by(by)
        await returning.choose(self.desk.session, made, take_back=take_back, by=by, at=self.now)

    async def hand_over(self) -> bytes:
        made = await self.seen_by(self.desk.cast.owner)
        package = await returning.hand_over(
            self.desk.session, self.eraser.storage, made, by=self.desk.cast.owner, at=self.now
        )
        content = b"".join([piece async for piece in package.content])
        assert len(content) == package.size
        return content

    async def order_erasure(self) -> None:
        made = await self.seen_by(self.desk.cast.admin)
        await returning.erase(self.desk.session, made, by=self.desk.cast.admin, at=self.now)

    async def carry_out(self) -> None:
        """What the worker does."""
        made = await self.seen_by(self.desk.cast.admin)
        run_id = (await returning.procedure_of(self.desk.session, made)).run_id
        run = await self.desk.session.get_one(ErasureRun, run_id)
        await self.eraser.carry_out(run, self.now)

    async def certify(self, by: Person | None = None, **changes: object) -> Certificate:
        by = by or self.desk.cast.supervisor
        made = await self.seen_by(by)
        given: dict[str, object] = {
            "account_id": by.id,
            "session_id": uuid4(),
            "purpose": certificate_purpose(made),
            "at": self.now,
            "address": "203.0.113.7",
            "agent": "test",
            "second_factor": True,
        }
        proof = Proof(**(given | changes))  # type: ignore[arg-type]
        return await issue_certificate(self.desk.session, made, proof=proof, by=by, at=self.now)
