"""The search for canaries finds what is planted: in every spelling and in every place where it looks."""

import asyncio
import gc
import gzip
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from email.message import EmailMessage
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

import asyncpg
import httpx
import pytest
from dramatiq import Message
from litestar import Litestar, Response, get, post
from litestar.response import Redirect

from anshou.merchants.accounts import AccountCard
from anshou.worker.broker import MemoryBroker
from anshou.worker.mail import FolderMail
from tenants.registry import Tenant
from tenants.storage import open_storage
from tests.confidentiality.canaries.crashes import every_hook, reporting
from tests.confidentiality.canaries.crashing import every_message
from tests.confidentiality.canaries.posting import Forms, wrong_fillings
from tests.confidentiality.canaries.remains import remains
from tests.confidentiality.canaries.sinks import database_log, files, letters, rows
from tests.confidentiality.canaries.values import ACCOUNT, CANARIES, TOLD_BY, _written, canaries_in
from tests.confidentiality.canaries.watching import Told, every_logger, rightful
from tests.database import Database

PHONE = CANARIES["phone"]
TITLE = CANARIES["title"]


@pytest.mark.parametrize("name", TOLD_BY)
def test_a_canary_is_known_in_every_spelling(name: str) -> None:
    for part in TOLD_BY[name]:
        for form in _written(part):
            assert name in canaries_in(b"..." + form + b"..."), form
            assert name in canaries_in(b"..." + form.upper() + b"..."), form


def test_what_masks_show_is_no_canary() -> None:
    for shown in ("龘**", "100****9284", "广东省深圳市****", "****4913", "蓝***"):
        assert canaries_in(shown) == set(), shown


@get("/page")
async def _page() -> str:
    return PHONE


@get("/header")
async def _header() -> Response[str]:
    return Response("", headers={"etag": quote(TITLE)})


@get("/cookie")
async def _cookie() -> Response[str]:
    answer = Response("")
    answer.set_cookie("typed", quote(TITLE))
    return answer


@post("/redirect", status_code=303)
async def _redirect() -> Redirect:
    return Redirect(f"/page?phone={PHONE}", status_code=303)


