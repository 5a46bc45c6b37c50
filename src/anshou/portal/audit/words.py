"""Leaves in words: the action's label, who it was, and what the body says, field by field."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anshou.language import Language
from confidentiality.audit.actions import find_action
from confidentiality.audit.leaves import AuditLeaf
from tenants.refusals import N_

_SIDES = {"agency": N_("代运营方"), "merchant": N_("商家"), "system": N_("系统")}


# What stands on a row of the list, in this order. Digests and ids are on the leaf's own page.
_TOLD = {
    "number": N_("编号"),
    "request": N_("请求"),
    "purpose": N_("目的"),
    "field": N_("字段"),
    "refusal": N_("拒绝原因"),
    "move": N_("动作"),
    "recipient": N_("接收方"),
    "name": N_("名称"),
    "title": N_("标题"),
    "contract": N_("合同"),
    "clock": N_("时限"),
    "urgency": N_("紧急程度"),
    "calendar": N_("日历"),
    "day": N_("日期"),
    "days": N_("日期"),
    "year": N_("年份"),
    "kind": N_("种类"),
    "cause": N_("缘由"),
    "outcome": N_("结论"),
    "change": N_("变更"),
    "what": N_("事项"),
    "roles": N_("角色"),
    "login": N_("登录名"),
    "version": N_("版本"),
    "table": N_("对象"),
    "count": N_("条数"),
    "hits": N_("命中"),
    "cells": N_("密封字段数"),
    "address": N_("网络地址"),
    "second_factor": N_("二次验证"),
}


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
    """What of the body tells people something, on one line."""
    if body is None:
        return language.say(N_("密钥已销毁，内容无法读取"))
    said = ((label, body.get(name)) for name, label in _TOLD.items())
    return " · ".join(f"{language.say(label)} {_short(value)}" for label, value in said if value not in (None, "", []))


def facts(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The body field by field, values in full."""
    return [(name, _whole(value)) for name, value in sorted(body.items()) if name != "actor"]


def _short(value: Any) -> str:
    text = str(len(value)) if isinstance(value, list) and len(value) > 2 else _whole(value)
    return text if len(text) <= 24 else text[:23] + "…"


def _whole(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_whole(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_whole(inner) for inner in value)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return "—" if value in (None, "") else str(value)
