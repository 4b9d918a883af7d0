"""Correcting a plan in force: one person proposes other wording, another signs it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from floodresponse.models import Duty, Measure, Plan, PlanCorrection, SpecialGroup
from floodresponse.services.plans import fill_in_texts, require_keeping_plan
from foundation.errors import StateConflict
from foundation.services.audit import record_change
from foundation.services.proposals import confirm_proposal, proposed_values, void_proposal
from organizations.models import User

ACTION = "flood_plan.correction"
WORDED: dict[str, Any] = {model._meta.model_name or "": model for model in (Duty, Measure, SpecialGroup)}
Texts = Mapping[str, tuple[models.Model, str]]


@transaction.atomic
def propose_plan_texts(
    *, actor: User | None, at: datetime, plan: Plan, texts: Texts, reason: str, batch: str = ""
) -> PlanCorrection | None:
    """Hand in other wording, by the name of each row; None when nothing differs.

    Raises StateConflict while another correction of the plan waits.
    """
    require_keeping_plan(actor, "提出方案更正")
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.text_corrections.filter(standing=PlanCorrection.Standing.PROPOSED).exists():
        raise StateConflict(f"{locked.year} 年的方案已有更正等待签发，请先办理那一份。")
    rows = [
        {"model": row._meta.model_name, "pk": row.pk, "name": name, "before": row.text, "after": text}  # type: ignore[attr-defined]
        for name, (row, text) in texts.items()
        if row.text != text  # type: ignore[attr-defined]
    ]
    if not rows:
        return None
    correction = PlanCorrection.objects.create(
        plan=locked, texts=rows, reason=reason[:200], batch=batch, **proposed_values(actor, at)
    )
    after = {"rows": len(rows)}
    record_change(actor=actor, action=f"{ACTION}.propose", target=locked, at=at, after=after, reason=reason)
    return correction


@transaction.atomic
def confirm_plan_texts(*, actor: User | None, at: datetime, correction: PlanCorrection) -> int:
    """Sign a correction: the plan gets its wording. Returns how many texts changed.

    Raises PermissionRefused for who proposed it, StateConflict when a text has changed since.
    """
    require_keeping_plan(actor, "签发方案更正")
    plan = Plan.objects.select_for_update().get(pk=correction.plan_id)
    texts: dict[models.Model, str] = {}
    for told in correction.texts:
        row = WORDED[told["model"]].objects.filter(pk=told["pk"], plan=plan).first()
        if row is None or row.text != told["before"]:
            raise StateConflict(
                f"“{told['name']}”在提出之后又有改动，没有签发。请作废这一份，重新导入后再提出。"
            )
        texts[row] = told["after"]
    confirm_proposal(actor=actor, at=at, proposal=correction, about=plan, action=ACTION)
    return fill_in_texts(actor=actor, at=at, plan=plan, texts=texts, reason=correction.reason)


def void_plan_texts(*, actor: User | None, at: datetime, correction: PlanCorrection, reason: str) -> None:
    """Set a waiting correction aside, with a reason; the plan stays as it is."""
    require_keeping_plan(actor, "作废方案更正")
    if correction.standing != PlanCorrection.Standing.PROPOSED:
        raise StateConflict("这份方案更正已经办理，不能作废。要改回原来的文字，请在后台更正方案。")
    void_proposal(
        actor=actor, at=at, proposal=correction, about=correction.plan, action=ACTION, reason=reason
    )
