"""Make the pages of findings from ``docs/findings.toml`` and what the policies decide.

``python docs/make_findings.py`` writes ``docs/findings.md`` and its two languages. Every figure
is the interpreter's; a figure in the file that it does not give stops the making.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from tiaowen.apps.files import load
from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import message
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.data import read_history
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.parameters import read_parameter_file
from tiaowen.review.present.words import Words, labels_of
from tiaowen.review.proof.standard import properties

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "findings.toml"
LEFT_OUT = {"人员编号", "就诊ID", "参保地", "险种", "事项"}
"""Facts that say who and what, and decide nothing here."""

Lang = Literal["zh", "en"]
SAID: Mapping[str, tuple[str, str]] = {
    "title": ("五部办法里的断崖和空白", "Cliffs and gaps of five regulations"),
    "lead": ("把五部真实办法写成规则以后，用 `tiaowen prove` 和逐条核对找到的问题。"
             "每个问题都有具体的数据、可以手算的数额和原文；数额由测试重新演算。",
             "What `tiaowen prove` and reading article by article found once five real regulations "
             "were written as rules. Each finding has concrete claims, amounts that can be worked "
             "by hand, and the words of the text; the tests work the figures out again."),
    "order": ("先列条文本身的问题，再列换一种读法就没有的，最后是留给另外文件的。",
              "First what stands in the text itself, then what another reading avoids, last what "
              "is left to other documents."),
    "text": ("条文本身", "in the text"),
    "reading": ("取决于读法", "depends on the reading"),
    "open": ("留给另外的文件", "left to other documents"),
    "articles": ("条文", "Text"),
    "who": ("受影响的人", "Who is hurt"),
    "found": ("由 `tiaowen prove {0} {1} --property {2}` 得出",
              "Found by `tiaowen prove {0} {1} --property {2}`"),
    "claim": ("数据", "claim"),
    "facts": ("不同之处", "facts"),
    "result": ("结果", "result"),
    "before": ("此前：{0}", "before: {0}"),
    "common": ("共同的数据：{0}", "In common: {0}"),
    "parameters": ("假设的参数：{0}", "Made-up parameters: {0}"),
    "stops": ("无法结算：{0}", "not settled: {0}"),
    "holds": ("证明成立的", "What is proved"),
    "holds_lead": ("下列性质对所有数据成立，由求解器证明（口径取默认，参数在所定范围内任意），"
                   "不是抽样。",
                   "These hold of every claim, proved by the solver (readings at their defaults, "
                   "parameters anywhere within their bounds), not sampled."),
    "in_part": ("（就不跨年、没有外购另算的住院而言）",
                " (of stays that are not split over New Year or for purchases elsewhere)"),
    "policy": ("办法", "regulation"),
    "matter": ("事项", "matter"),
    "property": ("性质", "properties"),
}  # fmt: skip


@frozen
class Shown:
    """A claim of a finding, decided."""

    name: Mapping[str, str]
    claim: Claim
    items: tuple[HistoryItem, ...]
    parameters: Mapping[str, ParameterValue]
    decision: Decision
    expected: Mapping[str, str]
    stops: str


def say(key: str, lang: Lang, *values: object) -> str:
    return SAID[key][0 if lang == "zh" else 1].format(*values)


@cache
def program_of(policy: str) -> Program:
    return load(ROOT / policy).demand()


def findings() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def shown(finding: Mapping[str, Any]) -> Iterator[Shown]:
    """The claims of a finding, each decided by the interpreter."""
    program = program_of(finding["policy"])
    for given in finding["claim"]:
        claim = read_claim(json.loads(given["claim"]), program)
        history = json.loads(given.get("history", "[]"))
        items = read_history(history, program)
        parameters = _parameters(given.get("parameters", {}), program)
        made = decide_person(program, claim, items, parameters=parameters).decision
        yield Shown(given["name"], claim, items, parameters, made, given.get("expect", {}),
                    given.get("stops", ""))  # fmt: skip


def _parameters(given: Mapping[str, str], program: Program) -> Mapping[str, ParameterValue]:
    if not given:
        return {}
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in given.items()}
    written = "\n".join(f'"{name}" = {value}' for name, value in quoted.items())
    text = f'"来源" = "假设"\n[参数]\n{written}\n'
    return read_parameter_file(text, FILE.name, program).values


def wrong(finding: Mapping[str, Any]) -> Iterator[str]:
    """What of a finding does not stand: a figure, a stop, or words that are not the text's."""
    text = (ROOT / finding["policy"]).read_text(encoding="utf-8")
    yield from (f"{finding['id']}: no {w!r} in the text" for w in finding["words"] if w not in text)
    for one in shown(finding):
        codes = [problem.code for problem in one.decision.problems]
        if codes != ([one.stops] if one.stops else []):
            yield f"{finding['id']}: {one.name['en']} stops with {codes}"
        kinds = {o.name: o.type.name for o in one.decision.frame.matter.outputs}
        for name, figure in one.expected.items():
            value = one.decision.values.get(name)
            if value is None or kinds[name] != "金额" or f"{int(value) / 100:.2f}" != figure:  # type: ignore[arg-type]
                yield f"{finding['id']}: {one.name['en']}, {name} = {value}, not {figure}"


# --- pages


def page(lang: Lang) -> str:
    """The page of all findings in one language."""
    found = findings()
    lines = [f"# {say('title', lang)}", "", say("lead", lang), "", say("order", lang), ""]
    ranked = sorted(found["finding"], key=lambda f: ("text", "reading", "open").index(f["origin"]))
    for number, finding in enumerate(ranked, 1):
        lines += _finding(number, finding, lang)
    return "\n".join([*lines, *_proved(found, lang)]).rstrip("\n") + "\n"


