"""Consumer records: whom of a shop's customers a ticket is about, what they bought and what happened to them.

Everything that tells who somebody is or what they bought is sealed in its row and shown masked; what a record says in
plain text is its shop, its quantity and what the consumer wants. Found by phone and order number within one merchant,
never across merchants. Knows no HTTP, no queue and no templates, and reveals nothing: that is `anshou.privacy`'s. May
import tickets, merchants, people, confidentiality and tenants.
"""
