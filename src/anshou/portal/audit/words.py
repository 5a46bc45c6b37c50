"""Leaves in words: the action's label, who it was, and what the body says, field by field."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anshou.language import Language
from confidentiality.audit.actions import find_action
from confidentiality.audit.leaves import AuditLeaf
from tenants.refusals import N_

_SIDES = {"agency": N_("代运营方"), "merchant": N_("商家"), "system": N_("系统")}


@dataclass(frozen=True, slots=True)
class Line:
    """A leaf as a row of the list."""

    leaf: AuditLeaf
    action: str
    actor: str
    side: str
    merchant: str
    gist: str


def line_of(
    leaf: AuditLeaf, body: dict[str, Any] | None, merchants: dict[UUID, str], names: dict[UUID, str], language: Language
) -> Line:
    """The row in the reader's language."""
    return Line(
        leaf,
        action=action_label(leaf.action, language),
        actor=actor_name(leaf, body, names, language),
        side=language.say(_SIDES[leaf.actor_side]),
        merchant=merchants.get(leaf.merchant_id, "") if leaf.merchant_id else "",
        gist=gist(body, language),
    )


def action_label(code: str, language: Language) -> str:
    """What the action is called; its code where this version does not know it."""
    known = find_action(code)
    return language.say(known.label) if known else code


def actor_name(leaf: AuditLeaf, body: dict[str, Any] | None, names: dict[UUID, str], language: Language) -> str:
    """The name at that time, else the present one."""
    written = (body or {}).get("actor") or names.get(leaf.actor_id, "")
    if written:
        return language.say(str(written)) if leaf.actor_side == "system" else str(written)
    return "—" if leaf.actor_side == "system" else str(leaf.actor_id)


def gist(body: dict[str, Any] | None, language: Language) -> str:
    """The body on one line."""
    if body is None:
        return language.say(N_("密钥已销毁，内容无法读取"))
    said = ((name, value) for name, value in body.items() if name != "actor" and value not in (None, ""))
    return " · ".join(f"{name}={_short(value)}" for name, value in said)


def facts(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The body field by field, values in full."""
    return [(name, _whole(value)) for name, value in sorted(body.items()) if name != "actor"]


def _short(value: Any) -> str:
    text = _whole(value)
    return text if len(text) <= 24 else text[:23] + "…"


def _whole(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_whole(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_whole(inner) for inner in value)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return "—" if value in (None, "") else str(value)
