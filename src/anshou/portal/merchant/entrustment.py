"""My data: what I have entrusted, to whom it may be passed on, its return at the end, and what went wrong with it."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.downloads import disposition
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import contracts_of
from anshou.people.permissions import Permission, allows
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.privacy.duties.breaches import notices_to, read_notice
from anshou.privacy.duties.errors import RecordNotFound
from anshou.privacy.entrustment.certificates import read_certificate
from anshou.privacy.entrustment.errors import StepNotOpen
from anshou.privacy.entrustment.recording import (
    decide_subprocessor,
    entrustments_of,
    passings_of,
    visible_subprocessor,
)
from anshou.privacy.entrustment.returning import choose, hand_over, procedure_of, returns_of, visible_return
from tenants.refusals import N_
from tenants.shapes import accept

HERE = "/my/data/entrustment"


class Decision(msgspec.Struct, frozen=True):
    """Whether the merchant agrees that a part is passed on."""

    agreed: Annotated[bool, msgspec.Meta(title=N_("决定"))]


@get("/my/data/entrustment")
async def my_entrustment_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything at a glance."""
    merchant_id = own_merchant(visit.person, Permission.READ_DISCLOSURES)
    reads_contracts = allows(visit.person, Permission.READ_CONTRACTS)
    contracts = await contracts_of(visit.session, merchant_id, by=visit.person) if reads_contracts else []
    held = [(one, await entrustments_of(visit.session, merchant_id, one.id)) for one in contracts]
    return page(
        request,
        "merchant/entrustment.html",
        held=[(contract, versions[0]) for contract, versions in held if versions],
        passings=await passings_of(visit.session, merchant_id),
        returns=await returns_of(visit.session, merchant_id),
        notices=await notices_to(visit.session, merchant_id),
        may_decide=allows(visit.person, Permission.GIVE_CONSENT),
        **await acting_for(visit, merchant_id),
    )


@post("/my/data/entrustment/subprocessors/{subprocessor_id:uuid}", status_code=303)
async def decide(subprocessor_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Agree that a part is passed on, or not, or no longer."""
    merchant_id = own_merchant(visit.person, Permission.GIVE_CONSENT)
    subprocessor = await visible_subprocessor(visit.session, merchant_id, subprocessor_id)
    # A decision that nobody made would be recorded as the merchant's refusal.
    chosen = str((await request.form()).get("agreed", ""))
    agreed = accept(Decision, {"agreed": {"yes": True, "no": False}.get(chosen, chosen)}).agreed
    await decide_subprocessor(visit.session, subprocessor, agreed=agreed, reason="", by=visit.person, at=visit.at)
    await seen(visit, subprocessor.id)
    return go_to(request, HERE, Notice(language_of(request).say(N_("您的决定已记录。"))))


@get("/my/data/returns/{number:str}")
async def my_return_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What I can choose, what was done, and the certificate."""
    merchant_id = own_merchant(visit.person, Permission.READ_DISCLOSURES)
    made = await visible_return(visit.session, number, by=visit.person)
    await seen(visit, made.id)
    return page(
        request,
        "merchant/data_return.html",
        made=made,
        procedure=await procedure_of(visit.session, made),
        here=f"/my/data/returns/{number}",
        back=HERE,
        may_choose=allows(visit.person, Permission.GIVE_CONSENT),
        **await acting_for(visit, merchant_id),
    )


@post("/my/data/returns/{number:str}/choice", status_code=303)
async def submit_choice(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """My data back and then deleted, or deleted at once."""
    own_merchant(visit.person, Permission.GIVE_CONSENT)
    made = await visible_return(visit.session, number, by=visit.person)
    take_back = (await request.form()).get("choice") != "deletion"
    await choose(visit.session, made, take_back=take_back, by=visit.person, at=visit.at)
    return go_to(request, f"/my/data/returns/{number}", Notice(language_of(request).say(N_("您的选择已记录。"))))


@post("/my/data/returns/{number:str}/file", status_code=200)
async def take_file(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Stream:
    """My data, as a package; the visit commits before the first byte is sent."""
    own_merchant(visit.person, Permission.GIVE_CONSENT)
    made = await visible_return(visit.session, number, by=visit.person)
    package = await hand_over(visit.session, portal_of(request).storage, made, by=visit.person, at=visit.at)
    return Stream(
        package.content,
        media_type="application/zip",
        headers={
            "Content-Disposition": disposition(package.name, "attachment"),
            "Content-Length": str(package.size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@get("/my/data/returns/{number:str}/certificate")
async def my_certificate_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The certificate, to print."""
    own_merchant(visit.person, Permission.READ_DISCLOSURES)
    made = await visible_return(visit.session, number, by=visit.person)
    certificate = (await procedure_of(visit.session, made)).certificate
    if certificate is None:
        raise StepNotOpen
    said = read_certificate(certificate)
    back = f"/my/data/returns/{number}"
    return page(request, "entrustment/certificate.html", certificate=certificate, said=said, back=back)


@get("/my/data/breach-notices/{notice_id:uuid}")
async def my_notice_page(notice_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What I was told about a breach, to print."""
    merchant_id = own_merchant(visit.person, Permission.READ_DISCLOSURES)
    notice = next((one for one in await notices_to(visit.session, merchant_id) if one.id == notice_id), None)
    if notice is None:
        raise RecordNotFound
    await seen(visit, notice.id)
    return page(request, "duties/notice.html", told=notice, said=read_notice(notice), back=HERE)
