"""Accounts with their bills by month, and taking another bill in."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Annotated

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.finance.bench import account_months, latest_imports
from anshou.finance.bill_mappings import own_layouts
from anshou.finance.reconciling import import_bill, set_match_rule
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read as read_form
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.portal.reconciliation.mappings import ask_for_mapping
from anshou.portal.reconciliation.places import RECONCILIATION, bench_of, label_of
from billing.bill_mappings import mappings_in_force
from billing.bills.reading import read
from billing.bills.shapes import Bill, BillRefused, Fault, LayoutUnknown
from billing.reconciliation import books
from billing.reconciliation.kept_rules import KeptRule, rules_in_force
from billing.reconciliation.rules import MatchRule
from tenants.labels import Labelled
from tenants.refusals import N_, Message, Refusal


@dataclass(frozen=True, slots=True)
class _Taken:
    bill: Bill
    sha256: bytes
    name: str


class Against(Labelled):
    """The books that a bill can be compared with."""

    LEDGER = "ledger", N_("账簿中的银行与支付账户")
    COSTS = "costs", N_("已核实的费用")


class GroupBy(Labelled):
    """The kinds of numbers by which several lines make up one (billing.bills.numbers)."""

    ORDER = "order", N_("订单号")
    TRADE = "trade", N_("交易号")
    REFUND = "refund", N_("退款单号")
    WAYBILL = "waybill", N_("运单号")
    FLOW = "flow", N_("流水号")


class RuleGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one source is compared with one of the books."""

    against: Annotated[Against, Meta(title=N_("与哪本账核对"))]
    priority: Annotated[int, Meta(ge=0, le=1000, title=N_("优先级"))] = 100
    tolerance_fen: Annotated[int, Meta(ge=0, le=1_000_000, title=N_("允许差额"), extra={"widget": "money"})] = 0
    tolerance_basis_points: Annotated[
        int,
        Meta(
            ge=0,
            le=1000,
            title=N_("允许差额比例"),
            description=N_("与金额相比，最多 10%；两项都填时以较大的为准"),
            extra={"widget": "share"},
        ),
    ] = 0
    window_days: Annotated[int, Meta(ge=0, le=90, title=N_("日期允许相差天数"))] = 3
    group_by: Annotated[
        GroupBy | None,
        Meta(title=N_("合并依据的单号类别"), description=N_("几行合成一笔时看哪一种单号；不选则任何单号都可以")),
    ] = None
    write_off_fen: Annotated[int, Meta(ge=0, le=1_000_000, title=N_("每笔最多核销差额"), extra={"widget": "money"})] = 0
    retired: Annotated[bool, Meta(title=N_("停用这条规则"))] = False


@get(RECONCILIATION)
async def overview_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Where each account stands."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    return await _page(request, visit)


