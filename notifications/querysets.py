"""Reads of the outbox."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

from organizations.visitors import Visitor

if TYPE_CHECKING:
    from notifications.models import Message  # noqa: F401

# Who may read the whole delivery ledger of a topic.
LEDGERS = {"task": "notifications.view_task_messages", "flood": "notifications.view_flood_messages"}


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages."""

    def visible_to(self, user: Visitor) -> Self:
        """One's own, and those of the topics whose ledger one may read."""
        if not user.is_authenticated:
            return self.none()
        topics = [topic for topic, permission in LEDGERS.items() if user.has_perm(permission)]
        return self.filter(models.Q(recipient=user.pk) | models.Q(topic__in=topics))

    def inbox_of(self, user: Visitor) -> Self:
        """What has arrived in a person's inbox, the newest first."""
        arrived = self.filter(recipient=user.pk, channel="inbox", state="sent")
        return arrived.order_by("-sent_at", "-pk")

    def unread(self) -> Self:
        """Not opened yet."""
        return self.filter(read_at=None)

    def open(self) -> Self:
        """Still to be delivered."""
        return self.filter(state__in=["pending", "sending"])

    def due(self, now: datetime) -> Self:
        """Waiting and due."""
        return self.filter(state="pending", attempt_at__lte=now)

    def abandoned(self, now: datetime, *, lease: timedelta) -> Self:
        """Claimed by a sender that did not come back within its lease.

        A lease that ends much later than a whole lease from now was written
        before the clock was set back: it counts as over. A little later is no
        sign of that: another sender may have renewed it after ``now`` was read.
        """
        over = models.Q(leased_until__lte=now) | models.Q(leased_until__gt=now + 2 * lease)
        return self.filter(over, state="sending")
