"""What people state about a request. Nothing of it is printed: it names who asks."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from anshou.consumers.cards import Discreet
from anshou.privacy.requests.kinds import Decision, Ground, Proof, Right
from anshou.tickets.kinds import Channel
from tenants.refusals import N_


def _words(title: str, longest: int, widget: str = "line", *, blank: bool = False) -> Any:
    shape: dict[str, Any] = {} if blank else {"min_length": 1, "pattern": r"\S"}
    return Meta(max_length=longest, title=title, extra={"widget": widget}, **shape)


class RequestGiven(Discreet, frozen=True, kw_only=True):
    """A request as it comes in. A merchant's people leave the merchant out: it is theirs."""

    asks_for: Annotated[Right, Meta(title=N_("请求事项"))]
    channel: Annotated[Channel, Meta(title=N_("收到渠道"))]
    asker: Annotated[str, _words(N_("请求人姓名"), 40)]
    contact: Annotated[str, _words(N_("联系方式"), 120)]
    wish: Annotated[str, _words(N_("请求内容"), 2000, "text", blank=True)] = ""
    merchant: Annotated[UUID, Meta(title=N_("商家"), extra={"widget": "merchant"})] | None = None


class Identification(Discreet, frozen=True, kw_only=True):
    """How whoever asks was identified."""

    through: Annotated[Proof, Meta(title=N_("核实方式"))]


class DecisionGiven(Discreet, frozen=True, kw_only=True):
    """What becomes of the request, and on what ground if not all of it is granted."""

    decision: Annotated[Decision, Meta(title=N_("决定"))]
    ground: Annotated[Ground, Meta(title=N_("法律理由（部分同意或不同意时填写）"))] | None = None
    explanation: Annotated[str, _words(N_("说明"), 2000, "text", blank=True)] = ""


class AnswerGiven(Discreet, frozen=True, kw_only=True):
    """What whoever asks was told."""

    answer: Annotated[str, _words(N_("答复内容"), 4000, "text")]
