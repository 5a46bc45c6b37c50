"""The tabs that lead between the agency's records."""

from anshou.gate.callers import Asked
from anshou.portal.pages import language_of
from tenants.refusals import N_

TABS = (
    ("register", N_("处理活动记录"), "/register"),
    ("assessments", N_("影响评估"), "/assessments"),
    ("breaches", N_("安全事件"), "/breaches"),
)


def tabs(request: Asked, here: str) -> list[dict[str, object]]:
    """The three lists; `here` names the present one."""
    say = language_of(request).say
    return [{"label": say(label), "address": address, "current": name == here} for name, label, address in TABS]


def trail(request: Asked, here: str) -> tuple[tuple[str, str], ...]:
    """The way to a page below one of the lists."""
    say = language_of(request).say
    return tuple((say(label), address) for name, label, address in TABS if name == here)
