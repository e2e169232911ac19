"""An agent over plain HTTP for the kill test: works without pause and keeps book of what was answered."""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
NO_ANSWER = (OSError, http.client.HTTPException)


@dataclass
class Book:
    """What one session must hold, as far as the server has said so (SPEC 1.4: 0 means committed)."""

    session: str
    customer: str
    sent: list[str] = field(default_factory=list)
    user_data: Json = field(default_factory=dict)
    open_text: str | None = None
    open_user_data: Json | None = None
    """The request under way when the connection was lost: it may have happened or not."""

    def settle(self, texts: list[str], user_data: Json) -> None:
        """After a restart: take over what became of the open request. AssertionError where it is neither."""
        if self.open_text is not None and self.open_text in texts:
            self.sent.append(self.open_text)
        if self.open_user_data is not None and user_data == self.open_user_data:
            self.user_data = self.open_user_data
        self.open_text = self.open_user_data = None
        assert user_data == self.user_data, f"userData of {self.customer} is not what was answered"


class Desk:
    """One agent; `answered` is called after every operation that was answered 0."""

    def __init__(self, port: int, user: str, seed: int, answered: Callable[[], None]) -> None:
        self.user = user
        self.books: dict[str, Book] = {}
        self._port = port
        self._random = random.Random(f"{user} {seed}")
        self._answered = answered
        self._count = 0
        self._connection: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """One request on the kept connection: HTTP status and body. One of NO_ANSWER where none came."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        credentials = base64.b64encode(f"{self.user}:demo".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        try:
            encoded = None if body is None else json.dumps(body).encode()
            self._connection.request(method, f"/api/v2{path}", encoded, headers)
            response = self._connection.getresponse()
            return response.status, json.loads(response.read())
        except NO_ANSWER:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def do(self, path: str, operation: str, **parameters: Any) -> None:
        """An operation that must be answered 0, or not at all."""
        status, body = self.request("POST", path, {"operationName": operation, **parameters})
        assert (status, body) == (200, {"statusCode": 0}), f"{self.user}: {operation} got {status} {body}"
        self._answered()

    def sessions(self) -> list[Json]:
        status, body = self.request("GET", "/me/smssessions?fields=*")
        assert status == 200, body
        found: list[Json] = body["smssessions"]
        return found

    def messages(self, session: str) -> list[Json]:
        status, body = self.request("GET", f"/me/smssessions/{session}/messages")
        assert status == 200, body
        found: list[Json] = body["messages"]
        return found

    def accept_offers(self) -> None:
        """Accept whatever is offered now and open a book for it."""
        for session in self.sessions():
            if session["state"] == "Invited":
                self.do(f"/me/smssessions/{session['id']}", "Accept", nickname=self.user)
                book = Book(session["id"], session["customerNumber"])
                self.books[session["id"]] = book

    def work_until_lost(self) -> None:
        """One random operation after another on the sessions in turn, until no answer comes any more."""
        try:
            while True:
                for book in self.books.values():
                    self._work(book)
        except NO_ANSWER:
            return

    def _work(self, book: Book) -> None:
        self._count += 1
        path, name = f"/me/smssessions/{book.session}", f"{self.user}-{self._count}"
        kind = self._random.choice(["send", "send", "attach", "update", "delete"])
        if kind == "send" or not book.user_data:
            book.open_text = f"from {name}"
            self.do(path, "SendMessage", text=book.open_text)
            book.sent.append(book.open_text)
            book.open_text = None
            self._change(book, path, "AttachUserData", {f"last-{self.user}": name})
        elif kind == "attach":
            self._change(book, path, "AttachUserData", {f"key-{name}": self._count})
        elif kind == "update":
            self._change(book, path, "UpdateUserData", {self._random.choice(list(book.user_data)): name})
        else:
            self._delete(book, path, self._random.choice(list(book.user_data)))

    def _change(self, book: Book, path: str, operation: str, user_data: Json) -> None:
        book.open_user_data = book.user_data | user_data
        self.do(path, operation, userData=user_data)
        book.user_data, book.open_user_data = book.open_user_data, None

    def _delete(self, book: Book, path: str, key: str) -> None:
        book.open_user_data = {name: value for name, value in book.user_data.items() if name != key}
        self.do(path, "DeleteUserData", keys=[key])
        book.user_data, book.open_user_data = book.open_user_data, None


class Answers:
    """Counts answers over all desks and tells when a number is reached."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def up(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_for_more(self, more: int, seconds: float = 30.0) -> None:
        """Until so many further answers have come."""
        with self._changed:
            goal = self._count + more
            reached = self._changed.wait_for(lambda: self._count >= goal, seconds)
        assert reached, f"{more} answers did not come within {seconds} s"
