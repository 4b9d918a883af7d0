"""The ways out of the portal: e-mail, group robots, a web hook, a telephone gateway.

Each delivery carries the message's key (``Message-ID``, ``X-Message-Key``), so
that a receiver can tell a repetition after an interrupted send.
"""

import hashlib
import logging
from collections.abc import Sequence
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

import apprise
import requests
from django.conf import settings
from django.core.mail import EmailMessage

from notifications.models import Channel, Message
from notifications.reach import Unreachable, guarded_session

# Which addresses Apprise takes for a channel: the scheme names the service.
ROBOT_SCHEMES = {
    Channel.DINGTALK: ("dingtalk",),
    Channel.WECOM: ("wecombot",),
    Channel.FEISHU: ("feishu", "lark"),
}
HTTP = ("http", "https")
TIMEOUT_SECONDS = 10
EXERCISE_MARK = "【演练】"


class Undeliverable(Exception):
    """A delivery failed; ``permanent`` when trying again cannot help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


def deliver(group: Sequence[Message]) -> None:
    """Send one message, or several of one person as a digest; they share channel and address.

    Raises Undeliverable with the reason in a sentence.
    """
    first = group[0]
    title, text = compose(group)
    if first.channel == Channel.EMAIL:
        _mail(first, title, text)
    elif first.channel in ROBOT_SCHEMES or urlsplit(first.address).scheme not in (*HTTP, ""):
        _robot(first.address, title, text)
    elif first.channel == Channel.WEBHOOK:
        _personal_hook(first, title, text)
    elif first.channel == Channel.VOICE:
        if not settings.VOICE_HOOK_URL:
            raise Undeliverable("没有配置短信或语音网关（VOICE_HOOK_URL）。", permanent=True)
        _hook(settings.VOICE_HOOK_URL, first, title, text)
    else:
        raise Undeliverable(f"没有渠道“{first.channel}”。", permanent=True)


def channel_of(address: str) -> str:
    """The channel of an address of the operator's (``NOTIFY_URLS``): by its scheme, else a web hook."""
    scheme = urlsplit(address).scheme
    named = (channel for channel, schemes in ROBOT_SCHEMES.items() if scheme in schemes)
    return next(named, Channel.WEBHOOK)


def compose(group: Sequence[Message]) -> tuple[str, str]:
    """Title and text; a digest lists its messages."""
    first = group[0]
    mark = EXERCISE_MARK if first.exercise else ""
    if len(group) == 1:
        return mark + first.subject, _text(first)
    parts = [
        f"{number}. {message.subject}\n{_text(message)}" for number, message in enumerate(group, start=1)
    ]
    return f"{settings.SITE_NAME}：{len(group)} 条提醒汇总", "\n\n".join(parts)


def _text(message: Message) -> str:
    link = f"{settings.SITE_URL.rstrip('/')}{message.url}" if message.url and settings.SITE_URL else ""
    return "\n".join(part for part in (message.body, link) if part)


def _mail(message: Message, title: str, text: str) -> None:
    domain = settings.SITE_DOMAIN or "localhost"
    key = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:40]
    mail = EmailMessage(
        subject=" ".join(title.split()),  # a line break would end the header
        body=text or title,
        to=[message.address],
        headers={"Message-ID": f"<{key}@{domain}>", "X-Message-Key": key},
    )
    try:
        mail.send(fail_silently=False)
    except SMTPRecipientsRefused as refusal:
        raise Undeliverable(f"邮件服务器拒收此地址：{_refusal(refusal)}") from None
    except (SMTPException, OSError) as error:
        raise Undeliverable(f"邮件服务器没有收下：{type(error).__name__} {error}") from None


def _refusal(refusal: SMTPRecipientsRefused) -> str:
    code, said = next(iter(refusal.recipients.values()))
    return f"{code} {said.decode(errors='replace')}"


def _robot(address: str, title: str, text: str) -> None:
    robot = apprise.Apprise()
    if not robot.add(address):
        raise Undeliverable("群机器人地址不完整。", permanent=True)
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        arrived = robot.notify(title=title, body=text or title)
        lines = said.getvalue().strip().splitlines()
    if not arrived:
        raise Undeliverable(f"群机器人没有收下：{lines[-1] if lines else '没有说明原因'}")


def _personal_hook(message: Message, title: str, text: str) -> None:
    """What a person entered is looked at again: the list of hosts may have become shorter since."""
    if message.address in settings.NOTIFY_URLS:
        _hook(message.address, message, title, text)
        return
    if wrong := check_address(Channel.WEBHOOK, message.address):
        raise Undeliverable(wrong, permanent=True)
    with guarded_session() as session:
        _hook(message.address, message, title, text, session)


def _hook(
    address: str, message: Message, title: str, text: str, session: requests.Session | None = None
) -> None:
    content = {
        "key": message.dedupe_key,
        "to": message.address,
        "title": title,
        "text": text,
        "urgent": message.urgent,
        "exercise": message.exercise,
    }
    headers = {"X-Message-Key": hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:40]}
    try:
        answer = (session or requests).post(
            address, json=content, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
    except Unreachable:
        raise Undeliverable("回调地址指向内部网络，没有发送。", permanent=True) from None
    except requests.RequestException as error:
        raise Undeliverable(f"回调地址没有应答：{type(error).__name__}") from None
    if not 200 <= answer.status_code < 300:
        raise Undeliverable(f"回调地址应答 {answer.status_code}。")


def check_address(channel: str, address: str) -> str:
    """What is wrong with an address other than an e-mail address, as a sentence; empty when it can be used.

    Web hooks reach only hosts that the operator has listed (``WEBHOOK_HOSTS``):
    otherwise anybody could make the portal call the machines behind it.
    """
    if channel == Channel.VOICE:
        number = address.replace("-", "").replace(" ", "").removeprefix("+")
        return "" if number.isdecimal() and 5 <= len(number) <= 15 else "请填写电话号码。"
    parts = urlsplit(address)
    if channel == Channel.WEBHOOK:
        if parts.scheme not in HTTP or not parts.hostname:
            return "请填写以 http:// 或 https:// 开头的地址。"
        if parts.hostname not in settings.WEBHOOK_HOSTS:
            return f"门户没有开放到 {parts.hostname} 的回调，请联系系统管理员加入 WEBHOOK_HOSTS。"
        return ""
    schemes = next((names for name, names in ROBOT_SCHEMES.items() if name == channel), ())
    if parts.scheme not in schemes or not apprise.Apprise.instantiate(address):
        return f"请填写群机器人的地址，以 {'、'.join(f'{name}://' for name in schemes)} 开头。"
    return ""
