"""The people and machines of a crowd, each with a connection and a rhythm of its own."""

import http.client
import json
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks.crowdportal import Portal

READ = (
    "/", "/events/", "/events/2022/07/", "/events/2022/08/", "/directives/", "/tasks/", "/people/",
    "/departments/", "/search/?q=%E9%98%B2%E6%B1%9B", "/flood/", "/inbox/",
)  # fmt: skip
STATIONS = 7
TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """``seconds`` from sending to the last byte; ``status`` 0 when none came."""

    kind: str
    at: float
    seconds: float
    status: int

    @property
    def failed(self) -> bool:
        """Anything but what was asked for."""
        return self.status not in (200, 201, 304)


@dataclass
class Crowd:
    """What everybody of it needs, and what everybody got."""

    portal: Portal
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    reporter: str = ""
    tasks: Sequence[int] = ()
    stations: Sequence[str] = ()
    answers: list[Answer] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class Person:
    """One connection, kept open as browsers keep it."""

    def __init__(self, crowd: Crowd, kind: str, headers: dict[str, str], number: int) -> None:
        self.crowd, self.kind, self.headers, self.number = crowd, kind, headers, number
        self.random = random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", crowd.portal.port, timeout=TIMEOUT)
        self.tag = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> None:
        """One request; its time and status are kept."""
        sent = {**self.headers, **headers}
        data = json.dumps(body).encode() if body is not None else None
        began, status = time.perf_counter(), 0
        try:
            self.connection.request(method, path, data, sent)
            answer = self.connection.getresponse()
            answer.read()
            status, self.tag = answer.status, answer.getheader("ETag") or ""
        except (OSError, http.client.HTTPException):
            self.connection.close()
        self.crowd.answers.append(Answer(self.kind, time.time(), time.perf_counter() - began, status))

    def live(self, act: Callable[["Person"], None], pause: float) -> None:
        """Act, think, act again; nobody in step with anybody."""
        self.crowd.over.wait(self.random.uniform(0, pause))
        while not self.crowd.over.is_set():
            act(self)
            self.crowd.over.wait(self.random.uniform(0.5, 1.5) * pause)
        self.connection.close()


def official(person: Person) -> None:
    """Reads."""
    person.ask("GET", person.random.choice(READ))


def department(person: Person) -> None:
    """Looks at its tasks, and reports every other time."""
    if person.random.random() < 0.5:
        person.ask("GET", "/tasks/mine/")
        return
    task = person.random.choice(person.crowd.tasks)
    # The same report twice would be refused as pressed twice.
    body = {"percent": person.random.randint(1, 99), "text": f"施工按计划进行（{time.time():.3f}）。"}
    headers = {"Authorization": f"Token {person.crowd.reporter}", "Content-Type": "application/json"}
    person.ask("POST", f"/api/v1/tasks/{task}/progress/", body, **headers)


def gauge(person: Person) -> None:
    """Posts what fell since the last time."""
    station = person.crowd.stations[person.number % len(person.crowd.stations)]
    value = round(person.random.uniform(0, 0.4), 1)
    row = {"station": station, "kind": "rain", "observed_at": datetime.now(UTC).isoformat(), "value": value}
    person.ask("POST", "/api/v1/flood/readings/", [row])


def screen(person: Person) -> None:
    """The command screen asks whether anything changed."""
    headers = {"X-Poll": "true"} | ({"If-None-Match": person.tag} if person.tag else {})
    person.ask("GET", "/flood/board/", **headers)


# What everybody does, how long until the next time (seconds), and how many of twenty they are.
PARTS: dict[str, tuple[Callable[[Person], None], float, int]] = {
    "official": (official, 2.0, 10),
    "department": (department, 3.0, 4),
    "gauge": (gauge, 5.0, 3),
    "screen": (screen, 5.0, 3),
}


