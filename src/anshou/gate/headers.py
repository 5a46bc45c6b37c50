"""What every answer tells the browser about itself.

Scripts and styles come from our own files only, without any exception: the pages carry no inline script and no style
attribute. `data:` pictures are what the style sheet draws its check marks with.
"""

from collections.abc import Awaitable, Callable

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    # A ticket number in an address is not for other sites.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_OF_PAGES = frozenset({"cross-origin-opener-policy", "permissions-policy"})

# What a script asked for never becomes a page of its own: the browser says so, and no page can make it say otherwise.
# The page that asked has its own policy, so the long one is not sent with every number that it asks for.
TO_SCRIPTS = {name: value for name, value in ALWAYS.items() if name not in _OF_PAGES} | {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'"
}

# Two years, the least that browsers' preload lists take.
STRICT_TRANSPORT = "max-age=63072000"


def guard_answers(*, https: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """A litestar `before_send` hook that sets the headers where the handler has not said otherwise.

    Nothing is kept by browsers or proxies unless the handler allows it: pages show confidential matters.
    """
    more = {"cache-control": "no-store"} | ({"strict-transport-security": STRICT_TRANSPORT} if https else {})
    to_pages, to_scripts = ALWAYS | more, TO_SCRIPTS | more

    async def set_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        given = MutableScopeHeaders.from_message(message)
        asked_by_script = (b"sec-fetch-dest", b"empty") in scope["headers"]
        for name, value in (to_scripts if asked_by_script else to_pages).items():
            given.setdefault(name, value)

    return set_headers
