"""Which side an amount is written on, and amounts as text."""

from billing.voucher_files.shapes import Line, Posted, ReversalStyle


def sides(line: Line, voucher: Posted, style: ReversalStyle) -> tuple[int, int]:
    """Debit and credit in fen as the target gets them.

    Our ledger keeps a reversal with sides swapped and amounts positive; in red letter it goes back to the side of what
    it reverses, with a negative amount.
    """
    if voucher.reversal and style is ReversalStyle.RED_LETTER:
        return -line.credit, -line.debit
    return line.debit, line.credit


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: -123450 is "-1234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def one_line(text: str) -> str:
    """A summary without breaks of lines."""
    return " ".join(text.split())
