"""Pages about what is seen of confidential fields: revealing one, who saw what, objections, the rules, decoys."""
