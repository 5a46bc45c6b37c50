"""A browser without scripts: keeps cookies, sends forms as they stand on the page, follows redirects on its own."""

import re
from html import unescape
from typing import Any, Self

import httpx

from tests.cast import PASSWORD

BASE = "http://127.0.0.1:8000"


class Visitor:
    """Somebody at the portal. The last page is kept in `page`."""

    def __init__(self, app: Any) -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
            base_url=BASE,
            headers={"accept-language": "zh-CN"},
            follow_redirects=True,
        )
        self.page: httpx.Response | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    @property
    def text(self) -> str:
        """What the last page says, as HTML."""
        assert self.page is not None
        return self.page.text

    @property
    def path(self) -> str:
        """Where the last page was found."""
        assert self.page is not None
        return self.page.url.raw_path.decode()

    @property
    def status(self) -> int:
        """The last page's status code."""
        assert self.page is not None
        return self.page.status_code

    async def go(self, address: str, **headers: str) -> httpx.Response:
        """Open a page."""
        self.page = await self.client.get(address, headers=headers)
        return self.page

    async def send(self, address: str, /, *, headers: dict[str, str] | None = None, **values: Any) -> httpx.Response:
        """Send a form with the token of the last page."""
        data = {"_token": self.token(), **values}
        self.page = await self.client.post(address, data=data, headers=headers)
        return self.page

    async def sign_in(self, login: str, *, agency: str = "anhe", password: str = PASSWORD) -> httpx.Response:
        """Through the sign-in page."""
        await self.go("/sign-in")
        return await self.send("/sign-in", agency=agency, login=login, password=password)

    def token(self) -> str:
        """The form token on the last page."""
        found = re.search(r'name="_token" value="([^"]+)"', self.text)
        assert found, "there is no form on the page"
        return found[1]

    def value_of(self, name: str) -> str:
        """What stands in a field of the last page."""
        found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', self.text)
        assert found, f"no field {name}"
        return unescape(found[1])

    def says(self, words: str) -> bool:
        """Whether the words stand on the last page."""
        return words in unescape(self.text)

    def links(self, beginning: str) -> list[str]:
        """The addresses on the last page that begin so, to things by their id."""
        return [unescape(link) for link in re.findall(rf'href="({re.escape(beginning)}[0-9a-f-]{{36}})"', self.text)]
