"""Writes a demo agency's people, merchants, shops and contracts into its tenant, by the same verbs as the portal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.demo.agencies import DemoAgency, DemoMerchant, DemoPerson
from anshou.merchants.channels import Channel
from anshou.merchants.contacts import ContactCard, add_contact
from anshou.merchants.drafting import ContractHead, Draft, add_draft, draw_up, put_in_force
from anshou.merchants.limits import Clock, LimitClause, LimitUnit, Urgency
from anshou.merchants.merchants import Merchant, Profile, add_merchant
from anshou.merchants.shops import Platform, ShopCard, open_shop
from anshou.merchants.terms import ConfidentialityTerm, DisputeClause, Forum, ServiceItem, Terms
from anshou.people.accounts import Locale, Side
from anshou.people.admitting import Newcomer, admit
from anshou.people.grants import Grant
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.people.roles import Role
from anshou.people.serving import Place
from billing.clauses import CostClause
from billing.parties import Party
from billing.shares import Share

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class SettledMerchant:
    """A merchant that exists now, with its people by login."""

    told: DemoMerchant
    id: UUID
    shops: tuple[UUID, ...]
    people: dict[str, Person]

    @property
    def owner(self) -> Person:
        """Who binds the merchant."""
        return next(person for person in self.people.values() if person.has(Role.MERCHANT_OWNER))


@dataclass(frozen=True, slots=True)
class Settled:
    """An agency that exists now: its people by login, and its merchants."""

    told: DemoAgency
    people: dict[str, Person]
    merchants: tuple[SettledMerchant, ...]


async def settle(session: AsyncSession, agency: DemoAgency, *, password_hash: str, at: datetime) -> Settled:
    """Everybody and everything that the agency begins with, as of `at`. Runs in the agency's context."""
    told_admin = next(person for person in agency.people if person.login == "admin")
    admin = await _admit_staff(session, told_admin, (), password_hash, at)
    merchants = {merchant.short_name: await _add(session, merchant, by=admin, at=at) for merchant in agency.merchants}
    people = {"admin": admin}
    for told in agency.people:
        if told.login != "admin":
            assigned = tuple(
                merchants[merchant.short_name].id
                for merchant in agency.merchants
                if told.login in (merchant.account_manager, merchant.service_agent)
            )
            people[told.login] = await _admit_staff(session, told, assigned, password_hash, at)
    settled = []
    for told_merchant in agency.merchants:
        merchant = merchants[told_merchant.short_name]
        shops = [
            (
                await open_shop(
                    session, merchant, ShopCard(platform=Platform(shop.platform), name=shop.name), by=admin, at=at
                )
            ).id
            for shop in told_merchant.shops
        ]
        await _agree(session, merchant, told_merchant, by=admin, at=at)
        members = {
            person.login: await _admit_member(session, person, merchant.id, password_hash, at)
            for person in told_merchant.people
        }
        settled.append(SettledMerchant(told_merchant, merchant.id, tuple(shops), members))
    return Settled(agency, people, tuple(settled))


async def _add(session: AsyncSession, told: DemoMerchant, *, by: Person, at: datetime) -> Merchant:
    merchant = await add_merchant(session, Profile(name=told.short_name, company=told.name), by=by, at=at)
    for first, person in zip((True, *[False] * len(told.people)), told.people, strict=False):
        card = ContactCard(
            name=person.name,
            position=person.title,
            email=f"{person.login}@merchant.example",
            messenger=f"{person.login}-wx",
            preferred_channel=Channel.PORTAL if first else Channel.INSTANT_MESSAGING,
            is_primary=first,
        )
        await add_contact(session, merchant, card, by=by, at=at)
    return merchant


