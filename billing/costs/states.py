"""Where a cost item stands, and what leads from one state to the next. Pure.

Claimed as a draft, submitted with its proof, verified by finance (by two of them above the tenant's threshold) or
returned with a reason and submitted again; allocated once somebody bears it. What was verified wrongly finance takes
back, which returns it to its claimant.
"""

from tenants.labels import Labelled
from tenants.refusals import N_


class State(Labelled):
    """Where it stands."""

    DRAFT = "draft", N_("草稿")
    SUBMITTED = "submitted", N_("待核实")
    COUNTERSIGNING = "countersigning", N_("待复核")
    RETURNED = "returned", N_("已退回")
    VERIFIED = "verified", N_("已核实")
    ALLOCATED = "allocated", N_("已归属")
    WITHDRAWN = "withdrawn", N_("已撤回")


class Deed(Labelled):
    """What was done to it. A deed is a row with who and when, never changed."""

    CHANGED = "changed", N_("修改")
    SUBMITTED = "submitted", N_("提交")
    RETURNED = "returned", N_("退回")
    VERIFIED = "verified", N_("核实")
    COUNTERSIGNED = "countersigned", N_("复核")
    WITHDRAWN = "withdrawn", N_("撤回")
    ALLOCATED = "allocated", N_("归属")
    TAKE_BACK_ASKED = "take_back_asked", N_("申请撤销核实")
    TAKEN_BACK = "taken_back", N_("撤销核实")


# Whoever claims may still change what they say.
OPEN_TO_CLAIMANT = frozenset({State.DRAFT, State.RETURNED})

# What finance has before it.
WAITING = frozenset({State.SUBMITTED, State.COUNTERSIGNING})

# Verified: it is in the books.
BOOKED = frozenset({State.VERIFIED, State.ALLOCATED})

_LEADS = {
    (State.DRAFT, Deed.CHANGED): State.DRAFT,
    (State.RETURNED, Deed.CHANGED): State.RETURNED,
    (State.DRAFT, Deed.SUBMITTED): State.SUBMITTED,
    (State.RETURNED, Deed.SUBMITTED): State.SUBMITTED,
    (State.DRAFT, Deed.WITHDRAWN): State.WITHDRAWN,
    (State.SUBMITTED, Deed.WITHDRAWN): State.WITHDRAWN,
    (State.RETURNED, Deed.WITHDRAWN): State.WITHDRAWN,
    (State.SUBMITTED, Deed.RETURNED): State.RETURNED,
    (State.COUNTERSIGNING, Deed.RETURNED): State.RETURNED,
    (State.SUBMITTED, Deed.VERIFIED): State.VERIFIED,
    (State.COUNTERSIGNING, Deed.COUNTERSIGNED): State.VERIFIED,
    (State.VERIFIED, Deed.ALLOCATED): State.ALLOCATED,
    # A later determination allocates anew.
    (State.ALLOCATED, Deed.ALLOCATED): State.ALLOCATED,
    # What two verified two take back: until the second one does it stays where it is.
    (State.VERIFIED, Deed.TAKE_BACK_ASKED): State.VERIFIED,
    (State.ALLOCATED, Deed.TAKE_BACK_ASKED): State.ALLOCATED,
    (State.VERIFIED, Deed.TAKEN_BACK): State.RETURNED,
    (State.ALLOCATED, Deed.TAKEN_BACK): State.RETURNED,
}


def state_after(state: State, deed: Deed, *, needs_second: bool = False) -> State | None:
    """Where the deed leads, or None where it cannot be done. `needs_second`: one verification is not enough."""
    if needs_second and (state, deed) == (State.SUBMITTED, Deed.VERIFIED):
        return State.COUNTERSIGNING
    return _LEADS.get((state, deed))
