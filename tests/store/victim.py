"""A process that commits without end and says how far it came, until somebody kills it. Its store is never
closed.
"""

import asyncio
import sys
from pathlib import Path

from smsdesk.store import Change, Entry, Put, Row, Store
from smsdesk.store.postgres import PostgresStore
from smsdesk.store.sqlite import SqliteStore


def store(adapter: str, where: str) -> Store:
    """The store that the arguments name."""
    if adapter == "sqlite":
        return SqliteStore(Path(where), epoch="first", contact_center_id="centre", clock=lambda: 0)
    return PostgresStore(where, epoch="first", contact_center_id="centre")


async def work(mine: Store) -> None:
    """Each change has a document, an entry and a row; it is told only when it is kept."""
    await mine.open()
    for n in range(1, 100_000):
        number = b"%d" % n
        await mine.commit(
            [
                Change(
                    (Put("thing", "victim", n, number),),
                    (Entry("victim", n, number),),
                    (Row(n, ("u",), number),),
                )
            ]
        )
        print(n, flush=True)


if __name__ == "__main__":
    asyncio.run(work(store(*sys.argv[1:])))
