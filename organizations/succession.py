"""Who goes on with the work of people who left.

What a person wrote stays theirs: authorship is history and four eyes look at it. Only the question
"who sees to it now" moves to the successor, for as long as the account is disabled.
"""

from collections.abc import Collection

from django.db.models import Q

from organizations.models import User


def standing_in(user: User | None) -> User | None:
    """The person, or whoever took over after them and is still here; None where nobody did."""
    seen: set[int] = set()
    while user is not None and not user.is_active and user.pk not in seen:
        seen.add(user.pk)
        user = user.successor
    return user if user is not None and user.is_active else None


def works_for(user_pk: int) -> Collection[int]:
    """The person and everybody whose work came to them, also by way of others who left; one query."""
    left = User.objects.filter(~Q(successor=None), is_active=False).values_list("pk", "successor")
    heirs = dict(left)
    found = {user_pk}
    while more := {pk for pk, heir in heirs.items() if heir in found} - found:
        found |= more
    return found
