"""The plan (防内涝工作方案) as data: matrix, sirens, deadlines, command post, duties, groups, measures.

``clause`` names the place in the plan; ``provisional`` marks our own reading
where the plan is silent or ambiguous, shown as 待确认.
"""

from django.db import models

from directives.models import Directive
from floodresponse.querysets import PlanQuerySet
from organizations.models import Department, Person


class Level(models.IntegerChoices):
    """Alert level (响应级别), most severe first."""

    I = 1, "Ⅰ级（红色）"  # noqa: E741 - the plan's own numeral
    II = 2, "Ⅱ级（橙色）"
    III = 3, "Ⅲ级（黄色）"
    IV = 4, "Ⅳ级（蓝色）"


class Plan(models.Model):
    """A plan for a year; using it in another year needs a recorded confirmation (沿用).

    A draft is what an import brought and nobody has put in force: no level rests on it.
    """

    class Publication(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已启用"

    title = models.CharField("方案", max_length=200)
    year = models.PositiveIntegerField("年度", unique=True)
    directive = models.ForeignKey(
        Directive,
        verbose_name="依据文件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="flood_plans",
    )
    office_phone = models.CharField("防涝办电话", max_length=40, blank=True)
    office_name = models.CharField("办公室设在", max_length=80, blank=True)
    publication = models.CharField(
        "发布状态", max_length=12, choices=Publication, default=Publication.PUBLISHED
    )

    # On whose word it holds in another year: added by reads (``with_basis``), None while nobody said so.
    basis: str | None = None

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "防内涝方案"
        verbose_name_plural = "防内涝方案"
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """A threshold of the matrix: rain in mm within a window of hours, or ponding depth in cm."""

    class Kind(models.TextChoices):
        RAIN_3H = "rain_3h", "3 小时雨量"
        RAIN_6H = "rain_6h", "6 小时雨量"
        PONDING = "ponding", "积水深度"

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="criteria")
    level = models.PositiveSmallIntegerField("级别", choices=Level)
    kind = models.CharField("判据", max_length=10, choices=Kind)
    lower = models.DecimalField("下限", max_digits=7, decimal_places=2)
    lower_inclusive = models.BooleanField("含下限", default=True)
    upper = models.DecimalField("上限", max_digits=7, decimal_places=2, null=True, blank=True)
    upper_inclusive = models.BooleanField("含上限", default=False)
    clause = models.CharField("条款", max_length=120, blank=True)
    provisional = models.BooleanField("待确认", default=False)

    class Meta:
        verbose_name = "启动条件"
        verbose_name_plural = "启动条件"
        ordering = ["plan", "level", "-kind"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "level", "kind"], name="criterion_once_per_level")
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.get_kind_display()} {self.lower}"


class Sign(models.Model):
    """A sign on the ground that supports a level and never sets it (旁证)."""

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="signs")
    code = models.CharField("代码", max_length=30)
    label = models.CharField("现象", max_length=80)
    level = models.PositiveSmallIntegerField("级别", choices=Level)
    clause = models.CharField("条款", max_length=120, blank=True)

    class Meta:
        verbose_name = "现场现象"
        verbose_name_plural = "现场现象"
        ordering = ["plan", "level", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="sign_code")]

    def __str__(self) -> str:
        return self.label


class SirenRule(models.Model):
    """How often and how long the air-raid siren sounds at a level."""

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="sirens")
    level = models.PositiveSmallIntegerField("级别", choices=Level)
    soundings = models.PositiveSmallIntegerField("次数", default=3)
    minutes = models.PositiveSmallIntegerField("每次分钟数")
    clause = models.CharField("条款", max_length=120, blank=True)
    provisional = models.BooleanField("待确认", default=True)

    class Meta:
        verbose_name = "警报规则"
        verbose_name_plural = "警报规则"
        ordering = ["plan", "level"]
        constraints = [models.UniqueConstraint(fields=["plan", "level"], name="siren_once_per_level")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.soundings} × {self.minutes}"


