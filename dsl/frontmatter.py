"""What a policy says about itself before its first article: the YAML front matter.

Keys are Chinese with English twins; values are read as text, never as YAML's own dates and
numbers, so that 地区 keeps its zeros and 施行 may say 2023-01-01（有效期5年）. Every problem is
reported with its place; nothing here raises.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

import yaml
from attrs import field, frozen

from tiaowen.dsl import validity
from tiaowen.dsl.diagnostics import Diagnostic, Fix
from tiaowen.dsl.frontmatter_problems import problem_at
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.source import Source, Span

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("政策", "标题", "標題", "title"),
    "document_number": ("文号", "文號", "document_number"),
    "region": ("地区", "地區", "region"),
    "insurance": ("险种", "險種", "insurance"),
    "issuer": ("发布机关", "發布機關", "issuer"),
    "published": ("发布日期", "發布日期", "published"),
    "in_force": ("施行", "in_force"),
    "valid_for": ("有效期", "valid_for"),
    "expires": ("失效", "expires"),
    "superseded_by": ("被取代", "superseded_by"),
    "amends": ("修改", "amends"),
    "uses": ("引用", "词汇", "詞彙", "uses"),
    "original": ("原文", "original"),
}
"""Every key, by its English name, with all its spellings; the first is the one messages use."""

_NAMES = {spelling: name for name, spellings in KEYS.items() for spelling in spellings}
_LISTS = ("insurance", "uses")
_DEPTH = 8
_LONGEST = 100_000
_OPENING = re.compile(r"---[ \t]*(?:\r\n?|\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t\r]*$", re.M)
_WIDE_COLON = re.compile(r"^([^\s:：#\"'\[\]{},-][^\s:：]{0,30})：[ \t]*", re.M)


@frozen
class FrontMatter:
    """A policy's own description. ``in_force`` ``None`` is a draft: used only when it is named.

    ``expires`` is the last day in force. ``raw`` holds every key as written; ``spans`` the
    place of each value by its English name.
    """

    title: str
    document_number: str = ""
    region: str = ""
    insurance: tuple[str, ...] = ()
    issuer: str = ""
    published: date | None = None
    in_force: date | None = None
    expires: date | None = None
    superseded_by: str = ""
    amends: str = ""
    uses: tuple[str, ...] = ()
    original: str = ""
    raw: Mapping[str, Any] = field(factory=dict, eq=False, repr=False)
    spans: Mapping[str, Span] = field(factory=dict, eq=False, repr=False)

    @property
    def draft(self) -> bool:
        return self.in_force is None

    def in_force_on(self, day: date) -> bool:
        """Whether the policy is in force on ``day``; a draft never is."""
        if self.in_force is None or day < self.in_force:
            return False
        return self.expires is None or day <= self.expires


@frozen
class FrontMatterResult:
    """``front`` is ``None`` when there is none to read; the text proper begins at ``end``."""

    front: FrontMatter | None
    end: int
    diagnostics: tuple[Diagnostic, ...] = ()


def read_front_matter(source: Source) -> FrontMatterResult:
    """The front matter at the head of ``source``, whose text has no byte order mark."""
    text = source.text
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatterResult(None, 0)
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        span = Span(source, 0, 3)
        return FrontMatterResult(None, opening.end(), (problem_at("unclosed", span),))
    reader = _Reader(source, opening.end(), closing.start())
    front = reader.read()
    end = min(closing.end() + 1, len(text))
    return FrontMatterResult(front, end, tuple(reader.problems))


class _Reader:
    """One pass over the YAML node tree, collecting values and problems."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source, self.start, self.end = source, start, end
        self.problems: list[Diagnostic] = []
        self.widened: list[int] = []
        self.values: dict[str, Any] = {}
        self.raw: dict[str, Any] = {}
        self.spans: dict[str, Span] = {}

    def read(self) -> FrontMatter | None:
        node = self.compose()
        whole = self.span_of(self.start, self.end)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.report("not_a_mapping", self.span(node))
            return None
        for key, value in node.value:
            self.entry(key, value)
        if not self.values.get("title"):
            at = self.spans.get("title", whole)
            self.report("missing_title", at, key=KEYS["title"][0])
        return self.front()

    def report(self, problem: str, span: Span, *, key: str = "", value: str = "",
               nearest: str = "", fix: Fix | None = None) -> None:  # fmt: skip
        self.problems.append(
            problem_at(problem, span, key=key, value=value, nearest=nearest, fix=fix)
        )

    def compose(self) -> yaml.Node | None:
        """The node tree, refused where it nests or repeats itself to excess."""
        whole = self.span_of(self.start, self.end)
        if self.end - self.start > _LONGEST:
            self.report("too_long", whole)
            return None
        text = self.widen(self.source.text[self.start : self.end])
        try:
            depth = 0
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                depth += isinstance(event, yaml.CollectionStartEvent)
                depth -= isinstance(event, yaml.CollectionEndEvent)
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    self.report("alias", self.marks(event.start_mark, event.end_mark))
                    return None
                if depth > _DEPTH:
                    self.report("too_deep", self.marks(event.start_mark, event.end_mark))
                    return None
            node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            span = self.marks(mark, mark) if mark else whole
            self.report("syntax", span, value=str(error.problem or ""))
            return None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            self.report("syntax", whole, value=type(error).__name__)
            return None
        if node is None:
            self.report("missing_title", whole, key=KEYS["title"][0])
        return node

    def widen(self, text: str) -> str:
        """``政策：x`` read as ``政策: x``; ``widened`` remembers where a space came in."""

        def replace(match: re.Match[str]) -> str:
            if match[1] not in _NAMES:
                return match[0]
            self.widened.append(match.end(1) + 1 + len(self.widened))
            return f"{match[1]}: {match[0][len(match[1]) + 1 :]}"

        return _WIDE_COLON.sub(replace, text)

    def span_of(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def marks(self, start: Any, end: Any) -> Span:
        """The span between two YAML marks, back in the text as it was written."""
        first, last = (
            self.start + mark.index - bisect_right(self.widened, mark.index - 1)
            for mark in (start, end)
        )
        limit = len(self.source.text)
        return self.span_of(min(first, limit), min(max(first, last), limit))

    def span(self, node: yaml.Node) -> Span:
        return self.marks(node.start_mark, node.end_mark)

    def entry(self, key: yaml.Node, value: yaml.Node) -> None:
        written = key.value if isinstance(key, yaml.ScalarNode) else ""
        name = _NAMES.get(written.strip())
        if name is None:
            near = get_close_matches(written, _NAMES, n=1, cutoff=0.4)
            fix = Fix(self.span(key), near[0]) if near else None
            kind = "near_key" if near else "unknown_key"
            self.report(kind, self.span(key), key=written or self.span(key).text,
                        nearest=near[0] if near else "", fix=fix)  # fmt: skip
            return
        plain = self.plain(value)
        self.raw[written] = plain
        items = plain if isinstance(plain, tuple) else (plain,)
        if any(not isinstance(item, str) for item in items):
            self.report("bad_value", self.span(value), key=written, value=self.span(value).text)
            return
        if isinstance(plain, tuple) and name not in _LISTS:
            self.report("bad_value", self.span(value), key=written, value=self.span(value).text)
            return
        if name in self.values and name != "uses":
            self.report("duplicate_key", self.span(key), key=written)
            return
        if name in _LISTS:
            texts = [part for item in items for part in re.split(r"[,，、\s]+", item) if part]
            self.values[name] = (*self.values.get(name, ()), *texts)
        else:
            self.values[name] = items[0].strip()
        self.spans[name] = self.span(value)

    def plain(self, node: yaml.Node) -> Any:
        """A node as text, a tuple or a dict; a null is the empty text."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.plain(item) for item in node.value)
        if isinstance(node, yaml.MappingNode):
            return {str(key.value): self.plain(value) for key, value in node.value}
        null = node.tag == "tag:yaml.org,2002:null"
        return "" if null else str(node.value)

    def front(self) -> FrontMatter:
        begins, note = self.starting_day()
        expires = self.ending_day(begins, note)
        published = self.day("published", self.values.get("published", ""))
        kept = {name: self.values[name] for name in
                ("document_number", "region", "insurance", "issuer", "superseded_by", "amends",
                 "uses", "original") if name in self.values}  # fmt: skip
        return FrontMatter(self.values.get("title", ""), published=published, in_force=begins,
                           expires=expires, raw=self.raw, spans=self.spans, **kept)  # fmt: skip

    def day(self, name: str, written: str) -> date | None:
        if not written:
            return None
        found = validity.read_day(written)
        if found is None:
            self.report("bad_date", self.spans[name], key=KEYS[name][0], value=written)
        return found

    def starting_day(self) -> tuple[date | None, str]:
        """The first day in force and the period its note in brackets may name."""
        written = halfwidth(self.values.get("in_force", ""))
        day, _, note = written.partition("(")
        period = validity.PERIOD.search(note) if "有效期" in note else None
        named = period[0] if period else ""
        if not day.strip() or "未定" in written or validity.OPEN_DAY.search(day):
            return None, named
        return self.day("in_force", day), named

    def ending_day(self, begins: date | None, note: str) -> date | None:
        explicit = self.day("expires", self.values.get("expires", ""))
        written = self.values.get("valid_for", "") or note
        period = validity.PERIOD.fullmatch(halfwidth(written).strip()) if written else None
        where = self.spans.get("valid_for", self.spans.get("in_force"))
        if written and period is None and where is not None:
            self.report("bad_period", where, key=KEYS["valid_for"][0], value=written)
        computed = None
        if begins is not None and period is not None:
            months = int(period["n"]) * (12 if period["unit"] in ("年", "year") else 1)
            computed = validity.last_day(begins, months)
            if computed is None and where is not None:
                self.report("bad_period", where, key=KEYS["valid_for"][0], value=written)
        if explicit and computed and explicit != computed:
            self.report("conflict", self.spans["expires"], key=KEYS["expires"][0],
                        value=explicit.isoformat(), nearest=computed.isoformat())  # fmt: skip
        if explicit and begins and explicit < begins:
            self.report("ends_before_start", self.spans["expires"], key=KEYS["expires"][0],
                        value=explicit.isoformat())  # fmt: skip
        return explicit or computed
