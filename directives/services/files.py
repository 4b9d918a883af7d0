"""Files that belong to a document: the annexes as they were handed in."""

from datetime import datetime
from typing import Any

from django.db import transaction

from directives.models import Directive
from foundation.errors import StateConflict
from foundation.models import Attachment
from foundation.publication import DRAFT, REVIEW
from foundation.services.attachments import attach_file, delete_attachment
from organizations.models import User
from organizations.permissions import require

CHANGE, SIGN = "directives.change_directive", "directives.publish_directive"


def add_file(*, actor: User | None, at: datetime, directive: Directive, upload: Any) -> Attachment:
    """Hang a checked file on a document: an editor on a draft, a signer on what the public sees.

    Raises InvalidInput for a file that is not accepted, StateConflict while the document waits for
    its signature, PermissionRefused without the right.
    """
    with transaction.atomic():
        permission = _right_to(actor, directive, "增加附件")
        return attach_file(actor=actor, at=at, owner=directive, upload=upload, permission=permission)


def remove_file(
    *, actor: User | None, at: datetime, directive: Directive, attachment: Attachment, reason: str
) -> None:
    """Take a file off a document; errors as ``add_file``, and InvalidInput without a reason."""
    with transaction.atomic():
        permission = _right_to(actor, directive, "移除附件")
        delete_attachment(actor=actor, at=at, attachment=attachment, permission=permission, reason=reason)


def right_for_files(publication: str) -> str:
    """The permission that the files of a document in this state ask for."""
    return CHANGE if publication == DRAFT else SIGN


def _right_to(actor: User | None, directive: Directive, what: str) -> str:
    """The permission asked for; what waits for a signature stays as it was handed in."""
    locked = Directive.objects.select_for_update().get(pk=directive.pk)
    require(actor, CHANGE, what)
    if locked.publication == REVIEW:
        raise StateConflict(f"文件正待签发，不能{what}；请先由签发人退回修改。")
    permission = right_for_files(locked.publication)
    if permission == SIGN:
        require(actor, SIGN, f"在已发布的文件上{what}")
    return permission
