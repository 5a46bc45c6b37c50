"""A desk that works by the API alone: people make moves one after the other, each with their own key."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from anshou.people.person import Person
from anshou.tickets.kinds import Channel, Kind
from anshou.tickets.processes import record_type
from tests.api.conftest import House, post
from tests.cast import PASSWORD
from tests.tickets.samples import report, sample

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

Json = dict[str, Any]


@dataclass
class ApiDesk:
    """Works on one ticket at a time: `number`. `shown` is how its last reader saw it."""

    house: House
    kind: Kind = Kind.SERVICE_QUALITY
    number: str = ""
    shown: Json = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """What the time was when somebody last asked."""
        return self.house.clock.now

    async def open(self, kind: Kind, by: Person, **changes: Any) -> Json:
        """Report a problem of 云杉 and work on it from now on."""
        anhe = self.house.anhe
        given: Json = {"shop": anhe.yunshan.shop_id}
        if not by.is_merchant:
            given |= {"merchant": anhe.yunshan.id, "channel": Channel.PHONE}
        body = msgspec.to_builtins(report(kind, self.now, **(given | changes)))
        async with self.house.client(by) as client:
            response = await post(client, f"/tickets/{kind.value.replace('_', '-')}", body)
        assert response.status_code == 201, response.text
        self.kind, self.shown = kind, response.json()
        self.number = self.shown["number"]
        return self.shown

    async def read(self, person: Person, path: str = "") -> Json:
        """What the person reads of the ticket."""
        async with self.house.client(person) as client:
            response = await client.get(f"/tickets/{self.number}{path}")
        assert response.status_code == 200, response.text
        shown: Json = response.json()
        return shown

    async def act(self, person: Person, move: str, **changes: Any) -> Json:
        """Make the move with a valid record, with these fields changed; the ticket afterwards."""
        response = await self.try_to(person, move, **changes)
        assert response.status_code == 200, f"{move}: {response.text}"
        self.shown = response.json()["ticket"]
        return self.shown

    async def try_to(self, person: Person, move: str, *, seen: str | None = None, **changes: Any) -> httpx.Response:
        """The answer to the move."""
        seen = f'"{(await self.read(person))["version"]}"' if seen is None else seen
        async with self.house.client(person) as client:
            path = f"/tickets/{self.number}/moves/{move}"
            return await post(client, path, self.body(move) | changes, if_match=seen)

    def body(self, move: str) -> Json:
        """A valid record for the move that names people of the cast."""
        specialist = str(self.house.anhe.specialist.id)
        body: Json = msgspec.to_builtins(sample(record_type(self.kind, move), self.now))
        for name in ("owner", "responsible_person"):
            if body.get(name) is not None:
                body[name] = specialist
        for name in ("measures", "decisions"):
            for each in body[name] if isinstance(body.get(name), list | tuple) else ():
                each["owner"] = specialist
        return body

    async def finish_measures(self) -> None:
        """The specialist does every measure of the current plan."""
        plan = await self.read(self.house.anhe.specialist, "/plan")
        for measure in plan["measures"]:
            if measure["done_at"] is None:
                await self.act(self.house.anhe.specialist, "finish_measure", measure=measure["id"])

    async def sign(self, person: Person, move: str, password: str = PASSWORD) -> httpx.Response:
        """Sign the newest agreement."""
        agreement = await self.read(person, "/agreement")
        body = {"agreement": agreement["id"], "sha256": agreement["sha256"], "password": password}
        seen = f'"{(await self.read(person))["version"]}"'
        async with self.house.client(person) as client:
            return await post(client, f"/tickets/{self.number}/moves/{move}", body, if_match=seen)

    async def attach(self, person: Person, audience: str = "merchant", **headers: str) -> httpx.Response:
        """Send a file."""
        async with self.house.client(person) as client:
            sent = {"idempotency-key": f"file-{self.number}-{self.now.timestamp()}"} | headers
            return await client.post(
                f"/tickets/{self.number}/attachments",
                data={"audience": audience},
                files={"file": ("转账回单.pdf", PDF, "application/pdf")},
                headers=sent,
            )

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.house.clock.wait(timedelta(**time))
