"""A small server that answers as the transit engine's documentation says, for keys that are derived.

Only what `transit_kms` uses, with the behaviours that matter there: `encrypt` makes a missing key, a key is deleted
only after its config allows it, `rewrap` takes a context and no associated data, a wrong token is answered 403, and a
missing key and a ciphertext that does not open are both answered 400.
"""

import asyncio
import base64
import hmac
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from confidentiality.errors import SealBroken
from confidentiality.keys.aead import decrypt, encrypt, new_key

TOKEN = "s.a-token-of-the-tests"


@dataclass(slots=True)
class _Key:
    derived: bool
    versions: list[bytes] = field(default_factory=lambda: [new_key()])
    deletion_allowed: bool = False


@dataclass(slots=True)
class TransitServer:
    """An ASGI application. `fail_with` makes every answer this status; `asked` lists methods and paths."""

    token: str = TOKEN
    keys: dict[str, _Key] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fail_with: int | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        content = b""
        while True:
            message = await receive()
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(f"{scope['method']} {scope['path']}")
        status, told = self._answer(scope["method"], scope["path"], headers, json.loads(content or b"{}"))
        body = json.dumps(told).encode() if told is not None else b""
        sent = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, method: str, path: str, headers: dict[str, str], told: dict[str, Any]) -> tuple[int, Any]:
        if self.fail_with is not None:
            return self.fail_with, {"errors": ["told to"]}
        if headers.get("x-vault-token") != self.token:
            return 403, {"errors": ["permission denied"]}
        found = re.fullmatch(r"/v1/transit/(keys|encrypt|decrypt|rewrap)/([^/]+)(?:/(rotate|config))?", path)
        if found is None:
            return 404, {"errors": []}
        verb, name, more = found.groups()
        match method, verb, more:
            case "POST", "keys", None:
                self.keys.setdefault(name, _Key(told.get("derived", False)))
                return 200, {"data": {"name": name, "latest_version": 1}}
            case "GET", "keys", None:
                if name not in self.keys:
                    return 404, {"errors": []}
                return 200, {"data": {"name": name, "latest_version": len(self.keys[name].versions)}}
            case "DELETE", "keys", None:
                if name in self.keys and not self.keys[name].deletion_allowed:
                    return 400, {"errors": ["deletion is not allowed for this key"]}
                self.keys.pop(name, None)
                return 204, None
            case "POST", "keys", "rotate":
                self.keys[name].versions.append(new_key())
                return 200, {"data": {"latest_version": len(self.keys[name].versions)}}
            case "POST", "keys", "config":
                self.keys[name].deletion_allowed = told["deletion_allowed"]
                return 200, {"data": {}}
            case "POST", _, None:
                return self._use(verb, name, told)
        return 405, {"errors": ["unsupported operation"]}

    def _use(self, verb: str, name: str, told: dict[str, Any]) -> tuple[int, Any]:
        if verb == "encrypt":
            key = self.keys.setdefault(name, _Key(derived="context" in told))
        elif name not in self.keys:
            return 400, {"errors": ["encryption key not found"]}
        else:
            key = self.keys[name]
        if key.derived and not told.get("context"):
            return 400, {"errors": ["missing 'context' for key derivation; the key was created using a derived key"]}
        context = base64.b64decode(told["context"])
        if verb == "encrypt":
            return 200, {"data": {"ciphertext": _wrapped(key, base64.b64decode(told["plaintext"]), context)}}
        try:
            plain = _unwrapped(key, told["ciphertext"], context)
        except (SealBroken, ValueError, IndexError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        if verb == "decrypt":
            return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}
        return 200, {"data": {"ciphertext": _wrapped(key, plain, context)}}


@asynccontextmanager
async def running(server: TransitServer) -> AsyncIterator[str]:
    """The base address of the server while the block runs."""
    door = socket.create_server(("127.0.0.1", 0))
    serving = uvicorn.Server(uvicorn.Config(server, log_config=None, lifespan="off", access_log=False))
    task = asyncio.create_task(serving.serve(sockets=[door]))
    try:
        while not serving.started:  # noqa: ASYNC110  uvicorn says so by a flag alone
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        serving.should_exit = True
        await task
        door.close()


def _derived(key: bytes, context: bytes) -> bytes:
    return hmac.digest(key, context, "sha256")


def _wrapped(key: _Key, plain: bytes, context: bytes) -> str:
    sealed = encrypt(_derived(key.versions[-1], context), plain, b"")
    return f"vault:v{len(key.versions)}:{base64.b64encode(sealed).decode()}"


def _unwrapped(key: _Key, wrapped: str, context: bytes) -> bytes:
    prefix, version, sealed = wrapped.split(":")
    number = int(version.removeprefix("v"))
    if prefix != "vault" or number < 1:
        raise SealBroken
    return decrypt(_derived(key.versions[number - 1], context), base64.b64decode(sealed, validate=True), b"")
