"""The HTML door: one file per page, `templates/` mirrors it. Parses, calls a verb, shows; decides nothing itself."""
