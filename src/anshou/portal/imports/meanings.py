"""What the values of a file mean here: merchants, shops, people, kinds, states and the like."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.consumers.private_products import merchants_with_private_rules
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission
from anshou.people.roles import Department
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.typed import Typed, typed_in
from anshou.portal.imports.places import IMPORTS, address_of, columns_of_import, values_of_import
from anshou.portal.pages import go_to, language_of, page, portal_of
from anshou.portal.query_values import identifier
from anshou.tickets.importing.batches import TicketImport, visible_import
from anshou.tickets.importing.checking import LEFT_OUT
from anshou.tickets.importing.deciding import ask_for_check
from anshou.tickets.importing.fields import CHOSEN, NEVER_EMPTY, Field
from anshou.tickets.importing.grounds import known_to
from anshou.tickets.importing.intake import Table, choose_values, table_of, values_to_choose
from anshou.tickets.importing.wording import NOBODY, Known, Standing
from anshou.tickets.kinds import Channel, Kind, Urgency
from billing.parties import Party
from tenants.labels import Labelled
from tenants.refusals import N_, Refusal

_LABELLED: dict[Field, type[Labelled]] = {
    Field.KIND: Kind,
    Field.STATE: Standing,
    Field.CHANNEL: Channel,
    Field.URGENCY: Urgency,
    Field.DEPARTMENT: Department,
    Field.PARTY: Party,
}

_NONE = {
    Field.SHOP: N_("不关联店铺"),
    Field.DEPARTMENT: N_("不指定部门"),
    Field.OWNER: N_("不指定负责人"),
    Field.PARTY: N_("只保留原文"),
}

Options = list[tuple[str, str]]


@get(IMPORTS + "/{import_id:uuid}/values")
async def values_page(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Each value with what it most likely means."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    if batch.storage_key is None:
        return go_to(request, address_of(batch.id))
    if not batch.chosen.columns:
        return go_to(request, columns_of_import(batch.id))
    return await _page(request, visit, batch, await table_of(visit.session, portal_of(request).storage, batch))


@post(IMPORTS + "/{import_id:uuid}/values", status_code=303)
async def submit_values(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep what each value means, and have the rows checked."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    table = await table_of(visit.session, portal_of(request).storage, batch)
    typed = typed_in((await request.form()).multi_items())
    known = await known_to(visit.session)
    values = _typed_values(typed, _options(known, language_of(request)))
    sealed = [one for said in typed.every("sealed") if (one := identifier(said)) in known.merchants]
    try:
        async with visit.session.begin_nested():
            await choose_values(
                visit.session, batch, table, values, [one for one in sealed if one], by=visit.person, at=visit.at
            )
            await ask_for_check(visit.session, batch, table, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _page(request, visit, batch, table, refusal, values)
    return go_to(request, address_of(batch.id))


def _typed_values(typed: Typed, options: Mapping[Field, Options]) -> dict[Field, dict[str, str]]:
    """What was chosen, as far as it is one of the choices."""
    values: dict[Field, dict[str, str]] = {}
    for field in CHOSEN:
        allowed = {value for value, _ in options[field]}
        for place in typed.rows(f"key.{field.value}"):
            key = typed.one(f"key.{field.value}[{place}].key")
            said = typed.one(f"key.{field.value}[{place}].value")
            values.setdefault(field, {})[key] = said if said in allowed else ""
    return values


def _options(known: Known, language: Language) -> dict[Field, Options]:
    say = language.say
    found: dict[Field, Options] = {
        field: [(one.value, say(one.label)) for one in labelled] for field, labelled in _LABELLED.items()
    }
    merchants = sorted(known.merchants.items(), key=lambda one: one[1])
    found[Field.MERCHANT] = [(str(one), name) for one, name in merchants if one not in known.ended]
    found[Field.MERCHANT].append((LEFT_OUT, say(N_("不导入这些行"))))
    found[Field.SHOP] = [
        (str(one.id), f"{one.name}（{known.merchants.get(one.merchant, '')}）")
        for one in sorted(known.shops, key=lambda shop: shop.name)
    ]
    found[Field.OWNER] = [(str(one), name) for one, name in sorted(known.people.items(), key=lambda one: one[1])]
    for field, words in _NONE.items():
        found[field].append((NOBODY, say(words)))
    return found


async def _page(
    request: Asked,
    visit: Visit,
    batch: TicketImport,
    table: Table,
    wrong: Refusal | None = None,
    chosen: Mapping[Field, Mapping[str, str]] | None = None,
) -> Response[str]:
    language = language_of(request)
    known = await known_to(visit.session)
    found = await values_to_choose(visit.session, batch, table, known)
    private = await merchants_with_private_rules(visit.session)
    groups = [
        (
            field,
            language.say(field.label),
            [(one, chosen.get(field, {}).get(one.key, "") if chosen is not None else one.meaning) for one in values],
        )
        for field, values in found.items()
        if values
    ]
    return page(
        request,
        "imports/values.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        batch=batch,
        groups=groups,
        options=_options(known, language),
        never_empty=NEVER_EMPTY,
        in_columns={field for field in Field if batch.chosen.place_of(field) is not None},
        merchants=[
            (one, name, one in private or one in batch.chosen.sealed, one in private)
            for one, name in sorted(known.merchants.items(), key=lambda each: each[1])
            if one not in known.ended
        ],
        action=values_of_import(batch.id),
        back=columns_of_import(batch.id),
        import_address=address_of(batch.id),
        trail=[(language.say(N_("导入台账")), IMPORTS)],
    )
