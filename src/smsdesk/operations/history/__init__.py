"""Operations on the history: retrieving it, and writing into it (A§1.3, A§1.4)."""

from smsdesk.operations.history.criteria import Retrieve
from smsdesk.operations.history.get_interaction_content import GetInteractionContent
from smsdesk.operations.history.note import Note
from smsdesk.operations.history.retrieve_agent_history import RetrieveAgentHistory
from smsdesk.operations.history.retrieve_contact_history import RetrieveContactHistory
from smsdesk.operations.history.retrieve_interaction_history import RetrieveInteractionHistory
from smsdesk.operations.history.set_call_contact import SetCallContact
from smsdesk.operations.history.set_call_note import SetCallNote

HOUSE: tuple[type[Retrieve], ...] = (RetrieveInteractionHistory, RetrieveAgentHistory)
CONTACT: tuple[type[Retrieve], ...] = (RetrieveContactHistory,)
INTERACTION: tuple[type[GetInteractionContent | Note], ...] = (
    GetInteractionContent,
    SetCallNote,
    SetCallContact,
)
