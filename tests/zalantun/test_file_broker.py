"""The file broker: whole messages, one taker each, tables that survive a crash."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue

from zalantun.celery import app
from zalantun.filebroker import FORGOTTEN_SECONDS, Transport, make_folders

QUEUE = Queue("default", Exchange("default"), routing_key="default")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    forget_bindings()
    make_folders(tmp_path)
    return tmp_path


def forget_bindings() -> None:
    """A process remembers what it has bound; the tests share a process, not a folder."""
    Transport.global_state.clear()


def connect(root: Path) -> Connection:
    messages = str(root / "messages")
    options = {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(root / "queues"),
    }
    return Connection("filesystem://", transport_options=options)


@pytest.fixture
def broker(root: Path) -> Iterator[Connection]:
    with connect(root) as connection:
        yield connection


def send(connection: Connection, *bodies: object) -> None:
    producer = connection.Producer()
    for body in bodies:
        producer.publish(body, exchange=QUEUE.exchange, routing_key="default", declare=[QUEUE])


def take_all(connection: Connection) -> list[object]:
    queue, taken = QUEUE(connection.default_channel), []
    while message := queue.get():
        message.ack()
        taken.append(message.payload)
    return taken


def test_celery_uses_it_for_the_file_broker() -> None:
    with app.connection_for_write("filesystem://") as connection:
        assert type(connection.transport).__module__ == "zalantun.filebroker"


def test_messages_arrive_in_the_order_they_were_sent(broker: Connection) -> None:
    send(broker, *range(20))
    assert take_all(broker) == list(range(20))


def test_a_message_stays_in_its_folder_until_it_is_taken(broker: Connection, root: Path) -> None:
    send(broker, "later")
    assert len(list((root / "messages").glob("*.default.msg"))) == 1
    assert take_all(broker) == ["later"]
    assert list((root / "messages").iterdir()) == []


def test_a_half_written_message_is_invisible(broker: Connection, root: Path) -> None:
    (root / "messages" / ".draft").write_text('{"body": "ha')
    send(broker, "whole")
    assert take_all(broker) == ["whole"]


def test_an_unreadable_message_does_not_stop_the_queue(broker: Connection, root: Path) -> None:
    (root / "messages" / "0_first.default.msg").write_text("")
    send(broker, "next")
    assert take_all(broker) == ["next"]


def test_many_takers_get_each_message_once(root: Path) -> None:
    with connect(root) as sender:
        send(sender, *range(200))

    def take(_: int) -> list[object]:
        with connect(root) as taker:
            return take_all(taker)

    with ThreadPoolExecutor(4) as pool:
        taken = [body for part in pool.map(take, range(4)) for body in part]
    assert sorted(taken) == list(range(200))  # type: ignore[type-var]


def _send_from_process(root: Path, first: int) -> None:
    with connect(root) as connection:
        send(connection, *range(first, first + 50))


def test_processes_that_start_together_lose_nothing(root: Path) -> None:
    context = multiprocessing.get_context("spawn")
    senders = [context.Process(target=_send_from_process, args=(root, n * 50)) for n in range(3)]
    for sender in senders:
        sender.start()
    taken: list[object] = []
    deadline = time.monotonic() + 60
    with connect(root) as taker:
        while len(taken) < 150 and time.monotonic() < deadline:
            taken += take_all(taker)
            time.sleep(0.02)
    for sender in senders:
        sender.join()
    assert sorted(taken) == list(range(150))  # type: ignore[type-var]


def test_a_broken_table_is_written_again(broker: Connection, root: Path) -> None:
    send(broker, "before")
    (root / "queues" / "default.exchange").write_text('[["default", ""')
    forget_bindings()
    with connect(root) as another:
        send(another, "after")
    assert take_all(broker) == ["before", "after"]


def test_an_unacknowledged_message_goes_back(broker: Connection, root: Path) -> None:
    send(broker, "unfinished")
    with connect(root) as worker:
        assert QUEUE(worker.default_channel).get() is not None
    assert take_all(broker) == ["unfinished"]


def test_old_drafts_are_swept_and_young_ones_kept(root: Path) -> None:
    old, young = root / "messages" / ".old", root / "queues" / ".young"
    for path in (old, young):
        path.write_text("x")
    long_ago = time.time() - FORGOTTEN_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    make_folders(root)
    assert not old.exists() and young.exists()
