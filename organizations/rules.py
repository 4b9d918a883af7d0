"""Who may do what: the one table of permissions.

Each permission names the roles that hold it. Rules that also look at a record
(one's own department, another person than the editor) are in the services that
know the record; they start from this table.
"""

from typing import TYPE_CHECKING

import rules
from django.contrib.auth.models import AnonymousUser

from organizations.models import Department, Role, RoleAssignment

if TYPE_CHECKING:
    from organizations.models import User

R = Role
STAFF = frozenset(Role)
# Held by different people (等保 2.0): one of them never checks or grants to himself.
ADMINISTRATORS = frozenset({R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN})
DESK = frozenset({R.EDITOR, R.PUBLISHER})
COMMAND_POST = frozenset({R.DUTY_OFFICER, R.COMMANDER})
# A password alone is not enough for them, where the second factor is required at all.
SECOND_FACTOR_ROLES = COMMAND_POST | ADMINISTRATORS | {R.SUPERVISOR}

PERMISSIONS: dict[str, frozenset[Role]] = {
    # records
    "gazette.import_issue": frozenset({R.EDITOR, R.PUBLISHER}),
    "gazette.compose_issue": DESK,
    "gazette.publish_issue": frozenset({R.PUBLISHER}),
    "events.view_unpublished": DESK,
    "events.change_event": DESK,
    "events.publish_event": frozenset({R.PUBLISHER}),
    "directives.view_unpublished": DESK,
    "directives.view_internal": STAFF,
    "directives.change_directive": DESK,
    "directives.publish_directive": frozenset({R.PUBLISHER}),
    "organizations.change_names": DESK,
    # one proposes that a department goes into another, a publisher who is another person agrees
    "organizations.merge_departments": frozenset({R.PUBLISHER}),
    "organizations.view_all_names": STAFF,
    "directives.change_topic_rules": DESK,
    # tasks
    "taskboard.link_records": DESK,
    "taskboard.view_task": STAFF,
    "taskboard.change_list": DESK | {R.SUPERVISOR},
    "taskboard.issue_list": frozenset({R.SUPERVISOR}),
    "taskboard.supervise_task": frozenset({R.SUPERVISOR}),
    "taskboard.work_on_task": frozenset({R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD}),
    # bulletins: one writes, another signs; weights of the ranking are the supervisor's
    "taskboard.write_bulletin": frozenset({R.SUPERVISOR}),
    "taskboard.publish_bulletin": frozenset({R.PUBLISHER}),
    "taskboard.set_weights": frozenset({R.SUPERVISOR}),
    # ledgers: a unit keeps and signs its part; the leading group's office corrects what was signed
    "taskboard.keep_ledger": frozenset({R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD}),
    "taskboard.sign_ledger": frozenset({R.DEPARTMENT_HEAD}),
    "taskboard.correct_ledger": frozenset({R.EDITOR, R.SUPERVISOR}),
    "taskboard.check_ledger": frozenset({R.SUPERVISOR}),
    # flood
    "floodresponse.view_command_post": STAFF,
    "floodresponse.view_command_screen": COMMAND_POST,
    "floodresponse.change_plan": DESK | COMMAND_POST,
    "floodresponse.enter_observations": COMMAND_POST,
    "floodresponse.change_station": DESK | COMMAND_POST,
    # units hand in warnings of their own; the office judges, issues and lifts (the services know the office)
    "floodresponse.submit_warning": COMMAND_POST | {R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD},
    "floodresponse.handle_warning": COMMAND_POST,
    "floodresponse.order_rain_measures": COMMAND_POST,
    "floodresponse.declare_response": frozenset({R.COMMANDER}),
    "floodresponse.confirm_siren": COMMAND_POST,
    # a unit's own actions; the command post answers for every unit (the services know the unit)
    "floodresponse.answer_action": COMMAND_POST | {R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD},
    # a unit's own incidents; office and commander for every unit (the services know the unit)
    "floodresponse.report_incident": COMMAND_POST | {R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD},
    # duty roster, supplies, teams, shelters: a unit its own, the office all (the services know the unit)
    "floodresponse.keep_roster": COMMAND_POST | {R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD},
    "floodresponse.keep_resources": COMMAND_POST | {R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD},
    # households that have to leave their homes: personal data, not for all staff
    "floodresponse.view_households": COMMAND_POST | {R.DEPARTMENT_OFFICER, R.DEPARTMENT_HEAD},
    # that reports were made and when, without what they say
    "floodresponse.check_reporting": frozenset({R.AUDIT_ADMIN}),
    "floodresponse.confirm_plan": COMMAND_POST,
    # the report on an ended response; who changed it last does not publish it
    "floodresponse.write_after_action": COMMAND_POST,
    "floodresponse.publish_after_action": frozenset({R.COMMANDER, R.PUBLISHER}),
    # messages: the delivery ledger of a topic; one's own messages need no permission
    "notifications.view_task_messages": frozenset({R.SUPERVISOR}),
    "notifications.view_flood_messages": COMMAND_POST,
    # whether messages arrive, without addresses and texts
    "notifications.view_outbox": frozenset({R.SYSTEM_ADMIN, R.AUDIT_ADMIN}),
    # administration: Django's admin is for those who keep records or accounts
    "organizations.enter_admin_site": DESK | ADMINISTRATORS,
    "organizations.view_names": DESK | ADMINISTRATORS,
    "organizations.view_accounts": ADMINISTRATORS,
    "organizations.manage_accounts": frozenset({R.SYSTEM_ADMIN}),
    "organizations.grant_roles": frozenset({R.SECURITY_ADMIN}),
    # sessions, tokens and second factors of others; who leaves. Apart from those who set passwords: to get
    # into somebody's account takes two of them
    "organizations.guard_sign_ins": frozenset({R.SECURITY_ADMIN}),
    # versions of edited texts, and corrections on their way to the public
    "foundation.view_revisions": DESK,
    "foundation.view_audit_log": frozenset({R.AUDIT_ADMIN}),
    "foundation.view_attachments": frozenset({R.AUDIT_ADMIN}),
    "zalantun.view_heartbeats": frozenset({R.SYSTEM_ADMIN, R.AUDIT_ADMIN}),
}

