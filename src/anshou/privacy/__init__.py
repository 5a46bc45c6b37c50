"""Confidentiality as people live it: who reveals what, for which purpose and matter, and what the merchant sees of it.

Holds the verbs of people over sealed rows: revealing and its limits, objections, disclosure and consent, retention,
data subjects' requests. Never seals or opens by itself what `confidentiality` can, and never shows a plaintext whose
record is not committed. Knows no HTTP, no queue and no templates. May import consumers, tickets, merchants, people,
billing, confidentiality and tenants.
"""
