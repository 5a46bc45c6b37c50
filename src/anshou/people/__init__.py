"""Who works here: accounts, roles, permissions, sign-in and sessions.

Never knows a ticket, a contract or HTTP. May import billing, confidentiality and tenants.
"""
