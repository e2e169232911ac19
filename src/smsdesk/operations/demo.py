"""The demo contact centre of SPEC 7.3: fixed names, used by the docs and the tests."""

from msgspec.structs import replace

from smsdesk.core.centre import Group, Queue, Role, ServiceNumber, Skill, User
from smsdesk.core.dispositions import ROOT, Disposition, DispositionGroup
from smsdesk.core.draft import Draft
from smsdesk.operations.demo_responses import provision_responses
from smsdesk.operations.login import Credential
from smsdesk.operations.provisioning.dispositions import new_group_id

PASSWORD = "demo"
DISPOSITIONS = ("resolved", "callback", "spam")
_SHOWN = {"resolved": "Resolved", "callback": "Call back", "spam": "Spam"}
SIMULATOR = "simulator"
_PEOPLE: tuple[tuple[str, str, tuple[Role, ...], dict[str, int]], ...] = (
    ("agent1", "Ann", ("ROLE_AGENT",), {"english": 9, "billing": 5}),
    ("agent2", "Ben", ("ROLE_AGENT",), {"english": 5, "spanish": 8}),
    ("agent3", "Cleo", ("ROLE_AGENT",), {"english": 3}),
    ("supervisor", "Sue", ("ROLE_SUPERVISOR",), {}),
    ("admin", "Ada", ("ROLE_ADMIN",), {}),
)


def provision_demo(draft: Draft, password_hash: str) -> None:
    """Put the demo contact centre there; what exists already stays as it is."""
    known = {skill.name for skill in draft.newest.all("skill")}
    for name in dict.fromkeys(name for *_, skills in _PEOPLE for name in skills):
        if name not in known:
            skill = Skill(draft.ids.user(), name)
            draft.put("skill", skill.id, skill)
    ids = {}
    for name, first_name, roles, skills in _PEOPLE:
        user = draft.centre.user_names.get(name)
        if user is None:
            user = User(
                draft.ids.user(), name, first_name, "Demo", roles=roles, skills=skills, employee_id=name
            )
            draft.put("user", user.id, user)
            draft.put("credential", user.id, Credential(user.id, password_hash))
        ids[name] = user.id
    if "Support" not in draft.centre.groups:
        members = (ids["agent1"], ids["agent2"], ids["agent3"])
        group = Group(draft.ids.user(), "Support", members, (ids["supervisor"],))
        draft.put("group", group.id, group)
    for name, target in (("Support", "Support"), ("Billing", "?:billing>3")):
        if name not in draft.centre.queues:
            queue = Queue(draft.ids.user(), name, target, dispositions=DISPOSITIONS)
            draft.put("queue", queue.id, queue)
    _provision_dispositions(draft)
    provision_responses(draft)
    for number, queue_name in (("+15550100", "Support"), ("+15550101", "Billing")):
        if number not in draft.centre.numbers:
            draft.put("number", number, ServiceNumber(number, queue_name, SIMULATOR))


def _provision_dispositions(draft: Draft) -> None:
    there = draft.centre.records.get("disposition", {}).values()
    if not draft.centre.records.get("dispositiongroup"):
        group = DispositionGroup(new_group_id(draft), ROOT)
        draft.put("dispositiongroup", group.id, group)
    for name, shown in _SHOWN.items():
        if name not in {disposition.name for disposition in there}:
            made = Disposition(draft.ids.user(), name, shown)
            draft.put("disposition", made.id, made)


def provision_number(draft: Draft, number: ServiceNumber) -> None:
    """A service number of the settings file is there, as the file says."""
    old = draft.get("number", number.number)
    if isinstance(old, ServiceNumber):  # what the file does not say stays
        number = replace(number, identify_create_contact=old.identify_create_contact)
    if old != number:
        draft.put("number", number.number, number)
