"""飞书 group robots: signed in the body, with key and message the other way round.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (in English
https://open.larksuite.com/document/client-docs/bot-v3/use-custom-bots-in-a-group): `sign` is the Base64 of an
HMAC-SHA256 whose *key* is `{seconds}\\n{secret}` and whose message is empty; the time may differ by an hour. 100
messages a minute and 5 a second, 20 KB. Answers are HTTP 200 with `code`: 9499 a body that cannot be read, 11232 too
fast, 19001 no such token, 19021 signature or time, 19022 address not allowed, 19024 keyword not found.
"""

import base64
import hmac
from datetime import datetime, timedelta

import msgspec

from anshou.notifying.robots.answers import Codes
from anshou.notifying.robots.sized import fitted
from anshou.notifying.robots.talking import Words

# 20 KB with room for what stands around the message.
MOST_BYTES = 20_000 - 500

CODES = Codes(
    shut={
        19001: "no such token",
        19021: "signature or clock",
        19022: "our address is not allowed",
        19024: "keyword not found",
    },
    too_fast={11232: timedelta(minutes=1)},
    words_refused={9499: "message shape", 19002: "message shape"},
)


def message(words: Words, *, secret: str, at: datetime) -> dict[str, object]:
    """The body: a `post`, whose links are words; with time (whole seconds, as text) and signature if it is signed."""
    body: dict[str, object] = {"msg_type": "post", "content": _content(fitted(words, _bytes, MOST_BYTES))}
    if not secret:
        return body
    seconds = str(int(at.timestamp()))
    return {"timestamp": seconds, "sign": signature(seconds, secret), **body}


def address(url: str, *, secret: str, at: datetime) -> str:
    """The address as it is."""
    return url


def signature(seconds: str, secret: str) -> str:
    """The signature for the body; in JSON it is not percent-encoded."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", "sha256")).decode()


def _content(words: Words) -> dict[str, object]:
    paragraphs: list[list[dict[str, str]]] = [
        [{"tag": "a", "text": line.text, "href": line.link}] for line in words.lines
    ]
    if words.closing:
        paragraphs.append([{"tag": "text", "text": words.closing}])
    if words.to_all:
        paragraphs.append([{"tag": "at", "user_id": "all"}])
    return {"post": {"zh_cn": {"title": words.heading, "content": paragraphs}}}


def _bytes(words: Words) -> int:
    return len(msgspec.json.encode(_content(words)))