def _finding(number: int, finding: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    program = program_of(finding["policy"])
    words = Words(lang, labels_of(program))
    yield f"## {number}. {finding['title'][lang]}"
    yield ""
    yield f"《{program.identity.title}》 · **{say(finding['origin'], lang)}**"
    yield ""
    yield finding["said"][lang]
    yield ""
    for article, quote in zip(_articles(finding), finding["words"], strict=True):
        yield f"> 〔{article}〕“{quote.strip('| ').replace(' | ', '：')}”"
        yield ">"
    yield ""
    claims = list(shown(finding))
    yield from _claims(claims, words, program, lang)
    yield f"**{say('who', lang)}**{'：' if lang == 'zh' else ': '}{finding['who'][lang]}"
    yield ""
    if "property" in finding:
        told = finding["policy"], finding["matter"], finding["property"]
        yield say("found", lang, *told)
        yield ""


def _articles(finding: Mapping[str, Any]) -> list[str]:
    articles = list(finding["articles"])
    return (articles + [articles[-1]] * len(finding["words"]))[: len(finding["words"])]


def _claims(claims: list[Shown], words: Words, program: Program, lang: Lang) -> Iterator[str]:
    facts = [_facts(one, words, program, lang) for one in claims]
    common = {k: v for k, v in facts[0].items() if all(f.get(k) == v for f in facts)}
    if len(claims) == 1:
        common = {}
    if common:
        yield say("common", lang, _listed(common, words))
        yield ""
    given = {n: p.value for one in claims for n, p in one.parameters.items()}
    alike = all(one.parameters == claims[0].parameters for one in claims)
    if given and alike:
        told = {words.name(n): words.value(v, program.parameters[n].type.name)
                for n, v in given.items()}  # fmt: skip
        yield say("parameters", lang, _listed(told, words))
        yield ""
    yield f"| {say('claim', lang)} | {say('facts', lang)} | {say('result', lang)} |"
    yield "|---|---|---|"
    for one, own in zip(claims, facts, strict=True):
        differ = {k: v for k, v in own.items() if k not in common}
        if not alike:
            differ |= {words.name(n): words.value(p.value, program.parameters[n].type.name)
                       for n, p in one.parameters.items()}  # fmt: skip
        yield f"| {one.name[lang]} | {_listed(differ, words)} | {_result(one, words, lang)} |"
    yield ""


def _facts(one: Shown, words: Words, program: Program, lang: Lang) -> dict[str, str]:
    told = {
        words.name(name): words.value(value, program.fields[name].type.name, name)
        for name, value in one.claim.fields.items()
        if name not in LEFT_OUT
    }
    told[say("matter", lang)] = words.name(one.claim.matter)
    kinds = program.collections["明细"].fields
    for index, line in enumerate(one.claim.collections["明细"], 1):
        text = _listed({words.name(n): words.value(v, kinds[n].type.name) for n, v in line.items()},
                       words)  # fmt: skip
        told[f"{words.name('明细')} {index}"] = text
    for item in one.items:
        earlier: Any = item
        fields = {n: v for n, v in earlier.claim.fields.items() if n in ("医院等级", "出院时间")}
        cost = {"金额": sum(line["金额"] for line in earlier.claim.collections["明细"])}
        told[say("before", lang, words.name(earlier.claim.matter))] = _listed(
            {words.name(n): words.value(v, "金额" if n == "金额" else program.fields[n].type.name)
             for n, v in {**fields, **cost}.items()}, words)  # fmt: skip
    return told


def _listed(told: Mapping[str, str], words: Words) -> str:
    return words("list").join(f"{name} {value}" for name, value in told.items())


def _result(one: Shown, words: Words, lang: Lang) -> str:
    if one.decision.problems:
        return say("stops", lang, message(one.decision.problems[0], lang))
    return "<br>".join(
        f"{words.name(name)} {words.value(one.decision.values[name], '金额')}"
        for name in one.expected
    )


def _proved(found: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    yield f"## {say('holds', lang)}"
    yield ""
    yield say("holds_lead", lang)
    yield ""
    yield f"| {say('policy', lang)} | {say('matter', lang)} | {say('property', lang)} |"
    yield "|---|---|---|"
    for one in found["proved"]:
        program = program_of(one["policy"])
        words = Words(lang, labels_of(program))
        names = {p.kind.value: p for p in properties(program, one["matter"])}
        told = words("list").join(
            names[kind].name if lang == "zh" else names[kind].english for kind in one["kinds"]
        )
        if one.get("in_part"):
            told += say("in_part", lang)
        yield f"| 《{program.identity.title}》 | {words.name(one['matter'])} | {told} |"
    yield ""


def overview() -> str:
    """The short page in both languages that leads to the two."""
    lines = ["# 断崖和空白 · Cliffs and gaps", ""]
    lines += ["[中文](zh/findings.md) · [English](en/findings.md)", ""]
    lines += ["| 发现 | finding | 办法 |", "|---|---|---|"]
    for finding in findings()["finding"]:
        title = program_of(finding["policy"]).identity.title
        lines.append(f"| {finding['title']['zh']} | {finding['title']['en']} | 《{title}》 |")
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every page with its text."""
    docs = ROOT / "docs"
    return {
        docs / "findings.md": overview(),
        docs / "zh" / "findings.md": page("zh"),
        docs / "en" / "findings.md": page("en"),
    }


def main() -> None:
    if problems := [text for finding in findings()["finding"] for text in wrong(finding)]:
        raise SystemExit("\n".join(problems))
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
