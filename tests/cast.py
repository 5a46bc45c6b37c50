"""The cast of every test: two agencies, three merchants, one person per role, made by plain functions.

`await settle(session)` writes 安和 (anhe) into the session's tenant, `await settle_boyuan(session)` the small other
agency into the other one. Both need the agency's context, in which the `session` fixture begins. What they return are
plain values: use `person.context()` to act as somebody.

安和 serves 云杉户外 (yunshan), with a contract in force, and 青禾食品 (qinghe), with a contract that begins later. The
account manager is assigned to 云杉 only, the service agent to both. The specialist and the supervisor hold their roles
for two departments, 业务部门 and 技术支持部. 博远 (boyuan) serves 海棠家居 (haitang).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import argon2
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.drafting import ContractHead, Draft, add_draft, draw_up, put_in_force
from anshou.merchants.limits import Clock, LimitClause, LimitUnit, Urgency
from anshou.merchants.merchants import Merchant, Profile, add_merchant
from anshou.merchants.shops import Platform, ShopCard, open_shop
from anshou.merchants.terms import ConfidentialityTerm, DisputeClause, Forum, ServiceItem, Terms
from anshou.people.accounts import Side
from anshou.people.admitting import Newcomer, admit
from anshou.people.grants import Grant
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.people.roles import Department, Role
from anshou.people.serving import Place
from billing.clauses import Cap, CapPeriod, CostClause
from billing.parties import Party
from billing.shares import Share

# A workday morning at 10:00 in Shanghai, when everybody is in.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

PASSWORD = "correct horse 电池 staple"
# The smallest costs that argon2 takes: tests sign in often and guard nothing.
HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = HASHER.hash(PASSWORD)

BOTH_DEPARTMENTS = (Department.OPERATIONS, Department.TECHNICAL_SUPPORT)

TERMS = Terms(
    service_items=(
        ServiceItem(number="3.1", name="店铺日常运营", standard="商品信息每日巡检，异常当日处理"),
        ServiceItem(number="3.2", name="客服接待", standard="工作时段首次响应不超过 5 分钟"),
    ),
    limits=(
        LimitClause(
            number="5.2",
            clock=Clock.FIRST_RESPONSE,
            urgency=Urgency.URGENT,
            value=5,
            unit=LimitUnit.MINUTES,
            calendar="service_hours",
        ),
        LimitClause(
            number="5.3", clock=Clock.PLAN_SUBMISSION, urgency=Urgency.NORMAL, value=1, unit=LimitUnit.WORKDAYS
        ),
    ),
    cost_clauses=(
        CostClause(
            number="8.1",
            cause=Party.AGENCY,
            shares=(Share(party=Party.AGENCY, basis_points=10000),),
            caps=(Cap(party=Party.AGENCY, per=CapPeriod.MONTH, fen=5_000_000, beyond_to=Party.MERCHANT),),
        ),
        CostClause(
            number="8.3",
            cause=Party.CARRIER,
            shares=(Share(party=Party.CARRIER, basis_points=10000),),
            failed_claim_to=Party.MERCHANT,
        ),
    ),
    dispute=DisputeClause(number="12.2", forum=Forum.ARBITRATION, body="杭州仲裁委员会", place="杭州"),
    confidentiality=ConfidentialityTerm(number="10.1", months_after_end=36, scope="商业秘密、经营数据与消费者信息"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMerchant:
    """A merchant of the cast by its ids; `contract_id` and `version_id` are of its one contract."""

    id: UUID
    name: str
    shop_id: UUID
    contract_id: UUID
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Anhe:
    """The agency of most tests."""

    account_manager: Person
    service_agent: Person
    specialist: Person
    supervisor: Person
    finance: Person
    executive: Person
    auditor: Person
    admin: Person
    owner: Person
    member: Person
    other_owner: Person
    yunshan: CastMerchant
    qinghe: CastMerchant

    @property
    def staff(self) -> dict[Role, Person]:
        """The agency's people by their role."""
        return {
            Role.ACCOUNT_MANAGER: self.account_manager,
            Role.SERVICE_AGENT: self.service_agent,
            Role.SPECIALIST: self.specialist,
            Role.SUPERVISOR: self.supervisor,
            Role.FINANCE: self.finance,
            Role.EXECUTIVE: self.executive,
            Role.AUDITOR: self.auditor,
            Role.AGENCY_ADMIN: self.admin,
        }

    @property
    def everybody(self) -> dict[Role, Person]:
        """One person per role; the merchant's are those of 云杉."""
        return self.staff | {Role.MERCHANT_OWNER: self.owner, Role.MERCHANT_MEMBER: self.member}


@dataclass(frozen=True, slots=True, kw_only=True)
class Boyuan:
    """The other agency."""

    admin: Person
    account_manager: Person
    owner: Person
    haitang: CastMerchant


