"""企业微信 group robots: no signature, the key in the address is the secret.

https://developer.work.weixin.qq.com/document/path/91770: text of at most 2048 bytes of UTF-8, `mentioned_list` with
`@all`, 20 messages a minute. Answers are HTTP 200 with `errcode`: 45009 api freq out of limit, 93000 invalid webhook
url (https://open.work.weixin.qq.com/devtool/query?e=93000; seen in wes-lin/Cloud189Checkin#175), 40058 invalid request
parameter, -1 system busy; the others of the list of all codes at https://developer.work.weixin.qq.com/document/path/90313.
"""

from datetime import datetime, timedelta

from anshou.notifying.robots.answers import Codes
from anshou.notifying.robots.sized import fitted
from anshou.notifying.robots.talking import Words

MOST_BYTES = 2048

CODES = Codes(
    shut={93000: "no such robot"},
    too_fast={45009: timedelta(minutes=1), 45033: timedelta(seconds=10)},
    words_refused={40008: "message type", 40058: "message shape", 44004: "empty message", 45002: "message too long"},
)


def message(words: Words, *, secret: str, at: datetime) -> dict[str, object]:
    """The body. Text, not Markdown: members who read in WeChat see Markdown unrendered, and text links by itself."""
    return {"msgtype": "text", "text": {"content": _text(fitted(words, _bytes, MOST_BYTES)), **_calls(words)}}


def address(url: str, *, secret: str, at: datetime) -> str:
    """The address as it is."""
    return url


def _text(words: Words) -> str:
    lines = [words.heading, *(f"{line.text} {line.link}" for line in words.lines), words.closing]
    return "\n".join(line for line in lines if line)


def _bytes(words: Words) -> int:
    return len(_text(words).encode())


def _calls(words: Words) -> dict[str, list[str]]:
    return {"mentioned_list": ["@all"]} if words.to_all else {}
