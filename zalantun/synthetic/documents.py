"""Synthetic policy documents with sections, citations and legal states, in batches."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from django.db import transaction

from directives.models import Citation, Directive, Roster, RosterMember, Section, StatusChange
from zalantun.synthetic.cast import Cast
from zalantun.synthetic.wording import CITY, MARK, MATTERS, MEASURES, PLACES, RESULTS, SOURCE, dice_for

BATCH, ROWS = 500, 500
FIRST_DAY, DAYS = date(2000, 1, 4), 8000
HEADINGS = ("总体要求", "重点任务", "保障措施")
NUMERALS = "一二三"
LAST_NUMBER = re.compile(r"(\d+)号$")


def write_directives(number: int, seed: int, cast: Cast) -> Iterator[int]:
    """Write documents after those that are there; yields how many each batch wrote."""
    begin = last_number() + 1
    for start in range(begin, begin + number, BATCH):
        numbers = range(start, min(start + BATCH, begin + number))
        _write([(_directive(n, dice_for(seed, "directives", n)), n) for n in numbers], seed, cast)
        yield len(numbers)


def last_number() -> int:
    """The highest number that a synthetic document bears."""
    numbers = Directive.objects.filter(source=SOURCE).order_by().values_list("number", flat=True)
    return max((int(found[1]) for found in map(LAST_NUMBER.search, numbers) if found), default=0)


def _directive(number: int, dice: Random) -> Directive:
    issued_on = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    matter = dice.choice(MATTERS)
    return Directive(
        title=f"{MARK}{CITY}人民政府关于做好{dice.choice(PLACES)}{matter}工作的通知",
        number=f"模政发〔{issued_on.year}〕{number}号",
        issuer=f"{CITY}人民政府",
        issued_on=issued_on,
        kind=dice.choice(Directive.Kind.values),
        addressees=[f"{CITY}各有关单位"],
        preamble=f"{MARK}为做好{matter}工作，现将有关事项通知如下。",
        source=SOURCE,
        publication=Directive.Publication.PUBLISHED,
    )


@transaction.atomic
def _write(batch: Sequence[tuple[Directive, int]], seed: int, cast: Cast) -> None:
    Directive.objects.bulk_create((directive for directive, _ in batch), batch_size=ROWS)
    dice = {n: dice_for(seed, "parts", n) for _, n in batch}
    Section.objects.bulk_create(
        (section for directive, n in batch for section in _sections(directive, dice[n])), batch_size=ROWS
    )
    cited = [(directive, dice[n].choice(batch)[0]) for directive, n in batch]
    Citation.objects.bulk_create(
        (
            Citation(directive=one, order=1, title=other.title, number=other.number, target=other)
            for one, other in cited
            if one is not other
        ),
        batch_size=ROWS,
    )
    StatusChange.objects.bulk_create(
        (_repeal(directive) for directive, n in batch if dice[n].random() < 0.1), batch_size=ROWS
    )
    _write_rosters([directive for directive, n in batch if dice[n].random() < 0.2], cast)


def _sections(directive: Directive, dice: Random) -> Iterator[Section]:
    order = 0
    for place, heading in enumerate(HEADINGS, start=1):
        order += 1
        yield Section(
            directive=directive,
            order=order,
            depth=1,
            number=NUMERALS[place - 1],
            heading=heading,
            anchor=f"s-{place}",
        )
        for below in (1, 2):
            order += 1
            yield Section(
                directive=directive,
                order=order,
                depth=2,
                number=f"（{NUMERALS[below - 1]}）",
                heading="",
                text=f"{dice.choice(MEASURES)}，{dice.choice(RESULTS)}。",
                anchor=f"s-{place}-{below}",
            )


def _repeal(directive: Directive) -> StatusChange:
    assert directive.issued_on is not None
    later = directive.issued_on + timedelta(days=700)
    return StatusChange(directive=directive, status=StatusChange.Status.REPEALED, effective_on=later)


def _write_rosters(directives: Sequence[Directive], cast: Cast) -> None:
    rosters = Roster.objects.bulk_create(
        (Roster(directive=directive, order=1, name="模拟领导小组") for directive in directives),
        batch_size=ROWS,
    )
    RosterMember.objects.bulk_create(
        (
            RosterMember(
                roster=roster,
                order=order,
                role="组长" if order == 1 else "成员",
                printed_name=actor.name,
                post=f"{actor.body}{actor.post}",
                person_id=cast.people[actor.name],
            )
            for roster in rosters
            for order, actor in enumerate(cast.actors[:9], start=1)
        ),
        batch_size=ROWS,
    )