@pytest.mark.parametrize(
    ("method", "path", "sink"),
    [
        ("GET", "/page", "answers"),
        ("GET", "/header", "headers"),
        ("GET", "/cookie", "headers"),
        ("POST", "/redirect", "headers"),
        ("POST", "/redirect", "addresses"),
    ],
)
async def test_a_planted_answer_is_found(method: str, path: str, sink: str) -> None:
    told = Told()
    app = Litestar([_page, _header, _cookie, _redirect], openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t", follow_redirects=True) as client:
        told.watch(client)
        await client.request(method, path)
    assert told.finds(sink)


def test_a_planted_log_line_is_found_whoever_writes_it_and_however() -> None:
    for name in ("anshou.portal.error_pages", "sqlalchemy.engine.Engine", "some.library"):
        logger = logging.getLogger(name)
        for words, more in (
            (("typed: %s", PHONE), {}),
            ((f"[{TITLE}]",), {}),
            (("failed",), {"exc_info": ValueError(PHONE)}),
            (("%s", {"typed": TITLE}), {}),
        ):
            told = Told()
            with every_logger(told):
                logger.debug(*words, **more)
            assert told.finds("log lines"), (name, words)


@pytest.mark.parametrize(
    "planted",
    [
        "INSERT INTO control.job (id, tenant_id, actor, payload, run_at, created_at) VALUES (gen_random_uuid(), "
        "'{tenant}', 'none', jsonb_build_object('phone', '{phone}'), now(), now())",
        "CREATE TABLE \"{schema}\".planted AS SELECT convert_to('{phone}', 'UTF8') AS bytes",
        "CREATE TABLE \"{schema}\".planted AS SELECT ARRAY['a', '{title}'] AS words",
    ],
)
async def test_a_planted_row_is_found(database: Database, tenant: Tenant, wiped: None, planted: str) -> None:
    superuser = await database.connect_as_superuser()
    try:
        statement = planted.format(tenant=tenant.id, schema=tenant.schema, phone=PHONE, title=TITLE)
        await superuser.execute(statement)
        assert [table for table, row in await rows(database, tenant) if canaries_in(row)]
        await superuser.execute(f'DROP TABLE IF EXISTS "{tenant.schema}".planted')
    finally:
        await superuser.close()


_WHOLE = "SET log_error_verbosity = 'default'"
_ERRORS = "SET log_min_messages = 'error'"


@pytest.mark.parametrize(
    ("loud", "statement"),
    [
        (f"{_WHOLE}; SET log_parameter_max_length = -1", "SELECT $1::text"),
        (f"{_WHOLE}; {_ERRORS}; SET log_parameter_max_length_on_error = -1", "SELECT 1 / length(substr($1, 99))"),
        (f"{_WHOLE}; {_ERRORS}", "INSERT INTO pg_temp.one VALUES ($1, NULL)"),
        (_ERRORS, "SELECT (left($1, 11) || 'x')::int"),
    ],
)
async def test_a_server_that_talks_is_found_out(database: Database, loud: str, statement: str) -> None:
    async with database_log(database) as log:
        if log is None:
            pytest.skip("this server keeps no log that can be read")
        superuser = await database.connect_as_superuser()
        try:
            await superuser.execute("CREATE TEMP TABLE one (phone text, other text NOT NULL)")
            assert not [line for line in await log.lines() if canaries_in(line)]
            await superuser.execute(loud)
            with suppress(asyncpg.PostgresError):
                await superuser.fetch(statement, PHONE)
        finally:
            await superuser.close()
        assert [line for line in await log.lines() if canaries_in(line)]


async def test_a_planted_file_is_found_by_what_it_holds_and_by_its_name(tmp_path: Path) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield PHONE.encode()

    await open_storage(tmp_path.as_uri()).put("2026/one", chunks())
    (tmp_path / f"{TITLE}.pdf").write_bytes(b"")
    assert [canaries_in(told) for _, told in files(tmp_path)] == [{"phone"}, {"title"}]


async def test_a_planted_letter_is_found(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["Message-ID"] = "<one@anshou.test>"
    letter["Subject"], letter["From"], letter["To"] = TITLE, "a@b.test", "c@d.test"
    letter.set_content(f"电话 {PHONE}", cte="base64")
    await FolderMail(tmp_path).send(letter)
    assert [canaries_in(told) for _, told in letters(tmp_path)] == [{"phone", "title"}]


def test_amounts_are_known_however_they_are_grouped_and_what_lies_compressed_is_found() -> None:
    for shown in ("9042735186", "90,427,351.86 元", "¥90427351.86", "9042.735186 万", '"fen": 9042735186', "9042,7351"):
        assert canaries_in(shown) == {"cap"}, shown
    sheet = BytesIO()
    with ZipFile(sheet, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{PHONE}</t>")
    for packed in (sheet.getvalue(), gzip.compress(PHONE.encode())):
        assert PHONE.encode() not in packed
        assert canaries_in(b"name\n" + packed) == {"phone"}


@pytest.mark.parametrize("beyond", [False, True])
async def test_an_export_that_holds_more_than_was_covered_is_found(beyond: bool) -> None:
    @post("/export", status_code=200)
    async def export() -> str:
        return CANARIES["name"] + (PHONE if beyond else "")

    told = Told()
    transport = httpx.ASGITransport(Litestar([export], openapi_config=None, logging_config=None))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        told.watch(client)
        with told.opening("name"):
            await client.post("/export")
    assert bool(told.finds("answers")) is beyond
    assert len(told.opened) == (not beyond)


async def test_what_was_typed_may_stand_in_the_answer_and_on_no_page_after_it() -> None:
    app = Litestar([_page, _header, _redirect], openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t", follow_redirects=True) as client:
        told = Told()
        told.watch(client)
        with told.typing():
            await client.post("/redirect")
    assert told.finds("answers") == {f"GET /page?phone={PHONE} 200": {"phone"}}


def test_a_page_is_open_only_to_whom_it_is_there_for() -> None:
    assert rightful("admin", "/merchants/1/contracts/versions/2/draft") == {"cap"}
    assert rightful("manager", "/merchants/1/contracts/versions/2/draft") == set()
    assert rightful("admin", "/merchants/1/contracts/versions/2") == {"document_name"}


class Broken(Exception):
    """Raised by nothing but these tests."""


def _fails(phone: str) -> None:
    raise Broken


async def test_a_crash_report_with_a_canary_is_found_by_whatever_way_it_leaves() -> None:
    async def crashes_out() -> None:
        @get("/crash")
        async def crash() -> None:
            _fails(PHONE)

        app = Litestar([crash], openapi_config=None, logging_config=None, exception_handlers={Broken: _pass_on})
        transport = httpx.ASGITransport(reporting(app, collect), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            await client.get("/crash")

    async def by_task() -> None:
        task = asyncio.create_task(asyncio.to_thread(_fails, PHONE))
        await asyncio.wait([task])
        del task
        gc.collect()

    async def by_thread() -> None:
        thread = threading.Thread(target=_fails, args=(PHONE,))
        thread.start()
        thread.join()

    async def by_log() -> None:
        try:
            _fails(PHONE)
        except Broken:
            logging.getLogger("some.library").exception("it failed")

    for way in (crashes_out, by_task, by_thread, by_log):
        told = Told()
        collect = partial(told.hear, "crash reports")
        with every_logger(told), every_hook(collect):
            await way()
        assert told.finds("crash reports"), way.__name__


def _pass_on(_: Any, error: Exception) -> Response[str]:
    raise error


def test_what_stays_in_memory_is_found_by_what_it_shows() -> None:
    kept = [AccountCard(**ACCOUNT)]
    found = {kind for kind, shown in remains() if canaries_in(shown)}
    assert f"{AccountCard.__module__}.AccountCard" in found, kept


async def test_a_planted_message_is_found() -> None:
    told, broker = Told(), MemoryBroker()
    broker.declare_queue("default")
    with every_message(partial(told.hear, "messages")):
        broker.enqueue(Message("default", "tell", (), {"phone": PHONE}, {}))
    assert told.finds("messages") == {"message for tell": {"phone"}}


def test_forms_are_read_as_they_stand_and_filled_so_that_none_is_taken() -> None:
    page = (
        '<form method="post" action="/a?x#y"><input type="hidden" name="_token" value="t">'
        '<input name="words"><textarea name="more"></textarea><select name="kind"><option value="">'
        '<option value="k"></select><input type="file" name="files"></form><form action="/b"><input name="q"></form>'
    )
    assert set(Forms(page, "/own").found) == {"/a"}
    form = Forms(page, "/own").found["/a"]
    assert (form.free, form.bound, form.values["kind"]) == (["words", "more"], ["kind"], "k")
    for filled in wrong_fillings(form):
        assert {"phone", "name", "cap"} <= canaries_in(" ".join(filled.values()))
        too_long = any(len(value) > 4_000 for value in filled.values())
        assert too_long or "\0" in filled["words"] or filled["kind"] != "k"
