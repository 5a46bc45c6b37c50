"""The pages about the keys of confidential data: how they stand, rotating them, destroying one by two people."""
