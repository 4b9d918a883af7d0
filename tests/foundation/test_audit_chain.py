"""The audit log: a chain that two writers keep whole and nobody changes unnoticed."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from foundation.append_only import EMPTYING, install_triggers, missing_triggers, remove_trigger
from foundation.context import Origin, call_from
from foundation.models import AuditEntry, AuditHead
from foundation.services.audit import GENESIS_HASH, chain_end, entry_hash, find_break, record_change
from organizations.models import Department
from tests.factories import DepartmentFactory

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)


def write(count: int = 1, at: datetime = AT, **values: Any) -> list[AuditEntry]:
    target = DepartmentFactory()
    return [
        record_change(actor=None, action="test.step", target=target, at=at, **values) for _ in range(count)
    ]


def tamper(sql: str, *values: str) -> None:
    """Come past the application and the triggers, as a person with the database's password can."""
    for name in ("auditentry_no_update", "auditentry_no_delete"):
        remove_trigger(connection, name)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def verify(*arguments: str) -> tuple[int, str]:
    """Exit status and what was said."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit_log", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return int(str(stop.code)), err.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def guarded(db: None) -> None:
    """With all triggers, also the one that tests usually lift."""
    install_triggers(connection)


class TestWriting:
    pytestmark = pytest.mark.django_db

    def test_an_empty_log_is_whole(self) -> None:
        assert find_break() is None
        assert chain_end() == (0, GENESIS_HASH)

    def test_each_row_carries_the_hash_of_the_one_before(self) -> None:
        first, second, third = write(3)
        assert (first.sequence, first.previous_hash) == (1, GENESIS_HASH)
        assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
        assert find_break() is None

    def test_where_it_came_from_is_recorded(self) -> None:
        with call_from(Origin(request_id="r-1", address="192.0.2.7")):
            (entry,) = write()
        assert (entry.request_id, entry.address, entry.actor_label) == ("r-1", "192.0.2.7", "系统")

    @pytest.mark.parametrize(
        "value",
        [
            date(2023, 5, 8),
            AT,
            time(8, 0),
            Decimal("20.10"),
            UUID(int=7),
            1e22,
            -2.5,
            1e-9,
            float("inf"),
            float("nan"),
            "a\0b",
            ["一", {"二": None}],
            10**30,
            True,
        ],
        ids=repr,
    )
    def test_what_the_database_gives_back_has_the_same_hash(self, value: object) -> None:
        (entry,) = write(before={"value": value}, after={"值": [value]})
        assert entry_hash(AuditEntry.objects.get(pk=entry.pk)) == entry.hash

    def test_what_is_not_plain_data_is_refused(self) -> None:
        with pytest.raises(TypeError, match="does not belong in the audit log"):
            write(after={"value": object()})
        assert not AuditEntry.objects.exists()

    def test_a_change_that_is_undone_leaves_no_row_and_no_gap(self) -> None:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        write()
        assert list(AuditEntry.objects.values_list("sequence", flat=True)) == [1]
        assert find_break() is None


class TestTheApplicationRefuses:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize(
        "step",
        [
            lambda entry: entry.save(),
            lambda entry: entry.save(update_fields=["reason"]),
            lambda entry: entry.delete(),
            lambda entry: AuditEntry.objects.update(reason="x"),
            lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
            lambda entry: AuditEntry.objects.bulk_update([entry], ["reason"]),
            lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"reason": "x"}),
        ],
        ids=["save", "save-fields", "delete", "update", "delete-many", "bulk-update", "update-or-create"],
    )
    def test_every_way_to_change_a_row(self, step: Callable[[AuditEntry], object]) -> None:
        (entry,) = write()
        entry.reason = "x"
        with pytest.raises(TypeError, match="append-only"):
            step(entry)
        assert AuditEntry.objects.get(pk=entry.pk).reason == ""
        assert find_break() is None

    def test_a_row_read_from_the_database_cannot_be_saved_as_another(self) -> None:
        write()
        entry = AuditEntry.objects.get()
        entry.pk = None
        with pytest.raises(TypeError, match="append-only"):
            entry.save()


@pytest.mark.usefixtures("guarded")
class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE foundation_auditentry SET reason = 'x'",
            "UPDATE foundation_auditentry SET hash = hash",
            "DELETE FROM foundation_auditentry",
        ],
    )
    def test_to_change_or_remove_a_row(self, sql: str) -> None:
        (entry,) = write(at=timezone.now())
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(sql)
        assert AuditEntry.objects.get().hash == entry.hash

    def test_to_empty_the_table(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no TRUNCATE")
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute("TRUNCATE foundation_auditentry")

    def test_nothing_else(self) -> None:
        write(2)
        assert find_break() is None

    def test_installing_twice_changes_nothing(self) -> None:
        install_triggers(connection)
        assert missing_triggers(connection) == []


@pytest.mark.usefixtures("guarded")
class TestTheCommand:
    def test_says_how_many_and_where_the_chain_ends(self) -> None:
        *_, last = write(3)
        status, said = verify()
        assert status == 0
        assert f"共 3 条。链尾 3:{last.hash}" in said

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("reason", "改过"),
            ("action", "other"),
            ("actor_label", "别人"),
            ("object_label", "x"),
            ("address", "::1"),
        ],
    )
    def test_names_the_first_row_that_was_changed(self, column: str, value: str) -> None:
        write(4)
        tamper(f"UPDATE foundation_auditentry SET {column} = %s WHERE sequence IN (2, 3)", value)
        status, said = verify()
        assert status == 1
        assert "第 2 条的内容与其校验不符" in said

    def test_names_a_row_that_is_missing(self) -> None:
        write(4)
        tamper("DELETE FROM foundation_auditentry WHERE sequence = 2")
        status, said = verify()
        assert (status, "第 2 条缺失，其后是第 3 条" in said) == (1, True)

    def test_notices_that_the_first_row_is_missing(self) -> None:
        write(2)
        tamper("DELETE FROM foundation_auditentry WHERE sequence = 1")
        assert "第 1 条缺失" in verify()[1]

    def test_notices_that_the_last_row_is_missing(self) -> None:
        write(3)
        tamper("DELETE FROM foundation_auditentry WHERE sequence = 3")
        status, said = verify()
        assert (status, "实有 2 条，链尾却记为第 3 条" in said) == (1, True)

    def test_notices_a_row_added_beside_the_service(self) -> None:
        (entry,) = write()
        entry.pk, entry.sequence, entry._state.adding = None, 2, True
        entry.hash = "f" * 64
        entry.save()
        assert verify()[0] == 1

    def test_notices_a_row_that_was_changed_together_with_its_hash(self) -> None:
        write(3)
        forged = AuditEntry.objects.get(sequence=2)
        forged.reason = "改过"
        tamper(
            "UPDATE foundation_auditentry SET reason = %s, hash = %s WHERE sequence = 2",
            "改过",
            entry_hash(forged),
        )
        status, said = verify()
        assert (status, "第 3 条与前一条接不上" in said) == (1, True)

    def test_a_log_cut_short_together_with_its_end_is_found_by_a_noted_end(self) -> None:
        first, _, third = write(3)
        tamper("DELETE FROM foundation_auditentry WHERE sequence > 1")
        install_triggers(connection)
        AuditHead.objects.update(sequence=1, hash=first.hash)
        assert verify()[0] == 0
        status, said = verify("--anchor", f"3:{third.hash}")
        assert (status, "末尾的记录被删去了" in said) == (1, True)

    def test_a_log_written_anew_is_found_by_a_noted_end(self) -> None:
        write(2)
        status, said = verify("--anchor", f"2:{'a' * 64}")
        assert (status, "整条链被重写过" in said) == (1, True)

    def test_a_noted_end_that_fits_is_no_objection(self) -> None:
        first, *_ = write(3)
        assert verify("--anchor", f"1:{first.hash}")[0] == 0

    def test_names_a_trigger_that_is_gone_and_installs_it_when_told(self) -> None:
        remove_trigger(connection, "auditentry_no_update")
        status, said = verify()
        assert (status, "auditentry_no_update" in said) == (1, True)
        assert verify("--install-triggers")[0] == 0


@pytest.mark.django_db(transaction=True)
class TestTwoWritersAtOnce:
    @pytest.fixture
    def department(self) -> Department:
        return DepartmentFactory()

    def test_make_one_unbroken_chain(self, department: Department) -> None:
        writers, rows = 4, 8
        start = threading.Barrier(writers)
        failures: list[BaseException] = []

        def run(number: int) -> None:
            try:
                start.wait(timeout=10)
                for step in range(rows):
                    with transaction.atomic():
                        record_change(
                            actor=None,
                            action="test.race",
                            target=department,
                            at=AT,
                            after={"n": [number, step]},
                        )
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert failures == []
        assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
            range(1, writers * rows + 1)
        )
        assert find_break() is None

    def test_the_log_can_be_emptied_between_tests(self) -> None:
        assert not AuditEntry.objects.exists()
        assert EMPTYING[connection.vendor] in missing_triggers(connection)
