"""The JSON form gives back exactly what was written, and a decision file decides again."""

from __future__ import annotations

import datetime
import json
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve, fields, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.claim_strategies import claims
from tests.review.decided_scenes import SCENES, Scene, program

from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.reading import claim_data
from tiaowen.engine.decision import decide
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.history.data import history_data
from tiaowen.engine.replaying.replay import replay
from tiaowen.engine.telling import as_json as form
from tiaowen.engine.telling import explanation as x
from tiaowen.engine.telling.as_json import (
    decision_data,
    from_data,
    read_value,
    to_data,
    value_data,
)
from tiaowen.engine.telling.explain import explain

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.integers(), st.booleans(), st.text(), st.fractions(), st.dates(), st.datetimes(),
    st.lists(st.text()).map(tuple),
)  # fmt: skip


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data, ensure_ascii=False))


# --- values and records


@given(VALUES)
def test_a_value_comes_back_with_its_type(value: Value) -> None:
    again = read_value(through_json(value_data(value)), "")
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize(
    "data",
    [
        1.5,
        {"fraction": "1/0"},
        {"fraction": "x"},
        {"date": "2024-13-01"},
        {"date": 3},
        {"year": "2024"},
        {},
        [1],
    ],
)
def test_what_is_no_value_is_refused(data: Any) -> None:
    with pytest.raises(Rejected) as refused:
        read_value(data, "facts.a")
    assert [d.code for d in refused.value.diagnostics] == ["TW0618"]
    assert refused.value.diagnostics[0].place == "facts.a"


@pytest.mark.parametrize("name", SCENES)
def test_an_explanation_comes_back(name: str) -> None:
    made = SCENES[name]().explanation
    again = from_data(through_json(to_data(made)))
    assert again == made
    assert [type(s.value) for s in again.steps] == [type(s.value) for s in made.steps]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_explanation_comes_back(langfang: Program, data: st.DataObject) -> None:
    made = explain(decide(langfang, data.draw(claims(langfang, "住院"))), why_not=True)
    assert from_data(through_json(to_data(made))) == made


def test_every_field_has_a_form() -> None:
    records = [x.Term, x.Citation, x.Step, x.Skipped, x.StatementLine, x.RefusedItem, x.DutyNotice, x.UsedReading,
               x.UsedParameter, x.PolicyIdentity, x.Explanation]  # fmt: skip
    kinds = {str(attribute.type) for record in records for attribute in fields(record)}
    assert kinds <= set(form._WRITERS)
    assert set(form._WRITERS) == set(form._READERS)


def test_a_field_of_a_new_kind_fails_loudly() -> None:
    @frozen
    class New:
        when: complex = 1j

    with pytest.raises(KeyError):
        form._record_data(New(2j))


def test_numbers_are_written_plainly() -> None:
    data = to_data(SCENES["transfer"]().explanation)
    amounts = {line["name"]: line["value"] for line in data["statement"]}
    assert amounts["统筹支付"] == 634_526
    assert amounts["支付比例"] == {"fraction": "3/5"}
    assert amounts["定点编号费"] is None
    assert data["facts"]["入院时间"] == {"moment": "2024-03-11T10:30:00"}
    assert data["version"] == x.VERSION


@pytest.mark.parametrize(("change", "code"), [
    (lambda d: d.update(version=99), "TW0704"),
    (lambda d: d.pop("version"), "TW0704"),
    (lambda d: d.update(steps={}), "TW0618"),
    (lambda d: d["steps"].insert(0, 3), "TW0618"),
    (lambda d: d["steps"][0].update(value=None), "TW0618"),
    (lambda d: d["steps"][0].update(value=0.5), "TW0618"),
    (lambda d: d["steps"][0].update(id=7), "TW0618"),
    (lambda d: d["steps"][0].update(extra=1), "TW0603"),
    (lambda d: d["steps"][0].pop("term"), "TW0501"),
    (lambda d: d.update(facts=[]), "TW0618"),
    (lambda d: d["policy"].update(title=None), "TW0618"),
])  # fmt: skip
def test_what_is_not_of_the_form_is_refused(change: Any, code: str) -> None:
    data = through_json(to_data(SCENES["transfer"]().explanation))
    change(data)
    with pytest.raises(Rejected) as refused:
        from_data(data)
    assert [d.code for d in refused.value.diagnostics] == [code]


