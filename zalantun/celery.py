"""Background work: the Celery application and the whole beat schedule."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

from zalantun.reconnecting import SteadyMessaging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zalantun.settings")

# kombu's own transport shows half-written files to readers and moves messages through /tmp.
TRANSPORT_ALIASES["filesystem"] = "zalantun.filebroker:Transport"

app = Celery("zalantun", amqp=SteadyMessaging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("zalantun.worker:Heartbeats")

# Everything that happens by the clock, in one place. Every entry carries ``expires`` (seconds):
# after a pause the worker finds a short queue, not one message for each missed run.
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "dispatch-due": {
        "task": "notifications.tasks.dispatch_due",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "send-due": {
        "task": "notifications.tasks.send_due",
        "schedule": 2.0,
        "options": {"expires": 5},
    },
    "keep-search-index": {
        "task": "search.tasks.keep_index",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "tell-followers": {
        "task": "directives.tasks.tell_followers",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "keep-followups-going": {
        "task": "floodresponse.tasks.keep_followups_going",
        "schedule": 20.0,
        "options": {"expires": 15},
    },
    "assess-flood-again": {
        "task": "floodresponse.tasks.assess_again",
        "schedule": 20.0,
        "options": {"expires": 15},
    },
    "open-daily-obligations": {
        "task": "floodresponse.tasks.open_daily_obligations",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "tell-missing-zeros": {
        "task": "floodresponse.tasks.tell_missing_zeros",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "alarm-roster-gaps": {
        "task": "floodresponse.tasks.alarm_roster_gaps",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "count-accesses": {
        "task": "foundation.tasks.count_accesses",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "keep-audit-log": {
        "task": "foundation.tasks.keep_audit_log",
        "schedule": crontab(hour=1, minute=10),
        "options": {"expires": 12 * 3600},
    },
    # The lights of the morning, before anybody works on them.
    "keep-lights": {
        "task": "taskboard.tasks.keep_lights",
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 12 * 3600},
    },
    "open-reports": {
        "task": "taskboard.tasks.open_reports",
        "schedule": crontab(hour=0, minute=20),
        "options": {"expires": 12 * 3600},
    },
    "remind-of-due-dates": {
        "task": "taskboard.tasks.remind_of_due_dates",
        "schedule": crontab(hour=8, minute=0),
        "options": {"expires": 12 * 3600},
    },
    "look-back": {
        "task": "taskboard.tasks.look_back",
        "schedule": crontab(hour=0, minute=30),
        "options": {"expires": 12 * 3600},
    },
    "remind-of-supervision": {
        "task": "taskboard.tasks.remind_of_supervision",
        "schedule": crontab(hour=8, minute=5),
        "options": {"expires": 12 * 3600},
    },
    "tell-saved-searches": {
        "task": "zalantun.tasks.tell_saved_searches",
        "schedule": crontab(hour=8, minute=10),
        "options": {"expires": 12 * 3600},
    },
    "propose-record-links": {
        "task": "taskboard.tasks.propose_record_links",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 6 * 3600},
    },
    "forget-old-sessions": {
        "task": "zalantun.tasks.forget_old_sessions",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 6 * 3600},
    },
    "forget-old-heartbeats": {
        "task": "zalantun.tasks.forget_old_heartbeats",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 6 * 3600},
    },
    "forget-unused-printouts": {
        "task": "printing.tasks.forget_unused_printouts",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 6 * 3600},
    },
    "go-on-filing": {
        "task": "events.tasks.go_on_filing",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "go-on-carrying-names": {
        "task": "gazette.tasks.go_on_carrying_names",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "take-back-stale-imports": {
        "task": "gazette.tasks.take_back_stale_imports",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
}
app.conf.beat_schedule = BEAT_SCHEDULE
