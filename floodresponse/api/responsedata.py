"""What goes in and out at ``/api/v1/flood/responses/``: decisions, levels, sirens, actions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from floodresponse.matrix import NUMERALS
from floodresponse.models import KeptLevel, LevelRecord, Response, SirenOrder, UnitAction
from foundation.api import PageAddress

LEVELS = {numeral: level for level, numeral in NUMERALS.items()}
SHORT, LONG = 80, 2000
ONE_LEVEL = f"^({'|'.join(LEVELS)})$"
NUMERAL = {"type": "string", "nullable": True, "description": "I 至 IV，或 null"}


class DecisionSerializer(serializers.Serializer[Any]):
    """A level with its reason; ``seen`` is the ``sequence`` that the caller knows, against stale pages."""

    level = serializers.ChoiceField(choices=list(LEVELS))
    reason = serializers.CharField(allow_blank=True, max_length=LONG, default="")
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")
    seen = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class DeclarationSerializer(serializers.Serializer[Any]):
    """A first level; an exercise runs beside the real thing."""

    level = serializers.ChoiceField(choices=list(LEVELS))
    reason = serializers.CharField(allow_blank=True, max_length=LONG, default="")
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")
    exercise = serializers.BooleanField(default=False)


class TerminationSerializer(serializers.Serializer[Any]):
    """Why it ends; ``seen`` as for an adjustment."""

    reason = serializers.CharField(allow_blank=True, max_length=LONG, default="")
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")
    seen = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class DeclineSerializer(serializers.Serializer[Any]):
    """Why the level stays; ``recommended`` is the recommendation that is not followed."""

    recommended = serializers.RegexField(
        ONE_LEVEL, allow_null=True, error_messages={"invalid": "应为 I、II、III、IV 之一，或 null。"}
    )
    reason = serializers.CharField(max_length=LONG)
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")


class KeepSerializer(DeclineSerializer):
    """``seen`` as for an adjustment."""

    seen = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class LevelRecordSerializer(serializers.ModelSerializer[LevelRecord]):
    """A level with what was recommended when it was decided; ``level`` null is the end."""

    level = serializers.SerializerMethodField()
    by = serializers.CharField(source="decided_by")
    recommended = serializers.SerializerMethodField()
    recommendation = serializers.DictField()

    class Meta:
        model = LevelRecord
        fields = ("sequence", "level", "by", "authorised_by", "recommended", "recommendation", "reason")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of the language and cannot be declared like the others."""
        return {**super().get_fields(), "from": serializers.DateTimeField(source="since")}

    @extend_schema_field(NUMERAL)
    def get_level(self, record: LevelRecord) -> str | None:
        """I to IV."""
        return NUMERALS[record.level] if record.level else None

    @extend_schema_field(NUMERAL)
    def get_recommended(self, record: LevelRecord) -> str | None:
        """I to IV."""
        return NUMERALS[record.recommended] if record.recommended else None


class KeptLevelSerializer(serializers.ModelSerializer[KeptLevel]):
    """A decision not to follow a recommendation; ``level`` null: none was declared."""

    level = serializers.SerializerMethodField()
    by = serializers.CharField(source="decided_by")
    recommended = serializers.SerializerMethodField()
    recommendation = serializers.DictField()

    class Meta:
        model = KeptLevel
        fields = (
            "id", "response", "level", "decided_at", "by", "authorised_by", "recommended", "recommendation",
            "reason",
        )  # fmt: skip

    @extend_schema_field(NUMERAL)
    def get_level(self, kept: KeptLevel) -> str | None:
        """I to IV."""
        return NUMERALS[kept.level] if kept.level else None

    @extend_schema_field(NUMERAL)
    def get_recommended(self, kept: KeptLevel) -> str | None:
        """I to IV."""
        return NUMERALS[kept.recommended] if kept.recommended else None


class SirenSerializer(serializers.ModelSerializer[SirenOrder]):
    """A sounding: ordered, sounded, or withdrawn with its level."""

    level = serializers.SerializerMethodField()
    ordered_at = serializers.DateTimeField(source="record.since", read_only=True)
    sounded_by = serializers.CharField(allow_null=True)

    class Meta:
        model = SirenOrder
        fields = (
            "id", "level", "number", "minutes", "ordered_at", "sounded_at", "sounded_by", "withdrawn_at",
        )  # fmt: skip

    @extend_schema_field(NUMERAL)
    def get_level(self, order: SirenOrder) -> str | None:
        """I to III."""
        return NUMERALS[order.record.level] if order.record.level else None


class ActionSerializer(serializers.ModelSerializer[UnitAction]):
    """What a unit does; ``unit`` null is the command post itself."""

    unit = serializers.SerializerMethodField()
    unit_name = serializers.SerializerMethodField()
    from_level = serializers.SerializerMethodField()

    class Meta:
        model = UnitAction
        fields = (
            "id", "unit", "unit_name", "from_level", "text", "state", "acknowledged_at", "done_at",
            "closed_at",
        )  # fmt: skip

    def get_unit(self, action: UnitAction) -> str | None:
        """Its slug."""
        return action.unit.slug if action.unit else None

    def get_unit_name(self, action: UnitAction) -> str:
        """Its name."""
        return action.unit.name if action.unit else "指挥部"

    @extend_schema_field(NUMERAL)
    def get_from_level(self, action: UnitAction) -> str:
        """I to IV."""
        return NUMERALS[action.from_level]


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """A response with its levels, sirens and actions; ``level`` is the one that holds now."""

    level = serializers.SerializerMethodField()
    levels = serializers.SerializerMethodField()
    sequence = serializers.SerializerMethodField()
    sirens = serializers.SerializerMethodField()
    actions = ActionSerializer(many=True)
    kept_levels = KeptLevelSerializer(many=True)
    termination = serializers.SerializerMethodField()
    url = PageAddress()

    class Meta:
        model = Response
        fields = (
            "id", "exercise", "declared_at", "terminated_at", "level", "sequence", "levels", "kept_levels",
            "termination", "sirens", "actions", "url",
        )  # fmt: skip

    @extend_schema_field(NUMERAL)
    def get_level(self, response: Response) -> str | None:
        """None when it is over."""
        last = list(response.levels.all())[-1:]
        return NUMERALS[last[0].level] if last and last[0].level else None

    def get_sequence(self, response: Response) -> int:
        """Of the last record; a decision may name it as ``seen``."""
        return max((record.sequence for record in response.levels.all()), default=0)

    @extend_schema_field(LevelRecordSerializer(many=True))
    def get_levels(self, response: Response) -> Any:
        """In the order of decision."""
        records = [record for record in response.levels.all() if record.level]
        return LevelRecordSerializer(records, many=True).data

    @extend_schema_field(LevelRecordSerializer(allow_null=True))
    def get_termination(self, response: Response) -> Any:
        """Who ended it and why."""
        ends = [record for record in response.levels.all() if record.level is None]
        return LevelRecordSerializer(ends[0]).data if ends else None

    @extend_schema_field(SirenSerializer(many=True))
    def get_sirens(self, response: Response) -> Any:
        """In the order of the levels that ordered them."""
        orders = [order for record in response.levels.all() for order in record.sirens.all()]
        return SirenSerializer(orders, many=True).data
