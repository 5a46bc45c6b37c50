"""Statements (对账单): what a merchant owes for a month, line by line, each followed back to its posting.

A statement is prepared from the books, reviewed by a second person, and issued as a snapshot that nobody changes. What
the merchant says of it, and what comes of that, are rows of their own; an adjustment is a new posting, shown on a later
statement. Knows tickets and people as ids. May import confidentiality and tenants.
"""
