"""What goes wrong in the demo agencies: one believable matter a row, in the words people use."""
