"""The pages of the search: one for each desk, with the same form and the same hits."""
