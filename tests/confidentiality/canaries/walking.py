"""Everybody goes everywhere: each page of the portal by its links and by its route, each reading of the JSON door."""

import re
from collections import Counter, deque
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from litestar.routes import HTTPRoute

from tests.api.examples import example
from tests.api.published import Operation, document, operations
from tests.confidentiality.canaries.life import LOGINS, Life
from tests.confidentiality.canaries.values import CANARIES, CONSUMER
from tests.portal.test_strangers import OPEN, ROUTES, filled
from tests.portal.visitor import Visitor

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}\d{4}-\d{5}|\d{4}-\d{2}-\d{2}|(?<=/)\d+")
_LINK = re.compile(r'href="(/[^"]*)"')

# Of pages that differ only by an id or by the values of a query so many are looked at.
ALIKE = 3


async def walk(life: Life) -> None:
    """Everybody, everywhere."""
    for login in LOGINS:
        async with life.visit(login) as visitor:
            await _follow_links(visitor)
            await _ask_for_every_page(life, visitor)
    for person in life.house.anhe.everybody.values():
        await _read_everything(life, person)
    await _read_everything(life, life.house.anhe.other_owner)
    await _read_everything(life, life.house.boyuan.admin)


async def _follow_links(visitor: Visitor) -> None:
    seen: Counter[str] = Counter()
    waiting, known = deque(["/"]), {"/"}
    while waiting:
        address = waiting.popleft()
        parts = urlsplit(address)
        kind = _ID.sub("*", parts.path) + "?" + "&".join(sorted(one.split("=")[0] for one in parts.query.split("&")))
        seen[kind] += 1
        if seen[kind] > ALIKE or parts.path.startswith(("/static", "/sign-out")):
            continue
        await visitor.go(address)
        assert visitor.status < 500, address
        for link in map(unescape, _LINK.findall(visitor.text)):
            if link not in known:
                known.add(link)
                waiting.append(link)


async def _ask_for_every_page(life: Life, visitor: Visitor) -> None:
    for method, route in ROUTES:
        if method == "GET" and route.path_format not in OPEN:
            for number in (life.ids["number"], life.numbers[0]):
                await visitor.go(address_in(life, route, number))
                if "{" not in route.path_format:
                    break


def address_in(life: Life, route: HTTPRoute, number: str) -> str:
    """The route with ids of what there is, else of nothing."""
    words = filled(route, number).strip("/").split("/")
    parts = route.path_format.strip("/").split("/")
    for place, part in enumerate(parts):
        name = part.strip("{}").partition(":")[0]
        if part.startswith("{") and name in life.ids and name != "number":
            words[place] = life.ids[name]
    return "/" + "/".join(words)


async def _read_everything(life: Life, person: Any) -> None:
    async with life.ask(person) as client:
        for operation in operations():
            if operation.method == "GET":
                query = {"year": 2026} if "year" in operation.required_query else {}
                for number in (life.ids["number"], *life.numbers):
                    path = operation.path.format(**_named(life, operation) | {"number": number})
                    await client.get(path, params=query)
                    if "number" not in operation.parameters:
                        break


def _named(life: Life, operation: Operation) -> dict[str, str]:
    return {name: life.ids.get(name, str(uuid4())) for name in operation.parameters}


async def provoke(life: Life) -> None:
    """Send canaries where they do not fit: every writing operation, as those who may most, in every wrong shape."""
    for person in (life.house.anhe.owner, life.house.anhe.account_manager, life.house.anhe.admin):
        async with life.ask(person) as client:
            for operation in operations():
                if operation.body is not None and not operation.is_form:
                    for body in _wrong_bodies(operation):
                        headers = {"idempotency-key": uuid4().hex, "content-type": "application/json"}
                        headers |= {"if-match": '"1"'} if operation.takes_version else {}
                        path = operation.path.format(**_named(life, operation))
                        answer = await client.request(operation.method, path, content=body, headers=headers)
                        assert 400 <= answer.status_code < 500, (operation.name, body[:200], answer.text)


def _wrong_bodies(operation: Operation) -> list[bytes]:
    components = document()["components"]["schemas"]
    phone, name = CANARIES["phone"], CANARIES["name"]
    right = example(operation.body or {}, components)
    bodies: list[Any] = [[phone], phone, {name: phone}, {"phone": {"number": phone}}]
    if isinstance(right, dict):
        # The last field is none of the shape's, so that nothing of it is taken, however well the others fit.
        wrong = (phone, [name], {name: phone}, name * 3000, f"{name}\0{phone}")
        bodies += [dict.fromkeys(right, value) | {"phone_of": phone} for value in wrong]
        bodies.append(right | {name: phone})
    if "consumer" in operation.name.lower():
        bodies += [
            CONSUMER | {"shop": str(uuid4())},
            CONSUMER | {"quantity": 2**70},
            CONSUMER | {"quantity": phone},
            CONSUMER | {"wanted": name},
            CONSUMER | {"phone": name},
        ]
    written = [msgspec.json.encode(body) for body in bodies]
    torn = f'{{"phone": "{phone}", "name": "{name}'.encode()
    return [*written, torn, f'{{"name": "\\ud800{phone}"}}'.encode(), phone.encode("utf-16")]
