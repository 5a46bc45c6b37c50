"""The pages of the books. The one list."""

from anshou.portal.ledger import balances, proving, vouchers, writing

LEDGER = (
    vouchers.vouchers_page,
    writing.new_page,
    writing.submit_voucher,
    vouchers.voucher_page,
    writing.reversing_page,
    writing.submit_reversal,
    balances.balances_page,
    balances.balances_sheet,
    balances.detail_page,
    proving.proof_page,
)
