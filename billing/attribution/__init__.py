"""Who bears each fen of a cost (费用归属): from the causes of a problem, through a clause, to the parties.

Pure functions over values: the same cost under the same rule with the same use of its caps gives the same allocation,
and every allocation carries the ordered steps by which it came about. Knows no tables, no people and no tickets.
"""
