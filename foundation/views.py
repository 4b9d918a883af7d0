"""Serving checked files."""

import uuid

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from foundation.filetypes import SHOWN
from foundation.models import Attachment

# A file shown in a page of its own runs nothing, loads nothing and belongs to no origin.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def attachment(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponseBase:
    """One file, for those who may see the record that it hangs on.

    A visitor is asked to sign in whether the file exists or not; staff who may
    not see it get the same answer as for one that does not exist.
    """
    found = Attachment.objects.kept().select_related("owner_type").filter(pk=pk).first()
    if found is None or not found.is_visible_to(request.user):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    etag = quote_etag(found.sha256)
    response = get_conditional_response(request, etag=etag) or _content(found)
    for header, value in (*HEADERS.items(), ("ETag", etag)):
        response[header] = value
    return response


def _content(found: Attachment) -> HttpResponseBase:
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404("file is missing on disk") from None
    return FileResponse(
        file,
        as_attachment=found.content_type not in SHOWN,
        filename=found.name,
        content_type=found.content_type,
    )
