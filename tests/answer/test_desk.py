import json
import sqlite3
from contextlib import closing
from dataclasses import fields, replace

import pytest

from answer.desk import FORMAT, SavedAnswer, answer_from_dict, answer_to_dict, open_desk
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
        assert [row.answer_id for row in desk.answers()] == ["new", "old"]
        assert desk.answers()[0] == SavedAnswer(
            "new", "2026-01-02T00:00:00Z", "Why?", "answered", None
        )


def test_answers_are_found_by_words_of_question_and_claims(settings):
    with open_desk(settings) as desk:
        desk.save_answer(replace(an_answer("a"), question="Straße 100% _dry_?"))
        desk.save_answer(replace(an_answer("b"), question="Who?", claims=()))
        wanted = ("STRASSE", "100% _", "sank it", "flew", "who", "", "zebra", "%")
        found = {words: [row.answer_id for row in desk.answers(words)] for words in wanted}
    assert found == {
        "STRASSE": ["a"], "100% _": ["a"], "sank it": ["a"], "flew": ["a"], "who": ["b"],
        "": ["b", "a"], "zebra": [], "%": ["a"],
    }  # fmt: skip


def test_a_deleted_answer_is_gone_until_it_is_saved_again(settings):
    with open_desk(settings) as desk:
        desk.save_answer(an_answer())
        assert desk.delete_answer("a1")
        assert not desk.delete_answer("a1")
        assert desk.answers() == []
        desk.save_answer(an_answer())
        assert desk.answer("a1") == an_answer()


def test_a_conversation_is_followed_back_to_its_first_question(settings):
    with open_desk(settings) as desk:
        desk.save_answer(an_answer("one"))
        desk.save_answer(replace(an_answer("two"), follows="one"))
        desk.save_answer(replace(an_answer("three"), follows="two"))
        desk.save_answer(replace(an_answer("aside"), follows="one"))
        assert [a.answer_id for a in desk.conversation("three")] == ["one", "two", "three"]
        assert desk.conversation("nothing") == []
        # What a list calls a follow-up is its whole question
        assert desk.answers()[0].question == "Why did it sink?"
        desk.delete_answer("two")
        assert [a.answer_id for a in desk.conversation("three")] == ["three"]
        desk.save_answer(replace(an_answer("one"), follows="three"))
        desk.save_answer(replace(an_answer("three"), follows="one"))
        assert len(desk.conversation("three")) == 2  # a ring, which only a damaged file has


FORMAT_1 = (
    "CREATE TABLE answers (answer_id TEXT PRIMARY KEY, created TEXT NOT NULL,"
    " question TEXT NOT NULL, record TEXT NOT NULL) STRICT",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "PRAGMA user_version = 1",
)


def a_desk_of_format_1(settings):
    """As the first version wrote it: no encoder, no `follows`, nothing of what came later."""
    settings.home.mkdir(parents=True)
    record = answer_to_dict(an_answer())
    for name in ("encoder", "follows", "shortfall", "shortfalls", "differs", "confidence"):
        record.pop(name)
    for claim in record["claims"]:
        for name in set(claim) - {"text", "support", "verdict", "citations", "reason"}:
            claim.pop(name)
    with closing(sqlite3.connect(settings.desk_path)) as connection, connection:
        for statement in FORMAT_1:
            connection.execute(statement)
        values = ("a1", "2026-01-02T03:04:05Z", "Why?", json.dumps(record))
        connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", values)
        connection.execute("INSERT INTO settings VALUES ('watch', 'off')")


def test_an_older_desk_is_brought_up_after_a_backup(settings):
    a_desk_of_format_1(settings)
    with open_desk(settings) as desk:
        assert desk.answer("a1") == an_answer()
        assert [row.answer_id for row in desk.answers("sink")] == ["a1"]
        assert desk.setting("watch") == "off"
    backup = settings.home / "desk-format-1.db"
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (1,)


def test_an_older_desk_with_a_damaged_answer_stays_as_it_is(settings):
    a_desk_of_format_1(settings)
    with closing(sqlite3.connect(settings.desk_path)) as connection, connection:
        connection.execute("INSERT INTO answers VALUES ('b', '', '', '{not json')")
    with pytest.raises(LibraryError, match=r"desk\.db"):
        open_desk(settings)
    with closing(sqlite3.connect(settings.desk_path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (2,)


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
