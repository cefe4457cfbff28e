import os
from dataclasses import replace

import pytest

from answer.ask import Finished, ask
from answer.evidence import Models
from answer.looking import Tools
from answer.standing import DISK_CHANGED, NOT_ON_DISK, passage_now, place_now, states
from core.records import SpanRun
from index import build
from index.store import open_library

TEXT = (
    "Ferry sinks off Holm\n\n"
    "The ferry sank because water had entered the engine room.\n\n"
    "Two sailors were saved by a fishing boat.\n"
)
QUOTE = "The ferry sank because water had entered the engine room."


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "articles" / "ferry.txt"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def answer(settings, source, fake_source, fake_encoder):
    with open_library(settings) as library:
        build.add(library, [str(source.parent)], fake_source)
        *_, last = ask(Tools(library, Models(fake_encoder)), "Why did the ferry sink?")
    assert isinstance(last, Finished)
    cited = last.answer.citations
    assert any(one.quote == QUOTE for one in cited)
    return last.answer


def state_of(settings, answer, quote=QUOTE):
    number = next(one.number for one in answer.citations if one.quote == quote)
    with open_library(settings) as library:
        return next(one for one in states(library, answer) if one.number == number)


def rewrite(source, text, settings, fake_source):
    source.write_text(text, "utf-8")
    with open_library(settings) as library:
        build.add(library, [str(source.parent)], fake_source)


def test_an_untouched_source_is_unchanged_and_its_bytes_are_named(settings, source, answer):
    found = state_of(settings, answer)
    assert (found.state, found.line, found.note) == ("unchanged", 3, "")
    assert len(found.file_sha256) == 64
    assert found.path == str(source)


def test_words_that_stand_elsewhere_have_moved(settings, source, answer, fake_source):
    rewrite(source, "A new first line.\n\n" + TEXT, settings, fake_source)
    found = state_of(settings, answer)
    assert (found.state, found.line) == ("moved", 5)
    assert "line 5" in found.note
    with open_library(settings) as library:
        text = library.source_text(str(source))
    assert text[found.start : found.end] == QUOTE
    assert found.file_sha256 == ""


def test_a_change_elsewhere_leaves_the_words_in_place(settings, source, answer, fake_source):
    rewrite(source, TEXT + "\nA correction was added.\n", settings, fake_source)
    found = state_of(settings, answer)
    assert (found.state, found.line) == ("changed", 3)
    assert "stand where they did" in found.note


def test_words_that_are_gone_are_told(settings, source, answer, fake_source):
    rewrite(source, TEXT.replace("engine room", "hold"), settings, fake_source)
    found = state_of(settings, answer)
    assert (found.state, found.line) == ("changed", None)
    assert "gone from it" in found.note


def test_other_quotation_marks_and_spaces_are_the_same_words(answer):
    cited = next(one for one in answer.citations if one.quote == QUOTE)
    cited = replace(cited, source_quote="the “ferry”\nsank", start=0, end=16)
    text = 'x\ny\nThe "Ferry"  sank. No more'
    start, end = place_now(cited, text)
    assert text[start:end] == 'The "Ferry"  sank'
    assert place_now(cited, "x") is None


def test_the_nearest_of_several_places_counts(answer):
    cited = replace(answer.citations[0], source_quote="again", start=40, end=45)
    text = "again\n" + "x" * 50 + "\nagain\n"
    assert place_now(cited, text) == (57, 62)


def test_a_passage_is_found_in_the_clean_text_and_stands_in_the_source(settings, source, answer):
    with open_library(settings) as library:
        (article,) = library.articles(str(source))
    (place,) = passage_now(QUOTE, TEXT.index(QUOTE), [article])
    assert TEXT[slice(*place)] == QUOTE
    assert passage_now("The ferry sank because of a storm.", 0, [article]) == ()
    # The clean text has no menu between its two halves; the second one is farther away.
    text = "One half.\n\nTwo halves.\n\nOne half."
    runs = (SpanRun(0, 11, 0, 11), SpanRun(11, 22, 20, 31), SpanRun(22, 33, 31, 42))
    cut = replace(article, text=text, spans=runs)
    assert passage_now("One half.\n\nTwo halves.", 0, [cut]) == ((0, 11), (20, 31))
    assert passage_now("one  half.", 40, [cut]) == ((33, 42),)


def test_a_file_that_left_the_library(settings, source, answer, fake_source):
    other = source.with_name("copy.txt")
    source.rename(other)
    rewrite(other, TEXT, settings, fake_source)
    found = state_of(settings, answer)
    assert (found.state, found.line) == ("gone", None)
    assert str(other) in found.note
    other.unlink()
    with open_library(settings) as library:
        build.add(library, [str(source.parent)], fake_source)
    assert "from the disk" in state_of(settings, answer).note


def test_the_disk_is_looked_at_too(settings, source, answer):
    os.utime(source, ns=(1, 1))
    found = state_of(settings, answer)
    assert (found.state, found.note) == ("changed", DISK_CHANGED)
    source.unlink()
    found = state_of(settings, answer)
    assert (found.state, found.line, found.note) == ("gone", 3, NOT_ON_DISK)


def test_a_source_in_a_folder_whose_name_ends_in_a_mark_is_itself(
    settings, tmp_path, fake_source, fake_encoder
):
    source = tmp_path / "Yahoo!" / "ferry.txt"
    source.parent.mkdir()
    source.write_text(TEXT, "utf-8")
    with open_library(settings) as library:
        build.add(library, [str(source.parent)], fake_source)
        *_, last = ask(Tools(library, Models(fake_encoder)), "Why did the ferry sink?")
    assert state_of(settings, last.answer).state == "unchanged"
    source.write_text(TEXT + "More.\n", "utf-8")
    found = state_of(settings, last.answer)
    assert (found.state, found.note) == ("changed", DISK_CHANGED)
    source.unlink()
    assert state_of(settings, last.answer).note == NOT_ON_DISK
