"""Whose address counts behind proxies, for the audit log and for every limit."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client, RequestFactory

from foundation.addresses import client_address
from foundation.models import AuditEntry
from foundation.throttling import AccountThrottle, VisitorThrottle
from organizations.adapters import AccountAdapter
from tests.conftest import REPOSITORY

PROXY, CALLER, FORGED = "10.0.0.1", "203.0.113.7", "198.51.100.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, CALLER, PROXY),
        (1, CALLER, CALLER),
        (1, f"{FORGED}, {CALLER}", CALLER),
        (2, f"{FORGED}, {CALLER}, 10.0.0.2", CALLER),
        (2, CALLER, CALLER),
        (1, "", PROXY),
        (1, " , ", PROXY),
        (1, "unknown", PROXY),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "x" * 500, PROXY),
    ],
)
def test_the_address_behind_our_own_proxies(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address
    assert AccountAdapter().get_client_ip(request) == address
    for throttle in (VisitorThrottle, AccountThrottle):
        assert throttle().get_ident(request) == address  # type: ignore[arg-type]  # asks only for headers


@pytest.mark.django_db
def test_the_audit_log_names_the_caller_not_the_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    Client(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"{FORGED}, {CALLER}").post(
        "/accounts/login/", {"login": "nobody", "password": "wrong"}
    )
    assert AuditEntry.objects.get().address == CALLER


@pytest.mark.django_db
def test_tries_are_counted_by_caller(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(20):
        Client(HTTP_X_FORWARDED_FOR=CALLER).post("/accounts/login/", {"login": f"a{n}", "password": "x"})
    before = AuditEntry.objects.count()
    for address in (CALLER, FORGED):
        Client(HTTP_X_FORWARDED_FOR=address).post("/accounts/login/", {"login": "b", "password": "x"})
    assert before == 20
    assert AuditEntry.objects.count() == 21


ASKED = ("SESSION_COOKIE_SECURE", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", "TRUSTED_PROXIES")


def settings_with(**environment: str) -> dict[str, Any]:
    code = (
        "import json; from zalantun import settings;"
        f"print(json.dumps({{name: getattr(settings, name, None) for name in {ASKED}}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_behind_a_tls_proxy_browsers_are_told_to_stay_with_tls() -> None:
    assert settings_with(HTTPS="true", TRUSTED_PROXIES="1") == {
        "SESSION_COOKIE_SECURE": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "SECURE_HSTS_SECONDS": 31_536_000,
        "TRUSTED_PROXIES": 1,
    }


def test_without_tls_nothing_is_believed() -> None:
    assert settings_with(HTTPS="false", TRUSTED_PROXIES="0") == {
        "SESSION_COOKIE_SECURE": False,
        "SECURE_PROXY_SSL_HEADER": None,
        "SECURE_HSTS_SECONDS": None,
        "TRUSTED_PROXIES": 0,
    }
