"""Who may see what: keys, sealed values, masks.

May import tenants only.
"""
