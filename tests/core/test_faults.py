"""The log of faults tells where something failed and no word of what was read."""

import logging
import os
import stat

import pytest

from core import faults

SECRET = "the minister's letter of March"


@pytest.fixture
def handler(tmp_path):
    made = faults.Faults(tmp_path / "home")
    loggers = [logging.getLogger(name) for name in ("app", "index.store", "somebody.else")]
    for logger in loggers:
        logger.addHandler(made)
    yield made
    for logger in loggers:
        logger.removeHandler(made)
    made.close()


def written(tmp_path):
    path = tmp_path / "home" / "logs" / "faults.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def fail():
    words = SECRET
    try:
        raise KeyError(words)
    except KeyError as error:
        raise ValueError(f"cannot read “{words}”") from error


def test_a_failure_is_told_by_its_kinds_and_places(handler, tmp_path):
    with pytest.raises(ValueError, match="cannot read") as caught:
        fail()
    faults.note(caught.value)
    text = written(tmp_path)
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "tests/core/test_faults.py:" in text
    assert " fail" in text
    assert SECRET not in text
    assert "minister" not in text
    assert str(tmp_path) not in text


def test_values_in_messages_are_left_out(handler, tmp_path):
    logging.getLogger("index.store").error("damaged: %s", SECRET)
    logging.getLogger("somebody.else").warning(f"could not read {SECRET}")
    logging.getLogger("somebody.else").info("nothing")
    text = written(tmp_path)
    assert "ERROR index.store: damaged: %s" in text
    assert "WARNING somebody.else: tests/core/test_faults.py:" in text
    assert "minister" not in text
    assert text.count("\n") == 2


def test_it_is_its_owners_alone_and_does_not_grow(handler, tmp_path, monkeypatch):
    monkeypatch.setattr(handler, "maxBytes", 2000)
    for _ in range(200):
        logging.getLogger("index.store").error("damaged: %s", SECRET)
    folder = tmp_path / "home" / "logs"
    kept = sorted(path.name for path in folder.iterdir())
    assert kept == ["faults.log", "faults.log.1", "faults.log.2", "faults.log.3"]
    for path in folder.iterdir():
        assert path.stat().st_size <= 2000
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_it_cannot_be_written_nothing_is_said(handler, tmp_path, capfd):
    (tmp_path / "home" / "logs").rmdir()
    (tmp_path / "home" / "logs").write_text("no folder")
    logging.getLogger("index.store").error("damaged: %s", SECRET)
    assert "minister" not in "".join(capfd.readouterr())


def test_an_endless_chain_ends(handler, tmp_path):
    error = ValueError("x")
    error.__context__ = OSError("y")
    error.__context__.__context__ = error
    faults.note(error)
    assert written(tmp_path).count("builtins.") == 2


def test_the_whole_process_is_logged_while_it_lasts(tmp_path):
    with faults.kept(tmp_path / "home"):
        for name in ("ui.pages", "uvicorn.error"):
            logging.getLogger(name).error("failed")
    logging.getLogger("ui.pages").error("afterwards")
    assert "ERROR ui.pages: failed" in written(tmp_path)
    assert "ERROR uvicorn.error: tests/core" in written(tmp_path)
    assert "afterwards" not in written(tmp_path)
    (tmp_path / "file").write_text("no folder")
    with faults.kept(tmp_path / "file"):
        pass
