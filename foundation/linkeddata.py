"""Facts about a page for machines that read it: JSON-LD and the page's one address.

The block is data, not script: a browser does not run a ``<script>`` whose type
is no script's, and asks the content security policy only about what it would
run (HTML, "prepare the script element"). It therefore needs neither nonce nor
hash, which a page kept for visitors could not carry anew for each of them.
What must not happen is that a text ends the block, so ``<``, ``>`` and ``&``
are written as escapes.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

ESCAPES = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
CONTEXT = "https://schema.org"


def canonical(request: HttpRequest, path: str) -> str:
    """The one address of a page: under ``SITE_URL`` where the operator names it, else as it was asked for."""
    base: str = settings.SITE_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return base + path


def block(facts: Mapping[str, Any]) -> SafeString:
    """A data block with what is known; empty values are left out."""
    known = {"@context": CONTEXT} | {
        name: value for name, value in facts.items() if value not in ("", None, [])
    }
    text = json.dumps(known, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
