"""One return or deletion at the agency's desk: its steps, the erasure's report, and the certificate."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.merchants.merchants import visible_merchant
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.people.second_factor import is_enrolled
from anshou.portal.account.proofs import Proving, prove_by
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.entrustment.of_merchant import here_of
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.merchants.places import trail
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.entrustment.certificates import certificate_purpose, issue_certificate, read_certificate
from anshou.privacy.entrustment.returning import Procedure, erase, procedure_of, propose_key_destruction, visible_return
from anshou.privacy.entrustment.rows import DataReturn, Step
from anshou.privacy.retention.registry import KINDS
from anshou.privacy.retention.runs import read_report
from tenants.refusals import N_, Message, Refusal


@get("/returns/{number:str}")
async def return_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Where it stands."""
    made = await _visible(visit, number)
    await seen(visit, made.id)
    procedure = await procedure_of(visit.session, made)
    report = await read_report(visit.session, procedure.run_id) if procedure.run_id and _reads_all(visit) else None
    merchant = await visible_merchant(visit.session, made.merchant_id)
    finished = report is not None and report.run.finished_at is not None
    people = [made.begun_by, *(one.done_by for one in procedure.steps)]
    return page(
        request,
        "entrustment/return.html",
        made=made,
        procedure=procedure,
        merchant=merchant,
        report=report,
        kinds=KINDS,
        names=await names_of(visit.session, people),
        trail=(*trail(request, merchant), (language_of(request).say(N_("委托处理")), here_of(merchant.id))),
        here=f"/returns/{number}",
        steps=_steps(request, procedure),
        may_erase=procedure.may_erase and allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
        may_destroy=finished
        and procedure.step(Step.DESTRUCTION_PROPOSED) is None
        and allows(visit.person, Permission.MANAGE_KEYS),
        may_certify=finished and procedure.certificate is None and allows(visit.person, Permission.SIGN_FOR_AGENCY),
    )


@post("/returns/{number:str}/erase", status_code=303)
async def submit_erasure(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Order the erasure."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    await erase(visit.session, await _visible(visit, number), by=visit.person, at=visit.at)
    said = language_of(request).say(N_("清除已开始，完成后可出具证明。"))
    return go_to(request, f"/returns/{number}", Notice(said))


@post("/returns/{number:str}/keys", status_code=303)
async def submit_destruction(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Propose to destroy the merchant's key."""
    authorize_at_desk(visit.person, Permission.MANAGE_KEYS)
    made = await _visible(visit, number)
    await propose_key_destruction(visit.session, made, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已提出销毁密钥，须由另一人批准。"))
    return go_to(request, f"/returns/{number}", Notice(said))


@get("/returns/{number:str}/certificate")
async def certificate_page(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The certificate to print, or the form that signs it."""
    async with gate_of(request).enter(caller) as visit:
        made = await _visible(visit, number)
        procedure = await procedure_of(visit.session, made)
        if procedure.certificate is None:
            authorize_at_desk(visit.person, Permission.SIGN_FOR_AGENCY)
            return await _form(request, visit, made)
        said = read_certificate(procedure.certificate)
        return page(
            request,
            "entrustment/certificate.html",
            certificate=procedure.certificate,
            said=said,
            back=f"/returns/{number}",
        )


@post("/returns/{number:str}/certificate", status_code=303)
async def submit_certificate(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Prove who signs, freeze and sign it."""
    gate = gate_of(request)
    reading = read(Proving, await typed_by(request))
    async with gate.enter(caller) as visit:
        authorize_at_desk(visit.person, Permission.SIGN_FOR_AGENCY)
        made = await _visible(visit, number)
        if reading.value is None:
            return await _form(request, visit, made, reading.refusal)
        purpose = certificate_purpose(made)
    proof = await prove_by(gate, caller, reading.value, purpose=purpose)
    async with gate.enter(caller) as visit:
        made = await _visible(visit, number)
        if isinstance(proof, Message):
            return await _form(request, visit, made, proof)
        try:
            async with visit.session.begin_nested():
                await issue_certificate(visit.session, made, proof=proof, by=visit.person, at=visit.at)
        except Refusal as refusal:
            return await _form(request, visit, made, refusal)
        return go_to(request, f"/returns/{number}", Notice(language_of(request).say(N_("证明已出具，商家可以下载。"))))


def _steps(request: Asked, procedure: Procedure) -> list[dict[str, str]]:
    """The bar over the page: what is done, what is next."""
    say = language_of(request).say
    done = [
        (N_("商家选择"), procedure.chosen is not None),
        (N_("返还数据"), procedure.step(Step.HANDED_OVER, Step.CHOSEN_DELETION) is not None),
        (N_("清除数据"), procedure.step(Step.ERASING) is not None),
        (N_("出具证明"), procedure.certificate is not None),
    ]
    ahead = next((place for place, (_, is_done) in enumerate(done) if not is_done), len(done))
    return [
        {"label": say(label), "state": "done" if is_done else "now" if place == ahead else "ahead"}
        for place, (label, is_done) in enumerate(done)
    ]


def _reads_all(visit: Visit) -> bool:
    # Reports of erasures are the whole agency's: somebody fenced to their merchants does not reach them.
    return visit.person.context().scope == "agency"


async def _visible(visit: Visit, number: str) -> DataReturn:
    authorize_at_desk(visit.person, Permission.READ_CONTRACTS)
    return await visible_return(visit.session, number, by=visit.person)


async def _form(
    request: Asked, visit: Visit, made: DataReturn, wrong: Refusal | Message | None = None
) -> Response[str]:
    values = form_values(request, Proving, wrong=wrong)
    async with gate_of(request).door(visit.tenant).open() as session:
        if not await is_enrolled(session, visit.person.id):
            values["fields"] = [field for field in values["fields"] if field.name != "code"]
    return page(
        request,
        "entrustment/sign.html",
        status_code=status_of(wrong) if isinstance(wrong, Refusal) else 422 if wrong else 200,
        made=made,
        here=f"/returns/{made.number}",
        **values,
    )
