"""What it costs and who bears it. Money is integer fen, shares are basis points; no floats anywhere.

Knows a ticket only as a subject id. May import confidentiality and tenants.
"""
