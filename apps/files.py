"""Files to policies: the one place that reads what a policy is made of.

A policy is data. Beside the file that the user named, only what its front matter names is
read (``引用``, ``修改``), by a relative path, and never outside the folder tree the policy
stands in. Whatever is wrong with a file is a diagnostic at the place that named it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import Factory, define, evolve

from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.source import Source, Span

if TYPE_CHECKING:
    from tiaowen.compiler.program import Compilation
    from tiaowen.dsl.literate import Document

MOST_BYTES = 20 * 2**20
"""Bytes of one policy file beyond which it is refused: longer than any regulation by far."""

SUFFIXES = (".md", ".tiao")

_MARKERS = (".git", "pyproject.toml", "vocabulary.tiao")
"""What stands at the top of a tree of policies."""


def read_text(path: str | Path, *, named: Span | None = None) -> str:
    """The text of a policy file, without a byte-order mark.

    ``named`` is the place that named the file, where that was not the command line. Raises
    ``Rejected``: TW0701 (not there), TW0702 (a folder, or not readable), TW0107 (too large),
    TW0108 (no UTF-8 text).
    """
    return decoded(read_bytes(path, named=named), str(path))


def read_bytes(path: str | Path, *, named: Span | None = None, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, refused as in ``read_text`` where it cannot be read; of one longer
    than ``most``, one byte more than that."""
    try:
        with open(path, "rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise Rejected(
            [diagnose("TW0701", named, path=str(path), nearest=_similar(Path(path)))]
        ) from None
    except (OSError, ValueError) as error:
        raise Rejected([unusable("read", path, error, named)]) from None


_REASONS: dict[type[Exception], str] = {
    IsADirectoryError: "是文件夹",
    PermissionError: "没有权限",
    NotADirectoryError: "路径中有一段不是文件夹",
    FileNotFoundError: "文件夹不存在",
}


def unusable(operation: str, path: str | Path, error: Exception,
             named: Span | None = None) -> Diagnostic:  # fmt: skip
    """TW0702: the file cannot be read or written (``operation``), with the system's reason."""
    words = {"read": {"zh": "读取", "en": "read"}, "write": {"zh": "写入", "en": "write"}}
    return diagnose(
        "TW0702", named, operation=words[operation], path=str(path), problem=_reason(error)
    )


def _reason(error: Exception) -> dict[str, str]:
    number = getattr(error, "errno", None)
    english = os.strerror(number) if number else str(error)
    return {"zh": _REASONS.get(type(error), english), "en": english[:1].lower() + english[1:]}


