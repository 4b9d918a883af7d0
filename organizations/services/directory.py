"""Names met in a text, resolved to departments and people.

A directory is loaded once (three queries) and answers many questions, so that
reading a whole gazette costs no query per name. What it does not know it
creates, on the record, for those who may: others are told to use known names.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.text import slugify

from foundation.errors import PermissionRefused
from foundation.services.audit import record_change
from organizations.models import Department, DepartmentAlias, Person, PersonVariant, Post, User

# 市领导甲、乙、丙 and 调研组甲: what several people are called together, and a group, is nobody's post.
CALLED_TOGETHER = (
    *(
        "领导",
        "调研组",
        "督查组",
        "督导组",
        "检查组",
        "考察组",
        "工作组",
        "专家组",
        "巡察组",
        "验收组",
        "慰问组",
    ),
    *("考察团", "代表团", "慰问团", "领导小组", "专班"),
)
# Whoever keeps names, and whoever reads gazettes, which are full of new ones.
CREATING = ("organizations.change_names", "gazette.import_issue")


class NameDirectory:
    """All known names, for one run of writing."""

    def __init__(self, *, actor: User | None, at: datetime) -> None:
        self._actor, self._at = actor, at
        self._may_create = actor is None or any(actor.has_perm(permission) for permission in CREATING)
        self._departments: dict[str, Department] = {d.name: d for d in Department.objects.all()}
        for alias in DepartmentAlias.objects.select_related("department"):
            self._departments.setdefault(alias.name, alias.department)
        self._people: dict[str, list[Person]] = defaultdict(list)
        self._posts: dict[int, list[str]] = defaultdict(list)
        for person in Person.objects.with_posts():
            self._people[person.name].append(person)
            self._posts[person.pk] = [post.title for post in person.posts.all()]
        self._variants = {v.printed_name: v.person for v in PersonVariant.objects.select_related("person")}

    # -- departments --------------------------------------------------------------------

    def find_department(self, name: str) -> Department | None:
        """The department with this name or alias; a leading 市 may be missing or extra."""
        return self._departments.get(name) or self._departments.get(name.removeprefix("市"))

    def department(self, name: str) -> Department:
        """The department with this name, created as 待归类 when unknown."""
        return self.find_department(name) or self._create_department(name)

    def department_in(self, post: str) -> Department | None:
        """The department whose name a post starts with (市工信局局长 → 工信局); the longest wins."""
        for length in range(len(post), 1, -1):
            if found := self.find_department(post[:length]):
                return found
        return None

    def _create_department(self, name: str) -> Department:
        self._require_creation("部门", name)
        slug = slugify(name, allow_unicode=True)[:80] or f"unit-{Department.objects.count() + 1}"
        # Another run of writing may have met the name since this directory was loaded.
        department, created = Department.objects.get_or_create(
            name=name, defaults={"slug": self._free_slug(slug), "learnt": True}
        )
        if created:
            self._record("department.create", department, after={"name": name})
        self._departments[name] = department
        return department

    @staticmethod
    def _free_slug(slug: str) -> str:
        taken = set(Department.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
        numbered = (f"{slug}-{n}" for n in range(2, len(taken) + 3))
        return slug if slug not in taken else next(s for s in numbered if s not in taken)

    # -- people -------------------------------------------------------------------------

    def find_person(self, name: str, post: str = "") -> Person | None:
        """The person meant by a printed name and post.

        A person is name + post: with several namesakes the post decides, and
        without one that fits nobody is found.
        """
        if variant := self._variants.get(name):
            return variant
        namesakes = self._people.get(name, [])
        if len(namesakes) == 1 and not namesakes[0].qualifier:
            return namesakes[0]
        fitting = [p for p in namesakes if post and self._holds(p, post)]
        return fitting[0] if len(fitting) == 1 else None

    def person(self, name: str, post: str = "") -> Person | None:
        """The person meant, created when the name is new; None when several fit."""
        found = self.find_person(name, post)
        if found is None and (name not in self._people or post):
            found = self._create_person(name, qualifier=post if name in self._people else "")
        if found is not None:
            self._learn_post(found, post)
        return found

    def people_of_roster(self, lines: Iterable[tuple[str, str]]) -> list[Person | None]:
        """The people of one roster, (name, post) by line: a name printed twice is two people."""
        lines = list(lines)
        posts: dict[str, set[str]] = defaultdict(set)
        for name, post in lines:
            if post:
                posts[name].add(post)
        for name, different in posts.items():
            if len(different) > 1:
                self._separate(name, sorted(different))
        return [self.person(name, post) for name, post in lines]

    def _separate(self, name: str, posts: list[str]) -> None:
        """Make sure that each post has a person of its own under this name."""
        for person in self._people.get(name, []):
            held = next((post for post in posts if self._holds(person, post)), "")
            if not person.qualifier and held:
                self._require_creation("人员", f"{name}（{held}）")
                Person.objects.filter(pk=person.pk).update(qualifier=held)
                person.qualifier = held
                self._record("person.separate", person, before={"qualifier": ""}, after={"qualifier": held})
        for post in posts:
            if not any(self._holds(person, post) for person in self._people.get(name, [])):
                self._learn_post(self._create_person(name, qualifier=post), post)

    def _holds(self, person: Person, post: str) -> bool:
        wanted = plain_post(post)
        known = [plain_post(title) for title in [*self._posts[person.pk], person.qualifier] if title]
        return wanted in known

    def _create_person(self, name: str, *, qualifier: str) -> Person:
        self._require_creation("人员", name)
        person, created = Person.objects.get_or_create(name=name, qualifier=qualifier)
        if created:
            self._record("person.create", person, after={"name": name, "qualifier": qualifier})
        self._people[name].append(person)
        return person

    def _learn_post(self, person: Person, post: str) -> None:
        """Keep a post that is new; where others write names, it stands only in their record."""
        known = self._posts[person.pk]
        if not self._may_create or not post or post.endswith(CALLED_TOGETHER) or post in known:
            return
        department = self.department_in(post)
        _, created = Post.objects.get_or_create(
            person=person,
            title=post,
            defaults={"department": department, "order": len(known), "learnt": True},
        )
        if created:
            after = {"post": post, "department": department.name if department else ""}
            self._record("person.learn_post", person, after=after)
        known.append(post)

    # -- the record ---------------------------------------------------------------------

    def _require_creation(self, kind: str, name: str) -> None:
        if not self._may_create:
            raise PermissionRefused(
                f"{kind}“{name}”尚未登记，您没有权限新增名称。请改用已登记的名称，或请公报编辑先登记。"
            )

    def _record(
        self,
        action: str,
        target: Department | Person,
        *,
        before: dict[str, str] | None = None,
        after: dict[str, str],
    ) -> None:
        record_change(
            actor=self._actor, action=action, target=target, at=self._at, before=before, after=after
        )


def plain_post(post: str) -> str:
    """A post without the city prefix that some prints carry and others leave out."""
    return post.removeprefix("扎兰屯").removeprefix("市")
