"""From a cookie or an API key to the tenant, the person and the transaction; shared by the doors.

One request is one transaction: `visits` opens it and commits it, nothing inside commits. Decides who is asking and
whether the browser was tricked into asking, never what they may do: that is for the rooms below.
"""
