"""``python -m benchmarks.crowd [--minutes 10] [--plot FILE]``: a mixed crowd on both set-ups.

Officials read, departments report, gauges post, command screens ask again.
The crowd grows step by step until the portal answers no faster; then one of a
size below that stays for ten minutes. Exit status 1 when anything failed or
memory grew by more than 5 % after the second minute.
"""

import argparse
import json
import os
import platform
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.crowdpeople import PARTS, Answer, Crowd, gather, people_of
from benchmarks.crowdplot import Step, drawing
from benchmarks.crowdportal import SETUPS, portal

SIZES = (10, 20, 40, 80, 120, 160, 240)
SETTLE_SECONDS = 5
WARM_MINUTES = 2
MOST_GROWTH = 0.05
# A crowd of a size answers without waiting for each other at most at this share of the knee.
SHARE_OF_KNEE = 0.5


@dataclass(frozen=True, slots=True)
class Stay:
    """The ten minutes: what all of them got, and bytes of memory as time went by."""

    step: Step
    minutes: float
    memory: list[int]
    parts: dict[str, Step]

    @property
    def growth(self) -> float:
        """Of the last minute over the third, as a share."""
        each = max(1, round(len(self.memory) / self.minutes))
        early = self.memory[WARM_MINUTES * each : (WARM_MINUTES + 1) * each] or self.memory[:each]
        late = self.memory[-each:]
        return (sum(late) / len(late)) / (sum(early) / len(early)) - 1


def step_of(answers: Sequence[Answer], size: int, seconds: float) -> Step:
    """What a crowd got."""
    times = sorted(answer.seconds * 1000 for answer in answers) or [0.0]
    return Step(
        size=size,
        rate=round(len(answers) / seconds, 1),
        middle=round(times[len(times) // 2], 1),
        slowest=round(times[min(len(times) - 1, int(len(times) * 0.99))], 1),
        errors=sum(answer.failed for answer in answers),
    )


def knee_of(steps: Sequence[Step]) -> int:
    """The last size at which half as many again also got a quarter more answers."""
    for one, following in pairwise(steps):
        expected = one.rate * following.size / one.size
        if following.rate < one.rate + (expected - one.rate) / 2:
            return one.size
    return steps[-1].size


def stay(crowd: Crowd, size: int, seconds: float, sample: float) -> tuple[list[Answer], list[int]]:
    """A crowd for so long; its answers after it has settled, and the memory every ``sample`` seconds."""
    crowd.over, crowd.answers = threading.Event(), []
    people = people_of(crowd, size)
    for person in people:
        person.start()
    time.sleep(SETTLE_SECONDS)
    first, memory, end = len(crowd.answers), list[int](), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        memory.append(crowd.portal.memory())
        time.sleep(min(sample, max(left, 0)))
    answers = crowd.answers[first:]
    crowd.over.set()
    for person in people:
        person.join(90)
    failed = Counter((answer.kind, answer.status) for answer in answers if answer.failed)
    if failed:
        print(f"failed: {dict(failed)}", file=sys.stderr, flush=True)
    return answers, memory


def measure(setup: str, minutes: float, step_seconds: float) -> tuple[list[Step], Stay]:
    """The steps and the stay on one set-up."""
    with portal(setup) as running:
        crowd = gather(running)
        steps: list[Step] = []
        for size in SIZES:
            answers, _ = stay(crowd, size, step_seconds, step_seconds)
            steps.append(step_of(answers, size, step_seconds))
            print(f"{SETUPS[setup]}: {steps[-1]}", file=sys.stderr, flush=True)
            if len(steps) > 2 and knee_of(steps) < steps[-2].size:
                break
        size = max(SIZES[0], int(knee_of(steps) * SHARE_OF_KNEE))
        answers, memory = stay(crowd, size, minutes * 60, 10)
        parts = {
            kind: step_of([answer for answer in answers if answer.kind == kind], size, minutes * 60)
            for kind in PARTS
        }
        return steps, Stay(step_of(answers, size, minutes * 60), minutes, memory, parts)


def report(found: dict[str, tuple[list[Step], Stay]]) -> str:
    """Both as tables in Markdown."""
    lines = ["| Set-up | Crowd | Answers/s | p50 ms | p99 ms | Errors |", "|---|---|---|---|---|---|"]
    for setup, (steps, _) in found.items():
        lines += [f"| {SETUPS[setup]} | {_cells(step)} |" for step in steps]
    lines += [
        "",
        "| Stay | Crowd | Answers/s | p50 ms | p99 ms | Errors | Memory |",
        "|---|---|---|---|---|---|---|",
    ]
    for setup, (steps, long) in found.items():
        memory = f"{long.memory[-1] / 2**20:.0f} MiB, {long.growth:+.1%} after minute {WARM_MINUTES}"
        name = f"{SETUPS[setup]}, {long.minutes:g} minutes, knee at {knee_of(steps)}"
        lines.append(f"| {name} | {_cells(long.step)} | {memory} |")
        lines += [f"| – {kind} | {_cells(part)} | |" for kind, part in long.parts.items()]
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    lines += [
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with {system}, {os.cpu_count()} cores; the crowd runs "
        f"on the same machine (load {load}).",
    ]
    return "\n".join(lines)


def _cells(step: Step) -> str:
    return f"{step.size} | {step.rate:g} | {step.middle:g} | {step.slowest:g} | {step.errors}"


def main() -> int:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--step-seconds", type=float, default=20)
    parser.add_argument("--setup", choices=SETUPS, action="append", help="one of the two alone")
    parser.add_argument("--plot", type=Path, default=Path("docs/images/crowd.svg"))
    parser.add_argument("--write", type=Path, metavar="FILE", help="the numbers as JSON as well")
    options = parser.parse_args()
    found = {
        setup: measure(setup, options.minutes, options.step_seconds) for setup in options.setup or SETUPS
    }
    print(report(found))
    options.plot.write_text(drawing({SETUPS[setup]: steps for setup, (steps, _) in found.items()}))
    if options.write:
        plain = {
            setup: {"steps": [asdict(step) for step in steps], "stay": asdict(long)}
            for setup, (steps, long) in found.items()
        }
        options.write.write_text(json.dumps(plain, indent=1))
    failed = [setup for setup, (steps, long) in found.items() if _missed(steps, long)]
    for setup in failed:
        print(f"未达到界限：{SETUPS[setup]}：有出错的请求，或内存增长超过 5 %。", file=sys.stderr)
    return 1 if failed else 0


def _missed(steps: Sequence[Step], long: Stay) -> bool:
    return any(step.errors for step in (*steps, long.step)) or long.growth > MOST_GROWTH


if __name__ == "__main__":
    sys.exit(main())
