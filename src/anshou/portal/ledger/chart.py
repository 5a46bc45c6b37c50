"""The chart of accounts: the tree with what each account is for, and its changes."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.finance.bookkeeping import (
    keep_currency,
    open_account,
    rename_account,
    retire_account,
    start_chart,
    use_account,
)
from anshou.finance.books import read_accounts
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.ledger.naming import account_choices, full_name
from anshou.portal.ledger.places import ACCOUNTS, LEDGER, tabs
from anshou.portal.pages import Notice, go_to, language_of, page
from billing.currencies import Currency
from billing.ledger.accounts import LedgerAccount, NewAccount, get_account
from billing.ledger.uses import AccountUse, Side
from tenants.labels import Labelled
from tenants.refusals import N_, Refusal

CURRENCY = f"{ACCOUNTS}/currency"
START = f"{ACCOUNTS}/start"
NEW = f"{ACCOUNTS}/new"


class FurtherCurrency(Labelled):
    """A currency that is kept beside yuan."""

    HKD = Currency.HKD.value, Currency.HKD.label
    USD = Currency.USD.value, Currency.USD.label
    EUR = Currency.EUR.value, Currency.EUR.label


class Kept(Labelled):
    """What an account holds: entries in a currency, or those of the accounts below it."""

    CNY = Currency.CNY.value, Currency.CNY.label
    HKD = Currency.HKD.value, Currency.HKD.label
    USD = Currency.USD.value, Currency.USD.label
    EUR = Currency.EUR.value, Currency.EUR.label
    SUMMARY = "summary", N_("汇总下级科目")


class AccountGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be added."""

    parent: Annotated[str, Meta(max_length=20, title=N_("上级科目"))] = ""
    code: Annotated[str, Meta(min_length=1, max_length=20, title=N_("科目编码"))]
    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S", title=N_("科目名称"))]
    normal_side: Annotated[Side, Meta(title=N_("余额方向"))] = Side.DEBIT
    kept: Annotated[Kept, Meta(title=N_("记账币种"))] = Kept.CNY


