"""Who may do what: the permission matrix, in one place (domain.md section 1).

The matrix answers only whether a role may ever do a thing. Whose rows a person reaches is decided by row-level
security, and which of a ticket's moves are open to them by the process, its step and its department.
"""

from anshou.people.errors import PermissionMissing
from anshou.people.permission_names import Permission as Permission
from anshou.people.person import Person
from anshou.people.roles import Role

P = Permission

# Every role of the agency finds its colleagues and the merchants by name.
_AGENCY = frozenset({P.READ_PEOPLE, P.READ_MERCHANTS})

# Whoever works on a ticket at all.
_TICKET_WORK = _AGENCY | {
    P.READ_TICKETS,
    P.READ_TICKET_SUMMARY,
    P.READ_INTERNAL_NOTES,
    P.READ_CONTRACTS,
    P.SUPPLEMENT,
    P.HOLD,
    P.ESCALATE,
    P.HAND_OVER,
    P.LINK,
    P.MEETING,
    P.WRITE_MESSAGE,
    P.WRITE_NOTE,
    P.RECORD_CONTACT,
    P.USE_ANSWERS,
}

# Confidential rows of a ticket: told, found, marked and revealed by those who work on it. The executive, the
# administrator and the auditor never read a confidential plaintext (domain.md sections 1 and 7).
_CONFIDENTIAL_WORK = frozenset({P.RECORD_CONSUMER, P.SEARCH_CONSUMERS, P.MARK_CONFIDENTIAL, P.REVEAL})

# Whoever works on a ticket claims what it cost; finance verifies it, and nobody verifies what they claimed.
_COST_WORK = frozenset({P.RECORD_COSTS, P.READ_COSTS})

# Takes in, classifies, marks urgency, hands over, keeps the merchant informed, chases overdue work, collects ratings;
# as 售后协调专员 also carries a dispute from filing to its end.
_FRONT_DESK = (
    _TICKET_WORK
    | _CONFIDENTIAL_WORK
    | _COST_WORK
    | {
        P.HANDLE_SUBJECT_REQUESTS,
        P.REPORT_TICKET,
        P.ACCEPT_TICKET,
        P.CHANGE_URGENCY,
        P.ASSIGN_OWNER,
        P.RETURN_VISIT,
        P.CLOSE_TICKET,
        P.REOPEN,
        P.REFUSE,
        P.MERGE,
        P.COORDINATE_DISPUTE,
        P.NEGOTIATE,
        P.PURSUE_EXTERNALLY,
        P.MANAGE_CONTACTS,
        P.SET_PRIVATE_PRODUCTS,
    }
)

# Analyses, plans, executes, reports. Opens a ticket too: it is technical support that sees a metric depart first.
_DEPARTMENT_WORK = (
    _TICKET_WORK
    | _CONFIDENTIAL_WORK
    | _COST_WORK
    | {
        P.REPORT_TICKET,
        P.TRIAGE,
        P.ANALYSE,
        P.DETERMINE_RESPONSIBILITY,
        P.PLAN,
        P.EXECUTE,
        P.WATCH_METRIC,
    }
)

# Reviews plans, reassigns, receives escalations, reads reports. Does not analyse or plan as well: who writes a plan
# does not approve it. A supervisor who also works as a specialist holds both roles.
_SUPERVISION = (
    _TICKET_WORK
    | _CONFIDENTIAL_WORK
    | _COST_WORK
    | {
        P.READ_REVEALS,
        P.ANSWER_OBJECTION,
        P.REQUEST_DISCLOSURE,
        P.READ_DISCLOSURES,
        P.EXPORT_CONFIDENTIAL,
        P.HANDLE_SUBJECT_REQUESTS,
        P.REPORT_TICKET,
        P.SET_ANSWERS,
        P.CHANGE_URGENCY,
        P.ASSIGN_OWNER,
        P.REVIEW_PLAN,
        P.DECIDE_ESCALATION,
        P.DETERMINE_RESPONSIBILITY,
        P.REVIEW_DETERMINATION,
        P.REOPEN,
        P.REFUSE,
        P.MERGE,
        P.NEGOTIATE,
        P.SIGN_FOR_AGENCY,
        P.READ_REPORTS,
        P.SHARE_VIEWS,
        P.READ_TEAM,
        P.SET_PRIVATE_PRODUCTS,
        P.SET_BUDGETS,
        P.READ_BUDGETS,
        P.IMPORT_TICKETS,
    }
)

# Decides major cases and reads reports.
_DIRECTION = _TICKET_WORK | {
    P.CHANGE_URGENCY,
    P.ASSIGN_OWNER,
    P.REVIEW_PLAN,
    P.DECIDE_ESCALATION,
    P.DETERMINE_RESPONSIBILITY,
    P.REVIEW_DETERMINATION,
    P.REFUSE,
    P.NEGOTIATE,
    P.SIGN_FOR_AGENCY,
    P.READ_REPORTS,
    P.SHARE_VIEWS,
    P.READ_TEAM,
    P.READ_SETTINGS,
    P.READ_AUDIT,
    P.READ_DISCLOSURES,
    P.READ_REGISTER,
    P.APPROVE_KEY_DESTRUCTION,
    P.MANAGE_KEYS,
    P.READ_COSTS,
    P.READ_STATEMENTS,
    P.READ_DISPUTES,
    P.SET_BUDGETS,
    P.READ_BUDGETS,
}

