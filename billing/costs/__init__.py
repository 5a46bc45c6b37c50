"""Cost items (费用项): what a ticket cost, with its proof, and how it comes to be verified (domain.md section 6).

Holds the rows and the pure rules: states, categories, pay for overtime, what is out of line with what is usual. Knows a
ticket only as an id and a person only as an id; who may do what stands in `anshou.finance`. May import confidentiality
and tenants.
"""
