"""The portal's programs, as supervisor starts and restarts them."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console import PYTHON, ROOT


@dataclass(frozen=True, slots=True)
class Program:
    """``stop_signal``: how it is asked to end."""

    name: str
    command: Sequence[str]
    stop_signal: str = "TERM"
    environment: Mapping[str, str] = field(default_factory=dict)


def web(*, host: str, port: int, workers: int, threads: int, measurements: Path) -> Program:
    """The web server: ``workers`` processes of ``threads`` requests each.

    ``measurements``: an empty folder, where the processes add up what they measure.
    """
    options = [
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(threads)),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "4"),
        *("--no-ws", "--log-level", "warning"),
    ]
    command = ["-m", "granian", *options, "zalantun.wsgi:application"]
    return Program("web", command, environment={"PROMETHEUS_MULTIPROC_DIR": str(measurements)})


def worker(name: str, *, queue: str, concurrency: int) -> Program:
    """A Celery worker for one queue.

    Gossip, mingle and heartbeat events are news between workers; on the file
    broker they pile up in queues of workers that are gone. QUIT makes it finish
    what takes a moment and give the rest back; TERM would wait for any task.
    """
    options = [
        *("-Q", queue, "-n", f"{queue}@%h", "--concurrency", str(concurrency), "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    return Program(name, ["-m", "celery", "-A", "zalantun", "worker", *options], stop_signal="QUIT")


def beat() -> Program:
    """The clock of the portal."""
    return Program("beat", ["-m", "celery", "-A", "zalantun", "beat", "--pidfile=", "--loglevel", "INFO"])


def configuration(programs: Sequence[Program], *, data_dir: Path) -> str:
    """supervisord's configuration.

    All programs form one group: a group's members stop at the same time, groups
    stop one after the other.
    """
    logs, run = _escaped(data_dir / "logs"), _escaped(data_dir / "run")
    sections = [
        f"""[supervisord]
nodaemon=true
silent=true
user={os.getuid()}
directory={_escaped(ROOT)}
pidfile={run}/supervisord.pid
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=3
childlogdir={logs}
minfds=256
minprocs=64
""",
        f"[group:portal]\nprograms={','.join(program.name for program in programs)}\n",
        *(_section(program, logs) for program in programs),
    ]
    return "\n".join(sections)


def _section(program: Program, logs: str) -> str:
    command = _escaped(shlex.join([str(PYTHON), *program.command]))
    environment = ",".join(f'{name}="{_escaped(value)}"' for name, value in program.environment.items())
    return f"""[program:{program.name}]
command={command}
environment={environment}
autorestart=true
startsecs=1
startretries=1000000
stopsignal={program.stop_signal}
stopwaitsecs=7
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{program.name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=5
"""


def _escaped(value: object) -> str:
    """supervisor reads % as the start of an expression."""
    return str(value).replace("%", "%%")
