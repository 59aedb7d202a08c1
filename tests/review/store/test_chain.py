"""A store gives back what was kept, finds it, and shows every alteration."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy.exc import DBAPIError
from tests.review.store.conftest import decision, new_database, run

from tiaowen.dsl.diagnostics import Rejected
from tiaowen.review.store import Break, Head, Query, Verification, open_store, read_head, verify
from tiaowen.review.store.records import FIRST, canonical, row_hash

ROWS = "tiaowen_decisions"


def kept(url: str, count: int = 5) -> Head:
    """A store of ``count`` decisions, and its head."""
    with open_store(url, create=True) as store:
        store.append_many(decision(f"P{n}", f"E{n}", f"2024-03-{n + 20}") for n in range(count))
        return store.head()


def unguarded(url: str) -> list[str]:
    """What takes the triggers away."""
    if url.startswith("sqlite"):
        return [f"DROP TRIGGER tiaowen_{t}_{e}" for t in ("decisions", "heads")
                for e in ("update", "delete")]  # fmt: skip
    return [f"ALTER TABLE tiaowen_{t} DISABLE TRIGGER USER" for t in ("decisions", "heads")]


def verified(url: str, anchor: Head | None = None) -> Verification:
    with open_store(url) as store:
        return verify(store, anchor)


def faults(url: str, *statements: str, anchor: Head | None = None) -> list[Break]:
    """What is found after ``statements``, apart from the triggers that had to go first."""
    run(url, *unguarded(url), *statements)
    found = list(verified(url, anchor).breaks)
    assert Break(0, "guards") in found
    return [b for b in found if b.fault != "guards"]


class TestKeeping:
    def test_what_was_kept_is_given_back(self, url: str) -> None:
        with open_store(url, create=True) as store:
            entry = store.append(decision())
            assert store.get(entry.id).decision == decision()
            assert store.get(entry.id[:8].upper()).entry == entry
            assert store.get("1").entry == entry
        with open_store(url) as again:
            assert again.find() == (entry,)

    def test_a_row_says_what_it_is_about(self, url: str) -> None:
        with open_store(url, create=True) as store:
            about = store.append(decision("P7", "E7", "2024-03-20 10:15")).about
        data = decision()
        assert (about.person, about.encounter, about.day) == ("P7", "E7", "2024-03-20")
        assert (about.matter, about.settlement) == ("住院", "ST20240320000233")
        assert about.digest == data["policy"]["digest"]
        statement = {n["code"]: n.get("value") for n in data["explanation"]["statement"]}
        assert about.fund == statement["hifp_pay"] + (statement["hifmi_pay"] or 0)
        assert about.own == statement["psn_part_amt"]

    def test_each_row_holds_the_hash_before(self, url: str) -> None:
        kept(url)
        with open_store(url) as store:
            entries = store.find()
        before = FIRST
        for number, entry in enumerate(entries, 1):
            assert (entry.number, entry.previous) == (number, before)
            assert entry.id == row_hash(number, before, entry.kept_at, entry.content, entry.about)
            before = entry.id
        assert verified(url) == Verification(5, Head(5, before), ())

    def test_several_are_kept_together_or_not_at_all(self, url: str) -> None:
        head = kept(url)
        with open_store(url) as store:
            with pytest.raises(Rejected):
                store.append_many([decision(), {"format": "something else"}])
            assert store.head() == head
            assert store.append_many([]) == ()

    @pytest.mark.parametrize("name", ["a\x00b", "\ud800", "𠮷", "'; DROP TABLE x; --"])
    def test_any_text_is_kept(self, name: str, url: str) -> None:
        data = decision(name)
        with open_store(url, create=True) as store:
            entry = store.append(data)
            assert store.get(entry.id).decision == data
            assert store.find(Query(person=entry.about.person)) == (entry,)

    def test_the_spelling_that_is_hashed(self) -> None:
        assert canonical({"乙": [1, True, None], "a": "é"}) == (
            b'{"\\u4e59":[1,true,null],"a":"\\u00e9"}'
        )

    def test_the_order_of_fields_is_kept(self, url: str) -> None:
        data = decision()
        with open_store(url, create=True) as store:
            assert list(store.get(store.append(data).id).decision) == list(data)


class TestFinding:
    FOUND: ClassVar = [
        (Query(), [1, 2, 3, 4, 5]),
        (Query(person="P2"), [3]),
        (Query(encounter="E4"), [5]),
        (Query(person="P2", encounter="E4"), []),
        (Query(since="2024-03-22"), [3, 4, 5]),
        (Query(until="2024-03-22"), [1, 2, 3]),
        (Query(since="2024-03-21", until="2024-03-21"), [2]),
        (Query(policy="居民基本医疗保险"), [1, 2, 3, 4, 5]),
        (Query(policy="%"), []),
        (Query(matter="住院"), [1, 2, 3, 4, 5]),
        (Query(matter="住"), []),
    ]

    def test_by(self, url: str) -> None:
        kept(url)
        with open_store(url) as store:
            for query, numbers in self.FOUND:
                assert [entry.number for entry in store.find(query)] == numbers, query
                assert [s.entry.number for s in store.decisions(query)] == numbers, query

    def test_by_digest(self, url: str) -> None:
        kept(url)
        digest = decision()["policy"]["digest"]
        with open_store(url) as store:
            assert len(store.find(Query(policy=digest[:12]))) == 5


class TestAppendOnly:
    @pytest.mark.parametrize("statement", [
        f"UPDATE {ROWS} SET person = 'X'", f"DELETE FROM {ROWS}", "DELETE FROM tiaowen_heads",
        "UPDATE tiaowen_heads SET hash = ''", "UPDATE tiaowen_schema SET version = 0",
    ])  # fmt: skip
    def test_the_database_refuses(self, statement: str, url: str) -> None:
        kept(url)
        with pytest.raises(DBAPIError, match="append-only"):
            run(url, statement)
        assert verified(url).whole

    def test_truncating_is_refused(self, postgres: str) -> None:
        url = new_database(postgres)
        kept(url)
        with pytest.raises(DBAPIError, match="append-only"):
            run(url, f"TRUNCATE {ROWS}")


class TestTampering:
    def test_what_a_row_says(self, url: str) -> None:
        kept(url)
        assert faults(url, f"UPDATE {ROWS} SET fund = 1 WHERE number = 3") == [Break(3, "entry")]

    def test_the_decision_itself(self, url: str) -> None:
        kept(url)
        other = f"(SELECT decision FROM {ROWS} WHERE number = 1)"
        assert faults(url, f"UPDATE {ROWS} SET decision = {other} WHERE number = 3") == [
            Break(3, "content")
        ]

    def test_a_row_forged_with_its_hashes(self, url: str) -> None:
        kept(url)
        with open_store(url) as store:
            entry = store.find()[2]
        forged = row_hash(
            3, entry.previous, "2020-01-01T00:00:00+00:00", entry.content, entry.about
        )
        found = faults(url, f"UPDATE {ROWS} SET kept_at = '2020-01-01T00:00:00+00:00', "
                            f"hash = '{forged}' WHERE number = 3")  # fmt: skip
        assert found == [Break(4, "link")]

    def test_a_row_taken_out(self, url: str) -> None:
        kept(url)
        assert Break(3, "missing") in faults(url, f"DELETE FROM {ROWS} WHERE number = 3")

    def test_two_rows_exchanged(self, url: str) -> None:
        kept(url)
        found = faults(url, f"UPDATE {ROWS} SET number = 99 WHERE number = 2",
                       f"UPDATE {ROWS} SET number = 2 WHERE number = 3",
                       f"UPDATE {ROWS} SET number = 3 WHERE number = 99")  # fmt: skip
        assert {b.number for b in found} >= {2, 3}

    def test_the_last_rows_cut_off(self, url: str) -> None:
        kept(url)
        assert faults(url, f"DELETE FROM {ROWS} WHERE number > 3") == [Break(5, "tail")]

    def test_cut_off_with_its_record_a_noted_head_shows_it(self, url: str) -> None:
        head = kept(url)
        cut = [f"DELETE FROM {t} WHERE number > 3" for t in (ROWS, "tiaowen_heads")]
        assert faults(url, *cut, anchor=head) == [Break(5, "anchor")]

    def test_a_whole_new_store_is_not_the_noted_one(self, url: str) -> None:
        kept(url)
        other = Head(5, "ab" * 32)
        assert verified(url, other).breaks == (Break(5, "anchor"),)

    def test_a_noted_head_still_holds_after_more(self, url: str) -> None:
        head = kept(url)
        with open_store(url) as store:
            store.append(decision())
        assert verified(url, head).whole
        assert verified(url, read_head(str(head))).whole

    def test_an_altered_decision_is_not_given_out(self, url: str) -> None:
        kept(url)
        run(url, *unguarded(url), f"UPDATE {ROWS} SET own = 0 WHERE number = 2")
        with open_store(url) as store:
            assert [code(lambda: store.get("2")), store.get("1").entry.number] == ["TW1207", 1]

    def test_a_column_of_another_kind(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/store.db"
        kept(url)
        found = faults(url, f"UPDATE {ROWS} SET fund = x'00', problems = x'ff' WHERE number = 2")
        assert found == [Break(2, "entry")]
        with open_store(url) as store:
            assert code(store.find) == "TW1207"


def code(action: Callable[[], Any]) -> str:
    """The code that ``action`` is refused with."""
    with pytest.raises(Rejected) as caught:
        action()
    return caught.value.diagnostics[0].code


class TestRefused:
    def test_ids(self, url: str) -> None:
        kept(url)
        with open_store(url) as store:
            for wanted in ("", "6", "zzzz", "%", "0" * 64, store.find()[0].id[:3]):
                assert code(lambda wanted=wanted: store.get(wanted)) == "TW1208"  # type: ignore[misc]

    @pytest.mark.parametrize("text", ["", "12", "12:", "a:" + "0" * 64, "1:" + "g" * 64])
    def test_heads(self, text: str) -> None:
        assert code(lambda: read_head(text)) == "TW1210"

    def test_a_newer_version(self, url: str) -> None:
        kept(url)
        run(url, "INSERT INTO tiaowen_schema VALUES (2, '2030-01-01')")
        assert code(lambda: open_store(url)) == "TW1206"
        assert code(lambda: open_store(url, create=True)) == "TW1206"

    def test_no_store_is_made_by_reading(self, url: str, tmp_path: Path) -> None:
        assert code(lambda: open_store(url)) == "TW1203"
        assert not list(tmp_path.glob("*.db"))

    @pytest.mark.parametrize(
        "named", ["mysql://x/y", "sqlite://", "sqlite:///", "http://x", "", ":memory:"]
    )
    def test_no_place(self, named: str) -> None:
        assert code(lambda: open_store(named, create=True)) == "TW1201"

    def test_another_file(self, tmp_path: Path) -> None:
        file = tmp_path / "claim.json"
        file.write_text(json.dumps({"a": 1}) * 200, encoding="utf-8")
        assert code(lambda: open_store(str(file))) == "TW1205"
        assert code(lambda: open_store(str(file), create=True)) == "TW1205"

    def test_another_database(self, tmp_path: Path) -> None:
        file = tmp_path / "other.db"
        sqlite3.connect(file).executescript("CREATE TABLE other (a)")
        assert code(lambda: open_store(str(file))) == "TW1203"

    def test_a_damaged_table(self, tmp_path: Path) -> None:
        file = tmp_path / "store.db"
        kept(str(file))
        sqlite3.connect(file).executescript("ALTER TABLE tiaowen_decisions DROP COLUMN fund")
        with open_store(str(file)) as store:
            assert code(store.find) == "TW1205"

    @pytest.mark.parametrize("name", ["a?b#c%20d.db", "结算 库.db"])
    def test_any_file_name(self, name: str, tmp_path: Path) -> None:
        for named in (str(tmp_path / name), f"sqlite:///{tmp_path}/x{name}"):
            assert kept(named, 1).number == 1
        assert {p.name for p in tmp_path.iterdir()} == {name, f"x{name}"}

    def test_a_folder(self, tmp_path: Path) -> None:
        assert code(lambda: open_store(str(tmp_path), create=True)) == "TW1211"

    def test_no_server(self) -> None:
        nowhere = "postgresql://u:secret@127.0.0.1:1/x"
        with pytest.raises(Rejected) as caught:
            open_store(nowhere)
        [problem] = caught.value.diagnostics
        assert problem.code == "TW1211"
        assert "secret" not in str(problem.args)

    @pytest.mark.parametrize(
        ("module", "extra"), [("sqlalchemy", "store"), ("psycopg", "postgres")]
    )
    def test_without_the_extra(
        self, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(Rejected) as caught:
            open_store("postgresql://localhost/x")
        [problem] = caught.value.diagnostics
        assert (problem.code, problem.args["extra"]) == ("TW0703", extra)
