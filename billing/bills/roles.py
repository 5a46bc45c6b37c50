"""What each column of an unknown bill is, chosen by a person from suggestions, and the mapping that comes of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from billing.bills import mapping, values
from tenants.labels import Labelled
from tenants.refusals import N_, Invalid, Message


class Role(Labelled):
    """What a column says."""

    NONE = "none", N_("不使用")
    DAY = "day", N_("日期")
    TIME = "time", N_("时间")
    SIGNED = "signed", N_("金额（收入为正、支出为负）")
    COSTS = "costs", N_("金额（正数为支出，如运费）")
    RECEIVED = "received", N_("收入金额")
    PAID = "paid", N_("支出金额")
    UNSIGNED = "unsigned", N_("金额（收支见另一列）")
    DIRECTION = "direction", N_("收支方向")
    REFERENCE = "reference", N_("单号")
    KEY = "key", N_("单号（每行各不相同）")
    COUNTERPARTY = "counterparty", N_("对方")
    TEXT = "text", N_("摘要")
    NATURE = "nature", N_("业务类型")
    FEE = "fee", N_("手续费")
    CURRENCY = "currency", N_("币种")


class RolesInvalid(Invalid):
    """Raised when the chosen columns do not make a bill; `message` says what is missing or there twice."""

    def __init__(self, why: Message) -> None:
        super().__init__(N_("请检查各列的含义：%(why)s"), why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a column of directions says for money in, for money out, and for rows that moved nothing."""

    received: tuple[str, ...] = ()
    paid: tuple[str, ...] = ()
    neither: tuple[str, ...] = ()


_ONCE = frozenset(Role) - {Role.NONE, Role.REFERENCE, Role.KEY, Role.COUNTERPARTY, Role.TEXT}
# Each set of roles that says an amount with its sign.
_AMOUNTS = ({Role.SIGNED}, {Role.COSTS}, {Role.RECEIVED, Role.PAID}, {Role.UNSIGNED, Role.DIRECTION})
_OF_AMOUNTS = frozenset[Role]().union(*_AMOUNTS)

# The first whose word is part of the heading; amounts that go on the bill as a whole before parts of it.
_BY_WORD = (
    (Role.FEE, ("手续费", "服务费", "佣金")),
    (Role.RECEIVED, ("收入金额", "收入(", "收款金额", "贷方", "入账金额", "存入")),
    (Role.PAID, ("支出金额", "支出(", "付款金额", "借方", "出账金额", "支取")),
    (Role.DIRECTION, ("收支", "收/支", "借贷", "方向")),
    (Role.COSTS, ("运费", "应付", "费用金额", "总费用", "结算金额", "账单金额")),
    (Role.SIGNED, ("交易金额", "发生额", "金额")),
    (Role.CURRENCY, ("币种", "币别", "货币")),
    (Role.KEY, ("流水号", "运单号", "快递单号", "运单编号")),
    (Role.REFERENCE, ("单号", "订单", "编号", "凭证号")),
    (Role.NATURE, ("业务类型", "交易类型", "费用类型", "账务类型", "业务名称")),
    (Role.DAY, ("日期", "时间")),
    (Role.COUNTERPARTY, ("对方", "户名", "收件人", "商家", "客户")),
    (Role.TEXT, ("摘要", "备注", "说明", "用途", "附言", "商品", "承运商", "目的地")),
)
_IN, _OUT = ("收入", "入账", "收", "入", "贷", "cr", "+"), ("支出", "出账", "支", "付", "出", "借", "dr", "-")


