"""What is checked before vouchers go out: leaf accounts, both sides equal, every code mapped, the period closed."""

from collections.abc import Iterable, Iterator, Sequence

from billing.voucher_files.shapes import Export, Obstacle, Posted, Target
from tenants.refusals import N_, Message

# U8 takes sixty characters of a summary and the characters of GBK only.
LONGEST_U8_SUMMARY = 60


def obstacles(vouchers: Sequence[Posted], export: Export) -> tuple[Obstacle, ...]:
    """Everything that keeps these vouchers from being imported, in their order; the same account only once."""
    found: dict[tuple[str, str], Obstacle] = {}
    if not vouchers:
        return (Obstacle(0, "", Message(N_("这个期间没有待导出的凭证"))),)
    for voucher in vouchers:
        for obstacle in _of(voucher, export):
            found.setdefault((obstacle.account or str(obstacle.number), obstacle.message), obstacle)
    return tuple(found.values())


def _of(voucher: Posted, export: Export) -> Iterator[Obstacle]:
    number = voucher.number
    if not voucher.closed:
        yield Obstacle(number, "", Message(N_("凭证 %(number)s 所在期间尚未结账"), number=number))
    if voucher.currency != "CNY":
        yield Obstacle(number, "", Message(N_("凭证 %(number)s 不是人民币，文件没有汇率可写"), number=number))
    if sum(line.debit - line.credit for line in voucher.lines) != 0:
        yield Obstacle(number, "", Message(N_("凭证 %(number)s 借贷不平"), number=number))
    for line in voucher.lines:
        yield from _of_account(number, line.account, line.account_name, export)
    if export.target is Target.U8:
        yield from _unwritable(number, (line.summary for line in voucher.lines), export)


def _of_account(number: int, account: str, name: str, export: Export) -> Iterator[Obstacle]:
    mapped = export.accounts.get(account)
    if mapped is None:
        message = Message(N_("科目 %(code)s %(name)s 没有对应的目标科目"), code=account, name=name)
        yield Obstacle(number, account, message)
    elif not mapped.leaf:
        message = Message(N_("目标科目 %(code)s 不是末级科目，不能记账"), code=mapped.code)
        yield Obstacle(number, account, message)


def _unwritable(number: int, summaries: Iterable[str], export: Export) -> Iterator[Obstacle]:
    for text in (*summaries, export.prepared_by, export.word):
        try:
            text.encode("gbk")
        except UnicodeEncodeError as wrong:
            character = text[wrong.start]
            message = Message(
                N_("凭证 %(number)s 的文字“%(character)s”不在 GBK 字符集内，用友无法导入"),
                number=number,
                character=character,
            )
            yield Obstacle(number, "", message)
            return
