"""Merchants, their contacts and shops, who serves them, and the contracts with their versions.

The version in force on a day is found here, never guessed elsewhere. Knows no ticket and no HTTP.
May import people, billing, confidentiality and tenants.
"""
