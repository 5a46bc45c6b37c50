"""The search for canaries finds what is planted: in every spelling and in every place where it looks."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from litestar import Litestar, Response, get, post
from litestar.response import Redirect

from anshou.worker.mail import FolderMail
from tenants.registry import Tenant
from tenants.storage import open_storage
from tests.confidentiality.canaries.sinks import database_log, files, letters, rows
from tests.confidentiality.canaries.values import CANARIES, TOLD_BY, _written, canaries_in
from tests.confidentiality.canaries.watching import Told, every_logger
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
