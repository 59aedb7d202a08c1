"""Decision files: which policy they were made by, and how a replay that differs is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiaowen.apps.choosing import SHIPPED, shipped
from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose

if TYPE_CHECKING:
    from tiaowen.compiler.core import Value
    from tiaowen.engine.replaying.replay import Replay


def find_policy(data: Any, folder: Path = SHIPPED) -> Path:
    """The policy below ``folder`` that decision file ``data`` was made by: of its digest, else
    the only one of its title. ``Rejected`` (TW0618, TW0506) where there is none."""
    policy = data.get("policy") if isinstance(data, dict) else None
    if not isinstance(policy, dict):
        raise Rejected([diagnose("TW0618", place="policy",
                                 expected={"zh": "决定文件", "en": "a decision file"},
                                 found={"zh": "别的数据", "en": "other data"})])  # fmt: skip
    title = str(policy.get("title", ""))
    named = [entry.path for entry in shipped(folder) if entry.front.title == title]
    for path in named:
        if load_program(path).identity.digest == policy.get("digest"):
            return path
    if len(named) == 1:
        return named[0]
    raise Rejected([diagnose("TW0506", criteria=f"“{title}”")])


def difference(result: Replay) -> Diagnostic:
    """TW0705: the first thing that a replay found otherwise, in words."""
    found = result.difference
    assert found is not None
    name = f"{found.name}（{found.where}）" if found.where else found.name
    kind = next((s.type for s in result.explanation.steps if s.id == found.step), "")
    return diagnose(
        "TW0705",
        place=found.step,
        name=name,
        recorded=_said(found.recorded, kind),
        replayed=_said(found.replayed, kind),
    )


def _said(value: Value | None, kind: str) -> dict[str, str]:
    from tiaowen.compiler.values import format_value

    if value is None:
        return {"zh": "没有", "en": "nothing"}
    return {lang: format_value(value, kind, lang) for lang in ("zh", "en")}
