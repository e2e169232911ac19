"""Names of the ordered lists of the store, and of the spaces in which words are looked for (SPEC 5.4). Knows
nobody who stands in them.
"""

from typing import Final

INTERACTIONS: Final = "interactions"  # sessions, at the time they came
CONTACTS: Final = "contacts"
AUDIT: Final = "audit"
ALARMS: Final = "alarms"
TRANSCRIPT: Final = "transcript"  # a space: texts by session and index
CONTACT: Final = "contact"  # a space: contacts by id


def contact_list(contact: str) -> str:
    """The list of a customer's sessions."""
    return f"contact {contact}"


def agent_list(user: str) -> str:
    """The list of the sessions an agent was in."""
    return f"agent {user}"
