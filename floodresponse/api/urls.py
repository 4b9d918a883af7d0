"""Addresses of the flood command post in the API."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from floodresponse.api.aftermath import AfterActionViewSet, AftermathViewSet
from floodresponse.api.assessment import AssessmentView
from floodresponse.api.households import HouseholdViewSet
from floodresponse.api.incidents import IncidentViewSet
from floodresponse.api.losses import LossesView
from floodresponse.api.matrix import MatrixView
from floodresponse.api.obligations import ObligationViewSet
from floodresponse.api.orders import ActionViewSet, SirenViewSet
from floodresponse.api.planlists import DutyViewSet, GroupViewSet, SeatViewSet
from floodresponse.api.rainorders import RainActionViewSet, RainOrderViewSet
from floodresponse.api.readings import ReadingsView
from floodresponse.api.registers import LISTS
from floodresponse.api.reportingunits import ReportingUnitsView
from floodresponse.api.responses import ResponseViewSet
from floodresponse.api.roster import RosterViewSet, SwapViewSet
from floodresponse.api.signs import SignViewSet
from floodresponse.api.stations import StationsView
from floodresponse.api.supplies import SupplyMoveViewSet, SupplyViewSet
from floodresponse.api.warnings import WarningViewSet

router = SimpleRouter()
router.register("responses", ResponseViewSet, basename="flood-response")
router.register("actions", ActionViewSet, basename="flood-action")
router.register("sirens", SirenViewSet, basename="flood-siren")
router.register("incidents", IncidentViewSet, basename="flood-incident")
router.register("obligations", ObligationViewSet, basename="flood-obligation")
router.register("roster", RosterViewSet, basename="flood-roster")
router.register("swaps", SwapViewSet, basename="flood-swap")
router.register("signs", SignViewSet, basename="flood-sign")
router.register("rain-orders", RainOrderViewSet, basename="flood-rain-order")
router.register("rain-actions", RainActionViewSet, basename="flood-rain-action")
router.register("warnings", WarningViewSet, basename="flood-warning")
router.register("supplies", SupplyViewSet, basename="flood-supply")
router.register("supply-moves", SupplyMoveViewSet, basename="flood-supply-move")
router.register("households", HouseholdViewSet, basename="flood-household")
router.register("seats", SeatViewSet, basename="flood-seat")
router.register("duties", DutyViewSet, basename="flood-duty")
router.register("groups", GroupViewSet, basename="flood-group")
router.register("after-action", AfterActionViewSet, basename="flood-after-action")
router.register("aftermath", AftermathViewSet, basename="flood-aftermath")
for key, views in LISTS.items():
    router.register(key, views, basename=f"flood-{key}")

urlpatterns = [
    path("", include(router.urls)),
    path("matrix/", MatrixView.as_view(), name="flood-matrix"),
    path("assessment/", AssessmentView.as_view(), name="flood-assessment"),
    path("readings/", ReadingsView.as_view(), name="flood-readings"),
    path("losses/", LossesView.as_view(), name="flood-losses"),
    path("reporting-units/", ReportingUnitsView.as_view(), name="flood-reporting-units"),
    path("stations/", StationsView.as_view(), name="flood-stations"),
]
