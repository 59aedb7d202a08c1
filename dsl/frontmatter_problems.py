"""What can be wrong with front matter, in words: the ``problem`` of a TW0110.

The catalogue has one entry for all of them; what differs is said here in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tiaowen.dsl.diagnostics import Diagnostic, Fix, diagnose
from tiaowen.dsl.source import Span

_PROBLEMS: Final[Mapping[str, tuple[str, str]]] = {
    "unclosed": ("没有以 --- 结束", "it does not end with ---"),
    "too_long": ("太长", "it is too long"),
    "too_deep": ("嵌套太深", "it is nested too deeply"),
    "alias": ("不能使用YAML的锚点和别名", "YAML anchors and aliases are not used here"),
    "syntax": ("不合YAML语法：{value}", "it is not YAML: {value}"),
    "not_a_mapping": ("应逐行写“名称: 内容”", "it should be lines of “name: content”"),
    "missing_title": ("缺少“{key}”", "“{key}” (title) is missing"),
    "unknown_key": ("没有“{key}”这一项", "there is no field “{key}”"),
    "near_key": ("没有“{key}”这一项，是否为“{nearest}”",
                 "there is no field “{key}”, did you mean “{nearest}”"),
    "duplicate_key": ("“{key}”写了两次", "“{key}” is given twice"),
    "bad_value": ("“{key}”的内容“{value}”应为文字", "“{key}” should be text, not “{value}”"),
    "bad_date": ("“{key}”的“{value}”不是日期", "“{key}” is “{value}”, which is no date"),
    "bad_period": ("“{key}”的“{value}”不是期限，如 5年",
                   "“{key}” is “{value}”, which is no period like 5年"),
    "conflict": ("“{key}”为{value}，而按有效期应至{nearest}",
                 "“{key}” says {value}, the period of validity ends on {nearest}"),
    "ends_before_start": ("“{key}”的{value}早于施行之日",
                          "“{key}” is {value}, before it is in force"),
}  # fmt: skip


def problem_at(
    kind: str,
    span: Span,
    *,
    key: str = "",
    value: str = "",
    nearest: str = "",
    fix: Fix | None = None,
) -> Diagnostic:
    """TW0110; ``kind`` is the problem for programs, ``problem`` for people."""
    words: dict[str, Any] = {"key": key, "value": value, "nearest": nearest}
    zh, en = (text.format(**words).strip() for text in _PROBLEMS[kind])
    return diagnose("TW0110", span, fix=fix, kind=kind, problem={"zh": zh, "en": en}, **words)
