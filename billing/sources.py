"""What makes vouchers, as their `source`: so that whoever reads the books knows where a posting comes from."""

COST = "cost_item"
ALLOCATION = "allocation"
CLAIM_RECEIVED = "claim_received"
CLAIM_REST = "claim_rest"
PAYMENT = "payment"
DISPUTE = "statement_dispute"
"""A credit for a disputed line; its `source_id` is the line's."""
