"""The package holds all that the merchant may read and nothing else, and what holds it meanwhile is sealed."""

import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from anshou.consumers.recording import add_record
from anshou.merchants.accounts import AccountCard, keep_account, retire_account
from anshou.merchants.contacts import ContactCard, add_contact
from anshou.merchants.contracts import ContractVersion
from anshou.merchants.documents import StoredFile as StoredDocument
from anshou.merchants.documents import add_document
from anshou.merchants.merchants import Merchant
from anshou.people.person import Person
from anshou.privacy.entrustment import packing
from anshou.privacy.entrustment.certificates import read_certificate
from anshou.privacy.entrustment.errors import WrittenSince
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.tickets.entries import Attachment
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.marking import mark_confidential, seal_what_was_said
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, add_note, attach_file, post_message
from confidentiality.sealing.streams import CHUNK, looks_sealed
from tenants.context import AGENCY
from tenants.files import receive_file
from tenants.storage import ObjectMissing, ObjectStorage, open_storage
from tests.consumers.samples import card
from tests.privacy.entrustment.ending import Ending
from tests.privacy.entrustment.taken import Taken
from tests.privacy.retention.eraser import Eraser
from tests.tickets.desk import Desk

FORMULA = '=HYPERLINK("https://example.invalid","点我")'
ACCOUNT = AccountCard(bank="招商银行杭州分行", holder="云杉户外用品", number="6225880123456789")

