"""The form in which a target's accounts are set: one row per account in use, then merchants and departments."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.handing_over import set_export
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission
from anshou.people.roles import Department
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.closing.places import CLOSING, mapping_of, target_in
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from billing.voucher_exports.choosing import accounts_in_use, merchants_in_use
from billing.voucher_exports.exporting import find_setting
from billing.voucher_files.shapes import Export, ReversalStyle, Target, TargetAccount
from tenants.refusals import N_
from tenants.shapes import ShapeInvalid, accept


@get("/closing/accounts/{target:str}")
async def mapping_page(target: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What counts, to be set anew."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    chosen = target_in(target)
    setting = await find_setting(visit.session, chosen)
    return await _form(request, visit, chosen, _typed(setting.value) if setting else NOTHING)


@post("/closing/accounts/{target:str}", status_code=303)
async def submit_mapping(target: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set it; what went out stays as it went."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    chosen, typed = target_in(target), await typed_by(request)
    accounts, faults = await _accounts(visit, typed)
    raw: dict[str, Any] = {
        "target": chosen.value,
        "accounts": {},
        "customers": _filled(typed, "customer", [str(one) for one in await merchants_in_use(visit.session)]),
        "departments": _filled(typed, "department", [one.value for one in Department]),
    }
    for name in ("word", "prepared_by", "reversals"):
        if value := typed.one(name).strip():
            raw[name] = value
    raw["openings"] = typed.one("openings") != "no"
    try:
        export = accept(Export, raw)
    except ShapeInvalid as refusal:
        faults = {**refusal.fields, **faults}
    if faults:
        return await _form(request, visit, chosen, typed, faults)
    whole = Export(
        target=export.target,
        word=export.word,
        prepared_by=export.prepared_by,
        reversals=export.reversals,
        openings=export.openings,
        accounts=accounts,
        customers=export.customers,
        departments=export.departments,
    )
    await set_export(visit.session, whole, by=visit.person, at=visit.at)
    return go_to(request, mapping_of(chosen), Notice(language_of(request).say(N_("已保存，今后的导出按新的对应。"))))


async def _accounts(visit: Visit, typed: Typed) -> tuple[dict[str, TargetAccount], dict[str, str]]:
    """The rows that were filled in, and what is wrong with the others; a name left blank is that of our account."""
    made: dict[str, TargetAccount] = {}
    faults: dict[str, str] = {}
    for account in await accounts_in_use(visit.session):
        code = typed.one(f"code.{account.code}").strip()
        if not code:
            continue
        name = typed.one(f"name.{account.code}").strip() or account.name
        raw = {"code": code, "name": name, "leaf": typed.one(f"leaf.{account.code}") == "yes"}
        try:
            made[account.code] = accept(TargetAccount, raw)
        except ShapeInvalid as refusal:
            faults.update({f"{field}.{account.code}": said for field, said in refusal.fields.items()})
    return made, faults


def _filled(typed: Typed, kind: str, known: list[str]) -> dict[str, str]:
    given = {one: typed.one(f"{kind}.{one}").strip() for one in known}
    return {one: value for one, value in given.items() if value}


def _typed(export: Export) -> Typed:
    """The setting as its form was filled in."""
    values = {
        "word": [export.word],
        "prepared_by": [export.prepared_by],
        "reversals": [export.reversals.value],
        "openings": ["yes" if export.openings else "no"],
        **{f"customer.{merchant}": [code] for merchant, code in export.customers.items()},
        **{f"department.{department}": [code] for department, code in export.departments.items()},
    }
    for ours, theirs in export.accounts.items():
        values[f"code.{ours}"], values[f"name.{ours}"] = [theirs.code], [theirs.name]
        values[f"leaf.{ours}"] = ["yes" if theirs.leaf else ""]
    return Typed(values)


async def _form(
    request: Asked, visit: Visit, target: Target, typed: Typed, faults: dict[str, str] | None = None
) -> Response[str]:
    language = language_of(request)
    wrong = {name: language.translate(said) for name, said in (faults or {}).items()}
    accounts = await accounts_in_use(visit.session)
    names = await merchant_names(visit.session)
    untouched = typed is NOTHING
    return page(
        request,
        "closing/mapping.html",
        status_code=422 if wrong else 200,
        target=target,
        action=mapping_of(target),
        back=CLOSING,
        trail=[(language.say(N_("月末结账")), CLOSING)],
        targets=[
            {"label": language.say(one.label), "address": mapping_of(one), "current": one is target} for one in Target
        ],
        rows=[
            {
                "account": account,
                "code": typed.one(f"code.{account.code}"),
                "name": typed.one(f"name.{account.code}"),
                # A row that nobody filled in yet begins ticked: most accounts there are leaves.
                "leaf": not typed.one(f"code.{account.code}") or typed.one(f"leaf.{account.code}") == "yes",
                "wrong": wrong.get(f"code.{account.code}") or wrong.get(f"name.{account.code}", ""),
            }
            for account in accounts
        ],
        merchants=[
            (f"customer.{one}", names.get(one, "—"), typed.one(f"customer.{one}"))
            for one in await merchants_in_use(visit.session)
        ],
        departments=[
            (f"department.{one.value}", language.say(one.label), typed.one(f"department.{one.value}"))
            for one in Department
        ],
        word="记" if untouched else typed.one("word"),
        prepared_by=visit.person.name if untouched else typed.one("prepared_by"),
        reversals=typed.one("reversals") or ReversalStyle.RED_LETTER.value,
        openings=typed.one("openings") or "yes",
        styles=[(one.value, language.say(one.label)) for one in ReversalStyle],
        wrong=wrong,
        errors=[(name.replace(".", "-"), said) for name, said in wrong.items()],
    )