class AccountChanged(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be changed of an account: its name, and what is posted to it from now on."""

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S", title=N_("科目名称"))]
    use: Annotated[AccountUse, Meta(title=N_("自动记账用途"))] | None = None


class CurrencyGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which currency books are kept too."""

    currency: Annotated[FurtherCurrency, Meta(title=N_("币种"))]


@get(ACCOUNTS)
async def chart_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The tree."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    accounts = await read_accounts(visit.session, by=visit.person)
    known = {account.id: account for account in accounts}
    return page(
        request,
        "ledger/chart.html",
        tabs=tabs(request, ACCOUNTS),
        rows=[(account, _level(known, account)) for account in accounts],
        uses={one.value: one.label for one in AccountUse},
        may_keep=allows(visit.person, Permission.KEEP_BOOKS),
    )


@post(START, status_code=303)
async def start(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Begin with the default accounts."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    await start_chart(visit.session, by=visit.person, at=visit.at)
    return go_to(request, ACCOUNTS, Notice(language_of(request).say(N_("已启用默认科目。"))))


@get(NEW)
async def new_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """An account to be; `?parent=` names the one above."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    above = request.query_params.get("parent", "")
    typed = starting_with({"parent": above, "code": above})
    return await _new_form(request, visit, typed)


@post(NEW, status_code=303)
async def submit_account(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Add it."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    reading = read(AccountGiven, await typed_by(request))
    if reading.value is None:
        return await _new_form(request, visit, reading.typed, reading.refusal)
    given = reading.value
    new = NewAccount(
        code=given.code.strip(),
        name=given.name,
        normal_side=given.normal_side,
        parent=given.parent or None,
        currency=None if given.kept is Kept.SUMMARY else given.kept.value,
    )
    try:
        async with visit.session.begin_nested():
            account = await open_account(visit.session, new, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _new_form(request, visit, reading.typed, refusal)
    said = language_of(request).say(N_("已增加科目 %(code)s。"), code=account.code)
    return go_to(request, ACCOUNTS, Notice(said))


@get(CURRENCY)
async def currency_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Which currency."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    return _currency_form(request)


@post(CURRENCY, status_code=303)
async def submit_currency(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Add accounts in it for all that is posted."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    reading = read(CurrencyGiven, await typed_by(request))
    if reading.value is None:
        return _currency_form(request, reading.typed, reading.refusal)
    currency = Currency(reading.value.currency.value)
    try:
        async with visit.session.begin_nested():
            count = await keep_currency(visit.session, currency, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _currency_form(request, reading.typed, refusal)
    said = language_of(request).say(N_("已为 %(currency)s 增加 %(count)s 个科目。"), currency=currency, count=count)
    return go_to(request, ACCOUNTS, Notice(said))


@get("/ledger/accounts/{code:str}/change")
async def change_page(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The account as it is."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    account = await get_account(visit.session, code)
    return _change_form(request, account, starting_with({"name": account.name}))


@post("/ledger/accounts/{code:str}/change", status_code=303)
async def submit_change(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Name it anew, or let a use be posted to it."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    account = await get_account(visit.session, code)
    reading = read(AccountChanged, await typed_by(request))
    if reading.value is None:
        return _change_form(request, account, reading.typed, reading.refusal)
    given = reading.value
    try:
        async with visit.session.begin_nested():
            if given.name.strip() != account.name:
                await rename_account(visit.session, code, given.name, by=visit.person, at=visit.at)
            if given.use is not None:
                await use_account(visit.session, code, given.use, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _change_form(request, account, reading.typed, refusal)
    return go_to(request, ACCOUNTS, Notice(language_of(request).say(N_("科目已修改。"))))


@post("/ledger/accounts/{code:str}/retire", status_code=303)
async def submit_retirement(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take no new entries."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    account = await get_account(visit.session, code)
    try:
        async with visit.session.begin_nested():
            await retire_account(visit.session, code, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _change_form(request, account, starting_with({"name": account.name}), refusal)
    return go_to(request, ACCOUNTS, Notice(language_of(request).say(N_("科目已停用，其中的分录仍可冲销。"))))


def _level(known: dict[UUID, LedgerAccount], account: LedgerAccount) -> int:
    level = 1
    while account.parent_id is not None:
        account, level = known[account.parent_id], level + 1
    return level


async def _new_form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    accounts = await read_accounts(visit.session, by=visit.person)
    above = account_choices(
        [one for one in accounts if not one.is_leaf and one.retired_at is None], language_of(request)
    )
    form = FormPage(
        heading=say(N_("增加科目")),
        action=NEW,
        back=ACCOUNTS,
        button=say(N_("增加")),
        trail=((say(N_("账簿")), LEDGER), (say(N_("科目")), ACCOUNTS)),
        intro=say(N_("下级编码以上级编码开头；编码、上级和币种保存后不再改变。")),
    )
    return show_form(request, form, AccountGiven, typed, wrong=wrong, choices=Choices(by_name={"parent": above}))


def _currency_form(request: Asked, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("启用其他币种")),
        action=CURRENCY,
        back=ACCOUNTS,
        button=say(N_("启用")),
        trail=((say(N_("账簿")), LEDGER), (say(N_("科目")), ACCOUNTS)),
        intro=say(N_("每个有自动记账用途的人民币科目旁增加一个该币种的科目，此后该币种的费用可以核实入账。")),
    )
    return show_form(request, form, CurrencyGiven, typed, wrong=wrong)


def _change_form(request: Asked, account: LedgerAccount, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    takes_use = account.is_leaf and account.use is None and account.retired_at is None
    intro = (
        N_("指定用途后，该用途今后记入这个科目，原科目不再使用该用途。") if takes_use else N_("编码与币种不能修改。")
    )
    form = FormPage(
        heading=full_name(account, language_of(request)),
        action=f"{ACCOUNTS}/{account.code}/change",
        back=ACCOUNTS,
        button=say(N_("保存")),
        trail=((say(N_("账簿")), LEDGER), (say(N_("科目")), ACCOUNTS)),
        intro=say(intro),
    )
    without = () if takes_use else ("use",)
    return show_form(request, form, AccountChanged, typed, wrong=wrong, without=without)
