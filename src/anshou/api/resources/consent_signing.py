"""Signing a consent: whoever signs gives their password, and their second factor, once more for this very text."""

import hashlib
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api import idempotency
from anshou.api.proofs import proved, signing_visit
from anshou.api.requests import ApiRequest
from anshou.api.resources import disclosures
from anshou.api.resources.disclosures import DisclosureShown
from anshou.api.routing import post
from anshou.api.visits import Visiting
from anshou.gate.callers import Asked
from anshou.people.proving import Proof
from anshou.privacy.disclosures import consenting
from tenants.refusals import N_


class ConsentGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which text is signed, whether its sensitive part is too, and what proves that its owner signs."""

    disclosure_id: Annotated[UUID, Meta(title=N_("对外提供"))]
    sha256: Annotated[str, Meta(title=N_("文件校验值"), max_length=64)]
    sensitive: Annotated[bool, Meta(title=N_("敏感个人信息单独同意"))] = False
    password: Annotated[str, Meta(title=N_("签署人的密码"), min_length=1, max_length=1000)]
    code: Annotated[str, Meta(title=N_("动态验证码，未启用时留空"), max_length=20)] = ""


async def fingerprint(request: Asked) -> bytes:
    """The fingerprint without the password: what is kept of a request must not help anybody to guess it."""
    given = await _given(request)
    plain = msgspec.json.encode([given.disclosure_id, given.sha256, given.sensitive])
    return idempotency.fingerprint_of(request, hashlib.sha256(plain).digest())


async def proof(request: Asked, given_key: NamedDependency[str], fingerprint: NamedDependency[bytes]) -> Proof:
    """That the person signs in again for this very text. Raises Replayed and ProofRefused."""
    given = await _given(request)
    purpose = consenting.signing_purpose(given.disclosure_id)
    return await proved(request, given_key, fingerprint, purpose=purpose, password=given.password, code=given.code)


@post(
    "/disclosures/{disclosure:str}/sign",
    summary=N_("签署对外提供同意"),
    operation_id="signConsent",
    status_code=200,
    dependencies={"fingerprint": Provide(fingerprint), "proof": Provide(proof), "visit": Provide(signing_visit)},
)
async def sign_consent(
    disclosure: FromPath[str], data: JSONBody[ConsentGiven], proof: NamedDependency[Proof], visit: Visiting
) -> DisclosureShown:
    consent = await disclosures.visible(visit, disclosure)
    await consenting.sign(
        visit.session,
        consent.disclosure,
        data.sha256,
        sensitive=data.sensitive,
        proof=proof,
        by=visit.person,
        at=visit.at,
    )
    return await disclosures.as_shown(visit, disclosure)


async def _given(request: Asked) -> ConsentGiven:
    if not isinstance(request, ApiRequest):
        raise TypeError("the door's requests read their bodies themselves")
    return await request.read(ConsentGiven)


router = Router("/", tags=[N_("对外提供")], route_handlers=[sign_consent])
