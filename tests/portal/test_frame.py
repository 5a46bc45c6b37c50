"""What every answer has, whatever the page: headers, static files, the language, errors, and the lock on forms."""

import re
from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from tests.portal.gallery import gallery_app

BASE = "http://127.0.0.1:8000"


@pytest.fixture
async def client() -> AsyncIterator[AsyncTestClient]:
    async with AsyncTestClient(gallery_app(), base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


def token_in(html: str) -> str:
    found = re.search(r'name="_token" value="([^"]+)"', html)
    assert found
    return found[1]


async def test_pages_are_not_kept_and_take_scripts_from_here_only(client: AsyncTestClient) -> None:
    answer = await client.get("/gallery")
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers


async def test_what_a_script_asks_for_is_no_page_and_says_less(client: AsyncTestClient) -> None:
    answer = await client.get("/gallery", headers={"sec-fetch-dest": "empty"})
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" not in answer.headers


async def test_a_static_file_is_kept_for_good_and_sent_compressed(client: AsyncTestClient) -> None:
    page = await client.get("/gallery")
    address = re.search(r'href="(/static/anshou\.[0-9a-f]{12}\.css)"', page.text)
    assert address
    plain = await client.get(address[1], headers={"accept-encoding": "identity"})
    packed = await client.get(address[1], headers={"accept-encoding": "gzip, br;q=0"})
    best = await client.get(address[1], headers={"accept-encoding": "gzip, br"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert best.headers["content-encoding"] == "br"
    assert plain.text == packed.text
    assert packed.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("name", ["nothing.css", "..%2fmanifest.json", "manifest.json"])
async def test_no_other_file_is_served(client: AsyncTestClient, name: str) -> None:
    assert (await client.get(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "heading"),
    [
        ("zh-CN,zh;q=0.9", "没有找到这个页面"),
        ("en-GB", "Page not found"),
        ("fr, en;q=0.3, zh;q=0.2", "Page not found"),
        ("", "没有找到"),
    ],
)
async def test_an_error_page_speaks_the_browsers_language(client: AsyncTestClient, accepted: str, heading: str) -> None:
    answer = await client.get("/nowhere", headers={"accept-language": accepted})
    assert answer.status_code == 404
    assert heading in answer.text
    assert answer.headers["content-security-policy"]


async def test_an_address_without_a_page_leads_whoever_has_a_session_to_their_first_page(
    client: AsyncTestClient,
) -> None:
    assert 'href="/sign-in">去登录' in (await client.get("/nowhere")).text
    client.cookies.set("sid", "anhe.somebody")
    assert 'href="/">返回首页' in (await client.get("/nowhere")).text


async def test_a_broken_page_tells_a_number_and_nothing_else(
    client: AsyncTestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get("/broken")
    assert answer.status_code == 500
    incident = re.search(r"500 · ([0-9a-f]{8})", answer.text)
    assert incident
    assert incident[1] in caplog.text
    assert "confidential" not in answer.text
    assert "confidential" not in caplog.text


async def test_the_language_is_remembered(client: AsyncTestClient) -> None:
    page = await client.get("/nowhere")
    form = {"_token": token_in(page.text), "language": "en", "back": "/nowhere?a=1"}
    answer = await client.post("/language", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/nowhere?a=1")
    assert "Page not found" in (await client.get("/nowhere")).text


async def test_a_screen_is_dark_when_the_device_is_or_when_it_was_chosen(client: AsyncTestClient) -> None:
    page = await client.get("/nowhere")
    assert 'media="screen and (prefers-color-scheme: dark)"' in page.text
    for theme, media in (("dark", 'media="screen"'), ("light", None), ("system", "(prefers-color-scheme: dark)")):
        form = {"_token": token_in(page.text), "theme": theme, "back": "/nowhere"}
        answer = await client.post("/theme", data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/nowhere")
        page = await client.get("/nowhere")
        assert (media in page.text) if media else ("dark.css" not in page.text and "/dark." not in page.text)


async def test_a_theme_that_there_is_not_changes_nothing(client: AsyncTestClient) -> None:
    page = await client.get("/nowhere")
    answer = await client.post("/theme", data={"_token": token_in(page.text), "theme": "<b>"}, follow_redirects=False)
    assert answer.status_code == 303
    assert "theme" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:x"]
)
async def test_a_form_never_leads_elsewhere(client: AsyncTestClient, back: str) -> None:
    page = await client.get("/nowhere")
    form = {"_token": token_in(page.text), "language": "en", "back": back}
    answer = await client.post("/language", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
async def test_another_site_cannot_send_our_forms(client: AsyncTestClient, headers: dict[str, str]) -> None:
    page = await client.get("/nowhere")
    form = {"_token": token_in(page.text), "language": "en"}
    assert (await client.post("/language", data=form, headers=headers)).status_code == 403
    own = {"sec-fetch-site": "same-origin", "origin": BASE}
    assert (await client.post("/language", data=form, headers=own, follow_redirects=False)).status_code == 303


async def test_a_form_without_its_token_is_refused(client: AsyncTestClient) -> None:
    page = await client.get("/nowhere")
    token = token_in(page.text)
    for wrong in ("", "x", token[:-4] + "AAAA", "é" * 88):
        answer = await client.post("/language", data={"_token": wrong, "language": "en"})
        assert answer.status_code == 403
        assert "页面已过期" in answer.text


async def test_a_token_of_another_visitor_is_refused(client: AsyncTestClient) -> None:
    page = await client.get("/nowhere")
    client.cookies.clear()
    await client.get("/nowhere")
    answer = await client.post("/language", data={"_token": token_in(page.text), "language": "en"})
    assert answer.status_code == 403


async def test_a_token_looks_different_on_every_page(client: AsyncTestClient) -> None:
    first, second = await client.get("/nowhere"), await client.get("/nowhere")
    assert token_in(first.text) != token_in(second.text)
