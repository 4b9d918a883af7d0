"""The database itself refuses to change or remove a row of the audit log.

The application refuses first (``foundation.models.audit``); these triggers
stop whoever comes past it: a shell, another program, a careless script. Rows
older than ``SHORTEST_DAYS`` may be removed, from the oldest on, as the service
of retention does and records; the chain shows any other removal. The triggers
go when a table is rebuilt, which SQLite does for most changes of a column: a
migration that touches the table installs them again, and ``verify_audit_log``
says so when they are missing.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "foundation_auditentry"
# Six months, which no setting can shorten.
SHORTEST_DAYS = 184
REFUSAL = "the audit log is append-only"
FUNCTION = "foundation_refuse_audit_change"


def _sqlite(event: str, when: str = "") -> str:
    return (
        f'CREATE TRIGGER {{name}} BEFORE {event} ON "{TABLE}" {when} '
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _postgresql(event: str, each: str) -> str:
    return (
        f'CREATE TRIGGER {{name}} BEFORE {event} ON "{TABLE}" FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()'
    )


# By name; the last one of each is what a test that empties all tables has to lift.
TRIGGERS: dict[str, dict[str, str]] = {
    "sqlite": {
        "auditentry_no_update": _sqlite("UPDATE"),
        "auditentry_no_delete": _sqlite(
            "DELETE", f"WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{SHORTEST_DAYS} days')"
        ),
    },
    "postgresql": {
        "auditentry_no_update": _postgresql("UPDATE", "ROW"),
        "auditentry_no_delete": _postgresql("DELETE", "ROW"),
        "auditentry_no_truncate": _postgresql("TRUNCATE", "STATEMENT"),
    },
}
EMPTYING = {"sqlite": "auditentry_no_delete", "postgresql": "auditentry_no_truncate"}
REFUSE = (
    f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'DELETE' THEN "
    f"IF OLD.at <= now() - interval '{SHORTEST_DAYS} days' THEN RETURN OLD; END IF; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
)
PRESENT = {
    "sqlite": f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'",  # noqa: S608
    "postgresql": f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{TABLE}'::regclass AND tgenabled <> 'D'",  # noqa: S608
}


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should be there and are not."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in TRIGGERS[connection.vendor] if name not in present]


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Put up those that are missing."""
    missing = missing_triggers(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE)
        for name in missing:
            cursor.execute(TRIGGERS[connection.vendor][name].format(name=name))


def remove_trigger(connection: BaseDatabaseWrapper, name: str) -> None:
    """Take one down."""
    where = f' ON "{TABLE}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")