class ReportDeadline(models.Model):
    """When a kind of report is due; ``minutes`` after the trigger, or ``daily_at`` each day."""

    class Kind(models.TextChoices):
        IMMEDIATE = "immediate", "第一时间报告"
        PHONE = "phone", "电话报告"
        MEDIA = "media", "图文影像"
        WRITTEN = "written", "书面初报"
        FOLLOWUP = "followup", "续报"
        WEATHER = "weather", "气象报告"
        ZERO = "zero", "零报告"

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField("报告", max_length=10, choices=Kind)
    minutes = models.PositiveIntegerField("时限（分钟）", null=True, blank=True)
    daily_at = models.TimeField("每日时刻", null=True, blank=True)
    trigger = models.CharField("起算", max_length=80, blank=True)
    who = models.CharField("报告单位", max_length=120)
    clause = models.CharField("条款", max_length=120, blank=True)
    provisional = models.BooleanField("待确认", default=False)
    order = models.PositiveIntegerField("次序", default=0)

    class Meta:
        verbose_name = "报告时限"
        verbose_name_plural = "报告时限"
        ordering = ["plan", "order", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class CommandPostMember(models.Model):
    """A seat in the command post (防内涝指挥部)."""

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="members")
    order = models.PositiveIntegerField("次序")
    role = models.CharField("职责", max_length=40)
    printed_name = models.CharField("印作", max_length=40)
    post = models.CharField("职务", max_length=120, blank=True)
    person = models.ForeignKey(
        Person,
        verbose_name="人员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="command_seats",
    )
    unit = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="command_seats",
    )

    class Meta:
        verbose_name = "指挥部成员"
        verbose_name_plural = "指挥部成员"
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="seat_order")]

    def __str__(self) -> str:
        return f"{self.role} {self.printed_name}"


class Duty(models.Model):
    """What the plan lays on one or several units (成员单位职责).

    ``summary`` is the portal's own short wording, ``text`` the official one.
    """

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="duties")
    order = models.PositiveIntegerField("次序")
    printed_unit = models.CharField("单位（印作）", max_length=200)
    units = models.ManyToManyField(Department, verbose_name="单位", blank=True, related_name="flood_duties")
    summary = models.CharField("职责摘要", max_length=200, blank=True)
    text = models.TextField("职责原文", blank=True)

    class Meta:
        verbose_name = "成员单位职责"
        verbose_name_plural = "成员单位职责"
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="duty_order")]

    def __str__(self) -> str:
        return self.printed_unit


class SpecialGroup(models.Model):
    """A special working group (专项工作组) with its leader and member units."""

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="groups")
    order = models.PositiveIntegerField("次序")
    name = models.CharField("工作组", max_length=80)
    leader = models.ForeignKey(
        Person,
        verbose_name="组长",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_groups",
    )
    leader_post = models.CharField("组长职务", max_length=120, blank=True)
    printed_members = models.CharField("组员（印作）", max_length=300, blank=True)
    units = models.ManyToManyField(
        Department, verbose_name="组员单位", blank=True, related_name="flood_groups"
    )
    summary = models.CharField("职责摘要", max_length=200, blank=True)
    text = models.TextField("职责原文", blank=True)

    class Meta:
        verbose_name = "专项工作组"
        verbose_name_plural = "专项工作组"
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="group_order")]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """What is done in light rain, in heavy rain, and at each level."""

    class Situation(models.TextChoices):
        LIGHT_RAIN = "light_rain", "四级以下、小雨"
        HEAVY_RAIN = "heavy_rain", "四级以下、大雨（强降雨）"
        RESPONSE = "response", "四级及以上响应"
        AFTERMATH = "aftermath", "灾后处置"

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="measures")
    situation = models.CharField("情形", max_length=12, choices=Situation)
    order = models.PositiveIntegerField("次序")
    from_level = models.PositiveSmallIntegerField("自何级起", choices=Level, null=True, blank=True)
    summary = models.CharField("措施摘要", max_length=200)
    text = models.TextField("措施原文", blank=True)
    units = models.ManyToManyField(Department, verbose_name="单位", blank=True, related_name="flood_measures")
    clause = models.CharField("条款", max_length=120, blank=True)

    class Meta:
        verbose_name = "措施"
        verbose_name_plural = "措施"
        ordering = ["plan", "situation", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "situation", "order"], name="measure_order")]

    def __str__(self) -> str:
        return self.summary
