"""A file of the audit log for each day, and rows that leave the database after their time."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from foundation.append_only import SHORTEST_DAYS, install_triggers
from foundation.errors import StateConflict
from foundation.models import AuditEntry
from foundation.services.audit import entry_hash, find_break, record_change
from foundation.services.auditchecks import check_chain, last_check
from foundation.services.auditfiles import day_files, fault_of, keep_day, whole_file
from foundation.services.auditretention import remove_old
from foundation.tasks import keep_audit_log
from tests.factories import DepartmentFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 8)
NOON = datetime(2026, 5, 8, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 5, 8, 17, 10, tzinfo=UTC)  # ten past one of the next day in Shanghai


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    install_triggers(connection)
    return tmp_path / "audit"


def write(count: int = 1, at: datetime = NOON) -> None:
    target = DepartmentFactory()
    for _ in range(count):
        record_change(actor=None, action="test.step", target=target, at=at)


def rows_of(day: date) -> list[dict[str, Any]]:
    file = whole_file(day.isoformat())
    assert file is not None
    return [json.loads(line) for line in gzip.decompress(file.path.read_bytes()).splitlines()]


class TestTheFileOfADay:
    def test_holds_every_row_with_its_hash(self) -> None:
        write(3)
        keep_day(day=DAY, at=NIGHT)
        rows = rows_of(DAY)
        assert [row["sequence"] for row in rows] == [1, 2, 3]
        entry = AuditEntry.objects.get(sequence=2)
        assert rows[1]["hash"] == entry.hash == entry_hash(entry)
        assert rows[1]["previous_hash"] == rows[0]["hash"]

    def test_ends_with_the_day_in_shanghai(self) -> None:
        write(1, at=datetime(2026, 5, 8, 15, 59, 59, tzinfo=UTC))
        write(1, at=datetime(2026, 5, 8, 16, 0, tzinfo=UTC))
        keep_day(day=DAY, at=NIGHT)
        assert [row["sequence"] for row in rows_of(DAY)] == [1]

    def test_takes_up_where_the_one_before_ended_also_after_days_without_a_clock(self) -> None:
        write(2)
        keep_day(day=DAY, at=NIGHT)
        write(1, at=NOON + timedelta(days=1))
        write(1, at=NOON + timedelta(days=3))
        keep_day(day=DAY + timedelta(days=3), at=NIGHT + timedelta(days=3))
        newest, oldest = day_files()
        assert (oldest.first, oldest.last) == (1, 2)
        assert newest.first == 3
        assert newest.rows == 3  # the row about the first file is among them

    def test_is_written_once_however_many_clocks_there_are(self) -> None:
        write()
        assert keep_day(day=DAY, at=NIGHT) is not None
        assert keep_day(day=DAY, at=NIGHT) is None
        assert AuditEntry.objects.filter(action="audit.keep_day").count() == 1

    def test_a_day_on_which_nothing_happened_has_none(self) -> None:
        assert keep_day(day=DAY, at=NIGHT) is None
        assert day_files() == []

    def test_is_for_the_portal_alone(self, folder: Path) -> None:
        write()
        keep_day(day=DAY, at=NIGHT)
        assert {path.stat().st_mode & 0o077 for path in folder.glob("audit-*")} == {0}

    def test_a_full_disk_leaves_no_half_file_and_the_next_night_makes_up_for_it(self, folder: Path) -> None:
        write(2)
        full = patch("foundation.services.auditfiles.os.fsync", side_effect=OSError(28, "No space left"))
        with full, pytest.raises(OSError, match="No space"):
            keep_day(day=DAY, at=NIGHT)
        assert [path.name for path in folder.iterdir()] == ["lock"]
        keep_day(day=DAY + timedelta(days=1), at=NIGHT + timedelta(days=1))
        assert day_files()[0].rows == 2

    def test_a_changed_file_is_not_handed_out(self) -> None:
        write()
        file = keep_day(day=DAY, at=NIGHT)
        assert file is not None
        assert fault_of(file) == ""
        file.path.write_bytes(gzip.compress(b"{}"))
        with pytest.raises(StateConflict, match="内容与登记的校验值不符"):
            whole_file(file.day)

    def test_a_changed_description_is_told_by_its_signature(self, folder: Path) -> None:
        write()
        keep_day(day=DAY, at=NIGHT)
        about = folder / f"audit-{DAY}.json"
        about.write_text(about.read_text().replace('"last": 1', '"last": 2'))
        with pytest.raises(StateConflict, match="签名不符"):
            whole_file(DAY.isoformat())

    def test_a_missing_file_is_named(self) -> None:
        write()
        file = keep_day(day=DAY, at=NIGHT)
        assert file is not None
        file.path.unlink()
        with pytest.raises(StateConflict, match="已不在原处"):
            whole_file(file.day)


class TestRetention:
    NOW = timezone.now().replace(microsecond=0)

    def kept(self, *ages: int) -> None:
        """Rows of so many days ago, oldest first, each in the file of its day."""
        for age in ages:
            at = self.NOW - timedelta(days=age)
            write(1, at=at)
            keep_day(day=timezone.localdate(at), at=at + timedelta(hours=1))

    def sequences(self) -> list[int]:
        return list(
            AuditEntry.objects.filter(action="test.step")
            .order_by("sequence")
            .values_list("sequence", flat=True)
        )

    def test_nothing_leaves_without_the_setting(self) -> None:
        self.kept(2000)
        assert remove_old(at=self.NOW) == 0

    def test_what_is_older_leaves_and_the_chain_still_holds(self, settings: Any) -> None:
        settings.AUDIT_KEEP_DAYS = 200
        self.kept(300, 250, 10)
        assert remove_old(at=self.NOW) == 4  # two steps and the rows about their files
        assert self.sequences() == [5]
        assert find_break() is None
        about = AuditEntry.objects.get(action="audit.remove_old")
        assert (about.after["first"], about.after["through"], about.after["rows"]) == (1, 4, 4)
        self.kept(9)
        assert remove_old(at=self.NOW) == 0
        assert find_break() is None

    def test_it_goes_on_where_it_ended(self, settings: Any) -> None:
        settings.AUDIT_KEEP_DAYS = 200
        self.kept(300, 190, 10)
        assert remove_old(at=self.NOW) == 2
        assert remove_old(at=self.NOW + timedelta(days=11)) == 2
        assert find_break() is None
        assert self.sequences() == [5]

    @pytest.mark.parametrize(("age", "left"), [(199, 0), (200, 1), (201, 2)])
    def test_the_day_of_the_limit(self, settings: Any, age: int, left: int) -> None:
        # Of two rows, the second an hour younger.
        settings.AUDIT_KEEP_DAYS = 200
        self.kept(age, 10)
        assert remove_old(at=self.NOW) == left

    def test_six_months_are_the_least_whatever_the_setting(self, settings: Any) -> None:
        settings.AUDIT_KEEP_DAYS = 1
        self.kept(SHORTEST_DAYS - 1, 10)
        assert remove_old(at=self.NOW) == 0

    def test_a_row_that_no_whole_file_holds_stays(self, settings: Any) -> None:
        settings.AUDIT_KEEP_DAYS = 200
        self.kept(300, 250, 10)
        oldest = day_files()[-1]
        oldest.path.write_bytes(b"")
        assert remove_old(at=self.NOW) == 0

    def test_an_old_row_behind_a_younger_one_stays(self, settings: Any) -> None:
        settings.AUDIT_KEEP_DAYS = 200
        write(1, at=self.NOW - timedelta(days=5))
        write(1, at=self.NOW - timedelta(days=300))
        keep_day(day=timezone.localdate(self.NOW), at=self.NOW)
        assert remove_old(at=self.NOW) == 0

    def test_the_database_refuses_to_remove_a_young_row(self) -> None:
        write(1, at=timezone.now() - timedelta(days=SHORTEST_DAYS - 1))
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEntry.objects.all()._raw_delete("default")
        assert AuditEntry.objects.count() == 1

    def test_old_rows_removed_past_the_service_are_noticed(self) -> None:
        self.kept(300, 10)
        AuditEntry.objects.filter(sequence=1)._raw_delete("default")
        broken = find_break()
        assert broken is not None
        assert broken.message.startswith("第 1 条缺失")

    def test_the_command_says_how_many(self, settings: Any) -> None:
        settings.AUDIT_KEEP_DAYS = 200
        self.kept(300, 10)
        out = StringIO()
        call_command("remove_old_audit_rows", stdout=out)
        assert out.getvalue() == "已清除 2 条。\n"

    def test_a_setting_below_six_months_does_not_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AUDIT_KEEP_DAYS", str(SHORTEST_DAYS - 1))
        source = Path("zalantun/settings.py").resolve()
        with pytest.raises(ImproperlyConfigured, match="至少保存"):
            exec(compile(source.read_text(), source, "exec"), {"__file__": str(source)})


class TestChecks:
    def test_a_check_is_on_record(self) -> None:
        write(2)
        assert check_chain(actor=None, at=NOON) == ""
        check = last_check()
        assert check is not None
        assert check.after == {"through": 2, "fault": ""}

    def test_a_tampered_row_is_named(self) -> None:
        write(2)
        with patch("foundation.services.audit.entry_hash", return_value="0" * 64):
            write(1)
        assert check_chain(actor=None, at=NOON).startswith("第 3 条的内容与其校验不符")

    def test_rows_written_during_the_walk_are_no_fault(self) -> None:
        write(2)
        hash_of, walked = entry_hash, []

        def meanwhile(entry: AuditEntry) -> str:
            walked.append(entry.sequence)
            if len(walked) == 1:
                write(1)
            return hash_of(entry)

        with patch("foundation.services.audit.entry_hash", side_effect=meanwhile):
            assert find_break() is None
        assert AuditEntry.objects.count() == 3

    def test_every_night_a_file_and_a_check(self) -> None:
        write(1, at=timezone.now() - timedelta(days=1))
        keep_audit_log()
        assert len(day_files()) == 1
        check = last_check()
        assert check is not None
        assert check.after["fault"] == ""
