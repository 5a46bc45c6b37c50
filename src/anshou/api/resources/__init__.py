"""The resources of the JSON door, one file each: parse, call a verb, answer."""
