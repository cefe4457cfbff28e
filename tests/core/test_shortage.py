"""Which failures are the machine's, and what the user is told."""

import errno
import os
import resource
import sqlite3

import pytest

from core import shortage


def sqlite_error(code):
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "Too many files are open"),
        (OSError(errno.ENFILE, "File table overflow"), "Too many files are open"),
        (RuntimeError("could not open x for reading: Too many open files"), "Too many files"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "not enough memory"),
        (MemoryError(), "not enough memory"),
        (ImportError("lib.so: failed to map segment from shared object"), "not enough memory"),
        (RuntimeError("std::bad_alloc"), "not enough memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system"),
        (OSError(errno.EIO, "Input/output error"), "drive does not answer"),
        (sqlite_error(sqlite3.SQLITE_FULL), "disk is full"),
        (sqlite_error(sqlite3.SQLITE_NOMEM), "not enough memory"),
        (OSError(errno.ENOENT, "No such file or directory"), ""),
        (OSError(errno.EACCES, "Permission denied"), ""),
        (ValueError("a broken page"), ""),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), ""),
    ],
)
def test_what_is_told(error, words):
    assert words in shortage.told(error)
    assert bool(words) == bool(shortage.told(error))


def test_what_caused_a_failure_is_told():
    error = ValueError("no page")
    error.__cause__ = OSError(errno.EMFILE, "Too many open files")
    assert "Too many files are open" in shortage.told(error)


@pytest.mark.parametrize(
    ("number", "passing", "general"),
    [(errno.EIO, True, False), (errno.ESTALE, True, False), (errno.EMFILE, True, True),
     (errno.ENOMEM, True, True), (errno.ENOENT, False, False), (errno.EACCES, False, False)],
)  # fmt: skip
def test_what_passes_and_what_strikes_every_file(number, passing, general):
    error = OSError(number, os.strerror(number))
    assert (shortage.is_passing(error), shortage.is_general(error)) == (passing, general)


def test_a_database_that_can_not_be_opened_for_want_of_files():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        assert shortage.files_are_short()
        assert "Too many files" in shortage.told(sqlite_error(sqlite3.SQLITE_CANTOPEN))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert not shortage.files_are_short()
