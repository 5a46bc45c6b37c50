"""The settings of revealing: the figures, and the list of purposes with how it came to be."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.administration.setting_tabs import setting_tabs
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.purposes import (
    NewPurpose,
    add_purpose,
    all_purposes,
    purpose_history,
    restore_purpose,
    retire_purpose,
)
from anshou.privacy.reveal_rules import RevealRules, change_reveal_rules, read_reveal_rules, rules_history
from tenants.refusals import N_, Refusal

HERE = "/settings/reveals"


@get(HERE)
async def rules_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The rules as they are."""
    authorize(visit.person, Permission.READ_SETTINGS)
    return await _page(request, visit, prefilled(await read_reveal_rules(visit.session)))


@post(HERE, status_code=303)
async def submit_rules(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set others."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    reading = read(RevealRules, await typed_by(request))
    if reading.value is None:
        return await _page(request, visit, reading.typed, reading.refusal)
    await change_reveal_rules(visit.session, reading.value, by=visit.person, at=visit.at)
    return go_to(request, HERE, Notice(language_of(request).say(N_("查看规则已保存。"))))


@get(f"{HERE}/purposes/new")
async def new_purpose_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another purpose."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    return _form(request)


@post(f"{HERE}/purposes/new", status_code=303)
async def submit_purpose(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Put it on the list."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    reading = read(NewPurpose, await typed_by(request))
    if reading.value is None:
        return _form(request, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await add_purpose(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, reading.typed, refusal)
    return go_to(request, HERE, Notice(language_of(request).say(N_("查看目的已添加。"))))


@post(f"{HERE}/purposes/{{code:str}}/retire", status_code=303)
async def retire(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Offer it no longer."""
    await retire_purpose(visit.session, code, by=visit.person, at=visit.at)
    return go_to(request, HERE, Notice(language_of(request).say(N_("查看目的已停用，以往的记录不变。"))))


@post(f"{HERE}/purposes/{{code:str}}/restore", status_code=303)
async def restore(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Offer it again."""
    await restore_purpose(visit.session, code, by=visit.person, at=visit.at)
    return go_to(request, HERE, Notice(language_of(request).say(N_("查看目的已恢复。"))))


async def _page(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    changes = await purpose_history(visit.session, by=visit.person)
    versions = await rules_history(visit.session, by=visit.person)
    who = {change.changed_by for change in changes} | {version.changed_by for version in versions}
    return page(
        request,
        "reveals/rules.html",
        status_code=status_of(wrong) if wrong else 200,
        tabs=setting_tabs(language_of(request), HERE),
        purposes=await all_purposes(visit.session),
        changes=changes,
        versions=versions,
        names=await names_of(visit.session, who),
        may_change=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
        zone=(await read_settings(visit.session)).zone,
        **form_values(request, RevealRules, typed, wrong=wrong),
    )


def _form(request: Asked, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("添加查看目的")),
        action=f"{HERE}/purposes/new",
        back=HERE,
        button=say(N_("添加")),
        trail=((say(N_("查看规则")), HERE),),
        intro=say(N_("查看目的会显示给商家，请写得具体、看得懂。")),
    )
    return show_form(request, form, NewPurpose, typed, wrong=wrong)
