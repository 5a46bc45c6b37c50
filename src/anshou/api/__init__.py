"""The JSON door `/api/v1`: one file per resource. Parses, calls a verb, answers; decides nothing itself."""
