"""One effect for one Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07).

A refused request left no effect and keeps no answer: it may be put right and sent again under the same key.
"""

import hashlib
from typing import Annotated, Any

from litestar import Request, Response
from litestar.params import HeaderParameter
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.api.errors import IdempotencyKeyMissing
from anshou.gate import kept_answers
from anshou.gate.kept_answers import Answer, Claim
from confidentiality.local_key import LocalKey
from tenants.refusals import N_

# Headers that belong to the answer and not to the moment it is sent.
KEPT_HEADERS = ("content-type", "etag", "location")

REPLAYED = "idempotency-replayed"

_STATE = "claimed_key"


class Replayed(Exception):
    """Raised with the kept answer when a request comes again."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__("answered before")


async def idempotency_key(
    header_key: Annotated[
        str | None,
        HeaderParameter(
            name="Idempotency-Key",
            description=N_("每次操作一个新的值，重试时保持不变。应答保留 48 小时。"),
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
        ),
    ] = None,
) -> str:
    """The key of this request: 1 to 255 visible ASCII characters. Raises IdempotencyKeyMissing."""
    if header_key is None:
        raise IdempotencyKeyMissing
    return header_key


async def fingerprint(request: Request[Any, Any, Any]) -> bytes:
    """What makes two requests the same. Routes that stream their body hash it themselves."""
    return fingerprint_of(request, hashlib.sha256(await request.body()).digest())


def fingerprint_of(request: Request[Any, Any, Any], body_hash: bytes) -> bytes:
    """The SHA-256 over method, address, If-Match (what the author had seen) and the hash of the body."""
    digest = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query, request.headers.get("if-match", "")):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    digest.update(body_hash)
    return digest.digest()


async def begin(request: Request[Any, Any, Any], session: AsyncSession, sealing: LocalKey, wanted: Claim) -> None:
    """Claim the key. Raises Replayed with the kept answer, IdempotencyKeyReused or RequestInFlight."""
    if kept := await kept_answers.claim(session, sealing, wanted):
        raise Replayed(kept)
    request.scope["state"][_STATE] = session, sealing, wanted


async def keep(request: Request[Any, Any, Any], response: ASGIApp) -> None:
    """Write the answer down; called once it is made and before the transaction commits."""
    session, sealing, claimed = request.scope["state"].pop(_STATE)
    if not isinstance(response, ASGIResponse):
        raise TypeError("the answer to a POST is held whole, never streamed")
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    kept_answers.keep(session, sealing, claimed, Answer(response.status_code, headers, response.body))


def replay(_: Request[Any, Any, Any], replayed: Replayed) -> Response[bytes]:
    """The kept answer again, marked as such; the exception handler of Replayed."""
    kept = replayed.answer
    headers = {**kept.headers, REPLAYED: "true"}
    media_type = headers.pop("content-type", None)
    return Response(kept.body, status_code=kept.status, headers=headers, media_type=media_type)