async def settle(session: AsyncSession, at: datetime = NOW) -> Anhe:
    """Write 安和 and its merchants."""
    admin = await staff(session, "许静", "admin", Role.AGENCY_ADMIN, at=at)
    yunshan = await merchant(session, "云杉户外", Platform.TMALL, valid_from=date(2026, 1, 1), by=admin, at=at)
    qinghe = await merchant(session, "青禾食品", Platform.PINDUODUO, valid_from=date(2026, 12, 1), by=admin, at=at)
    return Anhe(
        account_manager=await staff(session, "林悦", "manager", Role.ACCOUNT_MANAGER, merchants=(yunshan.id,), at=at),
        service_agent=await staff(
            session, "周敏", "agent", Role.SERVICE_AGENT, merchants=(yunshan.id, qinghe.id), at=at
        ),
        specialist=await staff(session, "唐磊", "specialist", Role.SPECIALIST, departments=BOTH_DEPARTMENTS, at=at),
        supervisor=await staff(session, "韦华", "supervisor", Role.SUPERVISOR, departments=BOTH_DEPARTMENTS, at=at),
        finance=await staff(session, "方萍", "finance", Role.FINANCE, at=at),
        executive=await staff(session, "高远", "executive", Role.EXECUTIVE, at=at),
        auditor=await staff(session, "沈清", "auditor", Role.AUDITOR, at=at),
        admin=admin,
        owner=await of_merchant(session, "云飞", "yunshan-owner", yunshan.id, Role.MERCHANT_OWNER, at=at),
        member=await of_merchant(session, "杉杉", "yunshan-member", yunshan.id, Role.MERCHANT_MEMBER, at=at),
        other_owner=await of_merchant(session, "禾苗", "qinghe-owner", qinghe.id, Role.MERCHANT_OWNER, at=at),
        yunshan=yunshan,
        qinghe=qinghe,
    )


async def settle_boyuan(session: AsyncSession, at: datetime = NOW) -> Boyuan:
    """Write 博远 and its merchant."""
    admin = await staff(session, "邹宁", "admin", Role.AGENCY_ADMIN, at=at)
    haitang = await merchant(session, "海棠家居", Platform.JD, valid_from=date(2026, 1, 1), by=admin, at=at)
    return Boyuan(
        admin=admin,
        account_manager=await staff(session, "白露", "manager", Role.ACCOUNT_MANAGER, merchants=(haitang.id,), at=at),
        owner=await of_merchant(session, "唐棠", "haitang-owner", haitang.id, Role.MERCHANT_OWNER, at=at),
        haitang=haitang,
    )


async def staff(
    session: AsyncSession,
    name: str,
    login: str,
    role: Role,
    *,
    departments: tuple[Department, ...] = (),
    merchants: tuple[UUID, ...] = (),
    at: datetime = NOW,
) -> Person:
    """Somebody of the agency, with the cast's password and an address of their own."""
    grants = tuple(Grant(role=role, department=department) for department in departments) or (Grant(role=role),)
    newcomer = Newcomer(
        side=Side.STAFF,
        name=name,
        title=str(role.label),
        email=f"{login}@agency.example",
        grants=grants,
        merchants=merchants,
    )
    return await _admitted(session, newcomer, login, at)


async def of_merchant(
    session: AsyncSession, name: str, login: str, merchant_id: UUID, role: Role, *, at: datetime = NOW
) -> Person:
    """Somebody of a merchant, with the cast's password and an address of their own."""
    newcomer = Newcomer(
        side=Side.MERCHANT,
        name=name,
        email=f"{login}@merchant.example",
        places=(Place(merchant_id=merchant_id, role=role),),
    )
    return await _admitted(session, newcomer, login, at)


async def merchant(
    session: AsyncSession, name: str, platform: Platform, *, valid_from: date, by: Person, at: datetime = NOW
) -> CastMerchant:
    """A merchant with a shop and an open-ended contract in force from `valid_from`."""
    made = await add_merchant(session, Profile(name=name, company=f"{name}有限公司"), by=by, at=at)
    shop = await open_shop(session, made, ShopCard(platform=platform, name=f"{name}旗舰店"), by=by, at=at)
    version = await agree(session, made, valid_from=valid_from, by=by, at=at)
    return CastMerchant(
        id=made.id, name=made.name, shop_id=shop.id, contract_id=version.contract_id, version_id=version.id
    )


async def agree(
    session: AsyncSession,
    merchant: Merchant,
    *,
    valid_from: date,
    valid_until: date | None = None,
    number: str = "DY-2026-001",
    terms: Terms = TERMS,
    by: Person,
    at: datetime = NOW,
) -> ContractVersion:
    """A contract with the merchant whose first version is in force."""
    contract = await draw_up(session, merchant, ContractHead(number=number, title="店铺代运营服务合同"), by=by, at=at)
    draft = Draft(valid_from=valid_from, valid_until=valid_until, terms=terms)
    version = await add_draft(session, contract, draft, by=by, at=at)
    await put_in_force(session, version, by=by, at=at)
    return version


async def _admitted(session: AsyncSession, newcomer: Newcomer, login: str, at: datetime) -> Person:
    account = await admit(session, newcomer, login=login, password_hash=PASSWORD_HASH, admitted_by=None, at=at)
    person = await find_person(session, account.id)
    assert person is not None
    return person
