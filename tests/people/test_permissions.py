"""The permission matrix, whole: every role against every permission, expected independently of the module."""

import pytest

from anshou.people.errors import PermissionMissing
from anshou.people.permissions import MATRIX, SYSTEM_MAY, Permission, allows, authorize
from anshou.people.person import SYSTEM, Person
from anshou.people.roles import Role, Scope
from tenants.base import new_id

# One column per role, in this order: account manager, service agent, specialist, supervisor, executive, finance,
# auditor, agency admin, merchant owner, merchant member. A dot means no.
COLUMNS = "MASVXFUDOE"
ROLES = dict(
    zip(
        COLUMNS,
        (
            Role.ACCOUNT_MANAGER,
            Role.SERVICE_AGENT,
            Role.SPECIALIST,
            Role.SUPERVISOR,
            Role.EXECUTIVE,
            Role.FINANCE,
            Role.AUDITOR,
            Role.AGENCY_ADMIN,
            Role.MERCHANT_OWNER,
            Role.MERCHANT_MEMBER,
        ),
        strict=True,
    )
)
EXPECTED = """
read_tickets              MASVX...OE
read_ticket_summary       MASVXFU.OE
read_internal_notes       MASVX.....
read_people               MASVXFUD..
read_merchants            MASVXFUD..
read_contracts            MASVXFUDO.
read_reports              ...VXFU...
read_team                 ...VX.....
read_settings             ....X.UD..
read_jobs                 ......UD..
read_audit                ....X.U...
share_views               ...VX.....
use_answers               MASVX..D..
set_answers               ...V...D..
report_ticket             MASV....OE
supplement                MASVX...OE
accept_ticket             MA........
change_urgency            MA.VX.....
assign_owner              MA.VX.....
return_visit              MA........
close_ticket              MA........
reopen                    MA.V....OE
withdraw                  ........O.
refuse                    MA.VX.....
merge                     MA.V......
import_tickets            ...V...D..
link                      MASVX.....
triage                    ..S.......
analyse                   ..S.......
determine_responsibility  ..SVX.....
review_determination      ...VX.....
plan                      ..S.......
review_plan               ...VX.....
execute                   ..S.......
watch_metric              ..S.......
object_to_determination   ........O.
confirm_plan              ........O.
confirm_result            ........OE
rate                      ........OE
coordinate_dispute        MA........
negotiate                 MA.VX...O.
sign_for_agency           ...VX.....
sign_for_merchant         ........O.
pursue_externally         MA........
hold                      MASVX.....
escalate                  MASVX.....
decide_escalation         ...VX.....
hand_over                 MASVX.....
meeting                   MASVX.....
write_message             MASVX...OE
write_note                MASVX.....
record_contact            MASVX.....
manage_people             .......D..
manage_assignments        .......D..
manage_merchants          .......D..
manage_contacts           MA.....D..
manage_contracts          .......D..
keep_accounts             .....F.D..
manage_limits             .......D..
manage_settings           .......D..
manage_api_keys           .......D..
manage_webhooks           .......D..
retry_jobs                .......D..
record_consumer           MASV....OE
search_consumers          MASV....OE
set_private_products      MA.V...DO.
mark_confidential         MASV....OE
reveal                    MASV.F..OE
read_reveals              ...V..UDOE
object_to_reveal          ........O.
answer_objection          ...V......
give_consent              ........O.
request_disclosure        M..V......
export_confidential       M..V......
read_disclosures          M..VX.UDOE
read_register             ....X.UD..
handle_subject_requests   MA.V......
manage_confidentiality    .......D..
read_decoys               ......UD..
manage_keys               ....X..D..
approve_key_destruction   ....X..D..
record_costs              MASV......
verify_costs              .....F....
read_costs                MASVXFU...
keep_books                .....F....
read_books                .....FU...
close_periods             .....F....
set_attribution_rules     .....F.D..
set_budgets               ...VX.....
read_budgets              ...VXFU...
issue_statements          .....F....
read_statements           ....XFU.OE
read_disputes             M...XFU...
confirm_statements        ........O.
request_invoices          .....F..O.
issue_invoices            .....F....
"""
TABLE = {line.split()[0]: line.split()[1] for line in EXPECTED.strip().splitlines()}