def gather(portal: Portal) -> Crowd:
    """Sign everybody in, issue and sign a list, register the gauges."""
    crowd = Crowd(portal)
    accounts = {
        "official": ("viewer", ""),
        "department": ("department_officer", "住建局"),
        "screen": ("duty_officer", ""),
    }
    for kind, (role, unit) in accounts.items():
        crowd.cookies[kind] = _sign_in(portal, *portal.account(role, unit))
    crowd.token = portal.token("duty_officer")
    crowd.reporter = portal.token("department_officer", "住建局")
    supervisor = portal.token("supervisor")
    for found in _call(portal, supervisor, "GET", "/api/v1/task-lists/?page_size=100")["results"]:
        if found["state"] == "draft":
            _call(portal, supervisor, "POST", f"/api/v1/task-lists/{found['id']}/issue/", {})
            _call(portal, crowd.reporter, "POST", f"/api/v1/task-lists/{found['id']}/sign/", {})
    signed = _call(portal, crowd.reporter, "GET", "/api/v1/tasks/?state=signed&page_size=500")["results"]
    crowd.tasks = [task["id"] for task in signed if _is_ours(portal, crowd.reporter, task["id"])][:40]
    said = portal.manage("shell", "--verbosity", "0", "-c", GAUGES.format(count=STATIONS))
    crowd.stations = json.loads(said.splitlines()[-1])
    return crowd


# One in each street.
GAUGES = """
import json
from floodresponse.models import Station
codes = [f"CROWD{{n}}" for n in range(1, {count} + 1)]
Station.objects.bulk_create(
    Station(code=code, name=f"街道雨量站{{code[5:]}}", kind="rain", is_urban=True) for code in codes
)
print(json.dumps(codes))
"""


def people_of(crowd: Crowd, size: int) -> list[threading.Thread]:
    """So many of them, mixed as ``PARTS`` says, not yet moving."""
    mixed = [kind for kind, (_, _, share) in PARTS.items() for _ in range(share)]
    random.Random(1).shuffle(mixed)
    threads = []
    for number in range(size):
        kind = mixed[number % len(mixed)]
        act, pause, _ = PARTS[kind]
        person = Person(crowd, kind, _headers(crowd, kind), number)
        threads.append(threading.Thread(target=person.live, args=(act, pause), daemon=True))
    return threads


def _headers(crowd: Crowd, kind: str) -> dict[str, str]:
    if kind == "gauge":
        return {"Authorization": f"Token {crowd.token}", "Content-Type": "application/json"}
    return {"Cookie": crowd.cookies[kind]}


def _is_ours(portal: Portal, token: str, task: int) -> bool:
    answer = _raw(portal, token, "POST", f"/api/v1/tasks/{task}/progress/", {"percent": 1, "text": "开工。"})
    return answer[0] in (200, 201)


def _call(
    portal: Portal, token: str, method: str, path: str, body: object = None
) -> dict[str, list[dict[str, Any]]]:
    status, text = _raw(portal, token, method, path, body)
    if status >= 400:
        raise RuntimeError(f"{method} {path}: {status} {text[:300]!r}")
    found: dict[str, list[dict[str, Any]]] = json.loads(text)
    return found


def _raw(portal: Portal, token: str, method: str, path: str, body: object) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=TIMEOUT)
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _sign_in(portal: Portal, name: str, password: str) -> str:
    """The cookies of a browser that has signed in."""
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=TIMEOUT)
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    answer.read()
    [token] = re.findall(r"csrftoken=(\w+)", answer.getheader("Set-Cookie") or "")
    form = urllib.parse.urlencode({"login": name, "password": password, "csrfmiddlewaretoken": token})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"}
    connection.request("POST", "/accounts/login/", form, headers)
    answer = connection.getresponse()
    answer.read()
    found = dict(
        re.findall(r"(csrftoken|sessionid)=(\w+)", " ".join(answer.headers.get_all("Set-Cookie") or ()))
    )
    if "sessionid" not in found:
        raise RuntimeError(f"{name} could not sign in: {answer.status}")
    return "; ".join(f"{key}={value}" for key, value in found.items())
