"""What `perform` permits is the table; a refusal of any kind leaves everything as it was (SPEC 1.6, 2.4)."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import fields

from smsdesk.core.consent import Consent
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, missing
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.user_data import LIMIT, raw
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.perform import permit
from smsdesk.operations.smssession import OPERATIONS
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.attach_user_data import AttachUserData
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.set_disposition import SetDisposition
from tests.core.making import session
from tests.core.permits import KINDS, ROWS, STATES, Row, allowed
from tests.operations.world import World, refusal

pytestmark = pytest.mark.anyio
SAMPLES: dict[Any, object] = {str: "x", list[str]: ["x"]}
Ask = Callable[[World, str], Awaitable[object]]


class Nothing(SessionOperation, frozen=True, tag="Nothing"):
    """An operation that no table knows."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        """Nothing is done."""


def name_of(operation: type[SessionOperation]) -> str:
    return str(operation.__struct_config__.tag)


def sample(operation: type[SessionOperation]) -> SessionOperation:
    """An operation with whatever parameters: who may ask for it does not depend on them."""
    return operation(**{f.name: SAMPLES.get(f.type, {}) for f in fields(operation) if f.required})


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_operation_is_permitted_where_the_contract_says(row: Row) -> None:
    state, kind, alone = row
    now = (
        session(("ann", state, kind))
        if alone
        else session(("ann", state, kind), ("ben", "Chatting", "agent"))
    )
    me = now.participation("ann")
    assert me is not None
    for operation in OPERATIONS:
        if name_of(operation) in allowed(row):
            permit(now, me, sample(operation))
        else:
            words = f"^{name_of(operation)} is not permitted: the state is {state}, for "
            with pytest.raises(Refused, match=words) as caught:
                permit(now, me, sample(operation))
            assert caught.value.fault is Fault.STATE


def test_every_operation_of_the_contract_exists() -> None:
    """But for what supervisors ask on a channel, or from outside of the session."""
    assert {name for row in ROWS for name in allowed(row)} == {name_of(operation) for operation in OPERATIONS}


def test_the_words_say_how_one_stands() -> None:
    words = set()
    for state in STATES:
        for kind in KINDS:
            now = session(("ann", state, kind))
            me = now.participation("ann")
            assert me is not None
            with pytest.raises(Refused) as caught:
                permit(now, me, Nothing())
            words.add(caught.value.message)
    assert len(words) == len(STATES) * len(KINDS)


# -- refusals --------------------------------------------------------------------------------------
def change_then_refuse(draft: Draft, user: str, id: str) -> None:
    """No operation may do that; the path bears it all the same."""
    now = draft.session(id)
    me = now.participation(user)
    assert me is not None
    Leave().apply(draft, now, me)
    raise Refused(Fault.INTERNAL, "after it had changed everything")


def by(name: str, operation: SessionOperation | Refused, session: str | None = None) -> Ask:
    return lambda world, id: world.do(name, session or id, operation)


REFUSALS: dict[str, tuple[Fault, Ask]] = {
    "a mistake found when it was read": (Fault.MISSING, by("agent1", missing("text"))),
    "not in this state": (Fault.STATE, by("agent1", Accept())),
    "the customer has opted out": (Fault.FORBIDDEN, by("agent1", SendMessage("hello"))),
    "no such session": (Fault.UNKNOWN, by("agent1", Leave(), "0" * 16)),
    "the session of somebody else": (Fault.UNKNOWN, by("agent2", Leave())),
    "no such queue": (Fault.UNKNOWN, by("agent1", Complete(queue_name="Nowhere"))),
    "no code of the queue": (Fault.INVALID, by("agent1", SetDisposition("nonsense"))),
    "a value that is not allowed": (Fault.INVALID, by("agent1", AttachUserData({"a": msgspec.Raw(b"[1]")}))),
    "more data than allowed": (Fault.INVALID, by("agent1", AttachUserData({"a": raw("x" * LIMIT)}))),
    "refused too late": (
        Fault.INTERNAL,
        lambda world, id: world.run(lambda draft: change_then_refuse(draft, world.user("agent1").id, id)),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refusal_leaves_everything_as_it_was(name: str) -> None:
    world = await World().open()
    await world.ready("agent1", "agent2")
    id = await world.accepted("agent1")
    pair = (await world.session(id)).pair
    await world.run(lambda draft: draft.put("consent", pair, Consent(pair, True, draft.now, "STOP")))
    before = await world.store.snapshot()
    fault, ask = REFUSALS[name]
    assert (await refusal(ask(world, id))).fault is fault
    assert await world.store.snapshot() == before
    assert world.memory_is_the_store(before)
    await world.do("agent1", id, Leave())  # and nothing is in the way of what comes next
    assert (await world.session(id)).states() == {world.user("agent1").id: "LeftChat"}


async def test_a_session_of_somebody_else_looks_like_none() -> None:
    world = await World().open()
    await world.ready("agent1")
    id = await world.accepted("agent1")
    foreign = await refusal(world.do("agent2", id, Leave()))
    unknown = await refusal(world.do("agent2", "0" * 16, Leave()))
    assert (foreign.fault, foreign.message) == (unknown.fault, unknown.message)


async def test_the_session_is_looked_for_before_the_parameters_count() -> None:
    """SPEC 1.6: 6 goes before 1 and 10, these before 2 (9.15)."""
    world = await World().open()
    await world.ready("agent1")
    id = await world.accepted("agent1")
    assert (await refusal(world.do("agent2", id, missing("text")))).fault is Fault.UNKNOWN
    assert (await refusal(world.do("agent1", id, missing("text")))).fault is Fault.MISSING
