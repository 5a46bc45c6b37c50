"""Where the pages of the rules are."""

RULES = "/attribution-rules"
