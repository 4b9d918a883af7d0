"""Serving checked files."""

import uuid
from collections.abc import Iterator
from typing import IO

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from foundation.filetypes import SHOWN
from foundation.models import Attachment
from foundation.ranges import NotSatisfiable, part_of

# A file shown in a page of its own runs nothing, loads nothing and belongs to no origin.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox"
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
}
CHUNK = 256 * 1024


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
    response = get_conditional_response(request, etag=etag) or _content(request, found, etag)
    for header, value in (*HEADERS.items(), ("ETag", etag)):
        response[header] = value
    return response


def _content(request: HttpRequest, found: Attachment, etag: str) -> HttpResponseBase:
    """All of it, or the part that a player asks for."""
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        wanted = ""
    try:
        part = part_of(wanted, found.size)
    except NotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404("file is missing on disk") from None
    response = FileResponse(
        file if part is None else Part(file, *part),
        as_attachment=found.content_type not in SHOWN,
        filename=found.name,
        content_type=found.content_type,
    )
    if part is not None:
        begin, end = part
        response.status_code = 206
        response["Content-Range"] = f"bytes {begin}-{end - 1}/{found.size}"
        response["Content-Length"] = str(end - begin)
    return response


class Part:
    """The bytes of a file from one place to another, in pieces; closes the file at its end."""

    def __init__(self, file: IO[bytes], begin: int, end: int) -> None:
        file.seek(begin)
        self.file, self.left = file, end - begin

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (piece := self.file.read(min(CHUNK, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        """Called by the response."""
        self.file.close()
