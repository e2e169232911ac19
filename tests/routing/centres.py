"""Small contact centres of every kind, by number: a number is cheap to draw, and says all."""

from random import Random

from smsdesk.core.centre import BusinessHours, Centre, Group, Queue, User
from smsdesk.core.strategy import Ageing, Order, Relax, Step, Strategy

USERS, QUEUES = tuple("abcdef"), ("q1", "q2", "q3")
OWN = ("g1", "g2", "?:x>1", "?:y>0", "agent:A")
TARGETS = (*OWN, "?:x>=3&y>0", "queue", "queue", "queue:q1", "agent:b", "agent:nobody", "??")
ORDERS: tuple[Order, ...] = ("leastLoaded", "longestReady", "percentage")
NIGHTS: tuple[tuple[str, ...], ...] = (
    (),
    ("Tue 22:00-22:15",),
    ("Tue 22:14-22:16", "Tue 22:20-23:00"),
    ("Mon 08:00-09:00",),
)


def centre(number: int) -> Centre:
    """Six agents, two groups, three queues, each with a strategy of its own."""
    random = Random(number)
    return Centre(
        [user(random, id) for id in USERS],
        [group(random, name) for name in ("g1", "g2")],
        [Queue(name, name, random.choice(OWN), f"s{name}") for name in QUEUES],
        more={
            "strategy": [strategy(random, f"s{name}") for name in QUEUES],
            "hours": [BusinessHours("h", "night", regular=random.choice(NIGHTS))],
        },
    )


def user(random: Random, id: str) -> User:
    """Somebody with skills, perhaps with a capacity of his own."""
    return User(
        id,
        id,
        roles=("ROLE_SUPERVISOR",) if random.random() < 0.1 else ("ROLE_AGENT",),
        enabled=random.random() < 0.9,
        skills={"x": random.randrange(5), "y": random.randrange(4)},
        capacity=random.choice([None, None, None, 0, 1, 3]),
    )


def group(random: Random, name: str) -> Group:
    """Some of them."""
    members = tuple(id for id in USERS if random.random() < 0.5)
    return Group(name, name, members, capacity=random.choice([None, None, 1, 3]))


def strategy(random: Random, name: str) -> Strategy:
    """Up to three steps, with all that there is."""
    return Strategy(
        name,
        name,
        priority=random.randrange(3),
        ageing=Ageing(random.choice([0, 0, 1, 3]), random.choice([7, 10, 60])),
        last_agent=random.choice([0, 0, 15, 45]),
        steps=tuple(step(random) for _ in range(random.randint(1, 3))),
        hours=random.choice([None, None, None, None, "night"]),
    )


def step(random: Random) -> Step:
    """Some targets, for a while or to the end."""
    targets = tuple(dict.fromkeys(random.choices(TARGETS, k=random.randint(1, 3))))
    relax = Relax(random.choice("xy"), random.randint(1, 2), random.choice([10, 25]))
    return Step(
        targets,
        seconds=random.choice([0, 20, 30, 60]),
        clear=random.random() < 0.3,
        order=random.choice(ORDERS),
        shares={target: random.choice([0, 10, 30, 60]) for target in targets},
        relax=(relax,) if random.random() < 0.5 else (),
    )
