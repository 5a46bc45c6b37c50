"""Reconciliation at finance's desk: bills come in; both sides beside each other, with what is offered."""
