"""Two of each program behind nginx as deploy/ has it: one falls, nobody notices; a reminder comes once."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.production.cluster import HOST, NGINX, Cluster, trusting
from tests.zalantun.portal import script, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ["DATABASE_URL"].startswith("postgres"), reason="production runs on PostgreSQL"
    ),
    pytest.mark.skipif(NGINX is None, reason="nginx cannot be installed here"),
]
ALL = ("web-1", "web-2", "worker-1", "worker-2", "beat-1", "beat-2", "nginx")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with script("servers").redis(kept=True) as broker:
        made = Cluster(tmp_path_factory.mktemp("cluster"), f"{broker}/0")
        made.prepare()
        made.start(*ALL)
        try:
            made.wait_until_ready()
            yield made
        finally:
            made.end()


@contextmanager
def readers(cluster: Cluster, count: int = 4) -> Iterator[list[int]]:
    """People who read the task board without a pause; the statuses that they got, 0 for no answer."""
    statuses: list[int] = []
    over = threading.Event()

    def read() -> None:
        session = cluster.sign_in("department_officer", "住建局")
        for page in ("/events/", "/tasks/", "/inbox/", "/flood/") * 1000:
            if over.is_set():
                return
            try:
                statuses.append(session.get(cluster.address(page), timeout=30).status_code)
            except requests.RequestException:
                statuses.append(0)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    wait_for("first answers", lambda: True if len(statuses) >= 2 * count else None, seconds=60)
    try:
        yield statuses
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def rows(cluster: Cluster, sql: str, *values: Any) -> list[Any]:
    with psycopg.connect(cluster.database_url) as connection:
        return connection.execute(sql, values).fetchall()


def report(session: requests.Session, cluster: Cluster, seconds: float) -> int:
    """An incident whose telephone report falls due in so many seconds."""
    happened = datetime.now(UTC) - timedelta(minutes=20) + timedelta(seconds=seconds)
    unit = session.get(cluster.address("/api/v1/departments/?q=向阳"), timeout=30).json()["results"][0][
        "slug"
    ]
    body = {
        "unit": unit, "occurred_at": happened.isoformat(), "location": "柳巷", "kind": "waterlogging",
        "severity": "ordinary", "summary": "积水", "dead": 0, "missing": 0,
    }  # fmt: skip
    answer = session.post(cluster.address("/api/v1/flood/incidents/"), json=body, timeout=30)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def reminders(cluster: Cluster, incident: int) -> list[tuple[str, int]]:
    """What went to each person at the due minute, and how often it was tried."""
    return rows(
        cluster,
        "SELECT m.dedupe_key, count(a.id) FROM notifications_message m"
        " JOIN notifications_attempt a ON a.message_id = m.id"
        " JOIN floodresponse_obligation o ON m.dedupe_key LIKE 'obligation:' || o.id || ':%%'"
        " WHERE o.incident_id = %s AND o.kind = 'phone' AND m.channel = 'inbox' AND m.not_before = o.due_at"
        " GROUP BY 1",
        incident,
    )


def once_each(cluster: Cluster, incident: int) -> None:
    found = wait_for("reminder", lambda: reminders(cluster, incident) or None, seconds=60)
    time.sleep(4)  # a second one would come by now
    assert reminders(cluster, incident) == found
    assert {times for _, times in found} == {1}


def test_people_sign_in_through_the_proxy_and_are_known_by_their_address(cluster: Cluster) -> None:
    session = cluster.sign_in("department_officer", "住建局")
    assert session.get(cluster.address("/tasks/mine/"), timeout=30).status_code == 200
    [(address,)] = rows(
        cluster, "SELECT address FROM foundation_auditentry WHERE action = 'user.sign_in' ORDER BY id LIMIT 1"
    )
    assert address == "127.0.0.1"
    spoofed = cluster.session()
    spoofed.headers["X-Forwarded-For"] = "203.0.113.9"
    spoofed.post(cluster.address("/accounts/login/"), {"login": "x"}, timeout=30)
    assert not rows(cluster, "SELECT 1 FROM foundation_auditentry WHERE address = '203.0.113.9'")


def test_the_proxy_leads_to_tls_and_cookies_stay_there(cluster: Cluster) -> None:
    answer = requests.get(
        f"http://127.0.0.1:{cluster.plain_port}/events/?q=a",
        headers={"Host": HOST}, allow_redirects=False, timeout=10,
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/events/?q=a")
    secure = cluster.session().get(cluster.address("/accounts/login/"), timeout=30)
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    assert all(cookie.secure for cookie in secure.cookies)
    assert "nginx/" not in secure.headers.get("Server", "")


def test_metrics_are_for_this_machine_and_need_the_token(cluster: Cluster) -> None:
    assert cluster.session().get(cluster.address("/metrics"), timeout=30).status_code == 404


def test_a_web_process_is_killed_while_people_read(cluster: Cluster) -> None:
    with readers(cluster) as statuses:
        cluster.kill("web-1")
        so_far = len(statuses)
        wait_for("answers of the other one", lambda: len(statuses) > so_far + 20 or None, seconds=60)
        cluster.start("web-1")
        so_far = len(statuses)
        wait_for("further answers", lambda: len(statuses) > so_far + 20 or None, seconds=60)
    assert set(statuses) == {200}
    cluster.wait_until_ready()


def test_a_new_version_is_taken_without_refusing_anybody(cluster: Cluster) -> None:
    with readers(cluster) as statuses:
        for name in cluster.ports:
            cluster.restart(name)
        so_far = len(statuses)
        wait_for("answers of the new ones", lambda: len(statuses) > so_far + 20 or None, seconds=60)
    assert set(statuses) == {200}


def test_a_reminder_comes_once_from_two_workers_and_two_clocks(cluster: Cluster) -> None:
    session = cluster.sign_in("duty_officer", "防")
    once_each(cluster, report(session, cluster, 5))


def test_it_comes_once_when_one_of_each_dies(cluster: Cluster) -> None:
    session = cluster.sign_in("duty_officer", "防")
    incident = report(session, cluster, 6)
    cluster.kill("worker-1", "beat-1", "web-2")
    once_each(cluster, incident)
    cluster.start("worker-1", "beat-1", "web-2")
    cluster.wait_until_ready()


def test_a_power_cut_loses_nothing_and_doubles_nothing(cluster: Cluster) -> None:
    session = cluster.sign_in("duty_officer", "防")
    incidents = [report(session, cluster, seconds) for seconds in (3, 6, 12)]
    cluster.kill(*ALL)
    time.sleep(5)
    cluster.start(*ALL)
    cluster.wait_until_ready()
    for incident in incidents:
        once_each(cluster, incident)
    assert session.get(cluster.address("/inbox/"), timeout=30).status_code == 200  # still signed in


def test_slow_clients_hold_no_place_of_the_portal(cluster: Cluster) -> None:
    slow = []
    for _ in range(60):
        raw = socket.create_connection(("127.0.0.1", cluster.port), timeout=10)
        wrapped = trusting().wrap_socket(raw, server_hostname=HOST)
        wrapped.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: gazette.example.cn\r\nContent-Length: 900\r\n\r\nlogin="
        )
        slow.append(wrapped)
    began = time.monotonic()
    assert cluster.session().get(cluster.address("/events/"), timeout=10).status_code == 200
    assert time.monotonic() - began < 5
    # Two seconds without a byte end it (a minute in deploy/nginx.conf).
    assert slow[0].recv(100)[:12] in (b"", b"HTTP/1.1 408")
    for wrapped in slow:
        wrapped.close()


def test_a_request_that_is_too_large_is_refused_at_the_door(cluster: Cluster) -> None:
    raw = socket.create_connection(("127.0.0.1", cluster.port), timeout=10)
    with trusting().wrap_socket(raw, server_hostname=HOST) as door:
        head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {71 * 2**20}\r\n\r\n"
        door.sendall(head.encode())
        assert door.recv(100).startswith(b"HTTP/1.1 413")


def test_unknown_hosts_get_nothing(cluster: Cluster) -> None:
    session = cluster.session()
    session.headers["Host"] = "evil.example"
    answer = session.get(cluster.address("/"), timeout=10)
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_no_program_complained(cluster: Cluster) -> None:
    for name in ("web-1", "web-2"):
        said = (cluster.folder / f"{name}.log").read_text(errors="replace")
        # Django explains at length that somebody named a host that is none.
        assert said.count("Traceback") == said.count("exceptions.DisallowedHost:"), cluster.log(name)


def test_its_logs_hold_no_password(cluster: Cluster) -> None:
    _, password = cluster.account("department_officer", "住建局")
    for path in Path(cluster.folder).glob("*.log"):
        assert password not in path.read_text(errors="replace")
