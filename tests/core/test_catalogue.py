"""The app's catalogue, and the entries that a user adds."""

import json
import tomllib

import pytest

from core.catalogue import CATALOGUE_PATH, catalogue, catalogue_problems, own_catalogue_path
from core.errors import ModelError
from core.modelfiles import find_gguf

GOOD = {
    "name": "tiny-one",
    "file": "tiny-one.gguf",
    "bytes": 5,
    "sha256": "a" * 64,
    "repository": "someone/tiny-GGUF",
    "revision": "main",
}


@pytest.fixture
def write(settings):
    def call(*rows):
        lines = []
        for row in rows:
            lines.append("[[model]]")
            lines += [
                f"{key} = {value if isinstance(value, int) else repr(value)}"
                for key, value in row.items()
            ]
        path = own_catalogue_path(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return call


def test_the_apps_own_entries():
    rows = tomllib.loads(CATALOGUE_PATH.read_text(encoding="utf-8"))["model"]
    assert [model.name for model in catalogue()] == [row["name"] for row in rows]
    for model in catalogue():
        assert len(model.sha256) == 64
        assert model.package or (model.repository and model.revision)
        assert model.memory_mb > 0


def test_entries_of_the_users_own_follow(settings, write):
    write(GOOD, {**GOOD, "name": "two", "file": "two.gguf", "licence": "MIT", "memory_mb": 3})
    tiny, two = catalogue(settings)[-2:]
    assert (tiny.name, tiny.kind, tiny.licence, tiny.memory_mb) == ("tiny-one", "writer", "", 0)
    assert (two.licence, two.memory_mb, two.template) == ("MIT", 3, "")
    assert catalogue_problems(settings) == ()
    with pytest.raises(ModelError, match="models get tiny-one"):
        find_gguf(settings, "tiny-one")


def test_no_file_of_the_users_own_is_no_problem(settings):
    assert catalogue(settings) == catalogue()
    assert catalogue_problems(settings) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"file": "../evil.gguf"}, "file can't be"),
        ({"file": "a/b.gguf"}, "file can't be"),
        ({"file": "a\\b.gguf"}, "file can't be"),
        ({"file": "verified.json"}, "file can't be"),
        ({"name": "-x"}, "name can't be"),
        ({"name": 3}, "name can't be"),
        ({"repository": "https://evil.example/x"}, "repository can't be"),
        ({"repository": "a/b/../c"}, "repository can't be"),
        ({"revision": "a..b"}, "revision can't be"),
        ({"revision": "main?x=1"}, "revision can't be"),
        ({"sha256": "A" * 64}, "sha256 can't be"),
        ({"sha256": "a" * 63}, "sha256 can't be"),
        ({"bytes": 0}, "bytes can't be"),
        ({"bytes": -1}, "bytes can't be"),
        ({"licence": "a\nb"}, "licence can't be"),
        ({"package": "os"}, "package is no key"),
        ({"path": "/etc/passwd"}, "path is no key"),
        ({"kind": "encoder"}, "kind is no key"),
        ({"name": "smollm2-135m-instruct"}, "stands in another entry"),
        ({"file": "smollm2-135m-instruct.q4_1.gguf"}, "stands in another entry"),
    ],
)
def test_an_entry_that_can_t_be_used_is_left_out_and_named(settings, write, change, reason):
    row = {**GOOD, **change}
    good = {**GOOD, "name": "good", "file": "good.gguf"}
    text = "\n".join(f"{key} = {json.dumps(value)}" for key, value in row.items())
    path = write(good)
    path.write_text(f"[[model]]\n{text}\n{path.read_text()}", encoding="utf-8")
    assert [model.name for model in catalogue(settings)[len(catalogue()) :]] == ["good"]
    (problem,) = catalogue_problems(settings)
    assert str(path) in problem
    assert "entry 1" in problem
    assert reason in problem


def test_a_missing_key_is_named(settings, write):
    write({key: value for key, value in GOOD.items() if key != "sha256"})
    assert "no line “sha256 = …”" in catalogue_problems(settings)[0]


@pytest.mark.parametrize("text", ["[[model", "model = 3", "\xff"])
def test_a_file_that_can_t_be_read_is_named_and_the_app_goes_on(settings, write, text):
    path = write()
    path.write_bytes(text.encode("latin-1"))
    assert catalogue(settings) == catalogue()
    (problem,) = catalogue_problems(settings)
    assert str(path) in problem
