"""Passwords: what is kept of them, which are accepted, and checking one without telling who exists.

argon2id with the parameters of RFC 9106 section 4 for memory-constrained use (64 MiB, three passes). One check takes
a tenth of a second and 64 MiB, so their number at a time is bounded and none runs while a connection is held.
"""

import asyncio
import os
import unicodedata
from base64 import b64encode
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import argon2
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.errors import PasswordUnfit
from tenants.base import Base
from tenants.refusals import N_, Message

SHORTEST = 10
LONGEST = 200
_FEWEST_DIFFERENT = 5


class Password(Base):
    """What is kept of an account's password. Read by the door alone."""

    __tablename__ = "password"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[str]
    set_at: Mapped[datetime]


class Passwords:
    """Hashes and checks, at most `concurrency` at a time. One per process and event loop."""

    def __init__(self, *, concurrency: int = 2, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()
        self._turn = asyncio.Semaphore(concurrency)
        self._decoy = _decoy(self._hasher)

    async def hash(self, password: str) -> str:
        """What to keep of the password."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def match(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one of which `kept` was kept. Takes as long when nothing was kept."""
        async with self._turn:
            return await asyncio.to_thread(self._check, kept, password)

    def is_outdated(self, kept: str) -> bool:
        """Whether `kept` was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def _check(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._decoy, _normal(password[: LONGEST + 1]))
        except argon2.exceptions.VerifyMismatchError:
            return False
        return kept is not None


def check_password(password: str, *, login: str) -> None:
    """Return when the password may be used; otherwise raise PasswordUnfit, which says what is expected.

    Length instead of character classes, and nothing derived from the login (NIST SP 800-63B section 3.1.1.2).
    """
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise PasswordUnfit(Message(N_("密码至少 %(shortest)s 个字符"), shortest=SHORTEST))
    if len(normal) > LONGEST:
        raise PasswordUnfit(Message(N_("密码最多 %(longest)s 个字符"), longest=LONGEST))
    if len(set(normal)) < _FEWEST_DIFFERENT or _is_a_run(normal):
        raise PasswordUnfit(Message(N_("密码过于简单，请避免重复或连续的字符")))
    if login.casefold() in normal.casefold():
        raise PasswordUnfit(Message(N_("密码不能包含登录名")))


async def keep_password(session: AsyncSession, account_id: UUID, hashed: str, *, at: datetime) -> None:
    """Keep what `Passwords.hash` made, in place of what was kept before."""
    kept = await session.get(Password, account_id, with_for_update=True)
    if kept is None:
        session.add(Password(account_id=account_id, hash=hashed, set_at=at))
    else:
        kept.hash, kept.set_at = hashed, at
    await session.flush()


def _normal(password: str) -> str:
    # A password typed on another keyboard may arrive in another width (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", password)


def _is_a_run(text: str) -> bool:
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    return len(steps) == 1


def _decoy(hasher: argon2.PasswordHasher) -> str:
    """A hash that no password matches and that costs as much to check as a real one."""
    salt, digest = (b64encode(os.urandom(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
