"""Everybody's keys, one owner's, and rotating them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.privacy.key_keeping import KeyCard, list_keys, rotate_keys, sealed_by_version, visible_keys
from confidentiality.keys.key_rows import KeyState, VersionState
from tenants.refusals import N_

# A data key that seals for longer should be rotated: one of the figures that people expect, not a rule of law.
OLD_AFTER = timedelta(days=365)

_TONES = {
    VersionState.CURRENT: "green",
    VersionState.OPENING: "amber",
    VersionState.RETIRED: "",
    VersionState.DESTROYED: "red",
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A card with what its state is called now, and in which tone."""

    card: KeyCard
    standing: str
    tone: str
    old: bool


@get("/data-keys")
async def data_keys_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everybody's keys: versions, ages, what is under way."""
    cards = await list_keys(visit.session, by=visit.person)
    language = language_of(request)
    return page(
        request,
        "data_keys/list.html",
        lines=[_line(card, visit, language) for card in cards],
        waiting=[card for card in cards if card.keys.destruction and card.keys.destruction.waits_for_approval],
        zone=(await read_settings(visit.session)).zone,
    )


@get("/data-keys/{owner:uuid}")
async def owner_page(owner: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One owner's keys by version, and what can be done with them."""
    card = await visible_keys(visit.session, owner, by=visit.person)
    settings = await read_settings(visit.session)
    destruction = card.keys.destruction
    # Only when asked for: it reads all that is sealed of the owner's.
    wanted = "rows" in request.query_params
    people = {destruction.proposed_by, destruction.approved_by} if destruction else set()
    return page(
        request,
        "data_keys/owner.html",
        line=_line(card, visit, language_of(request)),
        card=card,
        tones=_TONES,
        names=await names_of(visit.session, {person for person in people if person}),
        may_approve=allows(visit.person, Permission.APPROVE_KEY_DESTRUCTION)
        and destruction is not None
        and destruction.proposed_by != visit.person.id,
        counted=await sealed_by_version(visit.session, portal_of(request).storage, owner, by=visit.person)
        if wanted
        else None,
        days=settings.destruction_days,
        zone=settings.zone,
    )


@post("/data-keys/{owner:uuid}/rotate", status_code=303)
async def rotate(owner: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Seal under a new data key from now on."""
    version = await rotate_keys(visit.session, owner, by=visit.person, at=visit.at)
    said = N_("已启用第 %(version)s 版数据密钥，原有内容正在后台重新加密。")
    return go_to(request, f"/data-keys/{owner}", Notice(language_of(request).say(said, version=version)))


def _line(card: KeyCard, visit: Visit, language: Language) -> KeyLine:
    keys, current = card.keys, card.keys.current
    standing, tone = keys.state.label, "green"
    if keys.state is KeyState.DESTROYED:
        tone = "red"
    elif keys.destruction is not None and keys.destruction.done_at is None:
        waits = keys.destruction.waits_for_approval
        standing, tone = (N_("待批准销毁"), "amber") if waits else (N_("即将销毁"), "red")
    elif keys.resealing is not None and keys.resealing.finished_at is None:
        standing, tone = N_("重新加密中"), "blue"
    old = current is not None and current.made_at < visit.at - OLD_AFTER
    return KeyLine(card, language.say(standing), tone, old)
