"""What people ask for, by operationName: parameters that make sense, and some that do not."""

from typing import Any

from hypothesis import strategies as st

from tests.core.permits import ROWS, advertised

Parameters = dict[str, Any]
PEOPLE = ("agent1", "agent2", "agent3", "supervisor")
TARGETS = (*(f"user:{name}" for name in PEOPLE), "queue:Support", "queue:Billing", "user:nobody")

words = st.sampled_from(["hello", "grüße 😀", "x" * 200])
nothing = st.just(Parameters())
text = st.fixed_dictionaries({"text": words})
notice = st.fixed_dictionaries({"noticeText": words})
keys = st.sampled_from(["a", "b", "RTargetAgentGroup", "ContactId", "DispositionCode"])
data = st.dictionaries(keys, st.sampled_from([None, True, 1, "x", {"k": "v"}]), max_size=2)
target = st.fixed_dictionaries({"targetUri": st.sampled_from(TARGETS)})
queue = st.fixed_dictionaries({"queueName": st.sampled_from(["Support", "Billing", "Nowhere"])})

PARAMETERS: dict[str, st.SearchStrategy[Parameters]] = {
    "Accept": st.fixed_dictionaries({}, optional={"nickname": st.just("Nick"), "saveLAR": st.booleans()}),
    "Reject": nothing,
    "Complete": nothing | queue,
    "Leave": nothing,
    "LeaveAndComplete": nothing,
    "SendMessage": text,
    "SendUrl": st.just({"url": "https://example.org/a"}),
    "SendStartTypingNotification": nothing,
    "SendStopTypingNotification": nothing,
    "SendCustomNotice": notice,
    "SendToAgents": text,
    "SendStartTypingToAgentsNotification": nothing,
    "SendStopTypingToAgentsNotification": nothing,
    "SendCustomNoticeToAgents": notice,
    "Consult": target,
    "CancelConsult": nothing,
    "Invite": target,
    "Transfer": st.builds(lambda to, said: to | said, target | queue, nothing | text),
    "RemoveParticipantFromConference": target,
    "AttachUserData": st.fixed_dictionaries({"userData": data}),
    "UpdateUserData": st.fixed_dictionaries({"userData": data}),
    "DeleteUserData": st.fixed_dictionaries({"keys": st.lists(keys, max_size=2)}),
    "SetDisposition": st.fixed_dictionaries({"disposition": st.sampled_from(["resolved", "spam", "none"])}),
    "AddComment": st.fixed_dictionaries({"comment": words}),
    "SetInFocus": nothing,
    "SwitchToMonitor": nothing,
    "SwitchToCoach": nothing,
    "SwitchToBargeIn": nothing,
}
SILENT = [name for name in PARAMETERS if not any(name in advertised(row) for row in ROWS)]
# So much likelier than others, because much follows from them.
OFTEN = {"Accept": 9, "Consult": 4, "Invite": 4, "Transfer": 3, "SendToAgents": 2}
# Never refused where they are advertised: no circumstance of the business is in the way.
CERTAIN = {
    *("Accept", "Reject", "Leave", "AttachUserData", "UpdateUserData", "DeleteUserData", "SetInFocus"),
    *("SendToAgents", "SendStartTypingNotification", "SendStopTypingNotification"),
    *("SendStartTypingToAgentsNotification", "SendStopTypingToAgentsNotification"),
    *("SwitchToMonitor", "SwitchToCoach", "SwitchToBargeIn"),
}
