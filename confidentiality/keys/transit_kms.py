"""The transit secrets engine of OpenBao and HashiCorp Vault as a KMS: one named key per owner in one mount.

The keys are derived ones: what is wrapped is bound to its context by the key that the service derives from it, so
`rewrap` keeps the binding. (`associated_data` would bind too, but `rewrap` does not take it.) Documented at
openbao.org/api-docs/secret/transit; what the token's policy needs stands in docs/operating.md.
"""

import asyncio
import base64
import binascii
import json
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpcore

from confidentiality.errors import SealBroken
from confidentiality.keys.errors import KmsRefused, KmsUnavailable, WrappingKeyGone

_NAME = re.compile(r"[a-z0-9-]{1,64}")

# What decrypt answers is a string of this form, kept as its bytes.
_WRAPPED = re.compile(rb"[a-z]+:v[0-9]+:[A-Za-z0-9+/=]+")

# Seconds for connecting, for each read and write, and for a whole question.
_CONNECT, _IDLE, _WHOLE = 3.0, 5.0, 8.0

# An answer is a key or a few words about one.
_LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class TransitAddress:
    """Where the mount is: `base` is http(s)://host:port, `namespace` empty where there are none."""

    base: str
    mount: str = "transit"
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: dict[str, Any]


class TransitKms:
    """Speaks with one mount. The token is read from its file, and again when it is refused: an agent may renew it."""

    def __init__(self, address: TransitAddress, token_file: Path) -> None:
        """Connects at the first question only. Raises OSError if there is no token file."""
        self._address = address
        self._token_file = token_file
        self._token = _read_token(token_file)
        self._pool = httpcore.AsyncConnectionPool(ssl_context=ssl.create_default_context(), max_connections=4)

    @property
    def identity(self) -> str:
        # Without the host: it may move.
        return f"transit:{self._address.namespace}/{self._address.mount}"

    async def make(self, name: str) -> None:
        _check(name)
        wanted = {"type": "aes256-gcm96", "derived": True, "exportable": False, "allow_plaintext_backup": False}
        await self._tell("POST", f"keys/{name}", wanted)

    async def wrap(self, name: str, secret: bytes, *, context: bytes) -> bytes:
        # A service that finds no key makes one as it encrypts: then a destroyed one would come back as another.
        await self.newest(name)
        answer = await self._tell("POST", f"encrypt/{name}", {"plaintext": _text(secret), "context": _text(context)})
        return _field(answer, "ciphertext").encode("ascii")

    async def unwrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        answer = await self._open("decrypt", name, wrapped, context)
        try:
            return base64.b64decode(_field(answer, "plaintext"), validate=True)
        except binascii.Error:
            raise KmsUnavailable("its answer was not understood") from None

    async def rewrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        return _field(await self._open("rewrap", name, wrapped, context), "ciphertext").encode("ascii")

    async def rotate(self, name: str) -> int:
        await self.newest(name)
        await self._tell("POST", f"keys/{name}/rotate", {})
        return await self.newest(name)

    async def newest(self, name: str) -> int:
        _check(name)
        answer = await self._ask("GET", f"keys/{name}")
        if answer.status == 404:
            raise WrappingKeyGone(name)
        return int(_data(_accepted(answer))["latest_version"])

    async def destroy(self, name: str) -> None:
        try:
            await self.newest(name)
        except WrappingKeyGone:
            return
        await self._tell("POST", f"keys/{name}/config", {"deletion_allowed": True})
        await self._tell("DELETE", f"keys/{name}")
        try:
            await self.newest(name)
        except WrappingKeyGone:
            return
        raise KmsRefused("the key is still there after it was deleted")

    async def close(self) -> None:
        await self._pool.aclose()

    async def _open(self, verb: str, name: str, wrapped: bytes, context: bytes) -> _Answer:
        _check(name)
        if not _WRAPPED.fullmatch(wrapped):
            await self.newest(name)
            raise SealBroken
        asked = {"ciphertext": wrapped.decode("ascii"), "context": _text(context)}
        answer = await self._ask("POST", f"{verb}/{name}", asked)
        if answer.status in {400, 404}:
            # The same answer for a key that is not there and for what does not open: its text is not to be relied on.
            await self.newest(name)
            raise SealBroken
        return _accepted(answer)

    async def _tell(self, method: str, path: str, body: dict[str, Any] | None = None) -> _Answer:
        return _accepted(await self._ask(method, path, body))

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> _Answer:
        answer = await self._ask_once(method, path, body)
        if answer.status != 403:
            return answer
        try:
            renewed = await asyncio.to_thread(_read_token, self._token_file)
        except OSError:
            return answer
        if renewed == self._token:
            return answer
        self._token = renewed
        return await self._ask_once(method, path, body)

    async def _ask_once(self, method: str, path: str, body: dict[str, Any] | None) -> _Answer:
        headers = [("x-vault-token", self._token), ("x-vault-request", "true"), ("content-type", "application/json")]
        if self._address.namespace:
            headers.append(("x-vault-namespace", self._address.namespace))
        timeouts = {"connect": _CONNECT, "read": _IDLE, "write": _IDLE, "pool": _CONNECT}
        content = b"" if body is None else json.dumps(body).encode()
        url = f"{self._address.base}/v1/{self._address.mount}/{path}"
        try:
            async with (
                asyncio.timeout(_WHOLE),
                self._pool.stream(
                    method, url, headers=headers, content=content, extensions={"timeout": timeouts}
                ) as response,
            ):
                return _Answer(response.status, _parsed(await _read(response)))
        except (TimeoutError, httpcore.TimeoutException):
            raise KmsUnavailable("it did not answer in time") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            raise KmsUnavailable(f"no connection ({type(error).__name__})") from None


def _read_token(file: Path) -> str:
    return file.read_text("ascii").strip()


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a wrapping key")


async def _read(response: httpcore.Response) -> bytes:
    read = bytearray()
    async for piece in response.aiter_stream():
        read += piece
        if len(read) > _LONGEST_ANSWER:
            raise KmsUnavailable("its answer was too long")
    return bytes(read)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body) if body else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _accepted(answer: _Answer) -> _Answer:
    # The texts of its errors stay out: they may quote what was sent.
    if 200 <= answer.status < 300:
        return answer
    if answer.status == 429 or answer.status >= 472:
        raise KmsUnavailable(f"it answered {answer.status}")
    raise KmsRefused(f"it answered {answer.status}")


def _data(answer: _Answer) -> dict[str, Any]:
    data = answer.body.get("data")
    if not isinstance(data, dict):
        raise KmsUnavailable("its answer was not understood")
    return data


def _field(answer: _Answer, name: str) -> str:
    value = _data(answer).get(name)
    if not isinstance(value, str):
        raise KmsUnavailable("its answer was not understood")
    return value


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
