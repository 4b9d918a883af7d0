"""Coming into a real browser as somebody, without the page of signing in."""

from django.test import Client
from playwright.sync_api import BrowserContext

from organizations.models import User


def enter(context: BrowserContext, url: str, user: User) -> None:
    """The browser holds a session of the user for the portal at the address."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
