"""By day or by night (夜间): dark pages as the device asks for them, or as the reader chose by a button.

The choice stands in a cookie, so it works without script and without an
account. What is dark stands in one style sheet; the page links it always,
never, or where the device asks for it.
"""

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponseBase

COOKIE = "shade"
KEPT_SECONDS = 365 * 24 * 3600


class Shade(TextChoices):
    """How dark the pages are."""

    SYSTEM = "system", "随系统"
    DAY = "day", "日间"
    NIGHT = "night", "夜间"

    @property
    def media(self) -> str:
        """For which devices the dark style sheet holds; empty for none. Paper is never dark."""
        return {"system": "screen and (prefers-color-scheme: dark)", "day": "", "night": "screen"}[self.value]

    @property
    def schemes(self) -> str:
        """Which colours the browser may use for what it draws itself."""
        return {"system": "light dark", "day": "light", "night": "dark"}[self.value]

    @property
    def symbol(self) -> str:
        """The icon of its button."""
        return {"system": "device-desktop", "day": "sun", "night": "moon"}[self.value]


def shade_of(request: HttpRequest) -> Shade:
    """What this browser asked for."""
    chosen = request.COOKIES.get(COOKIE)
    return Shade(chosen) if chosen in Shade.values else Shade.SYSTEM


def choose_shade(response: HttpResponseBase, shade: Shade) -> None:
    """Let the browser remember the choice for a year, or follow the device again."""
    if shade == Shade.SYSTEM:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE, shade.value, max_age=KEPT_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
