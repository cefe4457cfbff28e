"""The README tells the truth about the tree."""

import ast
import re

from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
PACKAGES = ("core", "ingest", "index", "answer", "ui", "evaluate", "commands")


def modules():
    found = [path for name in PACKAGES for path in (PROJECT / name).rglob("*.py")]
    found += [PROJECT / "app.py", PROJECT / "cli.py"]
    return {str(path.relative_to(PROJECT)) for path in found if path.name != "__init__.py"}


def test_every_module_stands_in_the_tree_and_nothing_else():
    tree = README.partition("<!-- tree -->")[2].partition("<!-- end of tree -->")[0]
    assert set(re.findall(r"^    (\S+\.py) ", tree, re.M)) == modules()


def test_every_module_says_what_it_is():
    for name in modules():
        assert ast.get_docstring(ast.parse((PROJECT / name).read_text(encoding="utf-8"))), name


def test_pictures_and_linked_files_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (PROJECT / target).exists(), target
