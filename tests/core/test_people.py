"""Users, groups, contacts and agents: the few things they can tell (SPEC 2.1, 3 Supervisor, C§1.10)."""

import pytest

from smsdesk.core.agent import AGENT_STATES, Agent, AgentState, Watch
from smsdesk.core.centre import Centre, Group, Queue, Role, ServiceNumber, User
from smsdesk.core.contact import Contact

ANN = User("a" * 32, "Ann1", "Ann")
SUE = User("5" * 32, "sue", roles=("ROLE_SUPERVISOR",))
SUPPORT = Group("g1", "Support", (ANN.id,), (SUE.id,))


def with_role(role: Role) -> User:
    return User("x" * 32, "x", roles=(role,))


def test_a_name_to_show() -> None:
    assert ANN.display_name == "Ann"
    assert SUE.display_name == "sue"


def test_everything_is_found_by_its_name() -> None:
    queue, number = Queue("q1", "Support", "Support"), ServiceNumber("+15550100", "Support", "simulator")
    lunch = AgentState("s1", "Lunch", "At lunch", "NotReady", reason="lunch")
    centre = Centre([ANN, SUE], [SUPPORT], [queue], [number], [lunch])
    assert centre.user_names["ann1"] is ANN  # user names are found in any case
    assert centre.users[SUE.id] is SUE
    assert (centre.queues["Support"], centre.queue_ids["q1"]) == (queue, queue)
    assert centre.numbers["+15550100"] is number
    assert list(centre.agent_states) == [state.operation for state in (*AGENT_STATES, lunch)]


@pytest.mark.parametrize(
    ("user", "may"),
    [
        (SUE, True),
        (User("6" * 32, "tim", roles=("ROLE_SUPERVISOR",)), False),
        (User(SUE.id, "sue", roles=("ROLE_AGENT",)), False),  # named by the group, but no supervisor
        (with_role("ROLE_ADMIN"), True),
        (with_role("ROLE_APIUSER"), True),
        (ANN, False),
    ],
)
def test_a_supervisor_watches_users_of_his_groups_only(user: User, may: bool) -> None:
    assert Centre([ANN, SUE], [SUPPORT]).watches(user, ANN.id) is may


def test_nobody_watches_a_user_outside_the_group() -> None:
    assert not Centre([ANN, SUE], [SUPPORT]).watches(SUE, "b" * 32)


def test_groups_of_a_user_are_those_he_belongs_to_or_watches() -> None:
    other = Group("g2", "Other")
    centre = Centre([ANN, SUE], [SUPPORT, other])
    assert centre.groups_of(ANN.id) == centre.groups_of(SUE.id) == [SUPPORT]
    assert centre.groups_of("nobody") == []


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("Ada", "King", "Ada King"), ("Ada", "", "Ada"), ("", "King", "King"), ("", "", None)],
)
def test_a_contact_has_the_name_that_is_known(first: str, last: str, name: str | None) -> None:
    assert Contact("c1", "+1", first, last).name == name


def test_an_agent_knows_whom_he_watches() -> None:
    watch = Watch("ann", "Coach")
    assert Agent("sue", watches=(watch,)).watch_of("ann") is watch
    assert Agent("sue", watches=(watch,)).watch_of("ben") is None


def test_a_new_agent_is_logged_out() -> None:
    assert not Agent("ann").logged_in
    assert Agent("ann", "NotReady").logged_in
