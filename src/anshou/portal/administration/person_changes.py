"""Changing a person's card, roles, and the merchants they serve or work for."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.accounts import Account, Card, Side, change_card, visible_account
from anshou.people.grants import Grant, grants_of, set_grants
from anshou.people.serving import Place, assigned_to, places_of, set_assignments, set_places
from anshou.portal.administration.offering import people_choices
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal


class StaffStanding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person of the agency may do, and for which merchants."""

    grants: Annotated[tuple[Grant, ...], Meta(min_length=1, max_length=20, title=N_("角色"))]
    merchants: Annotated[tuple[UUID, ...], Meta(title=N_("负责的商家"))] = ()


class MerchantStanding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which merchants a person works, and as what. Without any they cannot sign in."""

    places: Annotated[tuple[Place, ...], Meta(max_length=50, title=N_("所属商家"))] = ()


Standing = StaffStanding | MerchantStanding


@get("/people/{account_id:uuid}/card")
async def card_page(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The card as it is."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    reach = account.credential
    card = Card(
        name=account.name,
        title=account.title,
        login=reach.login,
        email=reach.email or "",
        phone=reach.phone or "",
    )
    return _card_form(request, account.id, account.name, prefilled(card))


@post("/people/{account_id:uuid}/card", status_code=303)
async def submit_card(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Change it."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    name = account.name
    reading = read(Card, await typed_by(request))
    if reading.value is None:
        return _card_form(request, account_id, name, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await change_card(visit.session, account, reading.value, by=visit.person)
    except Refusal as refusal:
        return _card_form(request, account_id, name, reading.typed, refusal)
    return go_to(request, f"/people/{account_id}", Notice(language_of(request).say(N_("资料已更新。"))))


@get("/people/{account_id:uuid}/standing")
async def standing_page(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Roles and merchants as they are."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    return await _standing_form(request, visit, account, prefilled(await _standing(visit, account)))


@post("/people/{account_id:uuid}/standing", status_code=303)
async def submit_standing(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Change them; a changed role ends the person's open sessions."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    shape: type[StaffStanding] | type[MerchantStanding] = (
        StaffStanding if account.side is Side.STAFF else MerchantStanding
    )
    reading = read(shape, await typed_by(request))
    if reading.value is None:
        return await _standing_form(request, visit, account, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await _change_standing(visit, account, reading.value)
    except Refusal as refusal:
        account = await visible_account(visit.session, account_id, by=visit.person)
        return await _standing_form(request, visit, account, reading.typed, refusal)
    return go_to(request, f"/people/{account_id}", Notice(language_of(request).say(N_("角色与商家已更新。"))))


async def _change_standing(visit: Visit, account: Account, wanted: Standing) -> None:
    if isinstance(wanted, StaffStanding):
        await set_grants(visit.session, account, wanted.grants, by=visit.person, at=visit.at)
        await set_assignments(visit.session, account, wanted.merchants, by=visit.person, at=visit.at)
    else:
        await set_places(visit.session, account, wanted.places, by=visit.person, at=visit.at)


async def _standing(visit: Visit, account: Account) -> Standing:
    if account.side is Side.MERCHANT:
        return MerchantStanding(places=tuple(await places_of(visit.session, account.id)))
    return StaffStanding(
        grants=tuple(sorted(await grants_of(visit.session, account.id), key=lambda grant: grant.role)),
        merchants=tuple(await assigned_to(visit.session, account.id)),
    )


async def _standing_form(
    request: Asked, visit: Visit, account: Account, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    say, here = language_of(request).say, f"/people/{account.id}"
    is_staff = account.side is Side.STAFF
    form = FormPage(
        heading=say(N_("角色与负责的商家")) if is_staff else say(N_("所属商家")),
        action=f"{here}/standing",
        back=here,
        button=say(N_("保存")),
        trail=((say(N_("人员")), "/people"), (account.name, here)),
        intro=say(N_("角色变更后，对方需要重新登录。客户经理和售后客服只能看到分配给自己的商家。")) if is_staff else "",
    )
    choices = await people_choices(visit.session, account.side, language_of(request))
    shape = StaffStanding if is_staff else MerchantStanding
    return show_form(request, form, shape, typed, wrong=wrong, choices=choices)


def _card_form(
    request: Asked, account_id: UUID, name: str, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    say, here = language_of(request).say, f"/people/{account_id}"
    form = FormPage(
        heading=say(N_("修改资料")),
        action=f"{here}/card",
        back=here,
        button=say(N_("保存")),
        trail=((say(N_("人员")), "/people"), (name, here)),
    )
    return show_form(request, form, Card, typed, wrong=wrong)
