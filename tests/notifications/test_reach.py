"""Where a person's web hook may lead: to listed hosts, to public machines, never into what lies behind."""

import socket
from typing import Any

import pytest

from notifications.channels import check_address
from notifications.models import Message
from notifications.reach import may_be_reached
from notifications.services.sending import send_outbound
from tests.notifications.receivers import NOW, Hook, waiting

pytestmark = pytest.mark.django_db


def sent() -> Message:
    return Message.objects.exclude(channel="inbox").get()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    ],
)
def test_no_machine_behind_the_portal_is_reached(address: str) -> None:
    assert not may_be_reached(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "114.114.114.114", "172.15.255.255", "172.32.0.0", "2606:4700::1111"]
)
def test_public_machines_are(address: str) -> None:
    assert may_be_reached(address)


def test_a_network_that_the_operator_opens_is_reached_and_no_other(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["10.1.2.0/24"]
    assert may_be_reached("10.1.2.0") and may_be_reached("10.1.2.255") and may_be_reached("::ffff:10.1.2.9")
    assert not may_be_reached("10.1.3.0") and not may_be_reached("127.0.0.1")


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "017700000001"]
)
def test_a_host_that_is_not_listed_is_refused_in_whatever_way_it_is_written(name: str) -> None:
    assert check_address("webhook", f"http://{name}/hook")


def test_a_listed_name_that_leads_inside_is_hung_up_on_before_a_byte_is_sent(
    hook: Hook, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS = ["hooks.example.cn"]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", hook.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    waiting("webhook", f"http://hooks.example.cn:{hook.server_port}/in")
    assert send_outbound(now=NOW) == 0
    assert hook.calls == []
    assert sent().last_error == "回调地址指向内部网络，没有发送。"
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    Message.objects.exclude(channel="inbox").delete()
    waiting("webhook", f"http://hooks.example.cn:{hook.server_port}/in", count=1)
    assert send_outbound(now=NOW) == 1 and len(hook.calls) == 1


def test_a_host_taken_off_the_list_gets_nothing_more(hook: Hook, settings: Any) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = [], ["127.0.0.0/8"]
    waiting("webhook", f"http://127.0.0.1:{hook.server_port}/in")
    assert send_outbound(now=NOW) == 0
    assert hook.calls == [] and "WEBHOOK_HOSTS" in sent().last_error
