"""Webhooks: whom the agency's own systems ask us to tell that something happened, and what became of each telling.

A message holds ids, the number, the kind and the time, never content: whoever receives it asks the API, which checks
permission. Signed per Standard Webhooks. Knows no ticket and no HTTP framework; may import people, confidentiality and
tenants.
"""