@post(f"{RECONCILIATION}/import", status_code=303)
async def submit_bill(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take a bill in, whole or not at all."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    form = await request.form()
    account = str(form.get("account", "")).strip()[:60]
    taken = await _taken(request, visit, form.get("file"), account)
    if isinstance(taken, Response):
        return taken
    if isinstance(taken, list):
        return await _page(request, visit, taken, account)
    try:
        async with visit.session.begin_nested():
            batch = await import_bill(
                visit.session,
                taken.bill,
                sha256=taken.sha256,
                name=taken.name,
                account=account or language_of(request).say(N_("默认账户")),
                by=visit.person,
                at=visit.at,
            )
    except Refusal as refusal:
        faults = [Fault.at(taken.name, 0, "", "", Message(refusal.message, **refusal.params))]
        return await _page(request, visit, faults, account)
    said = language_of(request).say(
        N_("已导入 %(lines)s 行，其中 %(known)s 行此前已有。"), lines=batch.lines, known=batch.known_lines
    )
    return go_to(request, bench_of(batch.source, batch.account, batch.last_on.replace(day=1)), Notice(said))


@get(f"{RECONCILIATION}/rules/{{source:str}}")
async def rule_page(source: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form of a rule, as it is in force; of one source there may be one for each of the books."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    rules = [rule for rule in await rules_in_force(visit.session) if rule.source == source]
    wanted = [rule for rule in rules if rule.against == request.query_params.get("against")] or rules
    return _rule_form(request, source, prefilled(_given(wanted[0])) if wanted else NOTHING)


@post(f"{RECONCILIATION}/rules/{{source:str}}", status_code=303)
async def submit_rule(source: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let it be in force."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    reading = read_form(RuleGiven, await typed_by(request))
    if reading.value is None:
        return _rule_form(request, source, reading.typed, reading.refusal)
    given = reading.value
    rule = MatchRule(
        source=source,
        against=given.against.value,
        priority=given.priority,
        tolerance_fen=given.tolerance_fen,
        tolerance_basis_points=given.tolerance_basis_points,
        window_days=given.window_days,
        group_by=given.group_by.value if given.group_by else "",
    )
    await set_match_rule(
        visit.session,
        rule,
        write_off_fen=given.write_off_fen,
        retired=given.retired,
        by=visit.person,
        at=visit.at,
    )
    return go_to(request, RECONCILIATION, Notice(language_of(request).say(N_("对账规则已保存。"))))


def _given(kept: KeptRule) -> RuleGiven:
    rule = kept.value
    return RuleGiven(
        against=Against(rule.against),
        priority=rule.priority,
        tolerance_fen=rule.tolerance_fen,
        tolerance_basis_points=rule.tolerance_basis_points,
        window_days=rule.window_days,
        group_by=GroupBy(rule.group_by) if rule.group_by in set(GroupBy) else None,
        write_off_fen=kept.write_off_fen,
    )


async def _taken(request: Asked, visit: Visit, sent: object, account: str) -> _Taken | list[Fault] | Response[str]:
    """The bill of an uploaded file, what is wrong with it, or the question what its columns say."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        return [Fault.at("", 0, "", "", Message(N_("请选择文件")))]
    limit = portal_of(request).upload_limit
    content = await sent.read(limit + 1)
    if len(content) > limit:
        expected = Message(N_("文件超过 %(limit)s MB 的上限，请压缩后再上传"), limit=limit // 2**20)
        return [Fault.at(sent.filename, 0, "", "", expected)]
    try:
        layouts = await own_layouts(visit.session, by=visit.person)
        # A large file takes its time, and nobody else waits for it.
        bill = await asyncio.to_thread(read, sent.filename, content, layouts)
        return _Taken(bill, hashlib.sha256(content).digest(), sent.filename)
    except LayoutUnknown as refused:
        return await ask_for_mapping(request, visit, sent.filename, content, account) or list(refused.faults)
    except BillRefused as refused:
        return list(refused.faults)


async def _page(request: Asked, visit: Visit, faults: list[Fault] | None = None, account: str = "") -> Response[str]:
    language = language_of(request)
    months = await account_months(visit.session, by=visit.person)
    rules = await rules_in_force(visit.session)
    sources = sorted({one.source for one in months} | {rule.source for rule in rules})
    return page(
        request,
        "reconciliation/overview.html",
        status_code=422 if faults else 200,
        faults=[(fault, fault.expected.text(language.translate)) for fault in faults or ()],
        months=months,
        imports=await latest_imports(visit.session, by=visit.person),
        rules=rules,
        sources=sources,
        mappings=await mappings_in_force(visit.session),
        books={book.source: book.label for book in books.books()},
        groups={one.value: one.label for one in GroupBy},
        account=account,
        label_of=label_of,
        bench_of=bench_of,
    )


def _rule_form(request: Asked, source: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("对账规则：%(source)s"), source=say(label_of(source))),
        action=f"{RECONCILIATION}/rules/{source}",
        back=RECONCILIATION,
        button=say(N_("保存")),
        trail=((say(N_("对账")), RECONCILIATION),),
        intro=say(N_("自动匹配按这里的差额和天数进行；不能确定的只作建议，由人确认。")),
    )
    return show_form(request, form, RuleGiven, typed, wrong=wrong)