# Sets up, and never reads what a ticket says.
_SETTING_UP = _AGENCY | {
    P.USE_ANSWERS,
    P.SET_ANSWERS,
    P.KEEP_ACCOUNTS,
    P.SET_ATTRIBUTION_RULES,
    P.READ_CONTRACTS,
    P.READ_SETTINGS,
    P.READ_JOBS,
    P.MANAGE_PEOPLE,
    P.MANAGE_ASSIGNMENTS,
    P.MANAGE_MERCHANTS,
    P.MANAGE_CONTACTS,
    P.SET_PRIVATE_PRODUCTS,
    P.MANAGE_CONTRACTS,
    P.MANAGE_LIMITS,
    P.MANAGE_SETTINGS,
    P.MANAGE_API_KEYS,
    P.MANAGE_WEBHOOKS,
    P.RETRY_JOBS,
    P.READ_REVEALS,
    P.READ_DECOYS,
    P.READ_DISCLOSURES,
    P.READ_REGISTER,
    P.MANAGE_CONFIDENTIALITY,
    P.MANAGE_KEYS,
    P.APPROVE_KEY_DESTRUCTION,
    # What it brings along lies before whoever imports it; once it is a ticket, it is read by others.
    P.IMPORT_TICKETS,
}

# Reports, supplements and rates; what binds the merchant is the owner's.
_MERCHANT = frozenset(
    {
        P.READ_TICKETS,
        P.READ_TICKET_SUMMARY,
        P.REPORT_TICKET,
        P.SUPPLEMENT,
        P.WRITE_MESSAGE,
        P.RATE,
        P.CONFIRM_RESULT,
        P.REOPEN,
        P.READ_REVEALS,
        P.READ_DISCLOSURES,
        P.READ_STATEMENTS,
    }
    | _CONFIDENTIAL_WORK
)

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.ACCOUNT_MANAGER: _FRONT_DESK
    | {P.REQUEST_DISCLOSURE, P.EXPORT_CONFIDENTIAL, P.READ_DISCLOSURES, P.READ_DISPUTES},
    Role.SERVICE_AGENT: _FRONT_DESK,
    Role.SPECIALIST: _DEPARTMENT_WORK,
    Role.SUPERVISOR: _SUPERVISION,
    Role.EXECUTIVE: _DIRECTION,
    # Of a ticket only what a cost needs: its summary, and the clauses that say who bears it.
    # It also needs account numbers and invoices' particulars whole.
    Role.FINANCE: _AGENCY
    | {
        P.READ_TICKET_SUMMARY,
        P.READ_CONTRACTS,
        P.READ_REPORTS,
        P.REVEAL,
        P.KEEP_ACCOUNTS,
        P.READ_COSTS,
        P.VERIFY_COSTS,
        P.KEEP_BOOKS,
        P.READ_BOOKS,
        P.CLOSE_PERIODS,
        P.SET_ATTRIBUTION_RULES,
        P.ISSUE_STATEMENTS,
        P.READ_STATEMENTS,
        P.READ_DISPUTES,
        P.REQUEST_INVOICES,
        P.ISSUE_INVOICES,
        P.READ_BUDGETS,
    },
    # Checks, and changes nothing.
    Role.AUDITOR: _AGENCY
    | {
        P.READ_TICKET_SUMMARY,
        P.READ_CONTRACTS,
        P.READ_SETTINGS,
        P.READ_JOBS,
        P.READ_AUDIT,
        P.READ_REVEALS,
        P.READ_DECOYS,
        P.READ_DISCLOSURES,
        P.READ_REGISTER,
        P.READ_REPORTS,
        P.READ_COSTS,
        P.READ_BOOKS,
        P.READ_STATEMENTS,
        P.READ_DISPUTES,
        P.READ_BUDGETS,
    },
    Role.AGENCY_ADMIN: _SETTING_UP,
    Role.MERCHANT_OWNER: _MERCHANT
    | {
        P.READ_CONTRACTS,
        P.CONFIRM_PLAN,
        P.OBJECT_TO_DETERMINATION,
        P.WITHDRAW,
        P.NEGOTIATE,
        P.SIGN_FOR_MERCHANT,
        P.SET_PRIVATE_PRODUCTS,
        P.OBJECT_TO_REVEAL,
        P.GIVE_CONSENT,
        P.CONFIRM_STATEMENTS,
        P.REQUEST_INVOICES,
    },
    Role.MERCHANT_MEMBER: _MERCHANT,
}

# What the worker does with nobody at the keyboard: it detects, watches and chases.
SYSTEM_MAY = frozenset(
    {P.READ_TICKETS, P.READ_TICKET_SUMMARY, P.REPORT_TICKET, P.WATCH_METRIC, P.ESCALATE, P.WRITE_NOTE}
)


def allows(person: Person, permission: Permission) -> bool:
    """Whether any of the person's roles grants the permission and their key, if one acts, covers it."""
    if person.scopes is not None and permission.scope not in person.scopes:
        return False
    if person.is_system:
        return permission in SYSTEM_MAY
    return any(permission in MATRIX[role] for role in person.roles)


def authorize(person: Person, permission: Permission) -> None:
    """Return when the person may; otherwise raise PermissionMissing, which names the permission."""
    if not allows(person, permission):
        raise PermissionMissing(permission)
