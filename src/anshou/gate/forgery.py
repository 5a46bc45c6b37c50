"""Against forged requests: another site's page must not act with a person's session (CSRF).

Two locks. The browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` where that is missing), and every
form carries a token bound to the session cookie, or to the visitor cookie before sign-in. Requests by API key carry no
cookie and need neither.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from anshou.gate import cookies
from anshou.gate.callers import Asked, SignInNeeded
from tenants.refusals import N_, Invalid, NotPermitted

FIELD = "_token"
HEADER = "x-form-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RequestForged(NotPermitted):
    """Raised when a request that changes something does not prove that it comes from our own page."""


class FormExpired(RequestForged):
    """Raised when a form belongs to another session: its person signed in anew since its page was opened."""

    def __init__(self) -> None:
        super().__init__(N_("打开之后登录状态有变化，请刷新原来的页面后重试"))


class FormUnreadable(Invalid):
    """Raised when a form holds a zero byte, which nobody can type and the database cannot keep."""

    def __init__(self) -> None:
        super().__init__(N_("文本中不能有空字符（U+0000）"))


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Issues and checks form tokens under one key."""

    key: bytes
    base_url: str
    jar: cookies.Cookies

    def issue(self, bound_to: str) -> str:
        """A token for a form. Differs each time, so that compressing a page tells nothing about it (BREACH)."""
        mask = secrets.token_bytes(32)
        return urlsafe_b64encode(mask + _xor(mask, self._proof(bound_to))).decode()

    async def check(self, request: Asked, *, in_a_session: bool = False) -> None:
        """Return when the request comes from our own page.

        Raises RequestForged, FormExpired and FormUnreadable; and SignInNeeded for a form that is taken `in_a_session`
        where the browser has none any more: its person is to sign in, not to wonder about a token.
        """
        if request.method in SAFE_METHODS:
            return
        if not self._same_site(request):
            raise RequestForged(N_("这个请求来自其他网站，已拒绝"))
        if in_a_session and not request.cookies.get(self.jar.name(cookies.SESSION)):
            raise SignInNeeded
        form = await request.form()
        given = request.headers.get(HEADER) or form.get(FIELD)
        if not isinstance(given, str) or not self._matches(given, self.binding(request)):
            raise FormExpired
        if any("\0" in name or (isinstance(value, str) and "\0" in value) for name, value in form.multi_items()):
            raise FormUnreadable

    def binding(self, request: Asked) -> str:
        """What a form's token is bound to: the session if there is one, else the visit; empty if there is neither."""
        session = request.cookies.get(self.jar.name(cookies.SESSION))
        return session or request.cookies.get(self.jar.name(cookies.VISITOR)) or ""

    def _proof(self, bound_to: str) -> bytes:
        return hmac.digest(self.key, b"form\0" + bound_to.encode(), sha256)

    def _matches(self, given: str, bound_to: str) -> bool:
        try:
            masked = urlsafe_b64decode(given.encode())
        except (NotBase64, ValueError):
            return False
        proof = _xor(masked[:32], masked[32:])
        return bool(bound_to) and len(masked) == 64 and hmac.compare_digest(proof, self._proof(bound_to))

    def _same_site(self, request: Asked) -> bool:
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = request.headers.get("origin")
        if origin is None:
            return True
        # Either the address people were told, or the one they typed: both name this server.
        return origin == self.base_url or urlsplit(origin).netloc == request.headers.get("host")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))
