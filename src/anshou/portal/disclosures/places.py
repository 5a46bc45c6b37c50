"""Where the pages about disclosures are."""

from uuid import UUID

from anshou.gate.callers import Asked
from anshou.portal.pages import language_of
from tenants.refusals import N_, Invalid

ROOT = "/disclosures"
MINE = "/my/data/consents"


class PlaceInvalid(Invalid):
    """Raised when a page would be continued from something that no page ended with."""

    def __init__(self) -> None:
        super().__init__(N_("翻页位置无效，请从第一页重新开始。"))


def address_of(number: str) -> str:
    """The agency's page of a disclosure."""
    return f"{ROOT}/{number}"


def my_address_of(number: str) -> str:
    """The merchant's page of the same."""
    return f"{MINE}/{number}"


def trail(request: Asked) -> list[tuple[str, str]]:
    """The way to a page below the agency's list."""
    return [(language_of(request).say(N_("对外提供")), ROOT)]


def read_place(text: str) -> UUID | None:
    """After which row a page goes on; None for the first page. Raises PlaceInvalid."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise PlaceInvalid from None