async def _agree(session: AsyncSession, merchant: Merchant, told: DemoMerchant, *, by: Person, at: datetime) -> None:
    """Last year's version, which has run out, and this year's, which is in force."""
    number = f"DY-{at.year}-{sum(map(ord, told.short_name)) % 900 + 100}"
    contract = await draw_up(session, merchant, ContractHead(number=number, title="网店代运营服务合同"), by=by, at=at)
    year = at.year
    first = Draft(valid_from=date(year - 1, 1, 1), valid_until=date(year - 1, 12, 31), terms=_terms(strict=False))
    second = Draft(valid_from=date(year, 1, 1), valid_until=date(year + 1, 12, 31), terms=_terms(strict=told.strict))
    for draft in (first, second):
        version = await add_draft(session, contract, draft, by=by, at=at)
        await put_in_force(session, version, by=by, at=at)


def _terms(*, strict: bool) -> Terms:
    limits = (
        LimitClause(
            number="5.3",
            clock=Clock.PLAN_SUBMISSION,
            urgency=Urgency.NORMAL,
            value=1,
            unit=LimitUnit.WORKDAYS,
            calendar="working_hours",
        ),
        LimitClause(
            number="5.4",
            clock=Clock.PROGRESS,
            urgency=Urgency.NORMAL,
            value=1,
            unit=LimitUnit.WORKDAYS,
            calendar="working_hours",
        ),
    )
    return Terms(
        service_items=(
            ServiceItem(number="3.1", name="店铺日常运营", standard="商品信息每日巡检，异常当日处理"),
            ServiceItem(number="3.2", name="客服接待", standard="工作时段平均响应不超过 60 秒"),
            ServiceItem(number="3.3", name="活动策划与推广", standard="活动前三个工作日提交方案，结束后两日内复盘"),
            ServiceItem(number="3.4", name="页面与素材设计", standard="上线版本与商家确认稿一致"),
        ),
        limits=limits if strict else (),
        cost_clauses=(
            CostClause(number="8.1", cause=Party.AGENCY, shares=(Share(party=Party.AGENCY, basis_points=WHOLE),)),
            CostClause(number="8.2", cause=Party.MERCHANT, shares=(Share(party=Party.MERCHANT, basis_points=WHOLE),)),
            CostClause(
                number="8.3",
                cause=Party.CARRIER,
                shares=(Share(party=Party.CARRIER, basis_points=WHOLE),),
                failed_claim_to=Party.AGENCY,
            ),
        ),
        dispute=DisputeClause(number="12.2", forum=Forum.ARBITRATION, body="合同约定的仲裁委员会", place="杭州"),
        confidentiality=ConfidentialityTerm(number="10.1", months_after_end=24, scope="商业秘密、经营数据与消费者信息"),
    )


async def _admit_staff(
    session: AsyncSession, told: DemoPerson, merchants: tuple[UUID, ...], password_hash: str, at: datetime
) -> Person:
    newcomer = Newcomer(
        side=Side.STAFF,
        name=told.name,
        title=told.title,
        email=f"{told.login}@agency.example",
        locale=Locale(told.locale),
        grants=tuple(Grant(role=role, department=department) for role, department in told.roles),
        merchants=merchants,
    )
    return await _admitted(session, newcomer, told.login, password_hash, at)


async def _admit_member(
    session: AsyncSession, told: DemoPerson, merchant_id: UUID, password_hash: str, at: datetime
) -> Person:
    newcomer = Newcomer(
        side=Side.MERCHANT,
        name=told.name,
        title=told.title,
        email=f"{told.login}@merchant.example",
        locale=Locale(told.locale),
        places=tuple(Place(merchant_id=merchant_id, role=role) for role, _ in told.roles),
    )
    return await _admitted(session, newcomer, told.login, password_hash, at)


async def _admitted(session: AsyncSession, newcomer: Newcomer, login: str, password_hash: str, at: datetime) -> Person:
    account = await admit(session, newcomer, login=login, password_hash=password_hash, admitted_by=None, at=at)
    person = await find_person(session, account.id)
    if person is None:
        raise LookupError(f"{login} was admitted and is nobody")
    return person
