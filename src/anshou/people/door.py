"""What signing in needs of its surroundings."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.passwords import Passwords
from anshou.people.web_sessions import SessionLimits
from confidentiality.local_key import LocalKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One agency's door.

    `open()` begins a transaction in the door's context and commits it at its end. The verbs that check a password
    take a Door instead of a session: they open a transaction before and another after the check, because the check
    takes a tenth of a second in which no connection should be held, and because a failure has to be counted although
    nothing else happens.
    """

    open: Callable[[], AbstractAsyncContextManager[AsyncSession]]
    key: LocalKey
    passwords: Passwords
    limits: SessionLimits = field(default_factory=SessionLimits)