# Several chunks of the seal and a little more, which differ from each other.
LARGE = b"%PDF-1.7\n" + b"".join(number.to_bytes(4, "big") for number in range(3 * CHUNK // 4 + 5))


async def in_pieces(content: bytes, piece: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), piece):
        yield content[start : start + piece]


class Told:
    """Somebody says and attaches things on the desk's ticket."""

    def __init__(self, desk: Desk, storage: ObjectStorage) -> None:
        self.desk, self.storage = desk, storage

    async def open(self) -> Ticket:
        return await self.desk.open(Kind.SERVICE_QUALITY, self.desk.cast.owner)

    async def say(self, words: str, by: Person) -> None:
        ticket = await self.desk.ticket(by)
        await post_message(self.desk.session, ticket, words, by=by, at=self.desk.now)

    async def note(self, words: str) -> None:
        by = self.desk.cast.service_agent
        await add_note(self.desk.session, await self.desk.ticket(by), words, by=by, at=self.desk.now)

    async def attach(self, name: str, content: bytes, *, sealed: bool = False, audience: Side = Side.MERCHANT) -> None:
        by = self.desk.cast.service_agent
        ticket = await self.desk.ticket(by)
        stored = await self.put(name, content, sealed=sealed)
        file = StoredFile(
            name=stored.name,
            media_type=stored.content_type,
            size=stored.size,
            sha256=stored.sha256,
            storage_key=stored.key,
        )
        await attach_file(self.desk.session, ticket, file, audience=audience, by=by, at=self.desk.now)

    async def put(self, name: str, content: bytes, *, sealed: bool) -> Any:
        storage = self.storage
        if sealed:
            storage = await sealing_storage(self.desk.session, storage, self.desk.cast.yunshan.id)
        return await receive_file(storage, "anhe", name, in_pieces(content), limit=2**30)


@pytest.fixture
def told(desk: Desk, storage: ObjectStorage) -> Told:
    return Told(desk, storage)


@pytest.fixture
async def ending(desk: Desk, eraser: Eraser, told: Told) -> Ending:
    """云杉 has a ticket, a confidential one, papers and accounts, and its contract has ended."""
    cast, session = desk.cast, desk.session
    await told.open()
    await told.say(FORMULA, cast.owner)
    await told.say("已联系买家，明天换货", cast.service_agent)
    await told.note("内部的话：店长又打来电话")
    await told.attach("丝绒礼盒.txt", "买家的话".encode())
    await told.attach("内部核算.txt", "成本明细".encode(), audience=Side.AGENCY)
    await add_record(session, await desk.ticket(cast.service_agent), card(), by=cast.service_agent, at=desk.now)
    await desk.act(cast.service_agent, "refuse")

    ticket = await told.open()
    await told.say("标记之前的保密话", cast.owner)
    await told.note("标记之前的内部保密话")
    await desk.ticket(cast.service_agent)
    await mark_confidential(session, await desk.ticket(cast.owner), by=cast.owner, at=desk.now)
    await desk.act_as(AGENCY)
    await seal_what_was_said(session, ticket.id)
    await told.say("标记之后的保密话", cast.owner)
    await told.attach("独家渠道价目.pdf", LARGE, sealed=True)

    await desk.act_as(AGENCY)
    version = await session.get_one(ContractVersion, cast.yunshan.version_id)
    scan = await told.put("代运营合同.pdf", LARGE[: CHUNK + 1], sealed=True)
    document = StoredDocument(
        name=scan.name,
        media_type=scan.content_type,
        size=scan.size,
        sha256=bytes.fromhex(scan.sha256),
        storage_key=scan.key,
        is_sealed=True,
    )
    await add_document(session, version, document, by=cast.admin, at=desk.now)
    contact = ContactCard(name="云掌柜", phone="13800000000")
    await add_contact(session, await session.get_one(Merchant, cast.yunshan.id), contact, by=cast.admin, at=desk.now)
    account = await keep_account(session, cast.yunshan.id, ACCOUNT, by=cast.finance, at=desk.now)
    await retire_account(session, cast.yunshan.id, account.id, by=cast.finance, at=desk.now)
    made = Ending(desk, eraser, desk.now + timedelta(days=1))
    await made.end_contract()
    await made.begin()
    await made.choose(take_back=True)
    return made


async def test_all_that_the_merchant_may_read_comes_back(ending: Ending) -> None:
    taken = Taken(await ending.hand_over())
    said = {record["body"] for record in taken.records("entry")}
    assert {FORMULA, "已联系买家，明天换货", "标记之前的保密话", "标记之后的保密话"} <= said
    tickets = taken.records("ticket")
    assert len(tickets) == 2
    assert all(one["description"] and "【保密内容】" not in one["description"] for one in tickets)
    assert {one["ticket"] for one in taken.records("entry")} == {one["ticket"] for one in tickets}
    assert [one["name"] for one in taken.records("consumer_record")] == ["柳如丝"]
    assert [one["amount"] for one in taken.records("contract_amount")] == ["50000.00"]
    assert [one["end_reason"] for one in taken.records("contract_version")] == ["不再续约"]
    assert [one["name"] for one in taken.records("merchant_contact")] == ["云掌柜"]
    (account,) = taken.records("settlement_account")
    assert (account["bank"], account["number"]) == ("招商银行杭州分行", "6225880123456789")
    assert account["retired_at"] is not None


async def test_nothing_that_the_agency_said_among_itself_is_in_it(ending: Ending) -> None:
    taken = Taken(await ending.hand_over())
    assert [word for word in ("内部的话", "内部保密话", "内部核算") if word in taken.text] == []
    contents = [taken.zip.read(name) for name in taken.names if name.startswith("files/")]
    assert "成本明细".encode() not in contents
    assert "【保密内容】" not in taken.text


async def test_files_come_back_as_they_were_sent_under_names_that_say_nothing(ending: Ending) -> None:
    taken = Taken(await ending.hand_over())
    files = {one["name"]: taken.zip.read(one["文件"]) for one in taken.records("attachment")}
    assert files == {"丝绒礼盒.txt": "买家的话".encode(), "独家渠道价目.pdf": LARGE}
    (document,) = taken.records("contract_document")
    assert (document["name"], taken.zip.read(document["文件"])) == ("代运营合同.pdf", LARGE[: CHUNK + 1])
    assert all(name.isascii() for name in taken.names)


async def test_the_list_names_every_file_with_its_digest_and_what_is_not_in_it(ending: Ending) -> None:
    taken = Taken(await ending.hand_over())
    listed = {one["name"]: (one["size"], one["sha256"]) for one in taken.listed["files"]}
    found = {name: taken.zip.read(name) for name in taken.names if name != "list.json"}
    assert listed == {name: (len(content), sha256(content).hexdigest()) for name, content in found.items()}
    assert taken.listed["kinds"]["attachments"] == {"records": 2, "files": 2, "missing": 0}
    assert all(one["why"] for one in taken.listed["not_returned"])


async def test_what_looks_like_a_formula_is_text_in_the_tables(ending: Ending) -> None:
    cells = Taken(await ending.hand_over()).cells("entry")
    (cell,) = [cell for cell in cells if cell.value == FORMULA]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


async def test_a_long_table_comes_in_parts(ending: Ending, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Taken(await ending.hand_over()).records("entry")
    monkeypatch.setattr(packing, "MOST_ROWS", 2)
    taken = Taken(await ending.hand_over())
    assert len([name for name in taken.names if name.endswith("-entry.json")]) > 1
    assert taken.records("entry") == whole


async def test_a_file_that_is_gone_or_altered_is_told(ending: Ending, told: Told) -> None:
    made = await ending.seen_by(ending.desk.cast.owner)
    keys = {one.name: one.storage_key for one in await attachments(ending.desk, made.merchant_id)}
    await told.storage.delete(keys["丝绒礼盒.txt"])
    (sealed,) = [key for name, key in keys.items() if name == "【保密内容】"]
    other = await sealing_storage(ending.desk.session, told.storage, made.merchant_id)
    await other.put(sealed, in_pieces(b"%PDF-1.7 something else"))
    taken = Taken(await ending.hand_over())
    names = {one["name"]: one["文件"] for one in taken.records("attachment")}
    assert names["丝绒礼盒.txt"] == packing.MISSING
    assert names["独家渠道价目.pdf"].endswith(packing.ALTERED)
    assert taken.listed["kinds"]["attachments"] == {"records": 2, "files": 1, "missing": 1}


async def test_the_certificate_counts_what_was_returned_and_all_of_it_is_gone(ending: Ending) -> None:
    content = await ending.hand_over()
    keys = [one.storage_key for one in await attachments(ending.desk, ending.desk.cast.yunshan.id)]
    await ending.order_erasure()
    await ending.carry_out()
    said = read_certificate(await ending.certify())
    assert (said.returned_sha256, said.returned_size) == (sha256(content).hexdigest(), len(content))
    counted = {one.kind: (one.records, one.files) for one in said.returned}
    assert counted["attachments"] == (2, 2)
    assert counted["consumer_records"] == (1, 0)
    assert counted["contract_documents"][1] == 1
    assert {one.kind for one in said.gone} >= {"consumer_records", "ticket_texts", "attachments"}
    for key in keys:
        with pytest.raises(ObjectMissing):
            await anext(ending.eraser.storage.read(key))


async def test_what_is_written_after_the_return_is_returned_before_it_is_erased(ending: Ending, told: Told) -> None:
    await ending.hand_over()
    ending.desk.now = ending.now + timedelta(minutes=1)
    await told.say("返还之后才说的话", ending.desk.cast.owner)
    with pytest.raises(WrittenSince):
        await ending.order_erasure()
    content = await ending.hand_over()
    assert "返还之后才说的话" in Taken(content).text
    await ending.order_erasure()
    await ending.carry_out()
    assert read_certificate(await ending.certify()).returned_sha256 == sha256(content).hexdigest()


async def test_what_is_laid_aside_lies_sealed(ending: Ending, monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[Any] = []
    temporary = packing.tempfile.TemporaryFile

    def noted() -> Any:
        laid.append(temporary())
        return laid[-1]

    monkeypatch.setattr(packing.tempfile, "TemporaryFile", noted)
    made = await ending.seen_by(ending.desk.cast.owner)
    package = await packing.pack(ending.desk.session, ending.eraser.storage, made.merchant_id, mark(ending))
    laid[0].seek(0)
    content = laid[0].read()
    assert looks_sealed(content)
    assert b"list.json" not in content
    laid[0].seek(0)
    assert b"list.json" in b"".join([piece async for piece in package.content])
    assert laid[0].closed


async def test_a_large_file_takes_no_more_memory_than_a_small_one(desk: Desk, tmp_path: Path) -> None:
    size = 48 * 2**20
    storage = open_storage(f"file://{tmp_path}")
    told = Told(desk, storage)
    await told.open()
    await told.attach("视频.pdf", b"%PDF-1.7\n" + bytes(size), sealed=True)
    eraser = Eraser(desk, storage, ErasureList(open_storage("memory:"), secret=bytes(32)))
    ending = Ending(desk, eraser, desk.now + timedelta(days=1))
    await desk.act_as(desk.cast.owner.context())
    tracemalloc.start()
    try:
        package = await packing.pack(desk.session, storage, desk.cast.yunshan.id, mark(ending))
        read = 0
        async for piece in package.content:
            read += len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == package.size > size
    assert peak < 12 * 2**20


def mark(ending: Ending) -> packing.ReturnMark:
    return packing.ReturnMark(
        recipient="云杉户外", purpose="返还", consent="FH2611-0001", exported_by="云杉", exported_at=ending.now
    )


async def attachments(desk: Desk, merchant_id: UUID) -> list[Any]:
    return list(await desk.session.scalars(select(Attachment).where(Attachment.merchant_id == merchant_id)))