# Of everybody's messages: what the command post is told of one street is not for the duty officer of another.
OFFICE_ALONE = frozenset({"notifications.view_flood_messages"})

# What a token of the scope 报送 may do beside reading: hand in what its person measures or reports.
REPORTING = frozenset(
    {
        "api:flood-readings",
        "api:flood-incident-list",
        "api:flood-incident-reports",
        "api:flood-obligation-daily",
        "api:flood-warning-list",
        "api:task-progress",
        "api:task-evidence",
    }
)


def roles_of(user: "User | AnonymousUser | None") -> frozenset[str]:
    """The roles a signed-in, active user holds; fetched once per user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    return frozenset(assignment.role for assignment in assignments_of(user))


def assignments_of(user: "User") -> list[RoleAssignment]:
    """The roles with their departments that a user was given; fetched once per user object."""
    held: list[RoleAssignment] | None = getattr(user, "_held_assignments", None)
    if held is None:
        held = list(user.assignments.select_related("department"))
        user._held_assignments = held  # type: ignore[attr-defined]  # cache on the instance, for one request
    return held


def holds_any(allowed: frozenset[Role]) -> rules.predicates.Predicate:
    """A predicate: the user holds one of these roles."""

    def check(user: "User | AnonymousUser | None") -> bool:
        return not roles_of(user).isdisjoint(allowed)

    return rules.predicate(check, name="holds_any")


def holds_for_all(allowed: frozenset[Role]) -> rules.predicates.Predicate:
    """A predicate: as ``holds_any``, but a role in a street or a bureau reaches no further than that."""

    def check(user: "User | AnonymousUser | None") -> bool:
        if user is None or not user.is_authenticated or not user.is_active:
            return False
        return any(held.role in allowed and _is_whole(held) for held in assignments_of(user))

    return rules.predicate(check, name="holds_for_all")


def _is_whole(held: RoleAssignment) -> bool:
    """The commander's, or without a unit, or in the command post and its office."""
    unit = held.department
    return held.role == R.COMMANDER or unit is None or unit.kind == Department.Kind.GROUP


for _name, _allowed in PERMISSIONS.items():
    rules.add_perm(_name, (holds_for_all if _name in OFFICE_ALONE else holds_any)(_allowed))
