"""What a ticket asks of the merchant's person now: in a sentence, with the forms by which they give it."""

from collections.abc import Sequence
from dataclasses import dataclass

from anshou.gate.callers import Asked
from anshou.people.person import Person
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.shown import Shown
from anshou.portal.merchant.places import MY_TICKETS
from anshou.portal.merchant.plain_words import awaits, awaits_merchant
from anshou.portal.pages import language_of
from anshou.tickets.process import AnyMove
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked at a step. `first` is the move whose form stands open, `others` those behind a fold.

    `elsewhere` are moves whose forms are long or sign, and have a page of their own.
    """

    title: str
    text: str
    first: str = ""
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


ASKINGS: dict[str, Asking] = {
    "plan_confirmation": Asking(
        title=N_("请确认处理方案"),
        text=N_("我们制定了下面的方案。您同意后马上执行；不同意请说明原因，我们会重新制定。"),
        first="accept_plan",
        others=("reject_plan",),
    ),
    "evaluation": Asking(
        title=N_("请评价处理结果"),
        text=N_("处理已经完成。如果问题没有解决，请选择“否”并说明原因，我们会继续处理。"),
        first="rate",
    ),
    "feedback": Asking(
        title=N_("请确认结果说明"),
        text=N_("请看下面的原因和措施说明。确认后工单将结案；有不清楚的地方可以继续提问。"),
        first="confirm_result",
        others=("ask_again",),
    ),
    "negotiation": Asking(
        title=N_("请与我们协商解决办法"),
        text=N_("协调专员会与您联系。每次协商的时间、双方立场和方案都会记录在这里，您也可以自己登记。"),
        elsewhere=("record_round", "declare_no_agreement"),
    ),
    "settlement": Asking(
        title=N_("请阅读并签署协议"),
        text=N_("双方都签署后协议生效。签署时需要再次输入密码；不同意请说明原因，继续协商。"),
        others=("decline_agreement",),
        elsewhere=("sign_for_merchant", "record_round", "declare_no_agreement"),
    ),
}

ON_HOLD = Asking(title=N_("请补充信息或答复"), text=N_("在下方直接回复或上传文件即可，收到后我们马上继续处理。"))
FOR_THE_OWNER = N_("这一步需要由贵方负责人操作。您可以在下方留言。")

# What its button says, where the move's own name would sound odd to the merchant.
BUTTONS = {
    "rate": N_("提交评价"),
    "sign_for_merchant": N_("阅读全文并签署"),
    "record_round": N_("登记一次协商"),
    "ask_again": N_("提交疑问"),
    "reject_plan": N_("不同意，退回方案"),
}
FOLDS = {
    "reject_plan": N_("不同意？请说明原因"),
    "ask_again": N_("还有疑问？继续提问"),
    "decline_agreement": N_("不同意协议？请说明原因"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm:
    """A move to be made on the ticket's own page, or on one of its own when it has no fields here."""

    name: str
    button: str
    fold: str
    address: str
    fields: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the top of the page says."""

    title: str
    text: str
    first: MoveForm | None = None
    others: tuple[MoveForm, ...] = ()
    elsewhere: tuple[MoveForm, ...] = ()
    is_answer: bool = False

    @property
    def names(self) -> set[str]:
        """The moves that it offers, so that nothing else on the page does."""
        first = (self.first,) if self.first else ()
        return {form.name for form in (*first, *self.others, *self.elsewhere)}


def ask_of(request: Asked, ticket: Ticket, person: Person, moves: Sequence[AnyMove]) -> Ask | None:
    """What the ticket asks now; None when it is the agency's turn."""
    if not awaits_merchant(ticket):
        return None
    if ticket.on_hold:
        return Ask(title=ON_HOLD.title, text=ON_HOLD.text, is_answer=True)
    asking = ASKINGS[ticket.step]
    if not awaits(ticket, person):
        return Ask(title=asking.title, text=FOR_THE_OWNER)
    made = {move.name: move for move in moves}
    return Ask(
        title=asking.title,
        text=asking.text,
        first=_form(request, ticket, made[asking.first]) if asking.first in made else None,
        others=tuple(_form(request, ticket, made[name]) for name in asking.others if name in made),
        elsewhere=tuple(_link(request, ticket, made[name]) for name in asking.elsewhere if name in made),
    )


def _form(request: Asked, ticket: Ticket, move: AnyMove) -> MoveForm:
    language = language_of(request)
    return MoveForm(
        name=move.name,
        button=language.say(BUTTONS.get(move.name, move.label)),
        fold=language.say(FOLDS.get(move.name, move.label)),
        address=f"{MY_TICKETS.of(ticket)}/moves/{move.name}",
        fields=form_values(request, move.record, side="merchant")["fields"],
    )


def _link(request: Asked, ticket: Ticket, move: AnyMove) -> MoveForm:
    last = "sign" if move.signed else f"moves/{move.name}"
    words = language_of(request).say(BUTTONS.get(move.name, move.label))
    return MoveForm(name=move.name, button=words, fold="", address=f"{MY_TICKETS.of(ticket)}/{last}")
