"""What was chosen for a file is suggested for the next one with the same columns."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.importing.batches import ImportMapping
from anshou.tickets.importing.lines import Choices


async def recall(session: AsyncSession, signature: str) -> Choices | None:
    """The latest choices for these columns; None for columns never seen."""
    query = select(ImportMapping.choices).where(ImportMapping.signature == signature)
    found = await session.scalar(query.order_by(ImportMapping.id.desc()).limit(1))
    return None if found is None else msgspec.convert(found, Choices, strict=False)


async def remember(session: AsyncSession, signature: str, choices: Choices, *, by: Person, at: datetime) -> None:
    """Keep the choices; values of earlier files that this one does not have stay known."""
    before = await recall(session, signature)
    values = {
        field: {**(before.values.get(field, {}) if before else {}), **chosen}
        for field, chosen in choices.values.items()
    }
    kept = Choices(columns=choices.columns, values=values, sealed=choices.sealed)
    if before is None or msgspec.to_builtins(before) != msgspec.to_builtins(kept):
        session.add(ImportMapping(signature=signature, choices=as_kept(kept), set_by=by.id, set_at=at))


def as_kept(choices: Choices) -> dict[str, object]:
    """As plain JSON: an object's names are texts."""
    kept: dict[str, object] = msgspec.to_builtins(choices, str_keys=True)
    return kept
