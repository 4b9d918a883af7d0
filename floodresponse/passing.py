"""The first words of what is passed up, from the rows; a person goes over them."""

from collections.abc import Mapping

from django.utils import timezone

from floodresponse.models import Incident, IncidentReport
from floodresponse.reportcontent import FIGURES, Figure


def draft_words(incident: Incident, report: IncidentReport | None, figures: Mapping[str, Figure]) -> str:
    """When, where, what, figures known and not known, the last report."""
    happened = timezone.localtime(incident.occurred_at)
    where, what = f"{incident.unit.name}{incident.location}", incident.get_kind_display()
    grade = f"{incident.get_severity_display()}{'，情况不明' if incident.unclear else ''}"
    lines = [f"{happened:%Y年%-m月%-d日 %H:%M}，{where}发生{what}，等级{grade}。"]
    if incident.depth_cm is not None:
        lines.append(f"积水深度 {incident.depth_cm} 厘米。")
    casualties = {"dead": incident.dead, "missing": incident.missing}
    known = {**figures, **{key: value for key, value in casualties.items() if value is not None}}
    counted = [f"{FIGURES[key]} {known[key]}" for key in FIGURES if known.get(key) is not None]
    unknown = [FIGURES[key] for key in casualties if known.get(key) is None]
    if counted:
        lines.append(f"{'，'.join(counted)}。")
    if unknown:
        lines.append(f"{'、'.join(unknown)}尚未核实。")
    if incident.summary.strip():
        lines.append(incident.summary.strip())
    if report is not None and report.text.strip() not in ("", incident.summary.strip()):
        reported = timezone.localtime(report.reported_at)
        lines.append(f"{report}（{reported:%-m月%-d日 %H:%M}）：{report.text.strip()}")
    if incident.resolved_at is not None:
        lines.append(f"{timezone.localtime(incident.resolved_at):%-m月%-d日 %H:%M} 处置完毕。")
    return "\n".join(lines)
