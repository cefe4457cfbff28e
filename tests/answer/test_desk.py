import sqlite3
from dataclasses import fields

import pytest

from answer.desk import FORMAT, answer_from_dict, answer_to_dict, open_desk
from core.errors import LibraryError
from core.records import Answer, Citation, Claim, Filters, NearHit, Timings
from core.settings import Settings


def an_answer(answer_id="a1", created="2026-01-02T03:04:05Z"):
    citation = Citation(
        number=1,
        path="/n/ferry.txt",
        page=None,
        line=3,
        start=10,
        end=25,
        source_quote="the “ferry”\nsank",
        quote="the “ferry” sank",
        title="Ferry 🚢",
        outlet=None,
        published="2026-01",
        source_sha256="ab",
    )
    near = NearHit("/n/b.txt", "B", "Post", None, 1, 0, 4, "Text", 0.25, ("/n/c.txt", "/n/d.txt"))
    return Answer(
        answer_id=answer_id,
        created=created,
        question="Why?",
        resolved_question="Why did it sink?",
        filters=Filters(after="2025", outlet="Post"),
        status="answered",
        claims=(
            Claim("It sank.", 0.875, "supported", (1,)),
            Claim("It flew.", 0.125, "unsupported", (), "no such words"),
        ),
        citations=(citation,),
        nearest=(near,),
        model=None,
        timings=Timings(0.1, None, 1.5),
        notes=("No model.",),
    )


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def test_an_answer_comes_back_equal_from_the_file(settings):
    with open_desk(settings) as desk:
        desk.save_answer(an_answer())
    with open_desk(settings) as desk:
        assert desk.answer("a1") == an_answer()
        assert desk.answer("a2") is None


def test_every_field_of_an_answer_is_stored():
    assert set(answer_to_dict(an_answer())) == {field.name for field in fields(Answer)}
    assert answer_from_dict(answer_to_dict(an_answer())) == an_answer()


def test_answers_newest_first_and_saved_again_only_once(settings):
    with open_desk(settings) as desk:
        desk.save_answer(an_answer("old", "2026-01-01T00:00:00Z"))
        desk.save_answer(an_answer("new", "2026-01-02T00:00:00Z"))
        desk.save_answer(an_answer("old", "2026-01-01T00:00:00Z"))
        assert [row[0] for row in desk.answers()] == ["new", "old"]
        assert desk.answers()[0] == ("new", "2026-01-02T00:00:00Z", "Why?")


def test_settings(settings):
    with open_desk(settings) as desk, open_desk(settings) as other:
        assert desk.setting("threads") is None
        desk.set_setting("threads", "1")
        desk.set_setting("threads", "2")
        assert other.setting("threads") == "2"


def test_every_commit_reaches_the_disk(settings):
    with open_desk(settings) as desk:
        assert desk._connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
        assert desk._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_newer_format_is_refused_by_name_and_left_alone(settings):
    open_desk(settings).close()
    with sqlite3.connect(settings.desk_path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(LibraryError, match=rf"desk\.db has format {FORMAT + 1}.*update"):
        open_desk(settings)


def test_a_damaged_file_is_named(settings):
    settings.home.mkdir()
    settings.desk_path.write_bytes(b"this is no database, but long enough to be read as one" * 40)
    with pytest.raises(LibraryError, match=r"desk\.db cannot be used.*backup"):
        open_desk(settings)