@pytest.mark.parametrize("data", [None, [], 3, "x", {}])
def test_other_data_is_refused(data: Any) -> None:
    with pytest.raises(Rejected):
        from_data(data)
    with pytest.raises(Rejected):
        replay(data, program())


# --- decision files


def file_of(scene: Scene) -> Any:
    decision = scene.decision
    return through_json(decision_data(
        scene.explanation, claim=claim_data(scene.claim, program()), history=history_data(scene.items, program()),
        readings=scene.readings, parameters=scene.parameters, problems=decision.problems))  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_a_decision_file_replays_to_the_same(name: str) -> None:
    found = replay(file_of(SCENES[name]()), program())
    assert found.identical
    assert found.difference is None
    assert (found.same_policy, found.same_engine) == (True, True)


def test_the_first_step_that_differs_is_named() -> None:
    data = file_of(SCENES["transfer"]())
    step = next(s for s in data["explanation"]["steps"] if s["quantity"] == "年度限额")
    step["value"] = 16_000_000
    found = replay(data, program())
    assert not found.identical
    assert found.difference is not None
    assert (found.difference.name, found.difference.step) == ("年度限额", step["id"])
    assert (found.difference.recorded, found.difference.replayed) == (16_000_000, 15_000_000)


def test_another_reading_is_a_difference() -> None:
    data = file_of(SCENES["transfer"]())
    data["readings"] = {"转院连续": "同日"}
    found = replay(data, program())
    assert not found.identical
    assert found.difference is not None


def test_changed_words_of_a_citation_are_a_difference() -> None:
    data = file_of(SCENES["transfer"]())
    step = next(s for s in data["explanation"]["steps"] if (s.get("citation") or {}).get("words"))
    step["citation"]["words"] += "。"
    found = replay(data, program())
    assert found.difference is not None
    assert found.difference.name == f"{step['quantity']} · citation"


def test_another_text_of_the_policy_is_told() -> None:
    scene = SCENES["parts"]()
    other = evolve(program(), identity=evolve(program().identity, digest="0" * 64))
    found = replay(file_of(scene), other)
    assert found.identical
    assert not found.same_policy


def test_another_engine_is_told() -> None:
    data = {**file_of(SCENES["parts"]()), "engine": "0.0.9"}
    found = replay(data, program())
    assert (found.identical, found.same_engine) == (True, False)


def test_a_missing_step_is_a_difference() -> None:
    data = deepcopy(file_of(SCENES["parts"]()))
    data["explanation"]["steps"].pop()
    found = replay(data, program())
    assert found.difference is not None
    assert found.difference.recorded is None


@pytest.mark.parametrize("value", [
    ParameterValue(200_000, source="a"),
    ParameterValue(None, (({"医院级别": "二级"}, Fraction(3, 4)), ({}, 5)), "b"),
    ParameterValue(datetime.date(2024, 1, 1)),
])  # fmt: skip
def test_a_parameter_comes_back(value: ParameterValue) -> None:
    assert form.read_parameter(through_json(form.parameter_data(value)), "") == value


@pytest.mark.parametrize(
    "data",
    [
        3,
        {"rows": 3},
        {"rows": [3]},
        {"rows": [{"keys": 3}]},
        {"rows": [{"keys": {}, "value": None}]},
    ],
)
def test_what_is_no_parameter_is_refused(data: Any) -> None:
    with pytest.raises(Rejected):
        form.read_parameter(data, "parameters.a")
