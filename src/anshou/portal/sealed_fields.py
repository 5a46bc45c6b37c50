"""A sealed field on a page: masked, with the way to reveal it. `templates/sealed.html` draws it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.privacy.revealable import FieldReference


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFieldView:
    """What a page shows of a field. `label` is a message id; `address` is empty for those who may not reveal."""

    label: str
    masked: str
    address: str


def sealed_field(
    person: Person, table: str, field: str, row: UUID, *, label: str, masked: str, ticket: str = "", back: str
) -> SealedFieldView:
    """The view of one field. `ticket` is the number of the ticket that carries the row; `back` the page it stands on.

    Nothing can be revealed of a field without content, so it has no way there either.
    """
    address = ""
    if masked and allows(person, Permission.REVEAL):
        address = reveal_address(FieldReference(table, field, row), ticket=ticket, back=back)
    return SealedFieldView(label=label, masked=masked, address=address)


def reveal_address(reference: FieldReference, *, ticket: str = "", back: str) -> str:
    """The page that asks for the purpose. Names the field and never holds a word of it."""
    asked = {"field": str(reference), "ticket": ticket, "back": back}
    return "/reveals/new?" + urlencode({name: value for name, value in asked.items() if value})
