"""What the command post keeps at hand: teams, experts, key places, shelters, households to move.

The gazette printed none of these lists; a field that nobody filled in stays empty.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from floodresponse.models.plan import Level
from floodresponse.models.responses import Response
from floodresponse.resources.querysets import HouseholdMoveQuerySet, HouseholdQuerySet, ShelterQuerySet
from organizations.models import Department


def _street(related_name: str) -> models.ForeignKey[Department | None, Department | None]:
    return models.ForeignKey(
        Department,
        verbose_name="街道",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name=related_name,
        limit_choices_to={"kind": Department.Kind.STREET},
    )


class RescueTeam(models.Model):
    """A rescue team (抢险救援队伍) and whom to call."""

    unit = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.PROTECT, related_name="rescue_teams"
    )
    name = models.CharField("队伍", max_length=80)
    strength = models.PositiveIntegerField("人数", null=True, blank=True)
    leader = models.CharField("负责人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    skills = models.CharField("专长与装备", max_length=200, blank=True)
    place = models.CharField("驻地", max_length=120, blank=True)

    class Meta:
        verbose_name = "抢险队伍"
        verbose_name_plural = "抢险队伍"
        ordering = ["unit", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="team_once_a_unit")]

    def __str__(self) -> str:
        return self.name


class Expert(models.Model):
    """An expert (专家) and the street he or she is assigned to; none yet: 待分派."""

    name = models.CharField("姓名", max_length=40)
    employer = models.CharField("工作单位", max_length=120, blank=True)
    field = models.CharField("专业", max_length=80, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    street = _street("flood_experts")

    class Meta:
        verbose_name = "专家"
        verbose_name_plural = "专家"
        ordering = ["street", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "employer"], name="expert_once")]

    def __str__(self) -> str:
        return self.name


class KeyPlace(models.Model):
    """A place to protect first (重点防护部位)."""

    class Kind(models.TextChoices):
        UNDERPASS = "underpass", "下穿通道"
        UNDERGROUND = "underground", "地下空间"
        HOUSING = "housing", "危旧房屋"
        SCHOOL = "school", "学校"
        HOSPITAL = "hospital", "医院"
        UTILITY = "utility", "水电气热设施"
        LOW_SPOT = "low_spot", "低洼易积水点"
        OTHER = "other", "其他"

    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    street = _street("key_places")
    unit = models.ForeignKey(
        Department,
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kept_key_places",
    )
    address = models.CharField("地址", max_length=200, blank=True)
    contact = models.CharField("责任人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    measures = models.CharField("防护措施", max_length=200, blank=True)

    class Meta:
        verbose_name = "重点部位"
        verbose_name_plural = "重点部位"
        ordering = ["street", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="key_place_once")]

    def __str__(self) -> str:
        return self.name


class Shelter(models.Model):
    """A shelter (避险安置点); ``capacity`` in persons."""

    name = models.CharField("名称", max_length=120)
    street = _street("shelters")
    address = models.CharField("地址", max_length=200, blank=True)
    capacity = models.PositiveIntegerField("可安置人数", null=True, blank=True)
    contact = models.CharField("责任人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)

    objects = ShelterQuerySet.as_manager()

    class Meta:
        verbose_name = "避险安置点"
        verbose_name_plural = "避险安置点"
        ordering = ["street", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="shelter_once")]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """A household that has to leave its home when a level asks for it (转移避险户).

    ``from_level`` is the level from which on it is moved, as the street decided.
    """

    street = models.ForeignKey(
        Department,
        verbose_name="街道",
        on_delete=models.PROTECT,
        related_name="flood_households",
        limit_choices_to={"kind": Department.Kind.STREET},
    )
    head = models.CharField("户主", max_length=40)
    address = models.CharField("住址", max_length=200)
    people = models.PositiveIntegerField("人数")
    in_need = models.CharField("需帮扶情况", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    from_level = models.PositiveSmallIntegerField("自何级起转移", choices=Level, default=Level.III)
    helper = models.CharField("包保责任人", max_length=40, blank=True)
    helper_phone = models.CharField("责任人电话", max_length=40, blank=True)
    shelter = models.ForeignKey(
        Shelter,
        verbose_name="安置点",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="households",
    )
    is_active = models.BooleanField("在册", default=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "转移避险户"
        verbose_name_plural = "转移避险户"
        ordering = ["street", "address", "head"]
        constraints = [
            models.UniqueConstraint(fields=["street", "address", "head"], name="household_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="household_has_people"),
            models.CheckConstraint(
                condition=Q(from_level__gte=1, from_level__lte=4), name="household_level_known"
            ),
        ]

    def __str__(self) -> str:
        # Shown where names are not: in the audit log and to those who check the keeping of records.
        return f"{self.street}转移户 {self.pk}"

    def get_absolute_url(self) -> str:
        """The list in which it stands."""
        return reverse("floodresponse:households")


class HouseholdMove(models.Model):
    """A household was moved in a response, by whom and where to; later, that it came home.

    One that came home can leave again in the same response, when it rains anew.
    """

    household = models.ForeignKey(
        Household, verbose_name="户", on_delete=models.PROTECT, related_name="moves"
    )
    response = models.ForeignKey(
        Response, verbose_name="响应", on_delete=models.PROTECT, related_name="household_moves"
    )
    shelter = models.ForeignKey(
        Shelter,
        verbose_name="安置点",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="moves",
    )
    people = models.PositiveIntegerField("转移人数")
    moved_at = models.DateTimeField("转移时间")
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    returned_at = models.DateTimeField("返回时间", null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="返回登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = HouseholdMoveQuerySet.as_manager()

    class Meta:
        verbose_name = "转移记录"
        verbose_name_plural = "转移记录"
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "response"],
                condition=Q(returned_at__isnull=True),
                name="away_once_a_response",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=models.F("moved_at")),
                name="household_returns_after_it_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {timezone.localtime(self.moved_at):%Y-%m-%d %H:%M}"
