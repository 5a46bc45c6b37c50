"""My account: card, language, sessions, password, second factor. Each page works at the door, without a visit."""
