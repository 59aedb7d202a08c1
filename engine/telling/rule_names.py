"""What a rule is called where one cell has to say it: the article it cites and its own words.

A name is the same in every run and file of one text of the policy: the path as printed, then
the rule as written, in one line and without its table.
"""

from __future__ import annotations

import re

from tiaowen.engine.telling import explanation as x

NATIONAL = "国家结算接口"
"""Stands for the article of a rule that the vocabulary brings."""

ASIDE = re.compile(
    r'\s(?:句 \d+|英文 "[^"]*"|推导 "[^"]*"|(?:依据|后于) [^\s,]+(?:, ?[^\s,]+)*)(?=\s|$)'
)
"""Clauses of a rule that decide nothing."""


def rule_name(article: str, rule: str) -> str:
    """The name of the rule that cites ``article`` ('' where none) and is written ``rule``."""
    written = [line.strip() for line in rule.strip().splitlines()]
    words = " ".join(line for line in written if not line.startswith("|"))
    if any(line.startswith("|") for line in written):
        at = words.find("=") + 1
        words = f"{words[:at]} …{words[at:]}"
    return f"{article or NATIONAL}：{ASIDE.sub('', words)}"


def deciding_rules(explanation: x.Explanation) -> dict[str, str]:
    """The name of the rule behind each line of a statement, by national code; '' where no rule
    is (a line that is 不适用, or was given)."""
    cited = {step.id: step.citation for step in explanation.steps}
    found = {}
    for line in explanation.statement:
        citation = cited.get(line.step)
        found[line.code] = rule_name(citation.article, citation.rule) if citation else ""
    return found
