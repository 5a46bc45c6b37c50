"""钉钉 group robots: signed in the address, by milliseconds and secret.

https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages: `sign` is the Base64 of the HMAC-SHA256,
keyed by the secret, of `{ms}\\n{secret}`, percent-encoded; the time may differ by an hour. 20 messages a minute, then
silence for ten minutes. At most 20,000 bytes. Answers are HTTP 200 with `errcode`: 310000 for whatever the robot's
security setting refuses (`sign not match`, `invalid timestamp`, `keywords not in content`, `ip … not in whitelist`;
seen in x-cold/dingtalk-robot#7, jenkinsci/dingtalk-plugin#116, timonwong/prometheus-webhook-dingtalk#197), 300001 and
400101 no such token, 400102 stopped, 400013 group dissolved, 400106 not in the group, 130101 and 410100 too fast,
430101 to 430104 unfit content, -1 busy.
"""

import base64
import hmac
from datetime import datetime, timedelta
from urllib.parse import quote_plus

from anshou.notifying.robots.answers import Codes
from anshou.notifying.robots.sized import fitted
from anshou.notifying.robots.talking import Words

MOST_BYTES = 20_000

_PENALTY = timedelta(minutes=10)

CODES = Codes(
    shut={
        310000: "the security setting refuses",
        300001: "no such token",
        300005: "no such token",
        400101: "no such token",
        400102: "the robot is stopped",
        400013: "the group is dissolved",
        400106: "the robot is not in the group",
    },
    too_fast={130101: _PENALTY, 410100: _PENALTY, 90030: timedelta(hours=1)},
    words_refused={
        40035: "message shape",
        43004: "content type",
        400105: "message type",
        430101: "link",
        430102: "text",
        430103: "picture",
        430104: "content",
        460101: "message too long",
    },
)


def message(words: Words, *, secret: str, at: datetime) -> dict[str, object]:
    """The body: Markdown, whose title is what the list of chats shows."""
    words = fitted(words, _bytes, MOST_BYTES)
    markdown = {"title": words.heading, "text": _text(words)}
    return {"msgtype": "markdown", "markdown": markdown, "at": {"isAtAll": words.to_all}}


def address(url: str, *, secret: str, at: datetime) -> str:
    """The address with time and signature, if the robot has a secret; one with a keyword or an IP list has none."""
    if not secret:
        return url
    milliseconds = str(int(at.timestamp() * 1000))
    return f"{url}&timestamp={milliseconds}&sign={quote_plus(signature(milliseconds, secret))}"


def signature(milliseconds: str, secret: str) -> str:
    """The signature, not yet percent-encoded."""
    digest = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")
    return base64.b64encode(digest).decode()


def _text(words: Words) -> str:
    listed = [f"- [{_plain(line.text)}]({line.link})" for line in words.lines]
    parts = [f"**{_plain(words.heading)}**", "\n".join(listed), _plain(words.closing)]
    # In Markdown the mention stands in the text as well as in `at`, or nobody sees whom it means.
    parts += ["@所有人"] if words.to_all else []
    return "\n\n".join(part for part in parts if part)


def _plain(text: str) -> str:
    """Text that Markdown takes for text."""
    return "".join(f"\\{one}" if one in "\\`*_[]()#>" else one for one in text)


def _bytes(words: Words) -> int:
    return len(_text(words).encode())
