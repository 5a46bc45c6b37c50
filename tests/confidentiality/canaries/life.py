"""What happens to the canaries: they are put in by people of both sides, looked for, opened, exported, erased.

By the portal's forms and by the JSON door alike, each act as somebody would make it.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from tests.api.conftest import House
from tests.api.desk import ApiDesk
from tests.confidentiality.canaries.crashes import reporting
from tests.confidentiality.canaries.values import ASKING, CANARIES, CONSUMER, FILE, REPORT
from tests.confidentiality.canaries.watching import Told
from tests.portal.visitor import BASE, Visitor

LOGINS = {
    "manager": "account_manager",
    "agent": "service_agent",
    "specialist": "specialist",
    "supervisor": "supervisor",
    "finance": "finance",
    "executive": "executive",
    "auditor": "auditor",
    "admin": "admin",
    "yunshan-owner": "owner",
    "yunshan-member": "member",
    "qinghe-owner": "other_owner",
}


@dataclass
class Life:
    """A house that is watched, and what was made in it: ids by the name that addresses give them."""

    house: House
    told: Told
    stored: Path
    mail: Path
    uploads: Path
    ids: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    posted: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    tried: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    handed_out: dict[str, bytes] = field(default_factory=dict)
    uploaded: list[int] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def served(self) -> Any:
        """The application before a server that reports what comes out of it."""
        return reporting(self.house.app, partial(self.told.hear, "crash reports"))

    @asynccontextmanager
    async def visit(self, login: str) -> AsyncIterator[Visitor]:
        """The person before the portal, signed in and watched."""
        async with Visitor(self.served) as visitor:
            self.told.watch(visitor.client, login)
            await visitor.sign_in(login)
            assert visitor.status == 200, visitor.text
            yield visitor

    @asynccontextmanager
    async def ask(self, person: Person) -> AsyncIterator[httpx.AsyncClient]:
        """The person's program at the JSON door, watched."""
        headers = {"authorization": f"Bearer {self.house.keys[person.id]}"}
        transport = httpx.ASGITransport(self.served, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"{BASE}/api/v1", headers=headers) as client:
            self.told.watch(client)
            yield client

    async def live(self) -> None:
        """Everything in turn."""
        await self._report_confidentially()
        await self._record_consumers()
        await self._ask_for_own_data()
        await self._write_on()
        await self._search()
        await self._open()

    async def _report_confidentially(self) -> None:
        async with self.visit("yunshan-owner") as owner:
            await owner.go("/my/report")
            owner.page = await owner.client.post(
                "/my/report",
                data={
                    "_token": owner.token(),
                    "kind": "service_quality",
                    **REPORT,
                    "occurred_on": owner.value_of("occurred_on"),
                    "urgency": "normal",
                    "confidential": "yes",
                },
                files={"files": (CANARIES["file_name"], FILE, "application/pdf")},
            )
            assert owner.says("已提交"), owner.text
            self.numbers.append(owner.path.split("?")[0].rsplit("/", 1)[-1])
        desk = ApiDesk(self.house)
        manager = self.house.anhe.account_manager
        opened = await desk.open(Kind.CONTRACT_DISPUTE, manager, confidential=True, **REPORT)
        self.numbers.append(opened["number"])

    async def _record_consumers(self) -> None:
        desk = ApiDesk(self.house)
        ordinary = await desk.open(Kind.SERVICE_QUALITY, self.house.anhe.account_manager)
        self.ids["number"] = ordinary["number"]
        async with self.visit("manager") as manager:
            here = f"/tickets/{ordinary['number']}/consumers"
            await manager.go(f"{here}/new")
            await manager.send(f"{here}/new", **CONSUMER, quantity="2", private="yes", wanted="exchange")
            (address,) = manager.links(f"{here}/")
            self.ids["record_id"] = address.rsplit("/", 1)[-1]
            await manager.go(f"{address}/correct")
            await manager.send(f"{address}/correct", happened=CANARIES["happened"], private="")
            await manager.go("/tickets?tab=all")
        async with self.ask(self.house.anhe.owner) as owner:
            for number in (*self.numbers, ordinary["number"]):
                made = await owner.post(
                    f"/tickets/{number}/consumers", json=CONSUMER | {"private": True}, headers=_once()
                )
                assert made.status_code == 201, made.text
                self.ids["row_id"] = made.json()["row_id"]

    async def _ask_for_own_data(self) -> None:
        async with self.ask(self.house.anhe.owner) as owner:
            asked = await owner.post("/subject-requests", json=ASKING, headers=_once())
            assert asked.status_code == 201, asked.text
            self.ids["request_id"] = asked.json()["id"]
        async with self.visit("yunshan-owner") as person:
            await person.go("/my/data/requests/new")
            await person.send("/my/data/requests/new", **ASKING)
            assert person.path != "/my/data/requests/new", person.text

    async def _write_on(self) -> None:
        for number in self.numbers:
            async with self.ask(self.house.anhe.account_manager) as manager:
                for path, said in (("messages", "message"), ("notes", "note")):
                    made = await manager.post(
                        f"/tickets/{number}/{path}", json={"body": CANARIES[said]}, headers=_once()
                    )
                    assert made.status_code == 201, made.text
                sent = await manager.post(
                    f"/tickets/{number}/attachments",
                    data={"audience": "merchant"},
                    files={"file": (CANARIES["file_name"], FILE, "application/pdf")},
                    headers=_once(),
                )
                assert sent.status_code == 201, sent.text
                self.ids["attachment_id"] = sent.json()["id"]

    async def _search(self) -> None:
        for login, address in (("manager", "/consumers"), ("yunshan-owner", "/my/consumers")):
            async with self.visit(login) as person:
                for terms in ({"phone": CANARIES["phone"]}, {"order_number": CANARIES["order_number"]}):
                    await person.go(address)
                    # The form holds what was typed; what was found stands below it, masked.
                    with self.told.opening():
                        await person.send(address, **terms)
                    found = person.text.split("<tbody>")[1]
                    self.told.hear("answers", f"hits of {address}", found)
        async with self.ask(self.house.anhe.account_manager) as program:
            found = await program.post("/consumers/search", json={"phone": CANARIES["phone"]})
            assert found.json()["items"], found.text

    async def _open(self) -> None:
        """Reveal what may be revealed: the only answers that hold canaries."""
        wanted = {"field": f"consumer_record.phone:{self.ids['row_id']}", "purpose": "legal"}
        async with self.ask(self.house.anhe.owner) as owner:
            with self.told.opening():
                opened = await owner.post("/reveals", json=wanted | {"ticket": self.ids["number"]})
                assert opened.json()["text"] == CANARIES["phone"]
            self.ids["reveal_id"] = opened.json()["id"]
        async with self.visit("manager") as manager:
            here = f"/tickets/{self.numbers[0]}/confidential"
            await manager.go(here)
            with self.told.opening():
                await manager.send(here, purpose="verify_order")
                assert manager.says(CANARIES["said"]), manager.text
                kept = re.findall(r"/confidential/files/([0-9a-f-]{36})", manager.text)[0]
            await manager.go(here)
            with self.told.opening():
                await manager.send(f"{here}/files/{kept}", purpose="verify_order")
                assert manager.page is not None
                assert manager.page.content == FILE


def _once() -> dict[str, str]:
    return {"idempotency-key": uuid4().hex}
