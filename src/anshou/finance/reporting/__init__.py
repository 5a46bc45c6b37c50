"""What tickets cost and who bore it, month by month, as the books say it (domain.md section 6).

Every figure is a sum of entries of the ledger, so it agrees with the trial balance to the fen and leads to the entries
behind it. Nothing is kept: a report is read anew each time.
"""
