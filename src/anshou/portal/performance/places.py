"""Where the pages of measures are."""

MEASURES = "/measures"
BEHIND = f"{MEASURES}/tickets"
SHEET = f"{MEASURES}/measures.xlsx"
MY_MEASURES = "/my/measures"
MY_BEHIND = f"{MY_MEASURES}/tickets"
MY_SHEET = f"{MY_MEASURES}/measures.xlsx"
