"""How texts become words: nothing of what people write may mean anything to a database."""

from hypothesis import given
from hypothesis import strategies as st

from smsdesk.store.words import fts5, marked, parted, split, tsquery, wanted


def test_words_are_letters_and_digits_each_once() -> None:
    assert split("Hello, hello WORLD! 2nd-hand _x_") == ["hello", "world", "2nd", "hand", "x"]
    assert split("Ängström ﬁne") == ["angstrom", "fine"]
    assert split("東京 tower 👍") == ["東", "京", "tower"]


@given(st.text())
def test_words_are_plain(text: str) -> None:
    for word in split(text):
        assert word.isalnum()
        assert len(word) <= 100
        assert split(word) == [word]


@given(st.text(), st.sampled_from(["transcript", "contact"]))
def test_what_is_looked_for_is_what_is_kept(text: str, space: str) -> None:
    kept = marked(space, text)
    assert [word for word, _ in wanted(space, [text])] == kept.split()
    other = "contact" if space == "transcript" else "transcript"
    assert not set(marked(other, text).split()) & set(kept.split())


@given(st.lists(st.text(max_size=5)))
def test_queries_hold_nothing_but_words_and_stars(words: list[str]) -> None:
    sought = wanted("transcript", words)
    assert (
        fts5(sought).replace('"', "").replace("*", "").split(" AND ") == [w for w, _ in sought] or not sought
    )
    assert (
        tsquery(sought).replace("'", "").replace(":*", "").split(" & ") == [w for w, _ in sought]
        or not sought
    )


def test_only_the_last_piece_of_a_word_goes_on() -> None:
    assert [goes_on for _, goes_on in wanted("s", ["a@b.c*", "d", "*"])] == [False, False, True, False]


def test_texts_without_words_are_told_apart() -> None:
    words, unworded = parted([("s", "a", 1, "Hello"), ("s", "b", 2, "?!")])
    assert [text[:3] for text in words] == [("s", "a", 1)]
    assert unworded == [("s", "b", 2)]
