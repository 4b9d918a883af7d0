"""``look-backs/`` ``findings/`` ``listings/`` ``inspections/``: read by staff, moved on as on their pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organizations.access import caller_of
from organizations.permissions import require
from taskboard.acting import SUPERVISE, WORK
from taskboard.api import supervisioninput as takes
from taskboard.api.forms import ReasonInput, RemarkInput
from taskboard.api.steps import RecordsWithSteps, described, given_in, holding
from taskboard.api.supervisionfilters import FindingFilter, InspectionFilter, ListingFilter, LookBackFilter
from taskboard.api.supervisionserializers import (
    FindingSerializer,
    InspectionSerializer,
    ListingSerializer,
    LookBackSerializer,
)
from taskboard.models import Finding, Inspection, Listing, LookBack
from taskboard.services.supervision import findings, inspectionchanges, inspections, listings, lookbacks

TAG = "督查"
LOOKS, LISTS = holding(SUPERVISE, "回头看"), holding(SUPERVISE, "挂牌督办")
INSPECTS = holding(SUPERVISE, "组织专项检查")


def _reads(word: str) -> Any:
    """How the list and one record are described."""
    return extend_schema_view(
        list=extend_schema(summary=word, tags=[TAG]),
        retrieve=extend_schema(summary=f"一项{word}", tags=[TAG]),
    )


@_reads("回头看")
class LookBackViewSet(RecordsWithSteps[LookBack]):
    """Closed tasks that are looked at again, the latest due first."""

    queryset = LookBack.objects.none()
    serializer_class = LookBackSerializer
    filterset_class = LookBackFilter
    ordering_fields = {"due_on": "due_on", "closed_on": "closed_on", "state": "state", "id": "pk"}
    ordering = ("-due_on",)

    def get_queryset(self) -> QuerySet[LookBack]:
        """What the caller may see."""
        return LookBack.objects.visible_to(self.request.user).select_related("task__task_list")

    @described("回头看通过", TAG, takes.RemarksInput, LookBackSerializer)
    @action(detail=True, methods=["post"], url_path="pass", url_name="pass")
    def passed(self, request: Request, pk: Any = None) -> Response:
        """All as reported."""
        return self.made("look_back", LOOKS, takes.RemarksInput, lookbacks.pass_look_back)

    @described("回头看发现问题，限期整改", TAG, takes.LookBackFoundInput, LookBackSerializer)
    @action(detail=True, methods=["post"])
    def find(self, request: Request, pk: Any = None) -> Response:
        """A lead has to put something right."""
        return self.made("look_back", LOOKS, takes.LookBackFoundInput, lookbacks.find_in_look_back)

    @described("回头看退回重办", TAG, takes.FailedInput, LookBackSerializer)
    @action(detail=True, methods=["post"])
    def fail(self, request: Request, pk: Any = None) -> Response:
        """The task is taken up again."""
        return self.made("look_back", LOOKS, takes.FailedInput, lookbacks.fail_look_back)


@_reads("限期整改")
class FindingViewSet(RecordsWithSteps[Finding]):
    """What has to be put right, the earliest deadline first."""

    queryset = Finding.objects.none()
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    ordering_fields = {"rectify_by": "rectify_by", "found_at": "found_at", "state": "state", "id": "pk"}
    ordering = ("rectify_by",)

    def get_queryset(self) -> QuerySet[Finding]:
        """What the caller may see."""
        return Finding.objects.visible_to(self.request.user).select_related("department", "inspection")

    @described("报送整改", TAG, takes.RectificationInput, FindingSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: Any = None) -> Response:
        """The department has put it right."""
        return self.made(
            "finding",
            findings.require_rectifier,
            takes.RectificationInput,
            _with_file(findings.report_rectification),
        )

    @described("确认整改", TAG, RemarkInput, FindingSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: Any = None) -> Response:
        """It is put right."""
        return self.made("finding", _judges("确认整改"), RemarkInput, findings.confirm_rectification)

    @described("退回整改", TAG, ReasonInput, FindingSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: Any = None) -> Response:
        """It is not."""
        return self.made("finding", _judges("退回整改"), ReasonInput, findings.return_rectification)

    @described("调整整改期限", TAG, takes.RectifyByInput, FindingSerializer)
    @action(detail=True, methods=["post"])
    def prolong(self, request: Request, pk: Any = None) -> Response:
        """Another deadline."""
        return self.made(
            "finding", _judges("调整整改期限"), takes.RectifyByInput, findings.prolong_rectification
        )


def _judges(what: str) -> Any:
    return lambda actor, finding: findings.require_judge(actor, finding, what)


def _with_file(service: Any) -> Any:
    """The service with the file under the name by which it is sent."""

    def run(*, file: Any = None, **values: Any) -> Any:
        return service(upload=file, **values)

    return run


@_reads("挂牌督办事项")
class ListingViewSet(RecordsWithSteps[Listing]):
    """Listed matters, the earliest deadline first."""

    queryset = Listing.objects.none()
    serializer_class = ListingSerializer
    filterset_class = ListingFilter
    ordering_fields = {"deadline": "deadline", "listed_at": "listed_at", "state": "state", "id": "pk"}
    ordering = ("deadline",)

    def get_queryset(self) -> QuerySet[Listing]:
        """What the caller may see."""
        return Listing.objects.visible_to(self.request.user).with_matter()

    @described("挂牌督办", TAG, takes.ListingInput, ListingSerializer, 201)
    def create(self, request: Request) -> Response:
        """Put a matter on the list."""
        actor = caller_of(request)
        require(actor, SUPERVISE, "挂牌督办")
        given = given_in(self, takes.ListingInput)
        return self.created(listings.list_matter(actor=actor, at=timezone.now(), **given))

    @described("报送办理情况", TAG, takes.ListingReportInput, ListingSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: Any = None) -> Response:
        """How far the unit has come."""
        run = _with_file(listings.report_on_listing)
        return self.made("listing", listings.require_reporter, takes.ListingReportInput, run)

    @described("调整督办期限", TAG, takes.ProlongInput, ListingSerializer)
    @action(detail=True, methods=["post"])
    def prolong(self, request: Request, pk: Any = None) -> Response:
        """Another deadline."""
        return self.made("listing", LISTS, takes.ProlongInput, listings.prolong_listing)

    @described("摘牌", TAG, takes.UnlistInput, ListingSerializer)
    @action(detail=True, methods=["post"])
    def unlist(self, request: Request, pk: Any = None) -> Response:
        """Take it off the list, with evidence."""
        return self.made("listing", LISTS, takes.UnlistInput, _with_file(listings.unlist_matter))


@_reads("专项检查")
class InspectionViewSet(RecordsWithSteps[Inspection]):
    """Special inspections, the latest first."""

    queryset = Inspection.objects.none()
    serializer_class = InspectionSerializer
    filterset_class = InspectionFilter
    ordering_fields = {"starts_on": "starts_on", "ends_on": "ends_on", "state": "state", "id": "pk"}
    ordering = ("-starts_on",)

    def get_queryset(self) -> QuerySet[Inspection]:
        """What the caller may see."""
        return Inspection.objects.visible_to(self.request.user).with_counts()

    @described("组织专项检查", TAG, takes.InspectionInput, InspectionSerializer, 201)
    def create(self, request: Request) -> Response:
        """Set one up."""
        actor = caller_of(request)
        require(actor, SUPERVISE, "组织专项检查")
        content = inspections.InspectionContent(**given_in(self, takes.InspectionInput))
        made = inspections.create_inspection(actor=actor, at=timezone.now(), content=content)
        return self.created(made)

    @described("调整专项检查", TAG, takes.InspectionChangeInput, InspectionSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: Any = None) -> Response:
        """Another content, while nobody has signed."""
        return self.made("inspection", INSPECTS, takes.InspectionChangeInput, _change)

    @described("取消专项检查", TAG, ReasonInput, InspectionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Call it off."""
        return self.made("inspection", INSPECTS, ReasonInput, inspectionchanges.cancel_inspection)

    @described("登记专项检查发现的问题", TAG, takes.InspectionFoundInput, InspectionSerializer)
    @action(detail=True, methods=["post"])
    def find(self, request: Request, pk: Any = None) -> Response:
        """An inspector notes what has to be put right."""
        return self.made("inspection", _inspects, takes.InspectionFoundInput, inspections.add_finding)

    @described("会签专项检查", TAG, takes.OpinionInput, InspectionSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: Any = None) -> Response:
        """A department signs what was found."""
        may = holding(WORK, "会签专项检查")
        return self.made("inspection", may, takes.OpinionInput, inspections.sign_inspection)


def _inspects(actor: Any, inspection: Inspection) -> object:
    return inspections.require_inspector(actor, inspection, "登记问题")


def _change(*, actor: Any, at: Any, inspection: Inspection, reason: str, **values: Any) -> Inspection:
    content = inspections.InspectionContent(**values)
    return inspectionchanges.change_inspection(
        actor=actor, at=at, inspection=inspection, content=content, reason=reason
    )
