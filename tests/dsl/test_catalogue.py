"""The catalogue is complete, in both languages, and every code the project uses stands in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import frozen

import tiaowen
from tiaowen.dsl import catalogue
from tiaowen.dsl.catalogue import Entry, Words, codes, entry, fill, say
from tiaowen.dsl.catalogue.pages import index, page, pages
from tiaowen.dsl.diagnostics import Label, diagnose
from tiaowen.dsl.source import Source, Span

ROOT = Path(__file__).parents[2]
ROOMS = ("grammar", "dsl", "compiler", "engine", "review", "apps")
LITERAL = re.compile(r"\bTW\d{4}\b")
OPTIONAL = re.compile(r"\[\[.*?\]\]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    return set(catalogue.PLACEHOLDER.findall(text))


def texts(found: Entry) -> Iterator[tuple[str, Words]]:
    yield from (
        ("title", found.title),
        ("message", found.message),
        ("help", found.help),
        ("page", found.page),
    )
    yield from ((f"labels.{key}", words) for key, words in found.labels.items())


def python_files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("code", codes())
class TestEveryEntry:
    def test_is_complete_in_both_languages(self, code: str) -> None:
        for key, words in texts(entry(code)):
            assert all(text.strip() for text in (words.zh, words.en)), f"{code} {key}"
            assert CHINESE.search(words.zh) or key.startswith("labels"), f"{code} {key}"

    def test_has_the_same_placeholders_in_both_languages(self, code: str) -> None:
        for key, words in texts(entry(code)):
            assert placeholders(words.zh) == placeholders(words.en), f"{code} {key}"
            optional = [
                placeholders("".join(OPTIONAL.findall(text))) for text in (words.zh, words.en)
            ]
            assert optional[0] == optional[1], f"{code} {key}"

    def test_has_no_braces_left_when_filled(self, code: str) -> None:
        for key, words in texts(entry(code)):
            if key == "page":
                continue
            for lang in ("zh", "en"):
                values = dict.fromkeys(placeholders(words.say(lang)), "x")
                assert not re.search(r"[{}]|\[\[|\]\]", fill(words.say(lang), values, lang))

    def test_keeps_the_manner_of_messages(self, code: str) -> None:
        found = entry(code)
        for words in (found.title, found.message, found.help):
            assert not words.zh.endswith("。"), code
            assert not words.en.endswith("."), code
            assert "\n" not in words.zh + words.en, code
        first = OPTIONAL.sub("", found.message.en)[:1]
        assert not first.isupper(), f"{code} begins with a capital"

    def test_page_shows_title_text_and_examples(self, code: str) -> None:
        found = entry(code)
        for lang in ("zh", "en"):
            shown = page(code, lang)
            assert shown.startswith(f"# {code} {found.title.say(lang)}\n")
            assert found.page.say(lang) in shown
            assert found.wrong.strip() in shown
            assert found.mended.strip() in shown

    def test_examples_come_in_pairs_that_differ(self, code: str) -> None:
        found = entry(code)
        assert bool(found.wrong) == bool(found.mended)
        assert not found.wrong or found.wrong != found.mended


def test_codes_stand_in_the_file_of_their_hundred() -> None:
    for prefix in catalogue.FILES:
        assert all(code.startswith(prefix) for code in catalogue._hundred(prefix))
    assert len(codes()) == len(set(codes()))


def test_every_code_in_the_project_stands_in_the_catalogue() -> None:
    used = {
        code: path
        for path in python_files()
        for code in LITERAL.findall(path.read_text(encoding="utf-8"))
    }
    unknown = {code: str(path) for code, path in used.items() if code not in codes()}
    assert used
    assert not unknown


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Every call that makes a diagnostic: where it stands, its code, the values it names.

    These are ``diagnose`` and the methods that pass their keywords on to it.
    """
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            code = (
                node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            )
            names = {keyword.arg for keyword in node.keywords}
            if (
                called in ("diagnose", "report", "reject")
                and LITERAL.fullmatch(str(code))
                and None not in names
            ):
                yield (
                    f"{path.name}:{node.lineno}",
                    str(code),
                    {name for name in names if name is not None},
                )


def test_every_diagnosis_gives_the_values_its_message_needs() -> None:
    lacking = []
    for where, code, given in calls():
        for words in (entry(code).message, entry(code).help):
            needed = placeholders(OPTIONAL.sub("", words.zh))
            if needed - given - {"article", "place"}:
                lacking.append((where, code, needed - given))
    assert not lacking


def test_unknown_code_is_a_key_error() -> None:
    for code in ("TW0999", "TW9900", ""):
        with pytest.raises(KeyError):
            entry(code)


def test_missing_value_shows_its_name_instead_of_failing() -> None:
    found = diagnose("TW0203", None, operation="+")
    assert catalogue.message(found, "en") == "cannot + left and right"


def test_names_of_operations_are_said_in_words() -> None:
    found = diagnose("TW0203", None, operation="add", left="金额", right="比例")
    assert catalogue.message(found, "zh") == "金额与比例不能相加"
    assert catalogue.message(found, "en") == "cannot add 金额 and 比例"


def test_optional_stretch_goes_when_a_value_is_missing_or_empty() -> None:
    template = "no “{name}”[[, did you mean {nearest}]]"
    assert fill(template, {"name": "a"}, "en") == "no “a”"
    assert fill(template, {"name": "a", "nearest": ()}, "en") == "no “a”"
    assert fill(template, {"name": "a", "nearest": ["b", "c"]}, "en") == (
        "no “a”, did you mean b, c"
    )


def test_values_with_braces_are_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b} [[x]]", "b": "no"}, "zh") == "{b} [[x]]"


@frozen
class Quantity:
    def label(self, lang: str) -> str:
        return {"zh": "起付线", "en": "deductible"}[lang]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ({"zh": "行", "en": "row"}, "行", "row"),
        (Quantity(), "起付线", "deductible"),
        (["甲", Quantity()], "甲、起付线", "甲, deductible"),
        ({"b", "a"}, "a、b", "a, b"),
        (True, "是", "yes"),
        (Fraction(1, 3), "1/3", "1/3"),
        (Words("款", "paragraph"), "款", "paragraph"),
    ],
)
def test_values_are_said_in_the_language(value: object, zh: str, en: str) -> None:
    assert (say(value, "zh"), say(value, "en")) == (zh, en)


def test_label_texts_come_from_the_code_then_the_shared_ones_then_as_they_stand() -> None:
    span = Span(Source("a", "abc"), 0, 1)
    found = diagnose("TW0106", span, label="here", cells=2, columns=3)
    texts = [
        catalogue.label_text(found, Label(span, key, {"columns": 4}), "en")
        for key in ("here", "head", "declared", "nothing of the kind", "")
    ]
    assert texts == ["2 cells", "4 cells in the head", "declared here", "nothing of the kind", ""]


def test_article_and_place_can_be_named_by_a_message() -> None:
    found = diagnose("TW0502", None, article="第十六条", name="起付标准", delegation="另行制定")
    assert catalogue.message(found, "zh") == "缺少参数“起付标准”，第十六条规定“另行制定”"


def test_index_links_every_page() -> None:
    for lang in ("zh", "en"):
        listed = re.findall(r"\]\((TW\d{4})\.md\)", index(lang))
        assert listed == list(codes())
        assert set(pages(lang)) == {"index.md", *(f"{code}.md" for code in codes())}


def test_catalogue_is_found_inside_the_package() -> None:
    assert (Path(tiaowen.__file__).parent / "dsl" / "catalogue" / "common.toml").is_file()
