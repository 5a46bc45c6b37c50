"""Plays half a year of an agency's tickets: most of them to their end, a few to every step of every kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.demo.matters.contract_dispute import DISPUTE_MATTERS, DisputeMatter
from anshou.demo.matters.data_anomaly import ANOMALY_MATTERS, AnomalyMatter
from anshou.demo.matters.service_quality import SERVICE_MATTERS, ServiceMatter
from anshou.demo.pictures import in_one_piece, picture
from anshou.demo.scene import Ended, Scene, Troupe
from anshou.demo.settling import Settled, SettledMerchant
from anshou.demo.stories import contract_dispute, data_anomaly, service_quality
from anshou.demo.stories.incidents import Incident
from anshou.people.person import Person
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, Kind, Side, Urgency
from anshou.tickets.measuring import Metric
from anshou.tickets.opening import open_ticket
from anshou.tickets.processes import PROCESSES
from anshou.tickets.reports import AnomalyReport, DisputeReport, Report, ServiceReport
from anshou.tickets.situation import SHANGHAI
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, attach_file
from tenants.files import receive_file
from tenants.storage import ObjectStorage

HALF_A_YEAR = timedelta(days=182)
UPLOAD_LIMIT = 5 * 1024 * 1024
# Roughly how many days a story takes to each step; one that gets there too late is begun earlier.
DAYS_TO = {
    Kind.SERVICE_QUALITY: {
        "reported": 0.1,
        "accepted": 0.2,
        "analysis": 0.8,
        "planning": 1.2,
        "plan_review": 1.9,
        "plan_confirmation": 2.3,
        "execution": 3.0,
        "evaluation": 5.0,
        "tracking": 6.0,
    },
    Kind.DATA_ANOMALY: {
        "detected": 0.1,
        "triage": 0.3,
        "analysis": 1.0,
        "planning": 1.8,
        "plan_review": 2.4,
        "recovery": 3.0,
        "monitoring": 5.5,
        "feedback": 18.0,
    },
    Kind.CONTRACT_DISPUTE: {
        "filed": 0.1,
        "investigation": 0.5,
        "negotiation": 4.0,
        "settlement": 6.0,
        "external_resolution": 10.0,
        "enforcement": 9.0,
    },
}
ATTEMPTS = 8
EARLIER = 1.4

Matter = ServiceMatter | AnomalyMatter | DisputeMatter

INCIDENTS = {
    Kind.SERVICE_QUALITY: (
        Incident.NONE,
        Incident.REJECTED,
        Incident.UNSATISFIED,
        Incident.HELD,
        Incident.SENT_BACK | Incident.ESCALATED,
        Incident.SLOW,
        Incident.MEETING | Incident.REJECTED,
    ),
    Kind.DATA_ANOMALY: (Incident.NONE, Incident.REJECTED, Incident.UNSATISFIED, Incident.SLOW | Incident.MEETING),
    Kind.CONTRACT_DISPUTE: (Incident.NONE, Incident.REJECTED, Incident.OUTSIDE),
}


@dataclass(frozen=True, slots=True)
class Play:
    """One ticket to be played: what about, for whom, with which incidents, from when, and where it is to stand."""

    kind: Kind
    matter: Matter
    merchant: SettledMerchant
    incidents: Incident
    urgency: Urgency
    score: int
    opens_at: datetime | None
    until: str | None = None


def programme(settled: Settled, *, past: int, present: datetime, rng: Random) -> tuple[list[Play], list[Play]]:
    """What is played: `past` matters spread over half a year, the early ones first so that numbers rise with time;
    and one ticket at every step of every kind.
    """
    merchants = cycle(settled.merchants)
    every_matter: dict[Kind, Iterator[Matter]] = {
        Kind.SERVICE_QUALITY: cycle(SERVICE_MATTERS),
        Kind.DATA_ANOMALY: cycle(ANOMALY_MATTERS),
        Kind.CONTRACT_DISPUTE: cycle(DISPUTE_MATTERS),
    }
    incidents = {kind: cycle(listed) for kind, listed in INCIDENTS.items()}

    def play(kind: Kind, opens_at: datetime | None, until: str | None = None) -> Play:
        outside = until == "external_resolution"
        return Play(
            kind=kind,
            matter=next(every_matter[kind]),
            merchant=next(merchants),
            incidents=Incident.OUTSIDE if outside else Incident.NONE if until else next(incidents[kind]),
            urgency=Urgency.URGENT if rng.random() < 0.2 else Urgency.NORMAL,
            score=rng.choice((5, 5, 5, 4, 4, 3)),
            opens_at=opens_at,
            until=until,
        )

    weighted = (Kind.SERVICE_QUALITY,) * 6 + (Kind.DATA_ANOMALY,) * 3 + (Kind.CONTRACT_DISPUTE,)
    starts = sorted(present - HALF_A_YEAR * rng.random() for _ in range(past))
    told = [play(rng.choice(weighted), start) for start in starts]
    standing = [play(kind, None, step.name) for kind in Kind for step in PROCESSES[kind].steps[:-1]]
    return told, standing


@dataclass(slots=True)
class Stage:
    """Where an agency's tickets are played: its people and merchants, its files, the present, and the dice."""

    settled: Settled
    storage: ObjectStorage
    schema: str
    present: datetime
    rng: Random
    played: int = 0


