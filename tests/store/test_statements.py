"""Queries and migrations in files (house rule 9): both dialects say the same, and mistakes in a file are
told.
"""

import pytest

from smsdesk.store import StoreTooNew
from smsdesk.store.statements import Migration, migrations, pending, queries, read_queries

ONE_DIALECT_ONLY = {
    "advance_document",  # SQLite would touch every index; PostgreSQL sees by itself that none has changed
    "free_leases",  # whoever has SQLite's data lock is alone
    "put_text",  # SQLite keeps the words themselves in a table of their own
    "remove_text",
    "erase_texts",
    "settle_session",
    "lock_schema",
    "read_outcome",
    "notify",
    "listen",
}


def test_both_dialects_have_the_same_queries() -> None:
    sqlite, postgres = set(queries("sqlite", "?")), set(queries("postgres", "$"))
    assert sqlite ^ postgres == ONE_DIALECT_ONLY


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_both_dialects_have_the_same_migrations(dialect: str) -> None:
    here = [(step.number, step.oldest) for step in migrations(dialect)]
    assert here == [(step.number, step.oldest) for step in migrations("sqlite")]
    assert [number for number, _ in here] == list(range(1, len(here) + 1))


def test_a_query_has_a_name_a_description_and_numbered_parameters() -> None:
    text = "-- About the file.\n\n-- name: find_it(id, kind)\n-- Finds it.\nSELECT :kind::text, :id, :kind;\n"
    found = read_queries(text, "$")
    assert list(found) == ["find_it"]
    assert found["find_it"].description == "Finds it."
    assert found["find_it"].parameters == ("id", "kind")
    assert found["find_it"].sql == "SELECT $2::text, $1, $2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-- name: a()\n-- Once.\nSELECT 1;\n-- name: a()\n-- Twice.\nSELECT 1;\n", "a stands twice"),
        ("-- name: a()\nSELECT 1;\n", "a has no description"),
        ("-- name: a(id)\n-- Unused.\nSELECT 1;\n", "a does not use just the parameters"),
        ("-- name: a()\n-- Unknown.\nSELECT :id;\n", "a does not use just the parameters"),
    ],
)
def test_mistakes_in_a_file_are_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_queries(text, "?")


STEPS = (Migration(1, 1, "one"), Migration(2, 1, "two"), Migration(3, 3, "three"))


@pytest.mark.parametrize(
    ("schema", "oldest", "expected"), [(0, 0, [1, 2, 3]), (1, 1, [2, 3]), (3, 3, []), (9, 3, [])]
)
def test_what_is_missing_is_applied(schema: int, oldest: int, expected: list[int]) -> None:
    assert [step.number for step in pending(STEPS, schema, oldest)] == expected


def test_a_store_too_new_is_refused_with_what_to_do() -> None:
    """SPEC 8.8."""
    with pytest.raises(StoreTooNew) as refusal:
        pending(STEPS, 9, 4)
    assert str(refusal.value) == (
        "the store has schema 9, which needs a program that knows schema 4 or later;"
        " this program knows schema 3. Start the newer program again, or restore a backup made before"
        " the newer one was first started."
    )
