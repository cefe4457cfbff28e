"""The shape of the house: who may import whom, and what starts quickly."""

import ast
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

# Each package may import itself and what stands left of it.
ORDER = ["core", "ingest", "index", "answer", "evaluate"]
ALLOWED = {name: set(ORDER[: place + 1]) for place, name in enumerate(ORDER)}
ALLOWED["ui"] = {"core", "ingest", "index", "answer", "ui"}
ALLOWED["commands"] = {*ORDER, "commands"}
ALLOWED["cli"] = {*ORDER, "ui", "commands", "cli"}
ALLOWED["app"] = {*ORDER, "ui", "app"}
PACKAGES = {*ORDER, "ui", "commands", "cli", "app"}
HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "streamlit", "llama_cpp",
         "numpy", "trafilatura", "ftfy", "lxml", "onnxruntime"}  # fmt: skip


def _files():
    for package in sorted(PACKAGES):
        folder = PROJECT / package
        yield from sorted(folder.rglob("*.py")) if folder.is_dir() else [PROJECT / f"{package}.py"]


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", list(_files()), ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_point_one_way(path):
    package = path.relative_to(PROJECT).parts[0].removesuffix(".py")
    used = set(_imports(ast.parse(path.read_text(encoding="utf-8")))) & PACKAGES
    assert used <= ALLOWED[package]


def test_no_pickle_and_no_multiprocessing():
    for path in _files():
        used = set(_imports(ast.parse(path.read_text(encoding="utf-8"))))
        assert not used & {"pickle", "multiprocessing", "diskcache", "joblib", "shelve"}, path


def test_onnxruntime_has_one_door():
    """It calls home unless the environment says otherwise before it is loaded."""
    using = {
        path.relative_to(PROJECT).as_posix()
        for path in [*_files(), *(PROJECT / "tests").rglob("*.py")]
        if "onnxruntime" in set(_imports(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert using == {"index/encoding/graph_session.py"}


def test_help_imports_nothing_heavy():
    code = (
        "import sys, cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('MODULES', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.rpartition("MODULES")[2].split())
    assert "cli" in loaded
    assert not loaded & HEAVY
