"""Where the two desks search."""

SEARCH, MY_SEARCH = "/search", "/my/search"
