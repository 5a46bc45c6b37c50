"""Confidential tickets through the JSON door: marked afterwards, opened for a purpose, recorded first, kept nowhere."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from anshou.people.roles import Scope
from anshou.tickets.kinds import Kind
from anshou.tickets.marking import seal_what_was_said
from anshou.tickets.sealed_contents import PLACEHOLDER
from anshou.tickets.sealed_files import seal_in_place
from confidentiality.keys.vault import open_keys
from tenants.context import AGENCY
from tests.api.conftest import House, key_of, post
from tests.api.desk import PDF, ApiDesk

LEGAL = {"purpose": "legal"}
TITLE, SAID, NOTED = "独家渠道价目外泄", "竞品拿到了底价表", "内部判断：来源是供应商"


class Marked:
    """A ticket of 云杉 that was marked confidential after somebody spoke, and what the worker did about it."""

    def __init__(self, house: House) -> None:
        self.house, self.desk = house, ApiDesk(house)
        self.file = ""

    @property
    def path(self) -> str:
        return f"/tickets/{self.desk.number}"

    async def ask(self, person: Any, path: str, body: Any = LEGAL) -> Any:
        async with self.house.client(person) as client:
            return await client.post(self.path + path, json=body)

    async def leaves(self, action: str) -> int:
        async with self.house.tenants.session(self.house.tenant, AGENCY) as session:
            count = "SELECT count(*) FROM audit_leaf WHERE action = :action AND ticket_id = :ticket"
            return await session.scalar(text(count), {"action": action, "ticket": self.desk.shown["id"]}) or 0


@pytest.fixture
async def marked(house: House) -> Marked:
    anhe, made = house.anhe, Marked(house)
    await made.desk.open(Kind.SERVICE_QUALITY, anhe.owner, title=TITLE)
    async with house.client(anhe.owner) as owner:
        await post(owner, f"{made.path}/messages", {"body": SAID})
    async with house.client(anhe.account_manager) as manager:
        await post(manager, f"{made.path}/notes", {"body": NOTED})
    made.file = (await made.desk.attach(anhe.owner)).json()["id"]
    async with house.client(anhe.owner) as owner:
        response = await post(owner, f"{made.path}/confidential")
    assert response.status_code == 200, response.text
    made.desk.shown = response.json()
    async with house.tenants.session(house.tenant, AGENCY) as session:
        sealed = await seal_what_was_said(session, UUID(made.desk.shown["id"]))
        assert sealed is not None
        ring = await open_keys(session, sealed.merchant_id)
    for key in sealed.storage_keys:
        await seal_in_place(house.door.storage, key, ring)
    return made


async def test_a_ticket_is_marked_once_and_shows_nothing_any_more(house: House, marked: Marked) -> None:
    assert (marked.desk.shown["is_confidential"], marked.desk.shown["title"]) == (True, PLACEHOLDER)
    assert await marked.leaves("ticket.marked_confidential") == 1
    async with house.client(house.anhe.account_manager) as client:
        for path in ("", "/timeline", "/attachments"):
            read = await client.get(marked.path + path)
            assert read.status_code == 200
            assert not [word for word in (TITLE, SAID, NOTED) if word in read.text]
        again = await post(client, f"{marked.path}/confidential")
    assert (again.status_code, again.json()["code"]) == (409, "AlreadyConfidential")


async def test_its_contents_are_opened_for_a_purpose_with_one_record(house: House, marked: Marked) -> None:
    response = await marked.ask(house.anhe.account_manager, "/confidential/contents")
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    opened = response.json()
    assert opened["title"] == TITLE
    assert {SAID, NOTED} <= {one["body"] for one in opened["timeline"]}
    names = [file["name"] for one in opened["timeline"] for file in one["attachments"]]
    assert names
    assert PLACEHOLDER not in names
    assert await marked.leaves("reveal.shown") == 1


async def test_the_merchant_opens_its_own_without_what_the_agency_noted(house: House, marked: Marked) -> None:
    opened = (await marked.ask(house.anhe.owner, "/confidential/contents")).json()
    said = {one["body"] for one in opened["timeline"]}
    assert SAID in said
    assert NOTED not in said


async def test_a_file_is_handed_out_opened_and_recorded(house: House, marked: Marked) -> None:
    response = await marked.ask(house.anhe.account_manager, f"/attachments/{marked.file}/content")
    assert (response.status_code, response.content) == (200, PDF)
    assert await marked.leaves("reveal.shown") == 1


@pytest.mark.parametrize("path", ["/confidential/contents", "/attachments/{file}/content"])
async def test_nobody_opens_it_without_permission_scope_or_purpose(house: House, marked: Marked, path: str) -> None:
    path = path.format(file=marked.file)
    anhe = house.anhe
    refused = [
        (anhe.auditor, LEGAL, 403, "PermissionMissing"),
        (anhe.other_owner, LEGAL, 404, "TicketNotFound"),
        (anhe.account_manager, {"purpose": "curiosity"}, 422, "PurposeUnknown"),
        (anhe.account_manager, {}, 422, "ShapeInvalid"),
    ]
    for person, body, status, code in refused:
        response = await marked.ask(person, path, body)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert SAID not in response.text
    async with house.tenants.session(house.tenant, AGENCY) as session:
        scopes = (Scope.READ, Scope.WRITE, Scope.MANAGE)
        key = await key_of(session, anhe.account_manager, by=anhe.admin, at=house.clock(), scopes=scopes)
    async with house.client(None, authorization=f"Bearer {key}") as client:
        assert (await client.post(marked.path + path, json=LEGAL)).status_code == 403
    assert await marked.leaves("reveal.shown") == 0


async def test_a_ticket_that_is_not_confidential_has_nothing_sealed_to_open(house: House) -> None:
    plain = Marked(house)
    await plain.desk.open(Kind.SERVICE_QUALITY, house.anhe.owner)
    response = await plain.ask(house.anhe.account_manager, "/confidential/contents")
    assert (response.status_code, response.json()["code"]) == (404, "FieldNotFound")
