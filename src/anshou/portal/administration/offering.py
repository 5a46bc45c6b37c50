"""What can be chosen in the forms about people and keys."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.language import Language
from anshou.merchants.merchants import list_merchants
from anshou.people.accounts import Side
from anshou.people.roles import AGENCY_ROLES, MERCHANT_ROLES, Role
from anshou.portal.forms.shown import Choices


async def people_choices(session: AsyncSession, side: Side, language: Language) -> Choices:
    """The roles of a side, and the merchants that are served at present."""
    merchants = [(str(one.id), one.name) for one in await list_merchants(session)]
    of_side = AGENCY_ROLES if side is Side.STAFF else MERCHANT_ROLES
    roles = [(role.value, language.say(role.label)) for role in Role if role in of_side]
    return Choices(by_name={"role": roles, "merchants": merchants, "merchant_id": merchants})
