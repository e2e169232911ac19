"""Strategies over REST: who may, what is built in, and what one comes to before it is kept (SPEC 5.3)."""

import pytest

from tests.http.house import API, House, basic

ADMIN = basic("admin")
STRATEGIES = API + "/strategies"
BUILT_IN = {
    "id": "SimpleChatInStrategy",
    "name": "SimpleChatInStrategy",
    "path": "/strategies/SimpleChatInStrategy",
}
PLAN = {
    "name": "Plan",
    "lastAgent": 5,
    "steps": [{"targets": ["queue"], "seconds": 60}, {"targets": ["?:english>5"]}],
}


def status(answer: object) -> tuple[int, int]:
    return answer.status, answer.json["statusCode"]  # type: ignore[attr-defined]


async def test_the_built_in_strategy_is_there_and_only_read() -> None:
    async with House() as house:
        listed = (await house.ask("GET", STRATEGIES + "?fields=id,name,path", headers=ADMIN)).json
        assert listed["strategies"] == [BUILT_IN]
        path = STRATEGIES + "/SimpleChatInStrategy"
        one = await house.ask("GET", path + "?fields=id,name,path", headers=ADMIN)
        assert one.json["strategy"] == BUILT_IN
        assert status(await house.ask("PUT", path, {"priority": 1}, ADMIN)) == (403, 3)
        assert status(await house.ask("DELETE", path, headers=ADMIN)) == (403, 3)
        again = await house.ask("POST", STRATEGIES, {"name": "SimpleChatInStrategy"}, ADMIN)
        assert status(again) == (403, 18)


async def test_a_life_from_creation_to_deletion() -> None:
    async with House() as house:
        made = await house.ask("POST", STRATEGIES, PLAN, ADMIN)
        assert status(made) == (200, 0)
        assert status(await house.ask("POST", STRATEGIES, PLAN, ADMIN)) == (403, 18)
        path = API + made.json["path"]
        change = {"lastAgent": None, "whenClosed": "park"}
        assert status(await house.ask("PUT", path, change, ADMIN)) == (200, 0)
        shown = (await house.ask("GET", path, headers=ADMIN)).json["strategy"]
        del shown["uri"]
        assert shown == {
            "id": made.json["id"],
            "path": made.json["path"],
            "name": "Plan",
            "whenClosed": "park",
            "steps": PLAN["steps"],
        }
        assert status(await house.ask("DELETE", path, headers=ADMIN)) == (200, 0)
        assert status(await house.ask("GET", path, headers=ADMIN)) == (404, 6)


@pytest.mark.parametrize(
    ("method", "path", "body", "user", "expected"),
    [
        ("GET", "", None, "agent1", (403, 5)),
        ("GET", "", None, "supervisor", (200, 0)),
        ("POST", "", PLAN, "supervisor", (403, 5)),
        ("POST", "/check", PLAN, "supervisor", (403, 5)),
        ("POST", "/check", PLAN, "admin", (200, 0)),
        ("POST", "/check", {}, "admin", (400, 1)),
        ("POST", "/check", [], "admin", (400, 10)),
        ("POST", "/check", PLAN | {"name": "a\0b"}, "admin", (400, 10)),
        ("POST", "/check?queue=Nowhere", PLAN, "admin", (400, 10)),
        ("POST", "/check", PLAN | {"hours": "Never"}, "admin", (400, 10)),
        ("GET", "/0123", None, "admin", (404, 6)),
        ("PUT", "/0123", {}, "admin", (404, 6)),
    ],
)
async def test_who_may_and_what_cannot_be(
    method: str, path: str, body: object, user: str, expected: tuple[int, int]
) -> None:
    async with House() as house:
        answer = await house.ask(method, STRATEGIES + path, body if body is not None else b"", basic(user))
        assert status(answer) == expected


async def test_a_check_says_what_happens_and_keeps_nothing() -> None:
    async with House() as house:
        checked = await house.ask("POST", STRATEGIES + "/check?queue=Billing", PLAN, ADMIN)
        target = house.application.performer.centre.queues["Billing"].target
        assert checked.json["timeline"] == [
            {"words": "while the queue is closed nobody is asked, and it waits until the opening"},
            {
                "after": 0,
                "words": "only the agent who dealt with the customer last is asked, as long as he is there",
            },
            {
                "after": 5,
                "words": f"step 1: asked are whoever serves the queue ({target}), the least loaded first",
            },
            {
                "after": 65,
                "words": f"step 2: asked are whoever serves the queue ({target}) or ?:english>5, "
                "the least loaded first",
            },
        ]
        assert house.application.performer.centre.strategies == {}


async def test_a_check_tells_every_mistake_at_once() -> None:
    async with House() as house:
        wrong = {
            "name": "Plan",
            "hours": "Never",
            "steps": [{"targets": ["?:klingon>1"], "seconds": 5}, {"targets": ["agent:worf"]}],
        }
        answer = await house.ask("POST", STRATEGIES + "/check", wrong, ADMIN)
        assert status(answer) == (400, 10)
        assert answer.json["statusMessage"].split("; ") == [
            "hours: 'Never' are no business hours",
            "steps 1: targets 1: asks for a skill that does not exist: klingon",
            "steps 2: targets 1: there is no user 'worf'",
        ]
