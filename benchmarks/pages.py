"""The page of a month, beside a bare view with the same query and the same bytes.

Both are asked inside one process through all middleware, and over the wire
from the portal's own web server.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.core.cache import caches
from django.test import Client

from benchmarks.bare import PAGE_FILE
from benchmarks.measuring import Row, in_turn, seconds_of, speed_ratio

AT_LEAST = 0.5
ROUNDS, REQUESTS = 15, 20
COLD_ROUNDS = 15
START_SECONDS = 60


def page_rows(first: date) -> list[Row]:
    """As visitors get it, inside and over the wire; and the first view after a change."""
    page, bare = f"/events/{first:%Y/%m}/", f"/bare/{first.year}/{first.month}/"
    PAGE_FILE.write_bytes(Client().get(page).content)
    size = f"{PAGE_FILE.stat().st_size // 1024} KB"
    rows = [_inside(f"Page of a month ({size}), inside the process", page, bare)]
    with web_server() as port:
        rows.append(_over_the_wire(f"Page of a month ({size}), over the wire", port, page, bare))
    rows.append(_made_anew("The same, made anew after a change", page, bare))
    return rows


def _inside(what: str, page: str, bare: str) -> Row:
    client = Client()
    ours, beside = in_turn(
        lambda: _each(lambda: _get(client, page)), lambda: _each(lambda: _get(client, bare)), ROUNDS
    )
    return speed_ratio(what, ours, beside, at_least=AT_LEAST)


def _made_anew(what: str, page: str, bare: str) -> Row:
    client = Client()

    def make() -> float:
        caches["pages"].clear()
        return seconds_of(lambda: _get(client, page))

    ours, beside = in_turn(make, lambda: seconds_of(lambda: _get(client, bare)), COLD_ROUNDS)
    return speed_ratio(what, ours, beside, at_least=None)


def _over_the_wire(what: str, port: int, page: str, bare: str) -> Row:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    ours, beside = in_turn(
        lambda: _each(lambda: _fetch(connection, page)),
        lambda: _each(lambda: _fetch(connection, bare)),
        ROUNDS,
    )
    connection.close()
    return speed_ratio(what, ours, beside, at_least=AT_LEAST)


def _each(action: Callable[[], object]) -> float:
    """Seconds for one of several requests in a row."""
    return seconds_of(lambda: [action() for _ in range(REQUESTS)]) / REQUESTS


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200 and response.content, f"{address}: {response.status_code}"


def _fetch(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200 and body, f"{address}: {response.status}"


@contextmanager
def web_server() -> Iterator[int]:
    """The web server that ``make run`` starts, with one worker; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "warning"),
        "zalantun.wsgi:application",
    ]
    server = subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")
