"""The lists that the command post keeps, described once: their columns, conditions and owners."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from floodresponse.models import Drill, Expert, Household, KeyPlace, RescueTeam, Shelter, SupplyMinimum
from floodresponse.numbers import sees_numbers
from floodresponse.services.resources import PRIVATE

READING, HOUSEHOLDS = "floodresponse.view_command_post", "floodresponse.view_households"
NOT_PRINTED = "原文未附"


@dataclass(frozen=True, slots=True)
class Register:
    """A list: ``fields`` are its columns and what is typed, ``identity`` tells two lines of a sheet apart.

    ``owner`` is the field that says whose a line is; ``printed`` is False where
    the plan asks for the list and the gazette did not print it.
    """

    key: str
    model: type[models.Model]
    title: str
    fields: tuple[str, ...]
    identity: tuple[str, ...]
    owner: str
    words: tuple[str, ...]
    choices: tuple[str, ...] = ()
    permission: str = READING
    printed: bool = False

    def searched(self, user: Any) -> tuple[str, ...]:
        """Where words are looked for: a number that is not shown is not found either."""
        return self.words if sees_numbers(user) else tuple(set(self.words) - PRIVATE)

    @property
    def columns(self) -> list["Column"]:
        """The columns in their order."""
        return [Column(self.model._meta.get_field(name)) for name in self.fields]

    def rows(self, user: Any) -> models.QuerySet[Any]:
        """What the person may see, with what the columns name fetched."""
        manager = self.model._default_manager
        visible = getattr(manager, "visible_to", None)
        found = visible(user) if visible else manager.all()
        related = [name for name in self.fields if self.model._meta.get_field(name).is_relation]
        rows: models.QuerySet[Any] = found.select_related(*related)
        return rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list."""

    field: Any

    @property
    def name(self) -> str:
        """In addresses and forms."""
        return str(self.field.name)

    @property
    def label(self) -> str:
        """The heading."""
        return str(self.field.verbose_name)

    @property
    def falling(self) -> str:
        """The address of the order from the greatest down."""
        return f"-{self.name}"

    @property
    def numeric(self) -> bool:
        """Whether numbers stand below."""
        numbers = (models.IntegerField, models.DecimalField)
        return isinstance(self.field, numbers) and not self.field.choices

    @property
    def is_phone(self) -> bool:
        """Whether it is a number to tap."""
        return "phone" in self.name

    @property
    def order(self) -> str:
        """What the database sorts by."""
        return f"{self.name}__name" if self.field.is_relation else self.name

    def value(self, record: models.Model) -> Any:
        """What stands in the cell: a number, a date or words; empty for nothing."""
        if self.field.choices:
            return getattr(record, f"get_{self.name}_display")()
        value = getattr(record, self.name)
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, models.Model):
            return str(value)
        return "" if value is None else value


@dataclass(frozen=True, slots=True)
class Line:
    """A record as a line of its list."""

    record: Any
    cells: tuple[tuple[Column, Any], ...]


def lines_of(register: Register, records: Any) -> Iterator[Line]:
    """Records with their cells."""
    columns = register.columns
    for record in records:
        yield Line(record, tuple((column, column.value(record)) for column in columns))


REGISTERS = {
    register.key: register
    for register in (
        Register(
            "teams",
            RescueTeam,
            "抢险队伍",
            ("name", "unit", "strength", "leader", "phone", "skills", "place"),
            ("unit", "name"),
            "unit",
            ("name", "leader", "phone", "skills", "place", "unit__name"),
        ),
        Register(
            "experts",
            Expert,
            "专家",
            ("name", "street", "field", "employer", "phone"),
            ("name", "employer"),
            "street",
            ("name", "field", "employer", "phone"),
        ),
        Register(
            "places",
            KeyPlace,
            "重点部位",
            ("name", "kind", "street", "unit", "address", "contact", "phone", "measures"),
            ("name", "address"),
            "unit",
            ("name", "address", "contact", "phone", "measures", "unit__name"),
            choices=("kind",),
        ),
        Register(
            "shelters",
            Shelter,
            "避险安置点",
            ("name", "street", "address", "capacity", "contact", "phone"),
            ("name", "address"),
            "street",
            ("name", "address", "contact", "phone"),
        ),
        Register(
            "households",
            Household,
            "转移避险户",
            (
                "head",
                "street",
                "address",
                "people",
                "in_need",
                "phone",
                "from_level",
                "helper",
                "helper_phone",
                "shelter",
                "is_active",
            ),
            ("street", "address", "head"),
            "street",
            ("head", "address", "phone", "helper", "in_need"),
            permission=HOUSEHOLDS,
        ),
        Register(
            "drills",
            Drill,
            "防汛演练",
            ("title", "held_on", "unit", "level", "people", "place", "summary", "found", "response"),
            ("title", "held_on"),
            "unit",
            ("title", "place", "summary", "found", "unit__name"),
            choices=("level",),
            printed=True,
        ),
        Register(
            "minimums",
            SupplyMinimum,
            "物资最低储备",
            ("unit", "name", "level", "quantity"),
            ("unit", "name", "level"),
            "unit",
            ("name", "unit__name"),
            choices=("level",),
        ),
    )
}
