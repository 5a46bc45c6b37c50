"""The accounts by which is settled with a merchant: masked, kept, retired."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.accounts import (
    AccountCard,
    SettlementAccount,
    accounts_of,
    keep_account,
    masked_accounts,
    retire_account,
)
from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, trail
from anshou.portal.pages import Notice, go_to, language_of
from anshou.portal.sealed_fields import SealedFieldView, sealed_field
from anshou.privacy.masked_lists import record_masked_list
from confidentiality.sealing.fields import sealed_fields
from tenants.refusals import N_, Refusal


async def shown_accounts(
    visit: Visit, merchant_id: UUID
) -> list[tuple[SettlementAccount, dict[str, SealedFieldView]]] | None:
    """The accounts in use with their fields, masked; None for those who have nothing to do with them."""
    if not (allows(visit.person, Permission.KEEP_ACCOUNTS) or allows(visit.person, Permission.REVEAL)):
        return None
    accounts = await accounts_of(visit.session, merchant_id)
    masked = await masked_accounts(visit.session, accounts)
    if accounts:
        await record_masked_list(
            visit.session,
            SettlementAccount.__tablename__,
            [one.id for one in accounts],
            merchant_id=merchant_id,
            by=visit.person,
            at=visit.at,
        )
    labels = {name: field.label for name, field in sealed_fields(SettlementAccount).items()}
    back = f"{address_of_merchant(merchant_id)}#accounts"
    return [
        (
            account,
            {
                name: sealed_field(
                    visit.person,
                    SettlementAccount.__tablename__,
                    name,
                    account.id,
                    label=labels[name],
                    masked=mask,
                    back=back,
                )
                for name, mask in masks.items()
            },
        )
        for account, masks in zip(accounts, masked, strict=True)
    ]


@get("/merchants/{merchant_id:uuid}/accounts/new")
async def new_account_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another account."""
    authorize(visit.person, Permission.KEEP_ACCOUNTS)
    return _form(request, await visible_merchant(visit.session, merchant_id))


@post("/merchants/{merchant_id:uuid}/accounts/new", status_code=303)
async def submit_account(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep another account."""
    authorize(visit.person, Permission.KEEP_ACCOUNTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(AccountCard, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await keep_account(visit.session, merchant_id, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        merchant = await visible_merchant(visit.session, merchant_id)
        return _form(request, merchant, reading.typed, refusal)
    return _done(request, merchant_id, N_("结算账户已加密登记。"))


@post("/merchants/{merchant_id:uuid}/accounts/{account_id:uuid}/retire", status_code=303)
async def retire(
    merchant_id: FromPath[UUID], account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Use the account no longer."""
    await visible_merchant(visit.session, merchant_id)
    await retire_account(visit.session, merchant_id, account_id, by=visit.person, at=visit.at)
    return _done(request, merchant_id, N_("结算账户已停用。"))


def _done(request: Asked, merchant_id: UUID, said: str) -> Response[str]:
    return go_to(request, f"{address_of_merchant(merchant_id)}#accounts", Notice(language_of(request).say(said)))


def _form(request: Asked, merchant: Merchant, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say, here = language_of(request).say, address_of_merchant(merchant.id)
    form = FormPage(
        heading=say(N_("登记结算账户")),
        action=f"{here}/accounts/new",
        back=here,
        button=say(N_("保存")),
        trail=trail(request, merchant),
        intro=say(N_("账号与证件号码加密保存，保存后只显示掩码。")),
    )
    return show_form(request, form, AccountCard, typed, wrong=wrong)
