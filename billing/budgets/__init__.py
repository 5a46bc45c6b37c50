"""Budgets: what may be spent per department, merchant and category in a month, quarter or year.

Budgets watch what was spent, not who bears it in the end: the whole amounts of verified and allocated costs, tax
included, by the day on which they were incurred. Drafts, returned and withdrawn costs do not count; what is later
recovered from a merchant or a carrier is income, and makes no room for spending more. Budgets are in CNY and count
costs in CNY, because there is no rate by which others could be added honestly.
"""
