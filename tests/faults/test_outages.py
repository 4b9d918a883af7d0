"""The broker goes and comes back, the database is restarted: nothing is lost or told twice."""

import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from django.db import OperationalError, connection
from django.utils import timezone

from tests.faults.clockwork import Clockwork, database_url
from tests.faults.servers import Folder, Server
from tests.faults.storm import (
    Storm,
    chain_went_on,
    each_obligation_reminded,
    each_told_once,
    everything_told,
)
from tests.zalantun.portal import parent, script, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Long enough that a client which waits ever longer between two attempts would be too late.
BROKER_AWAY_SECONDS = 22
DATABASE_AWAY_SECONDS = 8


def test_the_broker_goes_and_comes_back(clockwork: Clockwork, broker: Server | Folder) -> None:
    clockwork.start("worker", "beat")
    storm = Storm()
    storm.measure_quiet()
    start = timezone.now() + timedelta(seconds=1)
    incidents = storm.incidents(40, first=start, apart=0.5)
    chain = storm.chain(due=start + timedelta(seconds=5))
    time.sleep(2)
    began = timezone.now()
    broker.stop(signal.SIGKILL)
    time.sleep(BROKER_AWAY_SECONDS)
    broker.start()
    ended = timezone.now()
    everything_told(due=start + timedelta(seconds=20))
    each_told_once(storm.allowed, [(began, ended)])
    each_obligation_reminded(incidents)
    chain_went_on(chain)


@pytest.fixture
def broker(clockwork: Clockwork) -> Iterator[Server | Folder]:
    """The Redis, which is killed and comes back empty; or the folder of the broker in files."""
    url = clockwork.environment["CELERY_BROKER_URL"]
    if not url.startswith("redis"):
        yield Folder(clockwork.data_dir / "broker" / "messages")
        return
    told = redis.Redis.from_url(url).info("server")
    empty = ["--port", str(told["tcp_port"]), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = Server(told["process_id"], [told["executable"], *empty])
    yield server
    server.end()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file is not restarted")
def test_the_database_is_restarted(own_database: Server, clockwork: Clockwork) -> None:
    clockwork.start("worker", "beat")
    storm = Storm()
    storm.measure_quiet()
    start = timezone.now() + timedelta(seconds=1)
    incidents = storm.incidents(40, first=start, apart=0.5)
    chain = storm.chain(due=start + timedelta(seconds=5))
    time.sleep(2)
    connection.close()
    began = timezone.now()
    own_database.stop(signal.SIGINT)
    time.sleep(DATABASE_AWAY_SECONDS)
    own_database.start()
    wait_for("database", _database_answers, seconds=60)
    ended = timezone.now()
    everything_told(due=start + timedelta(seconds=20))
    each_told_once(storm.allowed, [(began, ended)])
    each_obligation_reminded(incidents)
    chain_went_on(chain)


def _database_answers() -> bool | None:
    try:
        connection.ensure_connection()
    except OperationalError:
        return None
    return True


@pytest.fixture
def own_database(transactional_db: None) -> Iterator[Server]:
    """A PostgreSQL that no other test uses, as the test's database; its process."""
    servers, shared = script("servers"), dict(connection.settings_dict)
    with servers.postgresql() as url:
        dump = subprocess.run(
            [servers._binary("pg_dump"), database_url()], capture_output=True, check=True
        ).stdout
        subprocess.run(
            [servers._binary("psql"), "-Xq", url], input=dump, stdout=subprocess.DEVNULL, check=True
        )
        with psycopg.connect(url) as asking:
            (backend,) = asking.execute("SELECT pg_backend_pid()").fetchone() or (0,)
            server = Server(parent(backend) or 0)
        connection.close()
        connection.settings_dict |= {"PORT": str(urlsplit(url).port), "NAME": urlsplit(url).path[1:]}
        try:
            yield server
        finally:
            connection.close()
            connection.settings_dict |= shared
            server.end()
