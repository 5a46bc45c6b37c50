"""The books: accounts, periods, vouchers with their entries, and what they come to (design.md section 5).

Double entry, appended and never edited: what was wrong is reversed and posted anew. The database holds every invariant
against anybody who writes (docs/decisions/0090-ledger.md); this room says the refusals in words and makes posting
cheap. It knows merchants, shops, tickets and cost items as ids only, never persons, and never decides who bears a cost.
"""
