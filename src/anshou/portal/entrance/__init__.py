"""Pages for somebody who is not signed in: sign-in, second factor, invitations, password links."""
