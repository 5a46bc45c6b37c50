"""Who may see what: keys, sealed values, masks, and the numbers of people that slip into free text.

May import tenants only.
"""
