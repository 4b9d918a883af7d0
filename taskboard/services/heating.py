"""The list of the heating season, made from the notice: a draft that starts no clock."""

from datetime import datetime

from django.db import transaction

from directives.models import Directive
from foundation.errors import StateConflict
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.heating.season import Season
from taskboard.models import TaskList
from taskboard.services.lists import create_task_list


@transaction.atomic
def create_heating_list(*, actor: User | None, at: datetime, season: Season) -> TaskList:
    """Make the list once; the notice has to be in the portal."""
    require(actor, "taskboard.change_list", "建立采暖期清单")
    notices = Directive.objects.select_for_update().filter(title__endswith=season.directive)
    notice = notices.order_by("pk").first()
    if notice is None:
        raise StateConflict(f"还没有收录《{season.directive}》，请先导入这份文件，再建立采暖期清单。")
    known = TaskList.objects.filter(directive=notice, title=season.title).first()
    if known is not None:
        raise StateConflict(f"“{known.title}”已经建立，请打开清单办理，不必再建。")
    return create_task_list(
        actor=actor,
        at=at,
        content=season.as_list(),
        directive=notice,
        directory=NameDirectory(actor=actor, at=at),
        origin=TaskList.Origin.DIRECTIVE,
    )
