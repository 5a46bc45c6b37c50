"""Processing on a merchant's behalf, and how it ends: the agency's pages; the merchant's are in `portal.merchant`."""
