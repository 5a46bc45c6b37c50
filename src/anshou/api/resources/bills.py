"""Bills of banks, platforms and carriers: read whole or refused with every place; accounts with where they stand."""

import asyncio
import hashlib
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api import uploads, visits
from anshou.api.answers import Listing, shown
from anshou.api.months import Month, named
from anshou.api.routing import get, post, put
from anshou.api.uploads import Beside, Sent
from anshou.api.visits import Visiting
from anshou.finance import reconciling
from anshou.finance.bench import account_months, latest_imports
from anshou.finance.bill_mappings import own_layouts
from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, authorize
from billing.bills.reading import read
from billing.reconciliation import books
from billing.reconciliation.errors import MatchInvalid
from billing.reconciliation.kept_rules import KeptRule, rules_in_force
from billing.reconciliation.proof import Proof
from billing.reconciliation.rules import MatchRule
from tenants.refusals import N_, Message

Source = Annotated[str, Meta(min_length=1, max_length=60, title=N_("账单来源"))]
Account = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S", title=N_("账户"))]


class AccountNamed(Beside, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which account the bill is of."""

    account: Account


class BatchShown(Struct, frozen=True, kw_only=True):
    """A file that was imported: what it comes to in fen, and how many of its lines earlier files had brought."""

    id: UUID
    name: Annotated[str, Meta(title=N_("文件名"))]
    source: Source
    account: Account
    first_on: Annotated[date, Meta(title=N_("第一天"))]
    last_on: Annotated[date, Meta(title=N_("最后一天"))]
    lines: Annotated[int, Meta(title=N_("行数"))]
    known_lines: Annotated[int, Meta(title=N_("此前已有的行数"))]
    fen_in: Annotated[int, Meta(title=N_("收入合计，分"))]
    fen_out: Annotated[int, Meta(title=N_("支出合计，分"))]
    imported_at: Annotated[datetime, Meta(title=N_("导入时间"))]


class TallyShown(Struct, frozen=True, kw_only=True):
    """So many lines that come to so many fen."""

    lines: Annotated[int, Meta(title=N_("行数"))]
    fen: Annotated[int, Meta(title=N_("金额，分"))]


class ProofShown(Struct, frozen=True, kw_only=True):
    """What bills brought for a month, and where each of their lines stands."""

    brought: Annotated[TallyShown, Meta(title=N_("账单共有"))]
    open: Annotated[TallyShown, Meta(title=N_("未匹配"))]
    explained: Annotated[TallyShown, Meta(title=N_("已说明"))]
    matched: Annotated[TallyShown, Meta(title=N_("已匹配"))]
    differences: Annotated[TallyShown, Meta(title=N_("未核销的差额"))]
    agrees: Annotated[bool, Meta(title=N_("合计是否一致"))]


class AccountMonthShown(Struct, frozen=True, kw_only=True):
    """A month of one account of one source."""

    source: Source
    account: Account
    month: Month
    proof: Annotated[ProofShown, Meta(title=N_("核对结果"))]


class MatchRuleGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule, the largest difference that may be written off of one match, and whether the rule is retired."""

    rule: Annotated[MatchRule, Meta(title=N_("对账规则"))]
    write_off_fen: Annotated[int, Meta(ge=0, le=1_000_000, title=N_("每笔最多核销差额，分"))] = 0
    is_retired: Annotated[bool, Meta(title=N_("是否停用"))] = False


class MatchRuleShown(Struct, frozen=True, kw_only=True):
    """A rule in force."""

    rule: Annotated[MatchRule, Meta(title=N_("对账规则"))]
    write_off_fen: Annotated[int, Meta(title=N_("每笔最多核销差额，分"))]
    set_at: Annotated[datetime, Meta(title=N_("设置时间"))]


def may_import(request: Asked) -> None:
    """Raise PermissionMissing for who keeps no books, before anything of the file is read."""
    authorize(visits.caller_by_key(request).person, Permission.KEEP_BOOKS)


@post(
    "/bills",
    summary=N_("导入账单"),
    operation_id="importBill",
    dependencies=uploads.reading(may_import, AccountNamed),
    opt={"upload": AccountNamed},
)
async def import_bill(uploaded: NamedDependency[Sent], visit: Visiting) -> BatchShown:
    layouts = await own_layouts(visit.session, by=visit.person)
    # A large file takes its time, and nobody else waits for it.
    bill = await asyncio.to_thread(read, uploaded.name, uploaded.content, layouts)
    batch = await reconciling.import_bill(
        visit.session,
        bill,
        sha256=hashlib.sha256(uploaded.content).digest(),
        name=uploaded.name[:255],
        account=uploaded.beside.account.strip(),
        by=visit.person,
        at=visit.at,
    )
    return shown(BatchShown, batch)


@get("/bills", summary=N_("列出最近导入的账单"), operation_id="listBills")
async def list_bills(visit: Visiting) -> Listing[BatchShown]:
    return Listing(items=[shown(BatchShown, one) for one in await latest_imports(visit.session, by=visit.person)])


@get("/bill-accounts", summary=N_("列出有账单的账户与月份"), operation_id="listBillAccounts")
async def list_accounts(visit: Visiting) -> Listing[AccountMonthShown]:
    months = await account_months(visit.session, by=visit.person)
    items = [shown(AccountMonthShown, one, month=named(one.month), proof=proof_shown(one.proof)) for one in months]
    return Listing(items=items)


@get("/match-rules", summary=N_("列出对账规则"), operation_id="listMatchRules")
async def list_rules(visit: Visiting) -> Listing[MatchRuleShown]:
    authorize(visit.person, Permission.KEEP_BOOKS)
    return Listing(items=[_rule(one) for one in await rules_in_force(visit.session)])


@put("/match-rules/{source:str}", summary=N_("设置对账规则"), operation_id="setMatchRule")
async def set_rule(source: FromPath[str], data: JSONBody[MatchRuleGiven], visit: Visiting) -> MatchRuleShown:
    authorize(visit.person, Permission.KEEP_BOOKS)
    if data.rule.source != source:
        raise MatchInvalid(Message(N_("规则的外部来源须与地址中的一致")))
    if data.rule.against not in {book.source for book in books.books()}:
        raise MatchInvalid(Message(N_("没有这本账")))
    kept = await reconciling.set_match_rule(
        visit.session,
        data.rule,
        write_off_fen=data.write_off_fen,
        retired=data.is_retired,
        by=visit.person,
        at=visit.at,
    )
    return _rule(kept)


def proof_shown(proof: Proof) -> ProofShown:
    """The proof of a month as the door answers it."""
    tallies = ("brought", "open", "explained", "matched", "differences")
    return shown(ProofShown, proof, **{name: shown(TallyShown, getattr(proof, name)) for name in tallies})


def _rule(kept: KeptRule) -> MatchRuleShown:
    return shown(MatchRuleShown, kept, rule=kept.value)


router = Router(
    "/",
    tags=[N_("对账")],
    route_handlers=[import_bill, list_bills, list_accounts, list_rules, set_rule],
)
