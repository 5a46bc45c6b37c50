"""A mail as it came, read: who says they sent it, which letter it answers, what it says. Pure; believes nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from anshou.notifying.replies.plain import plain_text
from anshou.notifying.replies.quoting import own_words

# Names that mailboxes still write for what has long been written in the larger set (GB 18030 holds GBK and GB 2312).
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030"}

# RFC 3834, and what robots say that do not know it.
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOTS = ("x-autoreply", "x-autorespond", "x-failed-recipients")
_POSTMASTERS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE)
_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)([^;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file that came along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a mail says. `sender` is lower case, empty unless there is exactly one; `told_to` is where tokens stand."""

    message_id: str
    sender: str
    told_to: tuple[str, ...]
    text: str
    files: tuple[File, ...]
    automatic: bool
    results: tuple[str, ...]


def read_reply(raw: bytes) -> Reply:
    """Read it. Whatever is broken in it is read as far as it can be; never raises."""
    mail: EmailMessage = message_from_bytes(raw, policy=default)
    senders = [address.lower() for _, address in getaddresses(_all(mail, "from")) if "@" in address]
    return Reply(
        message_id=_first(mail, "message-id").strip(),
        sender=senders[0] if len(senders) == 1 else "",
        told_to=tuple(
            _first(mail, name)
            for name in ("to", "delivered-to", "x-original-to", "envelope-to", "cc", "in-reply-to", "references")
        ),
        text=own_words(_text(mail)),
        files=tuple(_files(mail)),
        automatic=_automatic(mail, senders),
        results=tuple(_all(mail, "authentication-results")),
    )


def is_forged(reply: Reply, authority: str) -> bool:
    """Whether the sender's address is not to be believed, by what the receiving server found (RFC 8601).

    With an `authority`, the name under which the agency's own server writes its results, its own result must speak for
    the sender: DMARC passed, or DKIM or SPF for the very domain. Without one only a failed DMARC speaks against it.
    """
    for result in reply.results:
        name, _, found = result.partition(";")
        if authority and name.split()[:1] != [authority.lower()]:
            continue
        checks = {kind.lower(): (value.lower(), about.lower()) for kind, value, about in _RESULT.findall(found)}
        dmarc, _ = checks.get("dmarc", ("none", ""))
        if dmarc in ("pass", "fail"):
            return bool(dmarc == "fail")
        if authority:
            return not _vouched_for(reply.sender.rpartition("@")[2], checks)
    return bool(authority)


def _vouched_for(domain: str, checks: Mapping[str, tuple[str, str]]) -> bool:
    """Whether DKIM or SPF passed for this very domain, named as `header.d=…`, `header.i=@…` or `smtp.mailfrom=…`."""
    named = re.compile(rf"[=@]{re.escape(domain)}(?![a-z0-9.-])")
    return any(
        value == "pass" and named.search(about) is not None
        for kind, (value, about) in checks.items()
        if kind in ("dkim", "spf")
    )


def _automatic(mail: EmailMessage, senders: list[str]) -> bool:
    submitted = _first(mail, "auto-submitted").split(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _first(mail, "precedence").strip().lower() in _BULK
        or any(name in mail for name in _ROBOTS)
        or "list-id" in mail
        or _first(mail, "return-path").strip() == "<>"
        or mail.get_content_type() in ("multipart/report", "message/delivery-status")
        or any(_POSTMASTERS.match(sender) for sender in senders)
    )


def _text(mail: EmailMessage) -> str:
    try:
        part = mail.get_body(preferencelist=("plain", "html"))
    except (MessageError, KeyError, AttributeError):
        part = None
    if not isinstance(part, EmailMessage):
        return ""
    said = _decoded(part)
    return plain_text(said) if part.get_content_subtype() == "html" else said


def _decoded(part: EmailMessage) -> str:
    """The text in the set that it names, or in the one that it most likely means."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    named = (part.get_content_charset() or "utf-8").lower()
    for charset in (_LARGER.get(named, named), "utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace")


def _files(mail: EmailMessage) -> Iterator[File]:
    for part in mail.walk():
        name = part.get_filename()
        if part.is_multipart() or not name or (part.get("content-id") and part.get_content_disposition() == "inline"):
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield File(str(name), content)


def _first(mail: EmailMessage, name: str) -> str:
    return next(iter(_all(mail, name)), "")


def _all(mail: EmailMessage, name: str) -> list[str]:
    try:
        return [str(value) for value in mail.get_all(name, [])]
    except (MessageError, ValueError, IndexError, TypeError, AttributeError):
        # The standard library stumbles over some headers that are not as they should be.
        return [str(value) for key, value in mail.raw_items() if key.lower() == name]
