"""Reconciliation: what others say happened (bills, bank statements) against what the books say (domain.md section 6).

Lines of both sides are brought into one shape (`lines`), matched in stages by a pure function (`matching`), and kept
with one claim per line (`claims`). Knows neither the format of a bill nor a ledger's tables: whoever has lines hands
them over. May import confidentiality and tenants.
"""
