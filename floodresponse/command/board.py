"""The command screen put together from its facts. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from floodresponse.command.evidence import weigh
from floodresponse.command.facts import LOG_LINES, Facts
from floodresponse.command.journal import Line, lines_of
from floodresponse.command.orders import ActionsPanel, actions_panel
from floodresponse.command.owed import OwedPanel, owed_panel
from floodresponse.command.ponding import PondingPanel, ponding_panel
from floodresponse.command.rain import RainPanel, rain_panel
from floodresponse.command.roster import Roster, roster_of
from floodresponse.command.slab import Declared, Pulse, Verdict, declared_of, pulse_of, verdict_of
from floodresponse.command.streetmap import StreetMap, street_map


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the screen. ``now`` is our clock, ``facts.at`` that of what is shown."""

    facts: Facts
    now: datetime
    declared: Declared | None
    other: Declared | None
    verdict: Verdict
    pulse: Pulse
    watch_since: datetime | None
    owed: OwedPanel
    rain: RainPanel
    ponding: PondingPanel
    map: StreetMap
    actions: ActionsPanel
    roster: Roster
    log: tuple[Line, ...]

    @property
    def other_year(self) -> bool:
        """Whether the plan is that of another year and nobody confirmed its use (沿用)."""
        plan = self.facts.plan
        return plan is not None and plan.year != timezone.localtime(self.now).year and not plan.basis


def assemble(facts: Facts, now: datetime) -> Board:
    """Every part; ``other``: the drill beside the real response, or the real one beside the drill."""
    evidence = weigh(facts)
    declared = declared_of(facts.records, facts.sirens, now)
    rain = rain_panel([one for one in facts.stations if one.is_rain], evidence, facts.at)
    ponding = ponding_panel([one for one in facts.stations if not one.is_rain], evidence, facts.at)
    roster = roster_of(facts.shifts)
    results = [] if facts.exercise else facts.recommendations
    return Board(
        facts=facts,
        now=now,
        declared=declared,
        other=declared_of(facts.real if facts.exercise else facts.drill, (), now),
        verdict=verdict_of(evidence, declared, results, now, facts.kept),
        pulse=pulse_of(facts.recommendations, now),
        watch_since=getattr(facts.recommendations[0], "watch_since", None) if facts.recommendations else None,
        owed=owed_panel(facts.obligations, roster, now),
        rain=rain,
        ponding=ponding,
        map=street_map([*rain.gauges, *rain.more], [*ponding.points, *ponding.more], facts.layout),
        actions=actions_panel(facts.actions, roster),
        roster=roster,
        log=tuple(lines_of(facts.log, facts.recommendations, LOG_LINES)),
    )
