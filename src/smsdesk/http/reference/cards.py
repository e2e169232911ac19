"""One card for each operation and each other route: everything there is to say, ready to be shown. The page
`/docs` and the reference pages show nothing else.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from smsdesk.core.errors import Fault
from smsdesk.http.reference.catalogue import Entry, Permit, Refusal, refusals
from smsdesk.http.reference.examples import BASE, Example, example
from smsdesk.http.reference.parameters import Parameter, parameters, query
from smsdesk.http.reference.paths import Path
from smsdesk.http.reference.words import RouteWords, terms


class PermitRow(Struct, rename="camel"):
    """Who may: in this state, as this; `company` True: only with a second agent there."""

    state: str
    kind: str
    company: bool | None
    advertised: tuple[str, ...]


class RefusalRow(Struct, rename="camel"):
    """A way to fail."""

    name: str
    status_code: int
    http: int
    when: str


class Card(Struct, rename="camel", kw_only=True):
    """`title` is an operationName, or method and path; `addresses` are paths, with `method` in front."""

    title: str
    group: str
    method: str
    addresses: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    summary: str
    text: str
    extension: bool = False
    login: bool = True
    who: str = ""
    permits: list[PermitRow] = []
    parameters: list[Parameter] = []
    body: str = ""
    reply: str = ""
    refusals: list[RefusalRow] = []
    asker: list[str] = []
    others: list[str] = []
    example: Example | None = None


def operation_card(entry: Entry, aliases: Sequence[str], base: str = BASE) -> Card:
    """The card of an operation. `aliases`: other spellings of its proper address."""
    return Card(
        title=entry.name,
        group=entry.words.group,
        method="POST",
        addresses=entry.addresses,
        aliases=tuple(aliases),
        names=entry.aliases,
        summary=entry.words.summary,
        text=entry.words.text,
        extension=entry.words.extension,
        who=entry.common.who,
        permits=[_permit(permit) for permit in entry.permits],
        parameters=parameters(entry),
        reply=entry.reply,
        refusals=[_refusal(refusal) for refusal in entry.refusals],
        asker=entry.words.asker,
        others=entry.words.others,
        example=example(entry.name, base),
    )


def route_card(method: str, path: Path, words: RouteWords, base: str = BASE) -> Card:
    """The card of a route that is no operation."""
    title = f"{method} {path.template}"
    return Card(
        title=title,
        group=words.group,
        method=method,
        addresses=(path.template,),
        aliases=path.aliases,
        summary=words.summary,
        text=words.text,
        extension=words.extension,
        login=words.login,
        parameters=query(words),
        body=words.body,
        reply=words.reply,
        refusals=[_refusal(refusal) for refusal in refusals(words.errors)],
        example=example(title, base),
    )


def plain(card: Card) -> dict[str, Any]:
    """A card as JSON, parameters and permits with their names."""
    shown: dict[str, Any] = msgspec.to_builtins(card)
    shown["parameters"] = [parameter._asdict() for parameter in card.parameters]
    return shown


def _permit(permit: Permit) -> PermitRow:
    return PermitRow(permit.state, terms().kinds[permit.kind], permit.company, permit.advertised)


def _refusal(refusal: Refusal) -> RefusalRow:
    fault: Fault = refusal.fault
    return RefusalRow(fault.name, fault.code, fault.http, refusal.words)