def suggest(headings: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[str, Role]:
    """What each column probably is, by its heading and by whether its cells can be read as that."""
    roles: dict[str, Role] = {}
    for place, heading in enumerate(headings):
        cells = [row[place] for row in samples if place < len(row) and values.something(row[place])]
        chosen = next((role for role, words in _BY_WORD if any(word in heading for word in words)), Role.NONE)
        if chosen in _ONCE and chosen in roles.values():
            chosen = Role.NONE
        roles[heading] = chosen if _readable(chosen, cells) else Role.NONE
    return _with_one_amount(roles)


def suggest_words(cells: Sequence[str]) -> Words:
    """Which way each word of a column of directions probably goes."""
    said = dict.fromkeys(filter(None, map(values.something, cells)))
    received = tuple(word for word in said if word.lower().startswith(_IN))
    paid = tuple(word for word in said if word.lower().startswith(_OUT))
    return Words(received=received, paid=paid, neither=tuple(word for word in said if word not in received + paid))


def mapping_of(roles: Mapping[str, Role], words: Words) -> mapping.Mapping:
    """The mapping that says so, the columns of a sort in the order of the file. Raises RolesInvalid."""

    def all_of(*wanted: Role) -> tuple[str, ...]:
        return tuple(heading for heading, role in roles.items() if role in wanted)

    def one_of(wanted: Role) -> str | None:
        return next(iter(all_of(wanted)), None)

    for role, times in Counter(roles.values()).items():
        if times > 1 and role in _ONCE:
            raise RolesInvalid(Message(N_("“%(role)s”只能选一列"), role=role))
    day = one_of(Role.DAY)
    if day is None:
        raise RolesInvalid(Message(N_("须有一列是日期")))
    return mapping.Mapping(
        on=day,
        time=one_of(Role.TIME),
        amount=_amount({role: heading for heading, role in roles.items() if role in _OF_AMOUNTS}, words),
        references=all_of(Role.KEY, Role.REFERENCE)[:8],
        counterparty=all_of(Role.COUNTERPARTY)[:4],
        text=all_of(Role.NATURE, Role.TEXT)[:8],
        fee=one_of(Role.FEE),
        currency=one_of(Role.CURRENCY),
        nature=one_of(Role.NATURE),
        key=all_of(Role.KEY)[:6],
    )


def roles_of(kept: mapping.Mapping) -> tuple[dict[str, Role], Words]:
    """The way back: what a person had chosen for this mapping to come of it."""
    roles: dict[str, Role] = dict.fromkeys(kept.references, Role.REFERENCE) | dict.fromkeys(kept.key, Role.KEY)
    roles |= dict.fromkeys(kept.counterparty, Role.COUNTERPARTY) | dict.fromkeys(kept.text, Role.TEXT)
    single = {Role.TIME: kept.time, Role.FEE: kept.fee, Role.CURRENCY: kept.currency, Role.NATURE: kept.nature}
    roles |= {heading: role for role, heading in single.items() if heading is not None}
    words = Words()
    match kept.amount:
        case mapping.Signed(column=column, costs=costs):
            roles[column] = Role.COSTS if costs else Role.SIGNED
        case mapping.InOut(received=received, paid=paid):
            roles |= {received: Role.RECEIVED, paid: Role.PAID}
        case mapping.Directed() as directed:
            roles |= {directed.column: Role.UNSIGNED, directed.direction: Role.DIRECTION}
            words = Words(received=directed.received, paid=directed.paid, neither=directed.neither)
    return roles | {kept.on: Role.DAY}, words


def _amount(chosen: Mapping[Role, str], words: Words) -> mapping.Signed | mapping.InOut | mapping.Directed:
    if {*chosen} not in _AMOUNTS:
        raise RolesInvalid(Message(N_("金额须为一列，或收入、支出各一列，或一列金额加一列收支方向")))
    if Role.RECEIVED in chosen:
        return mapping.InOut(received=chosen[Role.RECEIVED], paid=chosen[Role.PAID])
    if Role.UNSIGNED in chosen:
        said = [*words.received, *words.paid, *words.neither]
        if not (words.received and words.paid) or len({*said}) != len(said):
            raise RolesInvalid(Message(N_("请写明哪些文字表示收入、哪些表示支出，同一文字只能写一处")))
        return mapping.Directed(
            column=chosen[Role.UNSIGNED],
            direction=chosen[Role.DIRECTION],
            received=words.received,
            paid=words.paid,
            neither=words.neither,
        )
    ((role, column),) = chosen.items()
    return mapping.Signed(column=column, costs=role is Role.COSTS)


def _readable(role: Role, cells: Sequence[str]) -> bool:
    """Whether most cells can be read as what the heading promises."""
    if not cells or role not in {Role.DAY, Role.FEE, *_OF_AMOUNTS} - {Role.DIRECTION}:
        return True
    return sum(_reads(values.day if role is Role.DAY else values.fen, cell) for cell in cells) * 2 > len(cells)


def _reads(reading: Callable[[str], object], cell: str) -> bool:
    try:
        reading(cell)
    except values.Unreadable:
        return False
    return True


def _with_one_amount(roles: dict[str, Role]) -> dict[str, Role]:
    """A pair says the amount where there is one; else one column, beside that of directions if there is one."""
    found = {role: heading for heading, role in roles.items() if role in _OF_AMOUNTS}
    if {Role.RECEIVED, Role.PAID} <= found.keys():
        kept = {Role.RECEIVED, Role.PAID}
    elif Role.DIRECTION in found and found.keys() & {Role.SIGNED, Role.COSTS}:
        amount = Role.SIGNED if Role.SIGNED in found else Role.COSTS
        roles = roles | {found[amount]: Role.UNSIGNED}
        kept = {Role.UNSIGNED, Role.DIRECTION}
    else:
        kept = {Role.COSTS} if Role.COSTS in found else {Role.SIGNED}
    return {heading: Role.NONE if role in _OF_AMOUNTS and role not in kept else role for heading, role in roles.items()}
