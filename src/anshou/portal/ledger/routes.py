"""The pages of the books. The one list."""

from anshou.portal.ledger import balances, vouchers

LEDGER = (
    vouchers.vouchers_page,
    vouchers.voucher_page,
    balances.balances_page,
    balances.balances_sheet,
    balances.detail_page,
)