def decoded(data: bytes, name: str) -> str:
    """``data`` as text; ``Rejected`` where it is too large or no UTF-8 text."""
    at = Span(Source(name, ""), 0, 0)
    if len(data) > MOST_BYTES:
        raise Rejected(
            [
                diagnose(
                    "TW0107",
                    at,
                    size=f"> {MOST_BYTES // 2**20} MB",
                    limit=f"{MOST_BYTES // 2**20} MB",
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected([_not_text(at, error.start)]) from None
    if "\0" in text:
        raise Rejected([_not_text(at, text.index("\0"))])
    return text


def _not_text(at: Span, offset: int) -> Diagnostic:
    problem = {"zh": f"第{offset + 1}字节起无法识别", "en": f"unreadable from byte {offset + 1}"}
    return diagnose("TW0108", at, problem=problem)


def _similar(path: Path) -> str:
    """A file beside ``path`` with nearly its name, or the empty string."""
    from difflib import get_close_matches

    try:
        names = sorted(entry.name for entry in os.scandir(path.parent))
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1, cutoff=0.6)
    return str(path.with_name(near[0])) if near else ""


# --- the documents of a policy


def load(path: str | Path) -> Compilation:
    """The policy at ``path``, compiled with what it uses and, where it amends another, with
    that one amended.

    Raises ``Rejected`` where a file cannot be read; what is wrong in the text is among the
    compilation's diagnostics.
    """
    return load_with_sources(path)[0]


def load_with_sources(path: str | Path) -> tuple[Compilation, tuple[Source, ...]]:
    """What ``load`` gives, and every text that was read for it."""
    return _compiled(path, _Reading(_tree(Path(path))))


def load_text(text: str, name: str | Path) -> Compilation:
    """The policy that ``text`` would be as the file ``name``: what it uses and amends is looked
    for from there. Raises ``Rejected`` as ``load`` does."""
    return _compiled(name, _Reading(_tree(Path(name)), given={str(name): text}))[0]


def _compiled(path: str | Path, reading: _Reading) -> tuple[Compilation, tuple[Source, ...]]:
    from tiaowen.compiler.program import compile_policy

    policy = reading.policy(Path(path), str(path), None)
    return compile_policy((*reading.used.values(), policy)), tuple(reading.sources)


def _tree(path: Path) -> Path:
    """The folder tree a policy stands in: up to the nearest folder with a marker of a
    repository or of a collection of policies, else one above the policy's own folder."""
    folder = Path(os.path.realpath(path)).parent
    for above in (folder, *folder.parents):
        if any((above / marker).exists() for marker in _MARKERS):
            return above
    return folder.parent if folder.parent != Path(folder.anchor) else folder


@define
class _Reading:
    """The files read for one policy. ``used`` are those named by 引用, by their real paths;
    ``given`` are texts that stand for files of these names."""

    tree: Path
    given: Mapping[str, str] = Factory(dict)
    used: dict[Path, Document] = Factory(dict)
    opened: set[Path] = Factory(set)
    sources: list[Source] = Factory(list)
    amending: list[Path] = Factory(list)

    def policy(self, path: Path, name: str, named: Span | None) -> Document:
        document = self.document(path, name, named)
        front = document.front
        if front is None and path.suffix.lower() != ".tiao":
            return _without_front(document)
        if front is None or not front.amends:
            if document.amendments:
                raise Rejected([diagnose("TW0904", document.amendments[0].span)])
            return document
        from tiaowen.dsl.amending import amended

        span = front.spans["amends"]
        self.amending.append(Path(os.path.realpath(path)))
        target = self.place(path, front.amends, span)
        if Path(os.path.realpath(target)) in self.amending:
            raise Rejected(
                [_bad_front(span, "修改绕回自身", "the amendments lead back to this file")]
            )
        return amended(self.policy(target, str(target), span), document)

    def document(self, path: Path, name: str, named: Span | None) -> Document:
        from tiaowen.dsl.literate import read_document

        text = self.given.get(name)
        source = Source(name, read_text(path, named=named) if text is None else text)
        self.sources.append(source)
        document = read_document(source)
        front = document.front
        for reference in front.uses if front is not None else ():
            assert front is not None
            self.use(path, reference, front.spans["uses"])
        return document

    def use(self, path: Path, reference: str, span: Span) -> None:
        target = self.place(path, reference, span)
        real = Path(os.path.realpath(target))
        if real not in self.opened:
            self.opened.add(real)
            self.used[real] = self.document(target, str(target), span)

    def place(self, path: Path, reference: str, span: Span) -> Path:
        """The file that ``reference`` in the front matter of ``path`` names."""
        written = Path(reference.replace("\\", "/"))
        if written.is_absolute() or ":" in reference:
            raise Rejected(
                [
                    _bad_front(
                        span,
                        f"“{reference}”须是相对于本文件的路径",
                        f"“{reference}” must be relative to this file",
                    )
                ]
            )
        target = Path(os.path.normpath(path.parent / written))
        if not Path(os.path.realpath(target)).is_relative_to(self.tree):
            raise Rejected(
                [
                    _bad_front(
                        span,
                        f"“{reference}”在政策所在的文件夹“{self.tree.name}”之外",
                        f"“{reference}” lies outside the policy's own folder “{self.tree.name}”",
                    )
                ]
            )
        if target.suffix.lower() not in SUFFIXES:
            raise Rejected(
                [
                    _bad_front(
                        span,
                        f"“{reference}”不是 .md 或 .tiao 文件",
                        f"“{reference}” is no .md or .tiao file",
                    )
                ]
            )
        return target


def _bad_front(span: Span, zh: str, en: str) -> Diagnostic:
    return diagnose("TW0110", span, problem={"zh": zh, "en": en})


def _without_front(document: Document) -> Document:
    """A policy without front matter, with the error that says so; one whose front matter
    could not be read says why already."""
    if any(found.code == "TW0110" for found in document.diagnostics):
        return document
    source = document.source
    end = len(source.text.split("\n", 1)[0])
    empty = not source.text.strip()
    zh = "文件是空的" if empty else "没有以 --- 开始的文首"
    en = "the file is empty" if empty else "it does not begin with ---"
    found = _bad_front(Span(source, 0, end), zh, en)
    return evolve(document, diagnostics=(found, *document.diagnostics))


# --- files below folders


def policy_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The policy files that ``paths`` name: files as named, and below a folder every .tiao
    file and every .md file that begins with front matter, in the order of their names."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for name in sorted(names):
                file = Path(folder, name)
                if file.suffix == ".tiao" or (file.suffix == ".md" and _begins_as_policy(file)):
                    yield file


def _begins_as_policy(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(6).removeprefix(b"\xef\xbb\xbf").startswith(b"---")
    except OSError:
        return True
