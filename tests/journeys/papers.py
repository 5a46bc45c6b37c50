"""Papers that people hold in their hands on a journey: receipts as pictures, a bill of Alipay's as a file."""

from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser

PAPER = """
<style>
  body {{ margin: 0; padding: 28px 36px; width: 560px; font: 15px/1.7 sans-serif; background: #fffdf7; }}
  h1 {{ margin: 0 0 4px; font-size: 22px; text-align: center; letter-spacing: 6px; }}
  p {{ margin: 0 0 16px; text-align: center; color: #667; }}
  table {{ width: 100%; border-collapse: collapse; }}
  td {{ border: 1px solid #b9a98a; padding: 6px 10px; }}
  td:last-child {{ text-align: right; }}
  .sum td {{ font-weight: 600; background: #f6efdf; }}
</style>
<h1>{heading}</h1><p>购货单位：{buyer}</p>
<table>{rows}<tr class="sum"><td>合计（人民币）</td><td>¥{total}</td></tr></table>
"""

ALIPAY_COLUMNS = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
    "交易渠道,业务类型,备注"
)


async def paper(
    browser: Browser, path: Path, buyer: str, goods: Sequence[tuple[str, str]], total: str, *, heading: str
) -> Path:
    """A receipt or offer as somebody photographed it; amounts in yuan as they are printed."""
    rows = "".join(f"<tr><td>{name}</td><td>{price}</td></tr>" for name, price in goods)
    page = await browser.new_page(viewport={"width": 632, "height": 100})
    await page.set_content(PAPER.format(heading=heading, buyer=buyer, rows=rows, total=total))
    await page.screenshot(path=path, full_page=True)
    await page.close()
    return path


def alipay_bill(path: Path, movements: Sequence[tuple[str, int, str, str]], opening_fen: int = 2_000_000) -> Path:
    """A month of an account as Alipay writes it (GB18030, notes around, sums below).

    A movement is its day, what it moved in fen, whom it was with and what for.
    """
    balance, lines = opening_fen, []
    for place, (day, fen, counterparty, text) in enumerate(movements, start=1):
        balance += fen
        received, paid = (_yuan(fen), "") if fen > 0 else ("", _yuan(fen))
        nature = "提现" if text == "提现" else "在线支付" if fen > 0 else "转账"
        lines.append(
            f"20261100{place:04}\t,B{place:04}\t,,{text},{day} 10:1{place}:00,{counterparty},{received},{paid},"
            f"{_yuan(balance)},支付宝,{nature},"
        )
    ins, outs = [fen for _, fen, _, _ in movements if fen > 0], [fen for _, fen, _, _ in movements if fen < 0]
    path.write_bytes(
        "\r\n".join(
            [
                "#支付宝账务明细查询",
                "#账号：[20880000000001560156]",
                "#起始日期：[2026年11月01日 00:00:00]   终止日期：[2026年12月01日 00:00:00]",
                "#-----------------------------------------账务明细列表----------------------------------------",
                ALIPAY_COLUMNS,
                *lines,
                "#-----------------------------------------账务明细列表结束------------------------------------",
                f"#支出合计：{len(outs)}笔，共{_yuan(sum(outs))}元",
                f"#收入合计：{len(ins)}笔，共{_yuan(sum(ins))}元",
                "#导出时间：[2026年12月02日 09:00:00]",
            ]
        ).encode("gb18030")
    )
    return path


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"
