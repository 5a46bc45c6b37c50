"""Pages are compressed for whom our own page, or the person, makes ask, and for nobody else."""

import pytest
from litestar.testing import AsyncTestClient

from tests.portal.gallery import gallery_app

BASE = "http://127.0.0.1:8000"


async def _asked(**headers: str) -> tuple[str, str]:
    """The encoding of a page, and its text; as if by a browser with these headers."""
    async with AsyncTestClient(gallery_app(), base_url=BASE) as client:
        answer = await client.get(
            "/gallery", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        assert "sec-fetch-site" in answer.headers["vary"]
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.headers.get("content-encoding", ""), answer.text


@pytest.mark.parametrize(("accepted", "sent"), [("gzip, deflate, br", "br"), ("gzip, deflate", "gzip"), ("", "")])
async def test_our_own_pages_get_what_the_browser_takes(accepted: str, sent: str) -> None:
    encoding, text = await _asked(sec_fetch_site="same-origin", accept_encoding=accepted)
    assert encoding == sent
    assert "</html>" in text


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
async def test_what_others_make_a_browser_ask_goes_as_it_is(site: str) -> None:
    encoding, text = await _asked(sec_fetch_site=site, accept_encoding="gzip, deflate, br")
    assert encoding == ""
    assert "</html>" in text
