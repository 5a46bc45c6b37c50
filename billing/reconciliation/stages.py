"""The stages of matching, and what each says of a match."""

from tenants.labels import Labelled
from tenants.refusals import N_, Message


class Stage(Labelled):
    """By what two sides were found to be the same, in the order in which it is tried (design.md section 5)."""

    REFERENCE = "reference", N_("单号与金额一致")
    WINDOW = "window", N_("金额一致，日期相近")
    TOLERANCE = "tolerance", N_("差额在允许范围内")
    ONE_TO_MANY = "one_to_many", N_("一笔对多笔")
    MANY_TO_ONE = "many_to_one", N_("多笔对一笔")
    SUBSET = "subset", N_("部分合计一致")
    LIKENESS = "likeness", N_("单号相近")
    # What people do, beside what the matcher finds.
    BY_HAND = "by_hand", N_("人工匹配")
    EXPLAINED = "explained", N_("说明")
    DIVIDED = "divided", N_("拆分或合并")


_CERTAIN = {
    Stage.REFERENCE: N_("单号与金额一致，日期相差 %(days)s 天"),
    Stage.WINDOW: N_("金额一致，日期相差 %(days)s 天，两边都没有其他可选的行"),
    Stage.TOLERANCE: N_("差额 %(yuan)s 元在允许范围内，日期相差 %(days)s 天"),
    Stage.ONE_TO_MANY: N_("单号相同的 %(count)s 行合计与对方一行相符，差额 %(yuan)s 元"),
    Stage.MANY_TO_ONE: N_("单号相同的 %(count)s 行合计与对方一行相符，差额 %(yuan)s 元"),
    Stage.SUBSET: N_("单号相同的行中，只有这 %(count)s 行的合计等于对方金额"),
    Stage.BY_HAND: N_("人工匹配，差额 %(yuan)s 元"),
    Stage.EXPLAINED: N_("人工说明，不与账内对应"),
    Stage.DIVIDED: N_("拆分或合并为其他行"),
}
_UNCERTAIN = {
    Stage.REFERENCE: N_("单号与金额一致，但可选的不止一行，请人工确认"),
    Stage.WINDOW: N_("金额一致，日期相差 %(days)s 天，但可选的不止一行，请人工确认"),
    Stage.TOLERANCE: N_("单号相同，差额 %(yuan)s 元，请人工确认"),
    Stage.SUBSET: N_("这 %(count)s 行的合计等于对方金额，但不是唯一的组合，请人工确认"),
    Stage.LIKENESS: N_("金额一致，单号只差少许，可能有误记，请人工确认"),
}


def reason(stage: Stage, *, automatic: bool, days: int, fen: int, count: int) -> Message:
    """Why lines were matched or are suggested. `fen` is external less internal, `days` the largest distance."""
    words = (_CERTAIN if automatic else _UNCERTAIN)[stage]
    known = {"days": days, "yuan": yuan(fen), "count": count}
    return Message(words, **{name: value for name, value in known.items() if f"%({name})s" in words})


def yuan(fen: int) -> str:
    """The amount in yuan with two decimals: -5 is "-0.05"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02}"


# A person reads scores as a ranking; certain stages lie above every suggestion.
_SCORES = {
    Stage.REFERENCE: 100,
    Stage.WINDOW: 90,
    Stage.TOLERANCE: 88,
    Stage.ONE_TO_MANY: 86,
    Stage.MANY_TO_ONE: 86,
    Stage.SUBSET: 80,
    Stage.LIKENESS: 45,
}


def score(stage: Stage, *, automatic: bool, days: int) -> int:
    """0 to 100: the stage's, less a point per day apart up to ten, and 40 less where a person has to decide."""
    return max(0, _SCORES[stage] - min(days, 10) - (0 if automatic or stage is Stage.LIKENESS else 40))
