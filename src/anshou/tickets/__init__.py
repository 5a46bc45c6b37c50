"""The heart: ticket kinds and their processes, plans, timeline and clocks.

One module per ticket kind reads like the agency's policy. Knows no HTTP, no queue and no templates.
May import merchants, people, billing, confidentiality and tenants.
"""
