"""Sections, annexes, rosters, stages and citations of a document."""

from django.db import models

from directives.models.directives import Directive
from organizations.models import Person


class Annex(models.Model):
    """An annex; ``printed`` is False for one that is named and not in the gazette (原文未附)."""

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="annexes"
    )
    order = models.PositiveIntegerField("次序")
    label = models.CharField("附件号", max_length=20, blank=True)
    title = models.CharField("标题", max_length=200)
    printed = models.BooleanField("公报已印", default=True)
    text = models.TextField("正文", blank=True)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["directive", "order"]
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="annex_order")]

    def __str__(self) -> str:
        return f"{self.label} {self.title}".strip()


class Section(models.Model):
    """A numbered heading or paragraph, in reading order; depth 1 一、 2 （一） 3 1. 4 （1）.

    ``anchor`` is the fragment of the page's address and stays when the text is corrected.
    """

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="sections"
    )
    annex = models.ForeignKey(
        Annex, verbose_name="附件", null=True, blank=True, on_delete=models.CASCADE, related_name="sections"
    )
    order = models.PositiveIntegerField("次序")
    depth = models.PositiveSmallIntegerField("层级")
    number = models.CharField("序号", max_length=12, blank=True)
    heading = models.CharField("标题", max_length=200, blank=True)
    text = models.TextField("正文", blank=True)
    anchor = models.CharField("锚点", max_length=40)

    class Meta:
        verbose_name = "条目"
        verbose_name_plural = "条目"
        ordering = ["directive", "order"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "order"], name="section_order"),
            models.UniqueConstraint(fields=["directive", "anchor"], name="section_anchor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}".strip()


class Roster(models.Model):
    """A printed list of the people of one body (组成人员名单)."""

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="rosters"
    )
    annex = models.ForeignKey(
        Annex, verbose_name="附件", null=True, blank=True, on_delete=models.CASCADE, related_name="rosters"
    )
    section = models.ForeignKey(
        Section, verbose_name="条目", null=True, blank=True, on_delete=models.SET_NULL, related_name="rosters"
    )
    order = models.PositiveIntegerField("次序")
    name = models.CharField("名称", max_length=200)

    class Meta:
        verbose_name = "组成人员名单"
        verbose_name_plural = "组成人员名单"
        ordering = ["directive", "order"]
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="roster_order")]

    def __str__(self) -> str:
        return self.name


class RosterMember(models.Model):
    """One line of a roster: role, name and post as printed, and the person meant."""

    roster = models.ForeignKey(Roster, verbose_name="名单", on_delete=models.CASCADE, related_name="members")
    order = models.PositiveIntegerField("次序")
    role = models.CharField("职责", max_length=40)
    printed_name = models.CharField("印作", max_length=40)
    post = models.CharField("职务", max_length=120, blank=True)
    concurrent = models.BooleanField("兼任", default=False)
    person = models.ForeignKey(
        Person,
        verbose_name="人员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )

    class Meta:
        verbose_name = "名单成员"
        verbose_name_plural = "名单成员"
        ordering = ["roster", "order"]
        constraints = [models.UniqueConstraint(fields=["roster", "order"], name="member_order")]

    def __str__(self) -> str:
        return f"{self.role} {self.printed_name}"

    @property
    def misprint(self) -> str:
        """What stands behind a name that is printed wrong; empty for a right one."""
        meant = self.person.name if self.person else ""
        wrong = meant and "".join(self.printed_name.split()) != "".join(meant.split())
        return f"原文如此，应为{meant}" if wrong else ""


class Stage(models.Model):
    """A dated phase of the plan; either end may be open."""

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="stages"
    )
    section = models.ForeignKey(
        Section, verbose_name="条目", null=True, blank=True, on_delete=models.SET_NULL, related_name="stages"
    )
    order = models.PositiveIntegerField("次序")
    name = models.CharField("阶段", max_length=80)
    starts_on = models.DateField("开始", null=True, blank=True)
    ends_on = models.DateField("结束", null=True, blank=True)

    class Meta:
        verbose_name = "阶段"
        verbose_name_plural = "阶段"
        ordering = ["directive", "order"]
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="stage_order")]

    def __str__(self) -> str:
        return self.name


class Citation(models.Model):
    """A document that this one refers to; without ``target`` it is 未收录."""

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="citations"
    )
    order = models.PositiveIntegerField("次序")
    title = models.CharField("题名", max_length=300)
    number = models.CharField("发文字号", max_length=80, blank=True)
    target = models.ForeignKey(
        Directive,
        verbose_name="所引文件",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cited_by",
    )

    class Meta:
        verbose_name = "引用"
        verbose_name_plural = "引用"
        ordering = ["directive", "order"]
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="citation_order")]

    def __str__(self) -> str:
        return f"《{self.title}》"
