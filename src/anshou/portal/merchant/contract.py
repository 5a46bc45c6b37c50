"""My contract: what is agreed and in force today, in readable form; and the periods before and after."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.downloads import send_file
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.amounts import open_terms
from anshou.merchants.contracts import versions_of, visible_version
from anshou.merchants.documents import documents_of, visible_document
from anshou.merchants.limits import LimitClause
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.portal.formats import share, yuan
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.pages import language_of, page, portal_of
from anshou.privacy.contract_documents import open_document
from billing.clauses import CostClause
from tenants.files import StoredFile
from tenants.refusals import N_


@get("/my/contract")
async def my_contract_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The version in force today, or the one that is asked for."""
    merchant_id = own_merchant(visit.person, Permission.READ_CONTRACTS)
    language = language_of(request)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    versions = await versions_of(visit.session, merchant_id, by=visit.person)
    wanted = request.query_params.get("version", "")
    shown = next((one for one in versions if str(one.id) == wanted), None)
    shown = shown or next((one for one in versions if one.covers(today)), None)
    terms = await open_terms(visit.session, shown, by=visit.person, at=visit.at) if shown else None
    return page(
        request,
        "merchant/contract.html",
        today=today,
        versions=versions,
        shown=shown,
        terms=terms,
        limits=[(limit, _limit_words(limit, language)) for limit in terms.limits] if terms else [],
        costs=[(clause, _cost_words(clause, language)) for clause in terms.cost_clauses] if terms else [],
        documents=await documents_of(visit.session, shown, by=visit.person) if shown else [],
        **await acting_for(visit, merchant_id),
    )


@get("/my/contract/{version_id:uuid}/documents/{document_id:uuid}")
async def my_contract_document(
    version_id: FromPath[UUID], document_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file of the contract, handed over."""
    merchant_id = own_merchant(visit.person, Permission.READ_CONTRACTS)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    kept: Any = await visible_document(visit.session, version, document_id, by=visit.person)
    file = StoredFile(kept.storage_key, kept.name, kept.media_type, kept.size, kept.sha256.hex())
    storage = await open_document(
        visit.session, portal_of(request).storage, version, kept, by=visit.person, at=visit.at
    )
    return await send_file(storage, file)


def _limit_words(limit: LimitClause, language: Language) -> str:
    """How long the agency has."""
    return language.say(N_("%(value)s %(unit)s内"), value=limit.value, unit=language.say(limit.unit.label))


def _cost_words(clause: CostClause, language: Language) -> list[str]:
    """Who bears what, a sentence per agreement of the clause."""
    say = language.say
    comma = say(N_("、"))
    shares = comma.join(f"{say(one.party.label)} {share(one.basis_points)}" for one in clause.shares)
    words = [say(N_("由%(shares)s承担"), shares=shares)]
    if clause.categories:
        words.append(
            say(N_("适用于：%(categories)s"), categories=comma.join(say(one.label) for one in clause.categories))
        )
    if clause.excluded:
        words.append(
            say(N_("不包括：%(categories)s"), categories=comma.join(say(one.label) for one in clause.excluded))
        )
    words.extend(
        say(
            N_("%(party)s%(per)s最多承担 %(amount)s，超出部分由%(beyond)s承担"),
            party=say(cap.party.label),
            per=say(cap.per.label),
            amount="****" if cap.fen is None else yuan(cap.fen),
            beyond=say(cap.beyond_to.label),
        )
        for cap in clause.caps
    )
    words.extend(
        say(
            N_("%(kind)s（%(category)s）%(amount)s，由%(party)s自行承担"),
            kind=say(threshold.kind.label),
            category=say(N_("全部类别") if threshold.category is None else threshold.category.label),
            amount="****" if threshold.fen is None else yuan(threshold.fen),
            party=say(threshold.borne_by.label),
        )
        for threshold in clause.thresholds
    )
    if clause.failed_claim_to is not None:
        words.append(say(N_("索赔不成时由%(party)s承担"), party=say(clause.failed_claim_to.label)))
    return words
