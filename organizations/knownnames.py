"""Names in filters that name nobody: said in words instead of a list that is empty or holds all."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.forms import ValidationError

from organizations.models import Department, Person, User

Visitor = User | AnonymousUser


def refuse_unknown_departments(values: Iterable[str], visitor: Visitor) -> None:
    """ValidationError for values that are neither slug, name nor alias of what the visitor may see."""
    wanted = _wanted(values)
    if not wanted:
        return
    seen = Department.objects.visible_to(visitor)
    known = set(seen.filter(slug__in=wanted).values_list("slug", flat=True))
    known.update(seen.filter(name__in=wanted).values_list("name", flat=True))
    known.update(seen.filter(aliases__name__in=wanted).values_list("aliases__name", flat=True))
    known.update(seen.filter(merged_from__slug__in=wanted).values_list("merged_from__slug", flat=True))
    _refuse("部门", wanted, known, "请从部门列表中选择，或改用规范名称。")


def refuse_unknown_people(values: Iterable[str], visitor: Visitor) -> None:
    """ValidationError for values that are neither number, name nor misprint of whom the visitor may see."""
    wanted = _wanted(values)
    if not wanted:
        return
    seen = Person.objects.visible_to(visitor)
    numbers = [int(value) for value in wanted if value.isdecimal() and len(value) < 15]
    known = {str(number) for number in seen.filter(pk__in=numbers).values_list("pk", flat=True)}
    known.update(seen.filter(name__in=wanted).values_list("name", flat=True))
    known.update(
        seen.filter(variants__printed_name__in=wanted).values_list("variants__printed_name", flat=True)
    )
    printed = seen.filter(appearances__printed_name__in=wanted)
    known.update(printed.values_list("appearances__printed_name", flat=True))
    _refuse("人员", wanted, known, "请从人员表中选择，或核对姓名。")


def _wanted(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _refuse(word: str, wanted: list[str], known: set[str], advice: str) -> None:
    unknown = [value for value in wanted if value not in known]
    if unknown:
        # By name, not inside the sentence: the API's filters format it once more, and a % would break it.
        said = {"unknown": "”“".join(value[:40] for value in unknown)}
        raise ValidationError(f"没有找到{word}“%(unknown)s”，{advice}", params=said)