def person_with(*roles: Role, scopes: frozenset[Scope] | None = None) -> Person:
    return Person(id=new_id(), name="某人", roles=frozenset(roles), scopes=scopes)


def test_the_table_knows_every_permission_and_every_role() -> None:
    assert set(TABLE) == {permission.value for permission in Permission}
    assert set(ROLES.values()) == set(Role) == set(MATRIX)
    for name, marks in TABLE.items():
        assert len(marks) == len(COLUMNS), name
        assert all(mark in {".", column} for mark, column in zip(marks, COLUMNS, strict=True)), name


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_may_exactly_what_the_table_says(role: Role, permission: Permission) -> None:
    column = next(letter for letter, found in ROLES.items() if found is role)
    expected = column in TABLE[permission.value]
    person = person_with(role)
    assert allows(person, permission) is expected
    if expected:
        authorize(person, permission)
    else:
        with pytest.raises(PermissionMissing, match=permission.label):
            authorize(person, permission)


def test_two_roles_may_what_either_may() -> None:
    both = person_with(Role.SPECIALIST, Role.SUPERVISOR)
    assert allows(both, Permission.PLAN)
    assert allows(both, Permission.REVIEW_PLAN)
    assert not allows(both, Permission.MANAGE_PEOPLE)


def test_nobody_of_the_agency_answers_for_the_merchant_and_the_other_way_round() -> None:
    merchants = {permission for role in (Role.MERCHANT_OWNER, Role.MERCHANT_MEMBER) for permission in MATRIX[role]}
    answers = {Permission.CONFIRM_PLAN, Permission.CONFIRM_RESULT, Permission.RATE, Permission.SIGN_FOR_MERCHANT}
    for role in set(Role) - {Role.MERCHANT_OWNER, Role.MERCHANT_MEMBER}:
        assert not MATRIX[role] & (answers | {Permission.WITHDRAW}), role
    assert not merchants & {Permission.READ_INTERNAL_NOTES, Permission.WRITE_NOTE, Permission.SIGN_FOR_AGENCY}


def test_the_auditor_changes_nothing() -> None:
    assert all(permission.scope is Scope.READ for permission in MATRIX[Role.AUDITOR])


def test_a_key_narrows_what_its_account_may() -> None:
    reading = person_with(Role.SERVICE_AGENT, scopes=frozenset({Scope.READ}))
    writing = person_with(Role.SERVICE_AGENT, scopes=frozenset({Scope.READ, Scope.WRITE}))
    assert allows(reading, Permission.READ_TICKETS)
    assert not allows(reading, Permission.ACCEPT_TICKET)
    assert allows(writing, Permission.ACCEPT_TICKET)
    assert not allows(writing, Permission.MANAGE_CONTACTS)
    assert not allows(person_with(Role.SERVICE_AGENT, scopes=frozenset(Scope)), Permission.MANAGE_PEOPLE)
    assert not allows(writing, Permission.REVEAL)
    assert allows(person_with(Role.SERVICE_AGENT, scopes=frozenset({Scope.REVEAL})), Permission.REVEAL)


@pytest.mark.parametrize("permission", list(Permission))
def test_the_system_may_only_detect_watch_and_chase(permission: Permission) -> None:
    assert allows(SYSTEM, permission) is (permission in SYSTEM_MAY)


def test_whom_a_person_sees_follows_from_their_roles() -> None:
    merchant_id = new_id()
    front_desk = person_with(Role.ACCOUNT_MANAGER, Role.SERVICE_AGENT).context()
    owner = Person(id=new_id(), name="店主", roles=frozenset({Role.MERCHANT_OWNER}), merchant_id=merchant_id).context()
    assert front_desk.scope == person_with().context().scope == "staff"
    assert person_with(Role.SERVICE_AGENT, Role.SUPERVISOR).context().scope == "agency"
    assert SYSTEM.context().scope == "agency"
    assert (owner.scope, owner.merchant) == ("merchant", merchant_id)
