"""Holds the pages on security to what is there: every requirement of the standard, every test and file they name."""

import ast
import re
from collections import Counter

import pytest

from tests.guards.reading import ROOT

FOLDER = ROOT / "docs" / "security"
PAGES = ("asvs.md", "statements.md", "README.md")
VERDICTS = ("met", "partly", "not met", "not applicable")
#: OWASP ASVS 5.0.0 as figures: for each section the level of its first requirement, of its second, and so on.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123", "2.1": "122",
    "2.2": "112", "2.3": "12223", "2.4": "23", "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233",
    "3.5": "11122333", "3.6": "3", "3.7": "22333", "4.1": "12233", "4.2": "23333", "4.3": "22",
    "4.4": "1222", "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222", "6.1": "122",
    "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222", "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223",
    "7.6": "22", "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23", "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222", "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23",
    "11.6": "23", "11.7": "33", "12.1": "12233", "12.2": "11", "12.3": "22223", "13.1": "2333",
    "13.2": "222223", "13.3": "2233", "13.4": "1222233", "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333", "16.1": "2", "16.2": "22222",
    "16.3": "2222", "16.4": "222", "16.5": "2223", "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
STANDARD = {
    f"{section}.{place}": level for section, levels in LEVELS.items() for place, level in enumerate(levels, 1)
}

ROW = re.compile(r"^\| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \|(.*)\|$", re.MULTILINE)
#: A path, perhaps with the name of a test in it; a folder ends with a slash or has no ending.
PATH = re.compile(
    r"`([\w.-]+(?:/[\w.-]+)+/?|[\w.-]+\.(?:md|toml|yml)|Dockerfile|\.dockerignore)(?:::(\w+))?`"
)
LINK = re.compile(r"\]\(([\w./-]+)(?:#[\w-]+)?\)")


def text_of(page):
    return (FOLDER / page).read_text(encoding="utf-8")


def rows():
    """Yields (ids, level, what is asked, verdict, evidence) for each row of the table."""
    for found in ROW.finditer(text_of("asvs.md")):
        yield found[1].split(", "), *(cell.strip() for cell in found[2].split("|"))


def test_every_requirement_of_the_standard_is_there_once_and_no_other():
    told = Counter(one for ids, *_rest in rows() for one in ids)
    assert len(STANDARD) == 345
    assert (set(told) - set(STANDARD), set(STANDARD) - set(told)) == (set(), set())
    assert [one for one, times in told.items() if times > 1] == []


def test_each_row_says_its_level_a_verdict_and_why():
    wrong = []
    for ids, level, asks, verdict, evidence in rows():
        levels = ", ".join(sorted({STANDARD[one] for one in ids})).replace("3", "**3**")
        if level != levels or verdict not in VERDICTS or not asks or not evidence:
            wrong.append(ids)
        if verdict == "met" and not (PATH.search(evidence) or "statement" in evidence or len(evidence) > 25):
            wrong.append(ids)
        if verdict == "partly" and len(evidence) < 40:
            wrong.append(ids)
    assert wrong == []


def test_the_sums_are_those_of_the_rows():
    counted = Counter((verdict, STANDARD[one]) for ids, _level, _asks, verdict, _why in rows() for one in ids)
    told = re.findall(
        r"^\| (met|partly|not met|not applicable) \| (\d+) \| (\d+) \| (\d+) \|$",
        text_of("asvs.md"),
        re.MULTILINE,
    )
    assert [(verdict, *map(int, figures)) for verdict, *figures in told] == [
        (verdict, *(counted[verdict, level] for level in "123")) for verdict in VERDICTS
    ]


def functions_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES)
def test_every_test_and_file_that_is_named_is_there(page):
    text, gone = text_of(page), []
    for path, name in PATH.findall(text):
        if not (ROOT / path).exists() or (name and name not in functions_in(path)):
            gone.append(f"{path}::{name}" if name else path)
    gone += [path for path in re.findall(r"tests/[\w/]+\.py", text) if not (ROOT / path).exists()]
    gone += [link for link in LINK.findall(text) if not (FOLDER / link).exists()]
    assert gone == []


def test_every_statement_that_is_named_is_there():
    said = set(re.findall(r"^## (\d+) ", text_of("statements.md"), re.MULTILINE))
    named = set(re.findall(r"statement (\d+)", text_of("asvs.md") + text_of("README.md")))
    assert named - said == set()
