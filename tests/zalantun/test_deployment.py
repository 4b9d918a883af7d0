"""The files under deploy/ start the portal's own programs with settings that exist."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as portal
from django.utils import timezone

from tests.zalantun.portal import ROOT, script
from zalantun.metrics import PortalState

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PYTHON = "/srv/zalantun/.venv/bin/python"
QUEUES = ("default", "documents", "outbound")
programs = script("programs")


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return parser


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def web(host: str) -> list[str]:
    return list(programs.web(host=host, port=8000, workers=2, threads=8, measurements=Path("x")).command)


def worker(queue: str) -> list[str]:
    return list(programs.worker("worker", queue=queue, concurrency=1).command)


def started_by_systemd(name: str) -> list[str]:
    first, *rest = shlex.split(unit(DEPLOY / "systemd" / name)["Service"]["ExecStart"])
    assert first == PYTHON
    return [part.replace("%%", "%") for part in rest]


def test_systemd_starts_what_make_run_starts() -> None:
    found = [part.replace("%i", "8000") for part in started_by_systemd("zalantun-web@.service")]
    assert found == web("127.0.0.1")
    assert started_by_systemd("zalantun-beat.service") == list(programs.beat().command)
    for queue in QUEUES:
        found = [part.replace("%i", queue) for part in started_by_systemd("zalantun-worker@.service")]
        assert found == worker(queue)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        here = path.read_text().replace(PYTHON, sys.executable).replace("/srv/zalantun", str(ROOT))
        (tmp_path / path.name).write_text(here)
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", UNITS, ids=[path.stem for path in UNITS])
def test_no_unit_runs_as_root_or_writes_where_it_should_not(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "zalantun"
    assert service["UMask"] == "0077"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"


def test_compose_starts_the_same_programs() -> None:
    services = compose()["services"]
    for queue in QUEUES:
        assert services[f"worker-{queue}"]["command"] == ["python", *worker(queue)]
        assert services[f"worker-{queue}"]["stop_signal"] == "SIGQUIT"
    assert services["beat"]["command"] == ["python", *programs.beat().command]
    assert shlex.join(["python", *web("0.0.0.0")]) in services["web"]["command"][-1]


def test_compose_waits_for_what_is_healthy_and_keeps_redis_on_disk() -> None:
    services = compose()["services"]
    for name in ("web", "beat", *(f"worker-{queue}" for queue in QUEUES)):
        waits = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert waits == {
            "prepare": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }
    assert "yes" in services["redis"]["command"][services["redis"]["command"].index("--appendonly") + 1]
    assert all("healthcheck" in services[name] for name in ("postgres", "redis", "web"))
    assert all(":latest" not in one.get("image", "") for one in services.values())


def test_only_the_preparation_signs_in_as_the_owner_of_the_tables() -> None:
    owners = [path.stem for path in UNITS if "zalantun-owner.env" in path.read_text()]
    assert owners == ["zalantun-prepare"]
    given = (DEPLOY / "zalantun-owner.env.example").read_text()
    assert "DATABASE_URL=postgres://zalantun_owner:change-me@" in given


def test_compose_names_nothing_that_is_not_there() -> None:
    found = compose()
    services, volumes = found["services"], found["volumes"]
    known = {
        "build", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "ports",
        "restart", "stop_signal", "volumes",
    }  # fmt: skip
    for name, service in services.items():
        assert set(service) <= known, name
        assert ("image" in service) != ("build" in service), name
        assert set(service.get("depends_on", {})) <= set(services), name
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in volumes, name
        if check := service.get("healthcheck"):
            assert {"test", "interval", "timeout", "retries"} <= set(check), name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name  # the proxy alone is open to others
    assert {name for name in services if name.startswith("worker-")} == {
        f"worker-{queue}" for queue in QUEUES
    }


def test_each_setting_of_the_example_exists_and_no_secret_is_given() -> None:
    source = (ROOT / "zalantun" / "settings.py").read_text()
    text = (DEPLOY / "zalantun.env.example").read_text()
    for line in text.splitlines():
        name, given, value = line.partition("=")
        if line.startswith("#") or not given:
            continue
        assert f'"{name}"' in source or f"{name} =" in source, name
        if re.search("SECRET|TOKEN", name):
            assert value == "change-me"


@pytest.mark.django_db(transaction=True)
def test_each_alert_asks_for_something_that_is_measured() -> None:
    portal.BROKER_DIR.mkdir(parents=True, exist_ok=True)
    measured = {family.name for family in PortalState(now=timezone.now()).collect()}
    measured |= {"portal_backup_age_seconds", "portal_request_seconds_count", "portal_request_seconds_bucket"}
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    for rule in rules:
        asked = set(re.findall(r"portal_\w+", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= measured, rule["alert"]
        assert rule["annotations"]["summary"]


def test_the_proxy_leads_to_every_port_that_the_unit_names() -> None:
    text = (DEPLOY / "systemd" / "zalantun-web@.service").read_text()
    [ports] = re.findall(r"for port in ([\d ]+);", text)
    asked = re.findall(
        r"^    server 127\.0\.0\.1:(\d+) max_fails=0;", (DEPLOY / "nginx.conf").read_text(), re.M
    )
    assert asked == ports.split()


def test_the_proxy_takes_what_the_portal_takes_and_tells_who_asks() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    [size] = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(size) * 2**20 > portal.UPLOAD_MAX_BYTES
    for header in ("Host $host", "X-Forwarded-Proto https", "X-Forwarded-For $proxy_add_x_forwarded_for"):
        assert f"proxy_set_header {header};" in text
