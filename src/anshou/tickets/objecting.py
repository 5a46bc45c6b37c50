"""Objection to a determination of responsibility, and its review by the next level (domain.md section 6, 争议升级).

The merchant objects within the agency's days. The supervisor reviews what the department determined, the executive what
a supervisor determined or upheld; beyond the executive there is the contract dispute. Until a review replaces it a
determination counts. The moves stand here; what they write in `objections`.
"""

from typing import Annotated
from uuid import UUID

from anshou.people.permissions import Permission as P
from anshou.tickets.answering import MerchantAnswer
from anshou.tickets.kinds import Clock, EscalationLevel
from anshou.tickets.process import CLOSED, Actor, AnyMove, Move, Need
from anshou.tickets.records import Record, choice, part, text
from anshou.tickets.situation import Facts, Rules, Situation, days_since
from billing.responsibility import Determination
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class ReviewOutcome(Labelled):
    """What a review came to."""

    UPHELD = "upheld", N_("维持原判定")
    REPLACED = "replaced", N_("改判")


class Objection(MerchantAnswer, frozen=True, kw_only=True):
    """Why the merchant does not agree with the determination, and the file of the ticket that shows it, if any."""

    reason: Annotated[str, text(N_("异议理由"), shown=True, longest=4000)]
    attachment: Annotated[UUID, choice(N_("证明附件"), shown=True, widget="attachment")] | None = None


class Review(Record, frozen=True, kw_only=True):
    """The next level's answer: the determination stands, or another one takes its place. The merchant reads it all."""

    outcome: Annotated[ReviewOutcome, choice(N_("复议结论"), shown=True)]
    responsibility: (
        Annotated[Determination, part(N_("改判后的责任（维持时不填）"), shown=True, widget="responsibility")] | None
    ) = None
    reason: Annotated[str, text(N_("复议理由"), shown=True, longest=4000)]

    def __post_init__(self) -> None:
        """Another determination is stated exactly where one takes the place of the former."""
        if self.outcome is ReviewOutcome.REPLACED and self.responsibility is None:
            raise Unfit(Message(N_("改判时，须写明新的责任判定")), "responsibility")
        if self.outcome is ReviewOutcome.UPHELD and self.responsibility is not None:
            raise Unfit(Message(N_("维持原判定时，不填写新的责任判定")), "responsibility")

    def judges(self) -> bool:
        """Either way it is the word of its level, to which the merchant may object at the next one."""
        return True


def next_level(judged: EscalationLevel | None) -> EscalationLevel | None:
    """Who reviews what this level has judged, None being the department; None where nobody stands above it."""
    if judged is None:
        return EscalationLevel.SUPERVISOR
    return EscalationLevel.EXECUTIVE if judged is EscalationLevel.SUPERVISOR else None


def in_time(facts: Facts, rules: Rules) -> bool:
    """Whether the days in which the merchant may object are not over."""
    return days_since(facts.judged_at, rules.now) <= rules.objection_days


def objected(now: Situation, _: Objection) -> Situation:
    """The next level owes an answer."""
    return now.learns(objection=next_level(now.facts.judged_level))


determined = Need(says=N_("还没有责任判定"), met=lambda now, _: now.facts.judged_at is not None)
not_final = Need(
    says=N_("高层管理的判定是最终判定，仍有争议的，请提交合作纠纷"),
    met=lambda now, _: next_level(now.facts.judged_level) is not None,
)
still_in_time = Need(says=N_("已超过可提出异议的期限"), met=lambda now, rules: in_time(now.facts, rules))
# What would pass an objection over, or end the matter without an answer to it, waits for the review.
no_objection = Need(says=N_("责任判定正在复议"), met=lambda now, _: now.facts.objection is None)


def _asked(level: EscalationLevel) -> Need:
    return Need(says=N_("没有等待这一级复议的异议"), met=lambda now, _: now.facts.objection is level)


def objecting(at: tuple[str, ...]) -> tuple[AnyMove, ...]:
    """The merchant's objection at these steps, and the reviews, also after the merchant has withdrawn the matter."""
    return (
        Move(
            name="object_to_determination",
            label=N_("对责任判定提出异议"),
            at=at,
            by=((Actor.MERCHANT, P.OBJECT_TO_DETERMINATION), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
            record=Objection,
            needs=(determined, no_objection, not_final, still_in_time),
            effect=objected,
            while_held=True,
            shown=True,
            starts=(Clock.OBJECTION,),
        ),
        _review("review_determination", N_("复议责任判定"), at, Actor.SUPERVISOR, EscalationLevel.SUPERVISOR),
        _review(
            "review_determination_finally",
            N_("最终复议责任判定"),
            at,
            Actor.EXECUTIVE,
            EscalationLevel.EXECUTIVE,
        ),
    )


def _review(name: str, label: str, at: tuple[str, ...], actor: Actor, level: EscalationLevel) -> Move[Review]:
    return Move(
        name=name,
        label=label,
        at=(*at, CLOSED),
        by=((actor, P.REVIEW_DETERMINATION),),
        record=Review,
        needs=(_asked(level),),
        while_held=True,
        shown=True,
        meets=(Clock.OBJECTION,),
    )
