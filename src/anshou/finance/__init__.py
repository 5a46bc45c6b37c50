"""What tickets cost, as people live it: who claims it, who verifies it, and who bears it by determination and clause.

Holds the verbs of people over the tables of `billing`, and the glue between a ticket's determination, the contract's
clauses, the cost items and the ledger. Never decides by itself what a rule of `billing` can, and never shows finance
more of a ticket than a cost needs (domain.md section 1). Knows no HTTP, no queue and no templates. May import privacy,
consumers, tickets, merchants, people, billing, confidentiality and tenants.
"""
