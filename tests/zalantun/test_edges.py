"""What every answer carries to guard the browser, and a deployment check that is clean."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.accounts import browser_of, person, token_for
from tests.zalantun.everypage import Made, answers, is_page
from tests.zalantun.portal import ROOT

IN_PRODUCTION = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABC",
    "ALLOWED_HOSTS": "gazette.example.cn",
    "HTTPS": "true",
    "DEMO_ACCOUNTS": "false",
    "TRUSTED_PROXIES": "1",
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "supervisor", "commander", "publisher", "system_admin"])
def test_every_answer_is_guarded_and_no_page_holds_code_of_its_own(role: str, made: Made) -> None:
    client = browser_of(role)
    client.raise_request_exception = False
    faults = []
    for name, answer in answers(client, made).items():
        if name == "healthz":  # answered before anything else, and holds nothing that a browser runs
            continue
        faults += [f"{name}: {fault}" for fault in faults_of(answer)]
    assert faults == []


def faults_of(answer: Any) -> list[str]:
    """What a browser could be made to do with the answer; a file is no page and may stand in one."""
    policy = answer.headers.get("Content-Security-Policy", "")
    found = ["may be sniffed"] if answer.headers.get("X-Content-Type-Options") != "nosniff" else []
    if answer.status_code == 500:
        found.append("failed")
    if "unsafe-" in policy:
        found.append(policy)
    if not answer.headers.get("Content-Type", "").startswith(("text/html", "image/svg", "application/xhtml")):
        return found
    if "script-src 'self'" not in policy and "sandbox" not in policy:
        found.append(f"policy {policy}")
    if answer.headers.get("X-Frame-Options") != "DENY" and "frame-ancestors" not in policy:
        found.append("may be framed")
    return [*found, *own_code(answer.content.decode())] if is_page(answer) else found


KEPT_BY_NOBODY = (
    "/",
    "/inbox/",
    "/flood/households/",
    "/flood/incidents/",
    "/tasks/",
    "/api/v1/messages/",
    "/nowhere/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", KEPT_BY_NOBODY)
def test_what_a_signed_in_person_sees_is_kept_in_no_cache(path: str) -> None:
    """OWASP ASVS 5, 14.3.2."""
    client = browser_of("duty_officer")
    assert client.get(path)["Cache-Control"] == "private, no-store"
    client.logout()
    headers = {"Authorization": f"Token {token_for(person('duty_officer'))}"}
    assert client.get(path, headers=headers)["Cache-Control"] in (
        "private, no-store",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )


@pytest.mark.django_db
def test_an_address_for_everybody_may_be_kept_by_whoever_has_not_signed_in() -> None:
    assert "Cache-Control" not in browser_of("anonymous").get("/events/")


def own_code(html: str) -> list[str]:
    """Scripts and styles written into a page, which the policy would not run."""
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", html)
    handlers = re.findall(r"<[a-z][^>]*\son[a-z]+=\"[^\"]*\"", html)
    styles = re.findall(r"<style[^>]*>|<[a-z][^>]*\sstyle=\"[^\"]*\"", html)
    return [part[:120] for part in (*scripts, *handlers, *styles)]


def test_own_code_is_found() -> None:
    assert own_code("<script>1</script>") == ["<script>"]
    assert own_code('<a class="x" onclick="y()">') == ['<a class="x" onclick="y()"']
    assert own_code('<p style="color:red">') == ['<p style="color:red"']
    assert own_code('<script src="/a.js" defer></script><script type="application/ld+json">{}</script>') == []


@pytest.mark.slow
def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **IN_PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
