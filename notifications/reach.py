"""Which machines a person's web hook may reach.

The host must be one that the operator lists (``WEBHOOK_HOSTS``). Its name is
looked up anew with every call, so it is the machine at the other end of the
open connection that counts, asked before a byte is sent: a name that suddenly
leads into the networks behind the portal (DNS rebinding) reaches nothing.
Machines in private networks are reached only where the operator names their
network (``WEBHOOK_NETWORKS``). The operator's own addresses (``NOTIFY_URLS``,
``VOICE_HOOK_URL``) are taken as they are.
"""

from ipaddress import ip_address, ip_network
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Unreachable(Exception):
    """The machine that answers stands where no hook may lead."""


def may_be_reached(address: str) -> bool:
    """Whether an IP address is public, or in a network that the operator opened."""
    machine = ip_address(address)
    machine = getattr(machine, "ipv4_mapped", None) or machine
    if any(machine in ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    return machine.is_global and not machine.is_multicast


class _Checked:
    """A connection that looks at the machine it has reached before it says anything."""

    def _new_conn(self) -> Any:
        socket = super()._new_conn()  # type: ignore[misc]  # of the connection that it is mixed into
        address = socket.getpeername()[0].partition("%")[0]
        if not may_be_reached(address):
            socket.close()
            raise Unreachable(address)
        return socket


class _CheckedHTTP(_Checked, HTTPConnection):
    pass


class _CheckedHTTPS(_Checked, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHTTPS


class _CheckedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The pools of checked connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def guarded_session() -> requests.Session:
    """A session that reaches only permitted machines, past no proxy of the environment."""
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _CheckedAdapter())
    return session
