"""A ledger with people who keep it, invented."""

from datetime import UTC, datetime
from typing import cast

from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import Department, User
from taskboard.models.ledgers import Ledger, LedgerRow
from taskboard.services.ledgers import add_row, sign_ledger
from tests.factories import DepartmentFactory, DirectiveFactory, UserFactory

AT = datetime(2031, 8, 10, 2, 0, tzinfo=UTC)
COLUMNS: tuple[tuple[str, str, str, list[str]], ...] = (
    ("项目名称", "text", "", []),
    ("占用面积", "number", "亩", []),
    ("批复时间", "date", "", []),
    ("类型", "choice", "", ["厂房", "空地"]),
)


def land_ledger(kind: str = "land", title: str = "青河闲置土地台账") -> Ledger:
    ledger = Ledger.objects.create(directive=DirectiveFactory(), kind=kind, title=title)
    for order, (name, type_, unit, choices) in enumerate(COLUMNS, start=1):
        ledger.columns.create(order=order, name=name, type=type_, unit=unit, choices=choices)
    return ledger


def unit(name: str = "甲局") -> Department:
    return Department.objects.filter(name=name).first() or cast(Department, DepartmentFactory(name=name))


def member(role: str, department: str = "甲局") -> User:
    """A person with a role; in a department where the role works for one."""
    username = f"{role}-{department}"
    known = User.objects.filter(username=username).first()
    own = unit(department) if role.startswith("department_") else None
    return known or cast(User, UserFactory(username=username, role=role, department=own))


def entry(ledger: Ledger, title: str = "甲厂", department: str = "甲局", **cells: str) -> LedgerRow:
    """An unsigned entry; ``c2`` and so on are its cells."""
    values = {"c1": title, **cells}
    return add_row(actor=None, at=AT, ledger=ledger, department=unit(department), values=values)


def signed_entry(ledger: Ledger, title: str = "甲厂", department: str = "甲局", **cells: str) -> LedgerRow:
    row = entry(ledger, title, department, **cells)
    sign_ledger(
        actor=member("department_head", department), at=AT, ledger=ledger, department=unit(department)
    )
    row.refresh_from_db()
    return row


def paper(text: str = "已复工，照片附后。") -> SimpleUploadedFile:
    return SimpleUploadedFile("说明.txt", text.encode())
