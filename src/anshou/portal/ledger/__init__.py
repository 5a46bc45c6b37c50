"""The books in the portal: vouchers, balances, the chart of accounts, opening balances, the proof."""
