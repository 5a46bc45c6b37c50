"""Robots of all three messengers on the loopback, as strict as the real ones: for tests and for trying things out.

They check signature and clock, keyword, shape, size and how often they are spoken to, and answer as the real ones do,
HTTP 200 whatever is wrong.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from anshou.notifying.robots import dingtalk, feishu
from anshou.notifying.robots.messengers import MANNERS, Messenger

_HOUR = timedelta(hours=1)
_PER_MINUTE = {Messenger.WECOM: 20, Messenger.DINGTALK: 20, Messenger.FEISHU: 100}
_PATHS = {manners.path: messenger for messenger, manners in MANNERS.items()}

KEY = "0b1d5a3c-loopback"


@dataclass
class LoopbackGroup:
    """A group with one robot of each messenger. `said` are the bodies that reached it, oldest first."""

    secret: str = ""
    keyword: str = ""
    stopped: bool = False
    busy: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    port: int = 0
    said: list[tuple[Messenger, Mapping[str, Any]]] = field(default_factory=list)
    asked: dict[Messenger, list[datetime]] = field(default_factory=dict)

    def url(self, messenger: Messenger) -> str:
        """Where the robot of this messenger is."""
        manners = MANNERS[messenger]
        tail = f"?{manners.key_in}={KEY}" if manners.key_in else KEY
        return f"http://127.0.0.1:{self.port}{manners.path}{tail}"

    def texts(self) -> list[str]:
        """All that was said, as the JSON it came in."""
        return [json.dumps(body, ensure_ascii=False) for _, body in self.said]

    def answer(self, target: str, body: bytes) -> Mapping[str, object]:
        """What the real messenger would answer to this request."""
        parts = urlsplit(target)
        messenger = next((one for path, one in _PATHS.items() if parts.path.startswith(path)), None)
        if messenger is None:
            return {"errcode": 404, "errmsg": "no such path"}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        refused = _CHECKS[messenger](self, parts.path, query, body) or self._too_fast(messenger)
        if refused:
            return refused
        self.said.append((messenger, json.loads(body)))
        if messenger is Messenger.FEISHU:
            return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}
        return {"errcode": 0, "errmsg": "ok"}

    def _too_fast(self, messenger: Messenger) -> Mapping[str, object]:
        now = self.now()
        lately = [one for one in self.asked.get(messenger, []) if now - one < timedelta(minutes=1)]
        self.asked[messenger] = [*lately, now]
        if len(lately) < _PER_MINUTE[messenger]:
            return {}
        return {
            Messenger.WECOM: _errcode(45009, "api freq out of limit"),
            Messenger.DINGTALK: _errcode(130101, "send too fast, exceed 20 times per minute"),
            Messenger.FEISHU: _code(11232, "frequency limited psm[lark.oapi.app_platform_runtime]"),
        }[messenger]

    def in_time(self, instant: float) -> bool:
        """Whether a request's own clock is near enough to ours."""
        return abs(self.now().timestamp() - instant) <= _HOUR.total_seconds()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        answered = json.dumps(self.answer(head[0].split(" ")[1], body)).encode()
        status = "502 Bad Gateway" if self.busy else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(answered)}\r\n\r\n".encode() + answered)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def loopback_group(**options: Any) -> AsyncIterator[LoopbackGroup]:
    """The robots, as long as the block lasts."""
    group = LoopbackGroup(**options)
    server = await asyncio.start_server(group.serve, "127.0.0.1", 0)
    group.port = server.sockets[0].getsockname()[1]
    async with server:
        yield group


def _errcode(number: int, said: str) -> Mapping[str, object]:
    return {"errcode": number, "errmsg": said}


def _code(number: int, said: str) -> Mapping[str, object]:
    return {"code": number, "data": {}, "msg": said}


def _wecom(group: LoopbackGroup, path: str, query: Mapping[str, str], body: bytes) -> Mapping[str, object]:
    if group.stopped or query.get("key") != KEY:
        return _errcode(93000, "invalid webhook url")
    match _parsed(body):
        case {"msgtype": "text", "text": {"content": str(content)}} if content:
            if len(content.encode()) > 2048:
                return _errcode(40058, "text.content exceed max length 2048")
            return {}
        case _:
            return _errcode(40058, "Invalid Request Parameter")


def _dingtalk(group: LoopbackGroup, path: str, query: Mapping[str, str], body: bytes) -> Mapping[str, object]:
    if query.get("access_token") != KEY:
        return _errcode(300001, "token is not exist")
    if group.stopped:
        return _errcode(400102, "robot is stopped")
    if group.secret:
        milliseconds = query.get("timestamp", "")
        if not milliseconds.isdigit() or not group.in_time(int(milliseconds) / 1000):
            return _errcode(310000, "invalid timestamp")
        if query.get("sign") != dingtalk.signature(milliseconds, group.secret):
            return _errcode(310000, "sign not match")
    match _parsed(body):
        case {"msgtype": "markdown", "markdown": {"title": str(title), "text": str(text)}} if title and text:
            if len(body) > 20_000 + 1_000:
                return _errcode(460101, "message too long, exceed 20000 bytes")
            return {} if group.keyword in title + text else _errcode(310000, "keywords not in content")
        case _:
            return _errcode(40035, "缺少参数 json")


def _feishu(group: LoopbackGroup, path: str, query: Mapping[str, str], body: bytes) -> Mapping[str, object]:
    if group.stopped or not path.endswith(f"/{KEY}"):
        return _code(19001, "param invalid: incoming webhook access token invalid")
    if len(body) > 20 * 1024:
        return _code(9499, "Bad Request")
    sent = _parsed(body)
    if group.secret:
        seconds = str(sent.get("timestamp", ""))
        in_time = seconds.isdigit() and group.in_time(int(seconds))
        if not in_time or sent.get("sign") != feishu.signature(seconds, group.secret):
            return _code(19021, "sign match fail or timestamp is not within one hour from current time")
    match sent:
        case {"msg_type": "post", "content": {"post": {"zh_cn": {"title": str(), "content": list(paragraphs)}}}}:
            if not all(_is_paragraph(one) for one in paragraphs):
                return _code(9499, "Bad Request")
            text = json.dumps(sent, ensure_ascii=False)
            return {} if group.keyword in text else _code(19024, "Key Words Not Found")
        case _:
            return _code(9499, "Bad Request")


def _is_paragraph(given: object) -> bool:
    required = {"text": {"text"}, "a": {"text", "href"}, "at": {"user_id"}}
    return isinstance(given, list) and all(
        isinstance(part, dict) and required.get(part.get("tag", ""), {"?"}) <= set(part) for part in given
    )


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


_CHECKS = {Messenger.WECOM: _wecom, Messenger.DINGTALK: _dingtalk, Messenger.FEISHU: _feishu}
