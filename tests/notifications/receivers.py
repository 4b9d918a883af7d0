"""Where messages go in tests: to a real mail server's ear and a real web hook."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notifications.models import Contact, Message
from notifications.services import Draft, queue_messages
from organizations.models import User
from tests.accounts import person

NOW = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)  # 11:00 in the city


class Mailbox:
    """A mail server's ear: keeps what it was given, refuses it, or does not answer until it is released."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.answer = "250 OK"
        self.hangs, self.asked = False, threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.asked.set()
        while self.hangs:
            await asyncio.sleep(0.05)
        if self.answer.startswith("250"):
            self.mails.append(envelope)
        return self.answer


class Hook(ThreadingHTTPServer):
    """A web hook that keeps what it was sent and answers with ``status``, late when it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.status, self.delay = 200, 0.0
        self.calls: list[tuple[dict[str, Any], str]] = []


class HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append((content, self.headers["X-Message-Key"]))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


def waiting(channel: str, address: str, count: int = 1, user: User | None = None, **values: Any) -> User:
    user = user or person()
    Contact.objects.get_or_create(user=user, channel=channel, address=address)
    drafts = [
        Draft(
            about="list:3",
            tier=f"t{n}",
            recipient=user,
            topic="task",
            subject=f"第 {n} 项将到期",
            body="请于到期前反馈。",
            not_before=NOW,
            **values,
        )
        for n in range(count)
    ]
    queue_messages(drafts=drafts, at=NOW)
    return user


def outside() -> Message:
    return Message.objects.exclude(channel="inbox").get()
