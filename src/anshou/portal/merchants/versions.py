"""One version of a contract: its terms and documents, and putting it in force."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.amounts import ContractAmount, Place, amounts_of, place_of
from anshou.merchants.contracts import ContractVersion, Standing, find_overlap, visible_version
from anshou.merchants.documents import documents_of
from anshou.merchants.drafting import discard_draft, put_in_force, supersede
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.error_pages import status_of
from anshou.portal.merchants.contract_list import STANDING_TONES
from anshou.portal.merchants.places import address_of_merchant, contracts_trail
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.sealed_fields import SealedFieldView, sealed_field
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.setting_calendars import calendar_lines
from confidentiality.sealing import masks
from tenants.files import ACCEPTED
from tenants.refusals import N_, Refusal


@get("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}")
async def version_page(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """What was agreed, for which days, and its documents."""
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    return await show_version(request, visit, version)


@post("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/in-force", status_code=303)
async def put_version_in_force(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Let the draft decide; `supersede=yes` ends the version that it overlaps on the day before it begins."""
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    wished = (await request.form()).get("supersede") == "yes"
    try:
        async with visit.session.begin_nested():
            former = await find_overlap(visit.session, version) if wished else None
            if former is not None:
                await supersede(visit.session, former, version, by=visit.person, at=visit.at)
            else:
                await put_in_force(visit.session, version, by=visit.person, at=visit.at)
    except Refusal as refusal:
        version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
        return await show_version(request, visit, version, refusal)
    said = language_of(request).say(N_("第 %(version)s 版已生效，不能再修改。"), version=version.version)
    return go_to(request, f"{address_of_merchant(merchant_id)}/contracts/versions/{version_id}", Notice(said))


@post("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/discard", status_code=303)
async def discard(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Drop a draft with its documents."""
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    await discard_draft(visit.session, version, by=visit.person)
    said = language_of(request).say(N_("草稿已删除。"))
    return go_to(request, f"{address_of_merchant(merchant_id)}/contracts", Notice(said))


async def show_version(
    request: Asked, visit: Visit, version: ContractVersion, wrong: Refusal | None = None
) -> Response[str]:
    """The page, with what went wrong at its top."""
    language = language_of(request)
    merchant = await visible_merchant(visit.session, version.merchant_id)
    await visit.session.refresh(version)
    await visit.session.refresh(version, ["contract"])
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    standing = version.standing(today)
    people = {version.drafted_by, version.in_force_by, version.ended_by} - {None}
    calendars = calendar_lines(await read_rulebook(visit.session))
    return page(
        request,
        "merchants/version.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        merchant=merchant,
        trail=contracts_trail(request, merchant),
        version=version,
        terms=version.agreed,
        amounts=await _amounts(visit, version),
        place_of=place_of,
        may_open=allows(visit.person, Permission.REVEAL),
        standing=standing,
        tones=STANDING_TONES,
        overlap=await find_overlap(visit.session, version) if standing is Standing.DRAFT else None,
        documents=await documents_of(visit.session, version, by=visit.person),
        accepted=",".join(ending for endings in ACCEPTED.values() for ending in endings),
        names=await names_of(visit.session, {one for one in people if one is not None}),
        calendars={one.code: language.say(one.label) for one in calendars},
        may_manage=allows(visit.person, Permission.MANAGE_CONTRACTS),
    )


async def _amounts(visit: Visit, version: ContractVersion) -> dict[Place, SealedFieldView]:
    """Each cap's and threshold's amount, masked, with the way to reveal it."""
    back = f"{address_of_merchant(version.merchant_id)}/contracts/versions/{version.id}"
    return {
        place: sealed_field(
            visit.person,
            ContractAmount.__tablename__,
            "amount",
            row.id,
            label=ContractAmount.amount.field.label,
            masked=masks.HIDDEN,
            back=back,
        )
        for place, row in (await amounts_of(visit.session, version)).items()
    }
