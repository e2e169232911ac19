"""Reads the SQL of a store from its files: the named queries, the numbered migrations. Knows no database."""

import re
from importlib.resources import files
from pathlib import PurePath
from typing import Final

from msgspec import Struct

from smsdesk.store import StoreTooNew

_HEAD: Final = re.compile(r"^-- name: (\w+)\(([\w, ]*)\)\n", re.MULTILINE)
_PARAMETER: Final = re.compile(r"(?<![:\w]):([a-z_]+)")
_OLDEST: Final = re.compile(r"^-- oldest program: (\d+)$", re.MULTILINE)


class Query(Struct, frozen=True):
    """One statement: what it is for, the names of its parameters in order, and the text a driver takes."""

    description: str
    parameters: tuple[str, ...]
    sql: str


class Migration(Struct, frozen=True):
    """One step forward. `oldest` is the number of the oldest program that still understands the store after
    it.
    """

    number: int
    oldest: int
    sql: str


def read_queries(text: str, mark: str) -> dict[str, Query]:
    """Queries by name from `-- name: x(a, b)`, description, SQL with `:a`. `mark` is the driver's sign: `?`
    gives ?1, `$` gives $1.

    Raises ValueError for a name that stands twice, a query without a description, or a parameter that is not
    in its list.
    """
    parts = _HEAD.split(text)[1:]
    found: dict[str, Query] = {}
    for name, names, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if name in found:
            raise ValueError(f"the query {name} stands twice")
        found[name] = _query(name, tuple(n.strip() for n in names.split(",") if n.strip()), body, mark)
    return found


def _query(name: str, parameters: tuple[str, ...], body: str, mark: str) -> Query:
    comment, newline, sql = body.partition("\n")
    if not comment.startswith("-- ") or not newline:
        raise ValueError(f"the query {name} has no description")

    def number(match: re.Match[str]) -> str:
        return f"{mark}{parameters.index(match[1]) + 1}"

    if set(_PARAMETER.findall(sql)) != set(parameters):
        raise ValueError(f"the query {name} does not use just the parameters {parameters}")
    return Query(
        comment.removeprefix("-- "), parameters, _PARAMETER.sub(number, sql).strip().removesuffix(";")
    )


def queries(dialect: str, mark: str) -> dict[str, str]:
    """The SQL of every query of a dialect (`sqlite`, `postgres`), by name."""
    text = files("smsdesk.store").joinpath(f"queries.{dialect}.sql").read_text("utf-8")
    return {name: query.sql for name, query in read_queries(text, mark).items()}


def migrations(dialect: str) -> tuple[Migration, ...]:
    """The migrations of a dialect in order. Their numbers must run from 1 without a gap (ValueError)."""
    folder = files("smsdesk.store").joinpath("schema", dialect)
    scripts = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    steps = sorted(
        (_migration(file.name, file.read_text("utf-8")) for file in scripts), key=lambda m: m.number
    )
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"the migrations of {dialect} have a gap")
    return tuple(steps)


def _migration(name: str, sql: str) -> Migration:
    oldest = _OLDEST.search(sql)
    if oldest is None:
        raise ValueError(f"{name} does not say which is the oldest program that may use its result")
    return Migration(int(PurePath(name).name.split("_")[0]), int(oldest[1]), sql)


def pending(steps: tuple[Migration, ...], schema: int, oldest: int) -> tuple[Migration, ...]:
    """What is still to be applied to a store with this schema. Raises StoreTooNew (SPEC 8.8)."""
    known = steps[-1].number
    if oldest > known:
        raise StoreTooNew(
            f"the store has schema {schema}, which needs a program that knows schema {oldest} or later;"
            f" this program knows schema {known}. Start the newer program again, or restore a backup made"
            " before the newer one was first started."
        )
    return steps[schema:]
