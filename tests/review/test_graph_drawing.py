"""A policy's dependency graph as a picture: what it shows, and where."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiaowen.apps.files import load
from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.reading import read_claim
from tiaowen.review.graph_drawing import FORMATS, Drawing, Trace, draw, render, trace
from tiaowen.review.graph_drawing.faces import face_of, width_of
from tiaowen.review.graph_drawing.layout import Layout, Rect, laid_out
from tiaowen.review.graph_drawing.model import Box, Cluster
from tiaowen.review.graph_drawing.placing import pooled
from tiaowen.review.graph_drawing.ranking import forward, ranked

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "graph"
LANGFANG = ROOT / "policies" / "langfang" / "resident-2024-draft.md"
SMALL = GOLDEN / "small.md"
ENDINGS = {"mermaid": "mmd", "dot": "dot", "svg": "svg", "json": "json"}

STAY: Mapping[str, Any] = {
    "人员编号": "1", "人员类别": "1101", "参保地": "131000", "出生日期": "1980-01-01", "就诊ID": "a",
    "医疗类别": "普通住院", "医院等级": "二级甲等", "入院时间": "2024-03-01 08:00:00",
    "出院时间": "2024-03-05 08:00:00", "甲类费用": "1000", "乙类费用": "500",
}  # fmt: skip


@cache
def program(path: Path) -> Program:
    return load(path).demand()


@cache
def langfang(level: str = "quantity") -> Drawing:
    return draw(program(LANGFANG), ["住院"], level=level)  # type: ignore[arg-type]


def places(cluster: Cluster) -> Layout:
    return laid_out(cluster, {box.id: face_of(box, "zh") for box in cluster.boxes})


def traced() -> Trace:
    from tiaowen.engine.frames import ParameterValue

    small = program(SMALL)
    claim = read_claim(dict(STAY), small)
    return trace(small, claim, parameters={"住院起付": ParameterValue(40_000)})


# --- golden


@pytest.mark.parametrize("form", FORMATS)
def test_golden(form: str) -> None:
    text = render(draw(program(SMALL), ["住院"]), form)
    assert text == render(draw(load(SMALL).demand(), ["住院"]), form), (
        "the same program, the same bytes"
    )
    golden = GOLDEN / f"small.{ENDINGS[form]}"
    assert text == golden.read_text("utf-8"), (
        f"{golden.name}: if the change is meant, write it anew"
    )


# --- what is shown


def test_a_box_holds_definition_and_amendments_with_their_articles() -> None:
    (cluster,) = draw(program(SMALL), ["住院"]).clusters
    box = next(b for b in cluster.boxes if b.id == "住院/起付线")
    assert [(r.kind, r.short, r.article) for r in box.rows] == [
        ("define", "起付标准", "第二条"),
        ("amend", "乘 50% 当 本年次数(住院) ≥ 1 且 次数口径 = 各院", "第二条"),
    ]
    sources = {e.source for e in cluster.edges if e.target == box.id}
    assert sources == {
        "住院/起付标准",
        "住院/reading:次数口径",
        "住院/history:本年次数(住院)",
        "住院/年度",
    }


def test_by_state_every_node_is_a_box_and_the_graph_has_no_circle() -> None:
    import networkx as nx

    (cluster,) = langfang("state").clusters
    shown = {b.id for b in cluster.boxes if b.kind == "quantity"}
    inlined = {
        b.rows[0].id.rpartition("/")[0] for b in cluster.boxes if b.kind == "output" and b.rows
    }
    assert shown | inlined == {i for i, n in program(LANGFANG).nodes.items() if n.matter == "住院"}
    assert nx.is_directed_acyclic_graph(nx.DiGraph((e.source, e.target) for e in cluster.edges))


def test_every_result_stands_at_the_right_in_statement_order() -> None:
    (cluster,) = langfang().clusters
    matter = program(LANGFANG).matters["住院"]
    rects = places(cluster).boxes
    outputs = [b for b in cluster.boxes if b.kind == "output"]
    assert [b.name for b in outputs] == [o.name for o in matter.outputs]
    assert [rects[b.id].y for b in outputs] == sorted(rects[b.id].y for b in outputs)
    left = min(rects[b.id].x for b in outputs)
    assert all(rects[b.id].right < left for b in cluster.boxes if b.kind != "output")


def test_inputs_stand_at_the_left() -> None:
    (cluster,) = langfang().clusters
    rects = places(cluster).boxes
    edge = max(rects[b.id].right for b in cluster.boxes if b.is_input)
    assert all(rects[b.id].x > edge for b in cluster.boxes if not b.is_input)
    kinds = {b.kind for b in cluster.boxes if b.is_input}
    assert {"field", "element", "reading", "history"} <= kinds


def test_what_a_quantity_draws_on_and_nothing_else() -> None:
    whole = {b.id for b in langfang().clusters[0].boxes}
    (cluster,) = draw(program(LANGFANG), ["住院"], of="起付标准").clusters
    kept = {b.name for b in cluster.boxes}
    assert {"起付标准", "起付级别", "医院级别", "中医医院"} <= kept
    assert not kept & {"支付比例", "统筹支付", "金额"}
    assert {b.id for b in cluster.boxes} < whole
    (line,) = draw(program(LANGFANG), ["住院"], of="明细.先行自付比例").clusters
    assert {"收费项目等级", "先行自付比例"} <= {b.name for b in line.boxes}


@pytest.mark.parametrize(
    ("matters", "of", "code"), [(["往院"], "", "TW0208"), (["住院"], "起付标谁", "TW0201")]
)
def test_an_unknown_name_is_refused_with_the_nearest(
    matters: list[str], of: str, code: str
) -> None:
    with pytest.raises(Rejected) as caught:
        draw(program(LANGFANG), matters, of=of)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.args["nearest"] in ("住院", "起付标准")


def test_english_labels() -> None:
    (cluster,) = draw(program(SMALL), ["住院"], lang="en").clusters
    labels = {b.id: b.label for b in cluster.boxes}
    assert labels["住院/field:出院时间"] == "discharge"
    assert labels["住院/output:起付线"] == "deductible"


# --- the path of a claim


def test_the_path_of_a_claim() -> None:
    found = traced()
    assert found.decision.decided, found.decision.problems
    (cluster,) = draw(program(SMALL), ["住院"], trace=found).clusters
    boxes = {b.id: b for b in cluster.boxes}
    assert boxes["住院/统筹支付"].value == "880.00元"
    assert boxes["住院/parameter:住院起付"].value == "400.00元"
    assert boxes["住院/element:明细.金额"].value == "合计 1,500.00元"
    assert [r.applied for r in boxes["住院/起付线"].rows] == [True, False]
    assert boxes["住院/reading:次数口径"].lit is False, (
        "the count was 0, nobody asked for the reading"
    )
    lit = {(e.source, e.target) for e in cluster.edges if e.lit}
    assert ("住院/起付标准", "住院/起付线") in lit
    assert all(boxes[s].lit and boxes[t].lit for s, t in lit)


def test_a_decision_is_the_same_whether_traced_or_not() -> None:
    from tiaowen.engine.decision import decide

    policy = program(LANGFANG)
    claim = read_claim(
        json.loads((ROOT / "examples" / "langfang-stay.json").read_text("utf-8")), policy
    )
    assert trace(policy, claim).decision.values == decide(policy, claim).values


def test_a_decision_that_stops_is_traced_as_far_as_it_came() -> None:
    small = program(SMALL)
    found = trace(small, read_claim(dict(STAY), small))
    assert not found.decision.decided
    (cluster,) = draw(small, ["住院"], trace=found).clusters
    lit = {b.name for b in cluster.boxes if b.lit}
    assert "医疗费总额" in lit
    assert "统筹支付" not in lit


# --- where things stand


def apart(a: Rect, b: Rect) -> bool:
    return a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y


@pytest.mark.parametrize("level", ["quantity", "state"])
def test_no_two_boxes_overlap(level: str) -> None:
    for cluster in draw(program(LANGFANG), level=level).clusters:  # type: ignore[arg-type]
        layout = places(cluster)
        assert layout.boxes.keys() == {b.id for b in cluster.boxes}
        for (a, first), (b, second) in combinations(layout.boxes.items(), 2):
            assert apart(first, second), (a, b)


def test_no_line_runs_behind_a_box() -> None:
    (cluster,) = langfang().clusters
    layout = places(cluster)
    for strand in layout.strands:
        if strand.y1 == strand.y2 and not strand.ends:
            line = Rect(strand.x1 + 1, strand.y1, strand.x2 - strand.x1 - 2, 0.1)
            assert all(apart(line, rect) for rect in layout.boxes.values()), strand


def test_what_belongs_to_each_line_stands_in_a_band_of_its_own() -> None:
    (cluster,) = langfang().clusters
    layout = places(cluster)
    band = layout.bands["明细"]
    for box in cluster.boxes:
        assert (box.level == "明细") != apart(band, layout.boxes[box.id])


def test_the_words_of_a_box_fit_into_it() -> None:
    sizes = {"name": 13.0, "value": 12.5, "rule": 11.0, "article": 9.5, "note": 9.5, "input": 11.5}
    for box in langfang().clusters[0].boxes:
        face = face_of(box, "zh")
        for line in face.lines:
            assert width_of(line.text, sizes[line.style]) <= face.width, (box.id, line.text)
            assert 0 < line.y < face.height


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_every_arrow_runs_to_the_right(pairs: list[tuple[int, int]]) -> None:
    nodes = [f"n{i}" for i in range(10)]
    edges = [(f"n{a}", f"n{b}") for a, b in pairs if a != b]
    straight = forward(nodes, edges)
    assert {(t, s) if turned else (s, t) for s, t, turned in straight} == set(edges)
    ranks = ranked(nodes, [(s, t) for s, t, _ in straight], frozenset(), frozenset())
    assert all(ranks[s] < ranks[t] for s, t, _ in straight)


@given(st.lists(st.tuples(st.floats(-99, 99), st.floats(0.1, 9)), max_size=12))
def test_pooling_rises_and_keeps_the_mean(wanted: list[tuple[float, float]]) -> None:
    found = pooled(wanted)
    assert all(a <= b + 1e-9 for a, b in pairwise(found))
    total = sum(v * w for v, w in wanted)
    assert abs(total - sum(v * w for v, (_, w) in zip(found, wanted, strict=True))) < 1e-6


# --- the formats


def hostile() -> Drawing:
    name = 'a"]; <b>&#x; \\ | {x} `y` --> z\n]]>'
    box = Box("m/" + name, "quantity", name, name, value=name)
    return Drawing(name, "quantity", (Cluster(name, name, (box,), ()),), traced=True)


def test_svg_is_well_formed_whatever_the_names() -> None:
    for drawing in (langfang(), hostile()):
        root = ET.fromstring(render(drawing, "svg"))
        assert root.tag.endswith("svg")
        assert not [e for e in root.iter() if e.tag.rpartition("}")[2] in ("script", "image")]


def test_mermaid_labels_are_escaped() -> None:
    text = render(hostile(), "mermaid")
    labels = re.findall(r'"(.*)"', text.split("flowchart LR\n")[1])
    assert labels
    for label in labels:
        assert '"' not in label
        assert not re.search(r"<(?!/?b>|br/>)", label)


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_every_edge_joins_two_nodes(form: str) -> None:
    text = render(langfang(), form)
    if form == "mermaid":
        nodes = set(re.findall(r"^ +(n\d+)[\[({]", text, re.M))
        ends = re.findall(r"^  (n\d+) (?:-->|==>|-\.->) (n\d+)$", text, re.M)
    else:
        nodes = set(re.findall(r'^ +("[^"]+") \[label', text, re.M))
        ends = re.findall(r'^  ("[^"]+") -> ("[^"]+") \[', text, re.M)
    assert len(ends) == len(langfang().clusters[0].edges)
    assert {n for pair in ends for n in pair} <= nodes


def test_json_has_nodes_edges_and_places() -> None:
    data = json.loads(render(langfang(), "json"))
    (matter,) = data["matters"]
    ids = {b["id"] for b in matter["boxes"]}
    assert len(ids) == len(matter["boxes"])
    assert all(e["source"] in ids and e["target"] in ids for e in matter["edges"])
    assert all(
        b["x"] >= 0 and b["x"] + b["width"] <= matter["width"] + 0.2 for b in matter["boxes"]
    )


def test_the_value_of_an_input_stays_inside_its_box() -> None:
    box = Box("i", "element", "目录类别", "目录类别", lit=True,
              value="医疗服务项目×1、西药中成药×2、医用耗材×3…")  # fmt: skip
    face = face_of(box, "zh")
    value = next(line for line in face.lines if line.style == "value")
    assert width_of(value.text, 12.5) <= face.width - 16


def test_a_year_is_not_grouped_by_threes() -> None:
    data = json.loads((ROOT / "examples" / "langfang-stay.json").read_text("utf-8"))
    city = program(LANGFANG)
    drawn = draw(city, ["住院"], trace=trace(city, read_claim(data, city)))
    [year] = [b for b in drawn.clusters[0].boxes if b.name == "年度" and b.kind == "quantity"]
    assert year.value == "2024"
