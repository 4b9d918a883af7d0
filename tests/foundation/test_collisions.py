"""Two changes that the database cannot carry out at once end in one change and one clear sentence."""

import json
import threading
from collections.abc import Callable

import pytest
from django.db import DataError, OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from foundation.collisions import SENTENCE, as_refusal
from foundation.errors import InvalidInput, StateConflict
from foundation.middleware import DomainErrorMiddleware
from organizations.models import Department
from tests.factories import DepartmentFactory
from zalantun.api import exception_handler


def collision(**told: str) -> OperationalError:
    """As Django raises it: the driver's own error stands behind it."""
    error, cause = OperationalError("collided"), Exception("driver")
    cause.__dict__.update(told)
    error.__cause__ = cause
    return error


COLLISIONS = [{"sqlstate": state} for state in ("40P01", "40001", "55P03")]
COLLISIONS += [{"sqlite_errorname": name} for name in ("SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT")]
FAULTS = [{"sqlstate": "57P01"}, {"sqlite_errorname": "SQLITE_CORRUPT"}, {}]


@pytest.mark.parametrize("told", COLLISIONS)
def test_a_collision_is_a_conflict_with_its_sentence(told: dict[str, str]) -> None:
    refusal = as_refusal(collision(**told))
    assert isinstance(refusal, StateConflict)
    assert refusal.message == SENTENCE


@pytest.mark.parametrize("told", FAULTS)
def test_a_fault_stays_a_fault(told: dict[str, str]) -> None:
    assert as_refusal(collision(**told)) is None
    assert as_refusal(ValueError("deadlock")) is None
    assert as_refusal(OverflowError("date value out of range")) is None


def test_what_the_database_cannot_hold_is_the_senders_matter() -> None:
    refusal = as_refusal(DataError("text fields cannot contain NUL"))
    assert isinstance(refusal, InvalidInput)
    assert "不能保存的字符" in refusal.message


@pytest.mark.django_db
def test_pages_and_api_say_it_alike() -> None:
    error = collision(sqlstate="40P01")
    page = DomainErrorMiddleware(lambda request: HttpResponse()).process_exception(
        RequestFactory().post("/tasks/1/sign/"), error
    )
    answer = exception_handler(error, {})
    assert page is not None and answer is not None
    assert (page.status_code, answer.status_code) == (409, 409)
    assert SENTENCE in page.content.decode()
    assert json.loads(json.dumps(answer.data)) == {"detail": SENTENCE}


@pytest.mark.django_db(transaction=True)
def test_crosswise_changes_leave_one_of_them() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    first, second = DepartmentFactory(office_phone="1"), DepartmentFactory(office_phone="1")
    both_hold_one = threading.Barrier(2, timeout=20)
    refused: list[Exception] = []

    def change(rows: tuple[Department, Department], phone: str) -> None:
        try:
            with transaction.atomic():
                Department.objects.filter(pk=rows[0].pk).update(office_phone=phone)
                both_hold_one.wait()
                Department.objects.filter(pk=rows[1].pk).update(office_phone=phone)
        except OperationalError as error:
            refused.append(error)
        finally:
            connections.close_all()

    run_together(lambda: change((first, second), "2"), lambda: change((second, first), "3"))
    (error,) = refused
    assert isinstance(as_refusal(error), StateConflict)
    phones = set(
        Department.objects.filter(pk__in=[first.pk, second.pk]).values_list("office_phone", flat=True)
    )
    assert phones in ({"2"}, {"3"})


def run_together(*steps: Callable[[], None]) -> None:
    threads = [threading.Thread(target=step) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
