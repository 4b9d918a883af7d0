"""Demo accounts: in an empty portal only, with a file that only its owner reads."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from floodresponse.services.announcing import ABOVE
from floodresponse.services.daily import WEATHER_BUREAU
from foundation.models import AuditEntry
from organizations.models import Department, DepartmentAlias, Role, User
from zalantun.demo_accounts import DEMOS, create_demo_accounts

AT = datetime(2022, 8, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def departments() -> None:
    names = ["住房和城乡建设局", "城管执法局", "公安局", "防涝办", "向阳街道"]
    names += ["兴华街道", "气象局", "市委办公室", "政府办公室"]
    made = [Department.objects.create(slug=f"d{n}", name=name) for n, name in enumerate(names)]
    DepartmentAlias.objects.create(name="住建局", department=made[0])


@pytest.fixture
def rows(departments: None, tmp_path: Path) -> list[list[str]]:
    assert create_demo_accounts(at=AT, path=tmp_path / "demo-accounts.txt") == []
    lines = (tmp_path / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def find(rows: Sequence[Sequence[str]], role: str, department: str) -> Sequence[str]:
    return next(row for row in rows if row[2:] == [role, department])


def test_every_role_has_an_account(rows: list[list[str]]) -> None:
    assert {row[2] for row in rows} == set(Role.values)


def test_departments_stand_with_their_canonical_names(rows: list[list[str]]) -> None:
    for name in ("住房和城乡建设局", "城管执法局", "公安局"):
        assert find(rows, "department_officer", name)
    assert find(rows, "duty_officer", "防涝办")
    assert find(rows, "duty_officer", "向阳街道")


def test_what_is_passed_up_and_the_weather_reach_somebody(rows: list[list[str]]) -> None:
    for name in (*ABOVE, WEATHER_BUREAU):
        assert find(rows, "department_officer", name)


def test_the_passwords_work_and_differ(rows: list[list[str]]) -> None:
    assert all(authenticate(username=row[0], password=row[1]) for row in rows)
    assert len({row[1] for row in rows}) == len(rows)


def test_roles_are_held_in_the_department(rows: list[list[str]]) -> None:
    held = User.objects.get(username=find(rows, "duty_officer", "向阳街道")[0]).assignments.get()
    assert (held.role, held.department and held.department.name) == (Role.DUTY_OFFICER, "向阳街道")


def test_only_the_owner_reads_the_file(departments: None, tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.txt"
    create_demo_accounts(at=AT, path=path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_happens_once_there_is_a_user(departments: None, tmp_path: Path) -> None:
    User.objects.create_user("first")
    create_demo_accounts(at=AT, path=tmp_path / "demo-accounts.txt")
    assert User.objects.count() == 1
    assert not (tmp_path / "demo-accounts.txt").exists()


def test_a_second_start_changes_no_password(departments: None, tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.txt"
    create_demo_accounts(at=AT, path=path)
    before = path.read_text()
    create_demo_accounts(at=AT, path=path)
    assert path.read_text() == before


def test_without_its_file_no_account_is_kept(departments: None, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create_demo_accounts(at=AT, path=tmp_path / "absent" / "demo-accounts.txt")
    assert not User.objects.exists()


def test_an_unknown_department_is_named_and_left_out(tmp_path: Path) -> None:
    missing = create_demo_accounts(at=AT, path=tmp_path / "demo-accounts.txt")
    assert set(missing) == {demo.department for demo in DEMOS} - {""}
    assert User.objects.count() == len([demo for demo in DEMOS if not demo.department])


def test_the_accounts_are_on_the_audit_log(rows: list[list[str]]) -> None:
    assert AuditEntry.objects.filter(action="user.create").count() == len(rows)
    assert AuditEntry.objects.filter(action="user.grant_role").count() == len(rows)


def test_a_demo_account_signs_in(rows: list[list[str]], client: Client) -> None:
    assert client.login(username=rows[0][0], password=rows[0][1])
