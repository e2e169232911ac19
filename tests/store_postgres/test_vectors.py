"""The whole application on PostgreSQL: vectors of every kind of change, as they pass on SQLite."""

import asyncio

import pytest

from smsdesk.store.postgres import PostgresStore
from tests.vectors.test_vectors import CASES, play

NAMES = (
    "delete_user_data: one key is deleted",
    "attach_user_data: a large integer keeps its digits",
    "attach_user_data: a value with a NUL character",
    "accept: full shape, whole transcript, userData unchanged",
    "accept: transfer target accepts",
    "accept: watched agent accepts, supervisor joins in Coach mode",
    "complete: complete into a queue",
    "consult: through a queue",
    "end_contact_center_session: an offer on the desk goes to the next agent",
    "inbound_message: a carrier id seen before is dropped",
    "inbound_message: a NUL character becomes U+FFFD",
    "leave: twice with one Idempotency-Key: the second is no refusal [ext]",
    "offer: with the keys of the router",
    "remove_participant_from_conference: by targetUri: both sides",
    "revoked: not answered: the next agent is asked",
    "send_message: the phone receives it once",
    "set_disposition: without a key: the configured one",
)


@pytest.mark.parametrize("name", [n for n in CASES if n in NAMES or n.replace("refused: ", "") in NAMES])
def test_vector(name: str, database: str) -> None:
    async def run() -> list[str]:
        store = PostgresStore(database, epoch="test", contact_center_id="centre")
        return await play(CASES[name], store)

    assert asyncio.run(run()) == []


def test_every_name_is_a_vector() -> None:
    known = {name.replace("refused: ", "") for name in CASES} | set(CASES)
    assert set(NAMES) - known == set()
