"""Damage that neither SQLite nor FAISS notices is found, and named with its file."""

import pytest

from index import build
from index.keeping import doctor
from index.store import open_library

STORY = (
    "The ferry to the outer island will run twice a day from the first of May. "
    "The harbour office said that the morning boat carries the post as well. "
)


@pytest.fixture
def library(settings, tmp_path, fake_source):
    (tmp_path / "ferry.txt").write_text("Ferry to the island\n\n" + STORY)
    with open_library(settings) as opened:
        build.add(opened, [str(tmp_path / "ferry.txt")], fake_source)
        yield opened


def test_a_sound_library_has_no_problems(library, fake_source):
    assert doctor.examine(library, fake_source.key).problems == ()


DAMAGE = [
    ("UPDATE articles SET text = replace(text, 'May', 'June')", "an article is damaged"),
    ("UPDATE articles SET published = '2001-01-01'", "an article is damaged"),
    ("UPDATE passages SET text = replace(text, 'twice', 'once')", "a passage is damaged"),
    ("UPDATE sources SET text = x'00'", "a stored source text is damaged"),
    ("UPDATE vectors SET vector = zeroblob(length(vector))", "1 stored vectors are damaged"),
]


@pytest.mark.parametrize(("statement", "what"), DAMAGE)
def test_a_changed_row_is_found(library, fake_source, statement, what):
    library.connection.execute(statement)
    problems = doctor.examine(library, fake_source.key).problems
    assert [problem.what for problem in problems] == [what]
    if "vectors" not in what:
        assert problems[0].path.endswith("ferry.txt")


def test_a_damaged_full_text_index_is_found(library, fake_source):
    library.connection.execute("DELETE FROM passages_fts_docsize")
    problems = doctor.examine(library, fake_source.key).problems
    assert any("full-text" in problem.what for problem in problems)


def test_a_damaged_or_missing_vector_file_is_found(library, settings, fake_source):
    (path,) = settings.home.glob("vectors-*.faiss")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    (problem,) = doctor.examine(library, fake_source.key).problems
    assert ("damaged" in problem.what, problem.path) == (True, str(path))
    path.unlink()
    (problem,) = doctor.examine(library, fake_source.key).problems
    assert "missing" in problem.what


def test_without_an_encoder_it_says_so(library):
    assert doctor.examine(library, None).notes == (
        "No encoder is installed: search runs by keywords.",
    )
