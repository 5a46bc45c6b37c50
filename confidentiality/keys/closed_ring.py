"""What stands in for a key ring once the owner's key is destroyed: pages still show, without content."""

from collections.abc import Iterable
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.errors import KeyDestroyed
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.attributes import SealedAttribute
from confidentiality.sealing.ring import KeyRing
from tenants.refusals import N_, Message

PLACEHOLDER = Message(N_("密钥已销毁"))
"""What shows in place of a masked text."""


class ClosedRing:
    """Masks with a placeholder, confirms nothing, and raises KeyDestroyed for everything that would take a key."""

    def __init__(self, owner: UUID) -> None:
        self.owner = owner

    def masked(self, handle: object) -> str:
        """The placeholder; empty for NULL, as an open ring's."""
        return "" if handle is None else PLACEHOLDER

    def masked_rows(self, rows: Iterable[Any], *fields: Any) -> list[tuple[Any, ...]]:
        """The placeholder in every sealed cell that holds something; plain attributes as they are."""
        asked = [(attribute.key, isinstance(attribute, SealedAttribute)) for attribute in fields]
        return [tuple(_hidden(getattr(row, name), is_sealed) for name, is_sealed in asked) for row in rows]

    def confirms(self, handle: object, text: str) -> bool:
        """False: nobody can tell any more."""
        return False

    confirms_last = confirms

    def __getattr__(self, name: str) -> NoReturn:
        # seal, open, index_values and whatever else a key ring learns to do.
        if name.startswith("_"):
            raise AttributeError(name)
        raise KeyDestroyed


def _hidden(value: Any, is_sealed: bool) -> Any:
    return PLACEHOLDER if is_sealed and value is not None else value


async def open_masks(session: AsyncSession, owner: UUID) -> KeyRing | ClosedRing:
    """Like `open_keys`, for pages that show masks: an owner whose key was destroyed gets a ring that only masks."""
    try:
        return await open_keys(session, owner)
    except KeyDestroyed:
        return ClosedRing(owner)
