"""An allocation in sentences: one for each party, why it bears what it bears.

Said from the steps that are kept, so that an old allocation explains itself as on its first day. The limits of clauses
are not named: they lie sealed with the contract, and the clause's number leads to them.
"""

from billing.attribution.allocations import Allocation, Part, Step, StepKind
from billing.parties import Party
from billing.shares import WHOLE, percent
from tenants.refusals import N_, Message

NOTHING_MORE = Message("")


def explain(allocation: Allocation) -> dict[Party, Message]:
    """A sentence for each party with a part, in the order of the parts."""
    return {party: explain_party(allocation, party) for party in allocation.borne()}


def explain_party(allocation: Allocation, party: Party) -> Message:
    """Why this party bears what it bears."""
    parts = [part for part in allocation.parts if part.party is party]
    why = _listed([_part_words(part) for part in parts])
    fen = sum(part.fen for part in parts)
    if fen < 0:
        return Message(N_("%(party)s分得 %(yuan)s 元：%(why)s。"), party=party, yuan=yuan(-fen), why=why)
    return Message(N_("%(party)s承担 %(yuan)s 元：%(why)s。"), party=party, yuan=yuan(fen), why=why)


def explain_rest(part: Part, fen: int) -> Message:
    """Why whoever carries the rest of a failed claim bears it: `fen` of `part` that the claim did not bring in."""
    return Message(
        N_("%(other)s承担 %(yuan)s 元：须向%(party)s索赔，索赔不成的部分由%(other)s承担。"),
        other=part.failed_to,
        yuan=yuan(fen),
        party=part.party,
    )


def explain_step(step: Step) -> Message:
    """One step by itself, for the list under a part."""
    return _STEPS[step.kind](step)


def yuan(fen: int) -> str:
    """Fen written in yuan: -123456 is "-1,234.56"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


def _part_words(part: Part) -> Message:
    words = [explain_step(step) for step in part.steps[1:]]
    if part.failed_to is not None and part.fen:
        words.append(
            Message(N_("须向%(party)s索赔，索赔不成的部分由%(other)s承担"), party=part.party, other=part.failed_to)
        )
    if not words:
        words.append(Message(N_("无需分担")))
    said = N_("%(cause)s责任 %(percent)s%%，合同未另行约定，按一般规则，%(words)s")
    if not part.general:
        said = N_("%(cause)s责任 %(percent)s%%，按合同条款“%(clause)s”，%(words)s")
    named = {} if part.general else {"clause": part.clause}
    share = percent(part.steps[0].basis_points)
    return Message(said, cause=part.cause, percent=share, words=_listed(words), **named)


def _listed(words: list[Message]) -> Message:
    """Several clauses as one, in their order."""
    listed = words[0]
    for following in words[1:]:
        listed = Message(N_("%(first)s；%(following)s"), first=listed, following=following)
    return listed


def _cause(step: Step) -> Message:
    return Message(
        N_("费用 %(of)s 元中责任占 %(percent)s%%%(rounding)s"),
        of=yuan(step.of),
        percent=percent(step.basis_points),
        rounding=_rounding(step),
    )


def _share(step: Step) -> Message:
    if step.basis_points == WHOLE:
        return Message(N_("承担全部 %(yuan)s 元"), yuan=yuan(step.fen))
    return Message(
        N_("分担 %(of)s 元的 %(percent)s%%，即 %(yuan)s 元%(rounding)s"),
        of=yuan(step.of),
        percent=percent(step.basis_points),
        yuan=yuan(step.fen),
        rounding=_rounding(step),
    )


def _rounding(step: Step) -> Message:
    if not step.rounding:
        return NOTHING_MORE
    return Message(N_("（含尾差 %(fen)s 分）"), fen=step.rounding)


def _minimum(step: Step) -> Message:
    return Message(N_("费用低于最低分担金额，全部 %(yuan)s 元自行承担"), yuan=yuan(step.fen))


def _unreasonable(step: Step) -> Message:
    return Message(N_("承担超出合理费用的 %(yuan)s 元"), yuan=yuan(step.fen))


def _deductible(step: Step) -> Message:
    return Message(N_("承担免赔额 %(yuan)s 元"), yuan=yuan(step.fen))


def _capped(step: Step) -> Message:
    return Message(
        N_("超出%(per)s限额的 %(yuan)s 元转由%(other)s承担"), per=step.per, yuan=yuan(-step.fen), other=step.other
    )


def _taken_over(step: Step) -> Message:
    return Message(
        N_("承接%(other)s超出%(per)s限额的 %(yuan)s 元"), per=step.per, yuan=yuan(step.fen), other=step.other
    )


_STEPS = {
    StepKind.CAUSE: _cause,
    StepKind.SHARE: _share,
    StepKind.MINIMUM: _minimum,
    StepKind.UNREASONABLE: _unreasonable,
    StepKind.DEDUCTIBLE: _deductible,
    StepKind.CAPPED: _capped,
    StepKind.TAKEN_OVER: _taken_over,
}