class _TooLate(Exception):
    """Raised to take back a story that came to the present before it came to its step."""


class Player:
    """Plays tickets of one agency in a session of its own context."""

    def __init__(self, session: AsyncSession, stage: Stage) -> None:
        self._session = session
        self._stage = stage
        self._present = stage.present
        self._rng = stage.rng

    async def play(self, play: Play) -> Ticket:
        """Play one ticket. One that is to stand somewhere is begun earlier until it gets there."""
        if play.opens_at is not None:
            return (await self._told(play, play.opens_at)).ticket
        days = DAYS_TO[play.kind][play.until or ""]
        for _ in range(ATTEMPTS):
            try:
                async with self._session.begin_nested():
                    scene = await self._told(play, self._present - timedelta(days=days))
                    if scene.ticket.step != play.until:
                        raise _TooLate
                    return scene.ticket
            except _TooLate:
                self._session.expunge_all()
            days = days * EARLIER + 0.3
        raise LookupError(f"no story of {play.kind} comes to {play.until}")

    async def _told(self, play: Play, opens_at: datetime) -> Scene:
        scene = await self._open(play, opens_at)
        try:
            match play.matter:
                case ServiceMatter() as matter:
                    await service_quality.tell(scene, matter, play.incidents, urgency=play.urgency, score=play.score)
                case AnomalyMatter() as matter:
                    await data_anomaly.tell(scene, matter, play.incidents, urgency=play.urgency)
                case DisputeMatter() as matter:
                    await contract_dispute.tell(scene, matter, play.incidents, urgency=play.urgency)
        except Ended:
            pass
        return scene

    async def _open(self, play: Play, opens_at: datetime) -> Scene:
        self._stage.played += 1
        local = opens_at.astimezone(SHANGHAI).replace(hour=self._rng.randrange(9, 17), minute=self._rng.randrange(60))
        opens_at = min(local.astimezone(opens_at.tzinfo), self._present)
        troupe = self._troupe(play.merchant)
        by_merchant = self._rng.random() < 0.7
        by = troupe.owner if by_merchant else troupe.agent
        report = _report(play, opens_at, self._rng, on_behalf=None if by_merchant else play.merchant.id)
        ticket = await open_ticket(self._session, report, by=by, at=opens_at)
        scene = Scene(
            session=self._session,
            ticket=ticket,
            troupe=troupe,
            now=opens_at,
            present=self._present,
            rng=self._rng,
            serial=self._stage.played,
            prove_performance=self._prove,
            until=play.until,
        )
        if self._rng.random() < 0.5:
            await self._attach(scene, f"问题截图-{self._stage.played}.png", by=by)
        return scene

    def _troupe(self, merchant: SettledMerchant) -> Troupe:
        people = self._stage.settled.people
        return Troupe(
            agent=people[merchant.told.service_agent],
            coordinator=people["agent2"] if merchant.told.service_agent == "agent2" else people["agent"],
            specialist=people["operations"],
            engineer=people["technical"],
            supervisor=people["supervisor"],
            signatory=people["executive"],
            owner=merchant.owner,
        )

    async def _prove(self, scene: Scene) -> UUID:
        return await self._attach(scene, f"履行凭证-{scene.serial}.png", by=scene.coordinator)

    async def _attach(self, scene: Scene, name: str, *, by: Person) -> UUID:
        stored = await receive_file(
            self._stage.storage, self._stage.schema, name, in_one_piece(picture(self._rng)), limit=UPLOAD_LIMIT
        )
        attached = await attach_file(
            self._session,
            scene.ticket,
            StoredFile(
                name=stored.name,
                media_type=stored.content_type,
                size=stored.size,
                sha256=stored.sha256,
                storage_key=stored.key,
            ),
            audience=Side.MERCHANT,
            by=by,
            at=scene.now,
        )
        return attached.id


def _report(play: Play, opens_at: datetime, rng: Random, *, on_behalf: UUID | None) -> Report:
    shared: dict[str, Any] = {
        "merchant": on_behalf,
        "channel": None if on_behalf is None else rng.choice((Channel.PHONE, Channel.INSTANT_MESSAGING)),
        "shop": rng.choice(play.merchant.shops),
        "title": play.matter.title,
        "description": play.matter.description,
        "category": Category(play.matter.category),
        "urgency": play.urgency,
        "occurred_on": opens_at.astimezone(SHANGHAI).date(),
    }
    match play.matter:
        case ServiceMatter() as matter:
            return ServiceReport(**shared, request=matter.request)
        case AnomalyMatter() as matter:
            return AnomalyReport(
                **shared,
                request="请尽快查明原因并给出恢复办法。",
                metric=Metric(matter.metric),
                unit=matter.unit,
                starts_at=opens_at - timedelta(days=2),
                ends_at=opens_at,
                expected=Decimal(matter.expected),
                observed=Decimal(matter.observed),
            )
        case DisputeMatter() as matter:
            return DisputeReport(**shared, request=matter.claim)
