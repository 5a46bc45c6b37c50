"""A child that does not outlive us, even when we are killed and can tell nobody."""

import ctypes
import signal
import sys

# linux/prctl.h
_PR_SET_PDEATHSIG = 1

# Loaded before any fork: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(told: signal.Signals) -> None:
    """Called in the child between fork and exec: it gets `told` when its parent dies.

    Only Linux has this. Elsewhere the next start finds what was left and ends it.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(told), 0, 0, 0)
