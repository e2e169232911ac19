"""Small contact centres and their days, played."""

from collections.abc import Mapping, Sequence
from random import Random

from smsdesk.core.centre import BusinessHours, Centre, Group, Policy, Queue, User
from smsdesk.core.strategy import DEFAULT, Strategy
from smsdesk.forecast.day import Day
from smsdesk.forecast.drawing import HOUR, Time
from smsdesk.forecast.outcome import Cell, Outcome
from smsdesk.forecast.plan import Answering, Handling, Plan, Slot, Stream, Work

BEGIN = 1_772_409_600_000  # Monday, 2 March 2026, 00:00 UTC
MEAN = Time(300_000)


def centre(agents: int, *strategies: Strategy, capacity: int = 1, queues: Sequence[str] = ("Q",)) -> Centre:
    """Agents who all serve all queues; a queue goes by the strategy of its name, if there is one."""
    users = [User(f"u{n:03}", f"u{n:03}", capacity=capacity) for n in range(agents)]
    names = {strategy.name for strategy in strategies}
    return Centre(
        users,
        [Group("g", "G", tuple(user.id for user in users))],
        [Queue(n, n, "G", n if n in names else DEFAULT) for n in queues],
        more={
            "strategy": strategies,
            "hours": [BusinessHours("h", "Office", regular=("Mon-Fri 09:00-17:00",))],
        },
    )


def plan(
    centre: Centre,
    rates: Mapping[str, Sequence[float]],
    *,
    answering: Answering = Answering(),  # noqa: B008  # frozen
    patience: Time | None = None,
    handling: Time = MEAN,
    work: Sequence[Work] | None = None,
) -> Plan:
    """Everybody works all the time, unless `work` says something else."""
    hours = max(map(len, rates.values()))
    end = BEGIN + hours * HOUR
    everybody = [Work(user, BEGIN, end, home=True) for user in centre.users]
    return Plan(
        BEGIN,
        end,
        tuple(Slot(n // 24, f"{n % 24:02}:00") for n in range(hours)),
        tuple(everybody if work is None else work),
        tuple(Stream(queue, tuple(rate), patience=patience) for queue, rate in rates.items()),
        (Handling(handling),),
        answering,
    )


def play(centre: Centre, plan: Plan, seed: int = 1, policy: Policy = Policy()) -> Outcome:  # noqa: B008
    """The same seed, the same day."""
    return Day(centre, policy, plan, lambda name: Random(f"{seed} {name}").random).play()


def merged(cells: Sequence[Cell]) -> Cell:
    """All hours of a queue."""
    total = Cell()
    for cell in cells:
        total.add(cell)
    return total


def waits(outcome: Outcome) -> list[int]:
    """Of everybody who was accepted, milliseconds."""
    return [wait for cells in outcome.cells.values() for cell in cells for wait in cell.waits]
