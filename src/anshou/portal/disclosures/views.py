"""A disclosure as both desks show it: how it stands, what it covers, what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anshou.privacy.disclosures.documents import Document, read_document
from anshou.privacy.disclosures.kinds import Part, Standing
from anshou.privacy.disclosures.rows import Consent, DisclosureExport
from tenants.refusals import N_

TONES = {
    Standing.WAITING: "amber",
    Standing.UPCOMING: "blue",
    Standing.IN_FORCE: "green",
    Standing.REFUSED: "red",
    Standing.RETRACTED: "",
    Standing.WITHDRAWN: "red",
    Standing.EXPIRED: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of a disclosure's history."""

    label: str
    who: UUID
    name: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the templates need of one disclosure."""

    consent: Consent
    document: Document
    standing: Standing
    tone: str
    sensitive: bool
    exports: Sequence[DisclosureExport]
    history: Sequence[Happening]

    @property
    def may_sign_sensitive(self) -> bool:
        """Whether the separate consent was asked for and neither given nor taken back."""
        asked = self.consent.disclosure.asks_sensitive
        return asked and self.standing.is_open and self.consent.signature(Part.SENSITIVE) is None


def view(consent: Consent, exports: Sequence[DisclosureExport], *, at: datetime) -> View:
    """The disclosure at this instant."""
    standing = consent.standing(at)
    return View(
        consent=consent,
        document=read_document(consent.disclosure),
        standing=standing,
        tone=TONES[standing],
        sensitive=consent.covers_sensitive(at),
        exports=exports,
        history=_history(consent),
    )


def _history(consent: Consent) -> list[Happening]:
    asked = consent.disclosure
    told = [Happening(label=N_("提出申请"), who=asked.requested_by, name="", at=asked.requested_at)]
    told += [
        Happening(
            label=N_("签署同意") if one.part is Part.GENERAL else N_("签署敏感个人信息单独同意"),
            who=one.signed_by,
            name=one.name,
            at=one.signed_at,
        )
        for one in consent.signatures
    ]
    told += [
        Happening(
            label=one.sort.label if one.part is Part.GENERAL else N_("撤回敏感个人信息单独同意"),
            who=one.ended_by,
            name="",
            at=one.ended_at,
            reason=one.reason,
        )
        for one in consent.ends
    ]
    return sorted(told, key=lambda one: one.at)
