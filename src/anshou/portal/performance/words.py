"""What measures are called, and what each is said to be: the definitions that stand on the page.

What is said here is what `anshou.performance` counts; a change of one is a change of both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from anshou.performance.counts import Counts
from anshou.performance.figures import Figure
from tenants.refusals import N_

Value = Callable[[Counts], Fraction | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure that is a part of a whole, or an amount for each: what it is called, made of, and how it is said.

    `form` is `percent`, `each` or `yuan`. `better` says whether more of it is better.
    """

    code: str
    label: str
    part: Figure
    whole: Figure
    value: Value
    definition: str
    dated: str
    form: str = "percent"
    better: bool = True
    merchant: bool = True


RATES = (
    Measure(
        code="resolution",
        label=N_("问题解决率"),
        part=Figure.RESOLVED,
        whole=Figure.JUDGED,
        value=lambda counts: counts.resolution,
        definition=N_("结果为“已解决”且没有再重新打开的结案 ÷ 全部结案。不含商家撤回和重复合并的结案。"),
        dated=N_("结案时间"),
    ),
    Measure(
        code="satisfaction",
        label=N_("商家满意度"),
        part=Figure.SATISFIED,
        whole=Figure.RATED,
        value=lambda counts: counts.satisfaction,
        definition=N_("评价为满意的 ÷ 有评价的。一次处理中评价多次的，以最后一次为准；没有评价的不计。"),
        dated=N_("评价时间"),
    ),
    Measure(
        code="attainment",
        label=N_("时限达成率"),
        part=Figure.KEPT,
        whole=Figure.DECIDED,
        value=lambda counts: counts.attainment,
        definition=N_("按时完成的时限 ÷ 按时完成与已超时的时限。还在计时的、因结案而终止的和没有规定时限的不计。"),
        dated=N_("完成或超时的时间"),
        merchant=False,
    ),
    Measure(
        code="repetition",
        label=N_("重复投诉率"),
        part=Figure.REPEATED,
        whole=Figure.COMPLAINTS,
        value=lambda counts: counts.repetition,
        definition=N_(
            "同一商家的同类问题在结案后 %(days)s 天内又新建的工单 ÷ 新建工单。还没有分类的和重复合并的不计。"
        ),
        dated=N_("新建时间"),
        better=False,
    ),
    Measure(
        code="reopening",
        label=N_("重新打开率"),
        part=Figure.REOPENED,
        whole=Figure.ENDED,
        value=lambda counts: counts.reopening,
        definition=N_("结案后又重新打开的 ÷ 全部结案。不含重复合并的结案。"),
        dated=N_("结案时间"),
        better=False,
    ),
    Measure(
        code="unsatisfied",
        label=N_("平均不满意轮次"),
        part=Figure.UNSATISFIED,
        whole=Figure.ENDED,
        value=lambda counts: counts.unsatisfied,
        definition=N_("商家不同意方案、评价不满意和对结果再次提问的次数合计 ÷ 结案数。不含重复合并的结案。"),
        dated=N_("结案时间"),
        form="each",
        better=False,
    ),
    Measure(
        code="cost",
        label=N_("每单费用"),
        part=Figure.COSTED,
        whole=Figure.ENDED,
        value=lambda counts: counts.cost,
        definition=N_("本期发生且已核实的费用（人民币，含税）÷ 本期结案数。不含重复合并的结案。"),
        dated=N_("费用发生日期与结案时间"),
        form="yuan",
        better=False,
        merchant=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A measure of times: median and 90th percentile of the spread that is counted under that name."""

    label: str
    spread: str
    figure: Figure
    dated: str
    definition: str


_ANSWERED, _ENDED = N_("响应时间"), N_("结案时间")

TIMES = (
    Timed(
        N_("首次响应（服务时间）"),
        "response_open",
        Figure.RESPONDED,
        _ANSWERED,
        N_(
            "从新建到代运营方人员第一次以文字回复商家，只计这项时限所用日历的开放时间。自动回复不算；还没有响应的不计。"
        ),
    ),
    Timed(N_("首次响应（自然时间）"), "response_wall", Figure.RESPONDED, _ANSWERED, N_("同上，按全天 24 小时计。")),
    Timed(
        N_("处理时长（服务时间）"),
        "handling_open",
        Figure.HANDLED,
        _ENDED,
        N_("从新建或重新打开到结案，只计服务时间，并扣除等待商家的时间。只统计结果为“已解决”的；重新打开的另计一次。"),
    ),
    Timed(
        N_("处理时长（自然时间）"),
        "handling_wall",
        Figure.HANDLED,
        _ENDED,
        N_("从新建或重新打开到结案，按全天 24 小时计，含等待商家的时间。只统计结果为“已解决”的。"),
    ),
)

VOLUMES = (
    (Figure.OPENED, N_("新建数"), N_("本期新建的工单。按新建时间统计。")),
    (Figure.CLOSED, N_("结案数"), N_("本期的结案，含各种结果；重新打开后再次结案的另计一次。按结案时间统计。")),
    (Figure.BACKLOG, N_("期末未结"), N_("期末最后一天结束时还没有结案的工单。")),
)
