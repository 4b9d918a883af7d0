"""Records for tests: invented people, places and documents."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from directives.models import Directive, Section, Topic
from events.models import Event, EventDepartment, EventDirective, EventOfficial
from organizations.models import Department, Person, Role, RoleAssignment, User
from taskboard.models import Task, TaskDepartment, TaskList


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"第{n}局")
    slug = factory.LazyAttribute(lambda department: department.name)
    kind = Department.Kind.GOVERNMENT


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"林某{n}")

    @factory.post_generation
    def posts(self: Any, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """``posts=["局长"]`` gives the person posts."""
        for order, title in enumerate(extracted or []):
            self.posts.create(title=title, order=order)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"主题{n}")


class DirectiveFactory(DjangoModelFactory):
    class Meta:
        model = Directive

    title = factory.Sequence(lambda n: f"青河市人民政府关于第{n}项工作的通知")
    issuer = "青河市人民政府"
    issued_on = date(2023, 5, 8)
    kind = Directive.Kind.NOTICE
    publication = Directive.Publication.PUBLISHED
    source = "《青河市人民政府公报》2023年5月"


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    directive = factory.SubFactory(DirectiveFactory)
    order = factory.Sequence(lambda n: n + 1)
    depth = 1
    number = "一"
    heading = "总体要求"
    text = "各单位各负其责。"
    anchor = factory.LazyAttribute(lambda section: f"s-{section.order}")


class EventFactory(DjangoModelFactory):
    """``people``, ``departments``, ``topics``: records to mention; ``citations``: titles."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    start_date = date(2023, 5, 8)
    end_date = factory.SelfAttribute("start_date")
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"召开第{n}次例会")
    text = factory.LazyAttribute(lambda event: f"青河市{event.title}。")
    source = "《青河市人民政府公报》2023年5月"
    publication = Event.Publication.PUBLISHED

    @factory.post_generation
    def people(self: Any, create: bool, extracted: list[Person] | None, **kwargs: Any) -> None:
        for order, person in enumerate(extracted or [], start=1):
            EventOfficial.objects.create(event=self, person=person, order=order, printed_name=person.name)

    @factory.post_generation
    def departments(self: Any, create: bool, extracted: list[Department] | None, **kwargs: Any) -> None:
        for department in extracted or []:
            EventDepartment.objects.create(event=self, department=department)

    @factory.post_generation
    def citations(self: Any, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        for title in extracted or []:
            EventDirective.objects.create(
                event=self,
                title=title,
                directive=Directive.objects.filter(title__contains=f"《{title}》").first(),
            )

    @factory.post_generation
    def topics(self: Any, create: bool, extracted: list[Topic] | None, **kwargs: Any) -> None:
        if extracted:
            self.topics.set(extracted)


class TaskListFactory(DjangoModelFactory):
    class Meta:
        model = TaskList

    title = factory.Sequence(lambda n: f"第{n}批任务清单")
    state = TaskList.State.ISSUED
    ends_on = date(2023, 10, 31)


class TaskFactory(DjangoModelFactory):
    """``leads``, ``supporters``: departments."""

    class Meta:
        model = Task
        skip_postgeneration_save = True

    task_list = factory.SubFactory(TaskListFactory)
    order = factory.Sequence(lambda n: n + 1)
    part = "一、市容"
    title = factory.Sequence(lambda n: f"整治第{n}处沿街摊点")
    text = factory.LazyAttribute(lambda task: f"{task.title}，保持道路畅通。")
    state = Task.State.IN_PROGRESS

    @factory.post_generation
    def leads(self: Any, create: bool, extracted: list[Department] | None, **kwargs: Any) -> None:
        _give(self, TaskDepartment.Role.LEAD, extracted)

    @factory.post_generation
    def supporters(self: Any, create: bool, extracted: list[Department] | None, **kwargs: Any) -> None:
        _give(self, TaskDepartment.Role.SUPPORT, extracted)


def _give(task: Task, role: TaskDepartment.Role, departments: list[Department] | None) -> None:
    for order, department in enumerate(departments or [], start=1):
        TaskDepartment.objects.create(task=task, department=department, role=role, order=order)


class UserFactory(DjangoModelFactory):
    """``role``, ``department``: what the user holds, and where."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user-{n}")
    password = factory.django.Password("Str0ng-enough-9")

    @classmethod
    def _create(
        cls, model_class: type[User], *args: Any, role: Role | str = "", department: Any = None, **kwargs: Any
    ) -> User:
        user: User = super()._create(model_class, *args, **kwargs)
        if role:
            RoleAssignment.objects.create(user=user, role=role, department=department)
        return user
