"""Laws of the chain: whatever is altered in a row, its hash is another."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from tiaowen.review.store.records import About, Entry, canonical, content_hash, row_hash
from tiaowen.review.store.rows import entry_of, packed, row_of, sound, unpacked

TEXTS = st.text(max_size=8)
MONEY = st.none() | st.integers(-(2**63), 2**63 - 1)
CODES = st.lists(st.sampled_from(["TW0503", "TW0504", "TW0516"]), max_size=2).map(tuple)
ABOUTS = st.builds(About, TEXTS, TEXTS, TEXTS, TEXTS, st.dates(date(2000, 1, 1)).map(str), TEXTS,
                   TEXTS, TEXTS, TEXTS, MONEY, MONEY, CODES)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
DECISIONS = st.dictionaries(st.text(), JSON, max_size=4)
NUMBERS = st.integers(1, 2**40)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)


def entry(number: int, previous: str, about: About, content: bytes) -> Entry:
    digest = content_hash(content)
    kept_at = "2024-03-20T10:15:00+00:00"
    identity = row_hash(number, previous, kept_at, digest, about)
    return Entry(number, identity, previous, kept_at, digest, about)


ENTRIES = st.builds(entry, NUMBERS, HASHES, ABOUTS, DECISIONS.map(canonical))


@given(NUMBERS, HASHES, ABOUTS, DECISIONS)
def test_a_row_gives_back_what_it_was_made_of(
    number: int, previous: str, about: About, decision: dict[str, Any]
) -> None:
    made = entry(number, previous, about, canonical(decision))
    row = row_of(made, packed(canonical(decision)))
    assert entry_of(row) == made
    assert sound(row).decision == decision
    assert unpacked(row["decision"]) == canonical(decision)


@given(ENTRIES, ABOUTS, st.sampled_from([a.name for a in About.__attrs_attrs__]))
def test_no_field_can_be_altered_unseen(made: Entry, other: About, name: str) -> None:
    assume(getattr(made.about, name) != getattr(other, name))
    about = evolve(made.about, **{name: getattr(other, name)})
    assert row_hash(made.number, made.previous, made.kept_at, made.content, about) != made.id


@given(ENTRIES, NUMBERS, HASHES)
def test_no_row_can_be_moved_unseen(made: Entry, number: int, previous: str) -> None:
    assume((number, previous) != (made.number, made.previous))
    assert row_hash(number, previous, made.kept_at, made.content, made.about) != made.id


@given(ABOUTS, st.sampled_from(["person", "encounter", "matter"]), st.text(min_size=1, max_size=3))
def test_words_do_not_run_into_the_next_field(about: About, name: str, more: str) -> None:
    """What is moved from the end of a field to the beginning of the next is seen."""
    fields = [a.name for a in About.__attrs_attrs__]
    after = fields[fields.index(name) + 1]
    assume(isinstance(getattr(about, after), str))
    longer = evolve(about, **{name: getattr(about, name) + more})
    moved = evolve(about, **{after: more + getattr(about, after)})
    at = (1, "0" * 64, "", "")
    assert row_hash(*at, longer) != row_hash(*at, moved)
