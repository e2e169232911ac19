"""One session on the desk: its resource, kept true by notifications, and the operations on it (SPEC 2, 3)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from smsdesk.client.calls import Calls
from smsdesk.client.resources import Message, Participant, messages

Json = Any


class Session:
    """A session as its user sees it. Every operation returns when the server has it on disk, and raises
    Refused when it does nothing, or Unreachable.

    What follows from an operation is told by events. The number that some operations return is repeated by
    the event that answers them.
    """

    def __init__(self, calls: Calls, resource: dict[str, Json]) -> None:
        self.resource = resource
        """The resource as a GET shows it."""
        self._calls = calls
        self._path = f"/me/smssessions/{quote(resource['id'], safe='')}"

    def __repr__(self) -> str:
        return f"<Session {self.id} {self.state}>"

    # -- what it is --------------------------------------------------------------------------------
    @property
    def id(self) -> str:
        """The id, as in paths."""
        return str(self.resource["id"])

    @property
    def state(self) -> str:
        """Invited, Chatting, LeftChat, Completed or Revoked."""
        return str(self.resource.get("state", ""))

    @property
    def capabilities(self) -> list[str]:
        """Names of the operations that are offered now."""
        return list(self.resource.get("capabilities", ()))

    @property
    def participants(self) -> list[Participant]:
        """Who is in it, the customer first."""
        return msgspec.convert(self.resource.get("participants", []), list[Participant])

    @property
    def user_data(self) -> dict[str, Json]:
        """The attached data."""
        return dict(self.resource.get("userData", {}))

    @property
    def customer_number(self) -> str:
        """The customer's number."""
        return str(self.resource.get("customerNumber", ""))

    @property
    def queue(self) -> str | None:
        """The queue it came through."""
        return self.resource.get("queue")

    async def transcript(self, start: int = 1, count: int = 0) -> list[Message]:
        """The entries from index `start` on, `count` of them or all (S§3.2)."""
        reply = await self._calls.call("GET", f"{self._path}/messages?startIndex={start}&count={count}")
        return messages(reply["messages"])

    # -- what can be done --------------------------------------------------------------------------
    async def operate(self, operation: str, **parameters: Json) -> int | None:
        """Any operation by its name, with its parameters as the API spells them; None is left out."""
        given = {name: value for name, value in parameters.items() if value is not None}
        reply = await self._calls.call("POST", self._path, {"operationName": operation, **given})
        number: int | None = reply.get("referenceId")
        return number

    async def accept(self, nickname: str | None = None) -> None:
        """Take the offer; `nickname` is what the customer sees."""
        await self.operate("Accept", nickname=nickname)

    async def reject(self) -> None:
        """Let somebody else have the offer."""
        await self.operate("Reject")

    async def send(self, text: str) -> None:
        """A text to the customer, of 1 to 10,000 characters."""
        await self.operate("SendMessage", text=text)

    async def send_url(self, url: str) -> None:
        """An http or https address to the customer."""
        await self.operate("SendUrl", url=url)

    async def send_to_agents(self, text: str) -> None:
        """A text that the other agents see, and not the customer."""
        await self.operate("SendToAgents", text=text)

    async def typing(self, on: bool = True) -> None:
        """Show, or no longer show, that something is being written."""
        await self.operate("SendStartTypingNotification" if on else "SendStopTypingNotification")

    async def attach(self, data: Mapping[str, Json]) -> None:
        """Write these keys of the attached data and leave the others."""
        await self.operate("AttachUserData", userData=dict(data))

    async def detach(self, *keys: str) -> None:
        """Remove these keys of the attached data."""
        await self.operate("DeleteUserData", keys=list(keys))

    async def set_disposition(self, code: str, key: str | None = None) -> None:
        """Say how it ended."""
        await self.operate("SetDisposition", disposition=code, dispositionKey=key)

    async def comment(self, text: str) -> None:
        """A remark that is kept with the session."""
        await self.operate("AddComment", comment=text)

    async def focus(self) -> None:
        """This is the session being worked on now."""
        await self.operate("SetInFocus")

    async def transfer(
        self, target: str | None = None, *, queue: str | None = None, text: str | None = None
    ) -> int | None:
        """Hand it over: to a `target` (path or uri of a user, contact or queue) or to a `queue` by its name.
        `text` goes to the customer first.
        """
        return await self.operate("Transfer", targetPath=target, queueName=queue, text=text)

    async def consult(self, target: str) -> int | None:
        """Ask a colleague in, whom the customer does not see. `target`: path or uri of a user or queue."""
        return await self.operate("Consult", targetPath=target)

    async def invite(self, target: str) -> int | None:
        """Ask a colleague in, whom everybody sees."""
        return await self.operate("Invite", targetPath=target)

    async def cancel(self) -> int | None:
        """Take back a transfer, consultation or invitation that nobody has answered."""
        return await self.operate("CancelConsult")

    async def leave(self) -> None:
        """Leave it to the others."""
        await self.operate("Leave")

    async def complete(self, *, queue: str | None = None) -> None:
        """End it for everybody; or give it to a `queue` instead."""
        await self.operate("Complete", queueName=queue)
