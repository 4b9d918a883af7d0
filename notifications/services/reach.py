"""How a person wants to be reached: everyone for themselves."""

from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from notifications.channels import check_address
from notifications.models import Channel, Contact, Preference
from organizations.models import User

# Each urgent message goes out once for every one of them: a heap would hold up everybody's reminders.
MOST_CONTACTS = 10


@transaction.atomic
def add_contact(
    *, actor: User, channel: str, address: str, urgent_only: bool = False, at: datetime
) -> Contact:
    """Add an address; messages from now on go there as well.

    StateConflict where it is known, or where the person has ``MOST_CONTACTS``.
    """
    address = address.strip()
    _check(channel, address)
    # Two at once wait for each other, so that both are counted.
    User.objects.select_for_update().get(pk=actor.pk)
    if Contact.objects.filter(user=actor).count() >= MOST_CONTACTS:
        raise StateConflict(f"最多登记 {MOST_CONTACTS} 个联系方式，请先移除不用的再添加。")
    try:
        with transaction.atomic():
            contact = Contact.objects.create(
                user=actor, channel=channel, address=address, urgent_only=urgent_only
            )
    except IntegrityError:
        raise StateConflict("这个联系方式已经登记过了。") from None
    record_change(actor=actor, action="contact.add", target=contact, at=at, after={"channel": channel})
    return contact


def _check(channel: str, address: str) -> None:
    if channel == Channel.INBOX or channel not in Channel.values:
        raise InvalidInput("请选择站内以外的一种渠道。", fields={"channel": ["请选择渠道。"]})
    if channel == Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            raise InvalidInput(
                "电子邮件地址不完整，应形如 name@example.cn。", fields={"address": ["地址不完整。"]}
            ) from None
        return
    if problem := check_address(channel, address):
        raise InvalidInput(problem, fields={"address": [problem]})


@transaction.atomic
def remove_contact(*, actor: User, contact: Contact, at: datetime) -> None:
    """Remove one of one's own addresses; messages already queued for it still go there."""
    removed, _ = Contact.objects.filter(pk=contact.pk, user=actor).delete()
    if not removed:
        raise StateConflict("这个联系方式已经不在了，请刷新页面。")
    record_change(
        actor=actor, action="contact.remove", target=contact, at=at, before={"channel": contact.channel}
    )


@transaction.atomic
def save_preference(
    *,
    actor: User,
    quiet_from: time | None,
    quiet_until: time | None,
    digest_at: time | None,
    at: datetime,
) -> Preference:
    """Set one's quiet hours and digest; flood messages know neither."""
    if (quiet_from is None) != (quiet_until is None):
        raise InvalidInput("免打扰的开始和结束请一并填写，或一并留空。", fields={"quiet_until": ["请补全。"]})
    values = {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}
    preference, _ = Preference.objects.update_or_create(user=actor, defaults=values)
    record_change(actor=actor, action="preference.save", target=preference, at=at, after=values)
    return preference
