"""What a browser calls itself, in the few words a person recognises it by."""

import re

# The first that fits counts: later ones also stand in what the earlier ones send.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("360SE|QihooBrowser", "360 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux|X11", "Linux"),
)
UNKNOWN = "其他程序"


def browser_words(agent: str) -> str:
    """Browser and system of a User-Agent, as “Chrome · Windows”."""
    found = [
        next((word for pattern, word in known if re.search(pattern, agent)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or UNKNOWN
