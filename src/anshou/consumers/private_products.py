"""Private products (私密产品, domain.md 7.3): which of a merchant's shops and kinds of product are private by default.

Whoever records a case may decide otherwise; the merchant's rules only spare them the thought. A rule is plain text: it
says what a merchant sells, not what anybody bought.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.consumers.errors import PrivateRuleEmpty, PrivateRuleKnown, PrivateRuleNotFound
from anshou.merchants.shops import visible_shop
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, MerchantRow
from tenants.refusals import N_


class PrivateRule(MerchantRow, Base):
    """That everything of a shop, or every product whose name contains a word, is private. One of the two is set."""

    __tablename__ = "private_rule"

    shop_id: Mapped[UUID | None]
    word: Mapped[str | None]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]


class PrivateRuleCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as it is stated: a whole shop, or a word by which a kind of product is known."""

    shop: Annotated[UUID, Meta(title=N_("整个店铺"), extra={"widget": "shop"})] | None = None
    word: Annotated[str, Meta(max_length=30, title=N_("品类词"))] = ""


async def private_rules(session: AsyncSession, merchant_id: UUID) -> Sequence[PrivateRule]:
    """The merchant's rules: shops first, then words."""
    query = select(PrivateRule).where(PrivateRule.merchant_id == merchant_id)
    rules = await session.scalars(query.order_by(PrivateRule.word.nulls_first(), PrivateRule.id))
    return rules.all()


def is_private(rules: Sequence[PrivateRule], *, shop_id: UUID | None, product: str) -> bool:
    """Whether the merchant's rules make a product of the shop private. Pure."""
    named = product.casefold()
    return any(
        (rule.shop_id is not None and rule.shop_id == shop_id)
        or (rule.word is not None and rule.word.casefold() in named)
        for rule in rules
    )


async def merchants_with_private_rules(session: AsyncSession) -> set[UUID]:
    """The merchants in reach that sell something private."""
    return set(await session.scalars(select(PrivateRule.merchant_id).distinct()))


async def private_words(session: AsyncSession) -> Callable[[UUID, UUID | None, str], bool]:
    """Whether words about a merchant's shop are about something private, by the rules of all merchants in reach."""
    rules: dict[UUID, list[PrivateRule]] = {}
    for rule in await session.scalars(select(PrivateRule)):
        rules.setdefault(rule.merchant_id, []).append(rule)
    return lambda merchant, shop, words: is_private(rules.get(merchant, ()), shop_id=shop, product=words)


async def add_private_rule(
    session: AsyncSession, merchant_id: UUID, card: PrivateRuleCard, *, by: Person, at: datetime
) -> PrivateRule:
    """Keep a shop or a word as private; records that are there stay as they were decided.

    Raises PermissionMissing, PrivateRuleEmpty, PrivateRuleKnown, ShopNotFound.
    """
    authorize(by, Permission.SET_PRIVATE_PRODUCTS)
    word = "".join(card.word.split()) or None
    if (card.shop is None) == (word is None):
        raise PrivateRuleEmpty
    if card.shop is not None:
        await visible_shop(session, merchant_id, card.shop)
    known = await private_rules(session, merchant_id)
    if any((rule.shop_id, rule.word) == (card.shop, word) for rule in known):
        raise PrivateRuleKnown
    rule = PrivateRule(merchant_id=merchant_id, shop_id=card.shop, word=word, added_at=at, added_by=by.id)
    session.add(rule)
    await session.flush()
    return rule


async def remove_private_rule(session: AsyncSession, merchant_id: UUID, rule_id: UUID, *, by: Person) -> None:
    """Keep it no longer. Raises PermissionMissing, PrivateRuleNotFound."""
    authorize(by, Permission.SET_PRIVATE_PRODUCTS)
    rule = await session.get(PrivateRule, rule_id)
    if rule is None or rule.merchant_id != merchant_id:
        raise PrivateRuleNotFound
    await session.delete(rule)
    await session.flush()
