"""Failures that are the machine's fault and not a file's: what it lacks, and what to do.

Takes an exception, gives words for the user, or whether the same work may go well later. Open
files, memory, a full or closed disk and a drive that does not answer; anything else is "".
"""

from __future__ import annotations

import errno
import os
import sqlite3

# How the reason of a file begins that could not be read for the machine's sake: nothing of it
# is stored, so that the next look at the folders reads it.
UNREAD = "could not be read just now"

FILES = (
    "Too many files are open{limit}. Close other programs or raise the limit (ulimit -n), then "
    "try again; what was indexed stays."
)
MEMORY = (
    "There is not enough memory for this. Close other programs, then try again; what was indexed "
    "stays."
)
ENCODER = (
    "There is not enough memory for the encoder, which searches by meaning. Close other programs, "
    "then try again."
)
BY_KEYWORDS = "The search ran by keywords."  # said after why there is no encoder
FULL = "The disk is full. Free space there, then try again; what was indexed stays."
READ_ONLY = (
    "It may not be written there ({}). Searching and asking go on; to change something, allow "
    "writing or name another folder with --home."
)
DRIVE = "The drive does not answer ({}). Look whether it is connected, then try again."

_FILES_OF_A_DATABASE = 4  # itself, its log, the index of that, and its folder
_FILES = {errno.EMFILE, errno.ENFILE}
_MEMORY = {errno.ENOMEM}
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS}
# ENOENT is none of these: a file that has gone says so too.
_DRIVE = {
    getattr(errno, name)
    for name in "EIO ENODEV ENXIO ESTALE ETIMEDOUT EHOSTDOWN ENOTCONN EREMOTEIO ESHUTDOWN".split()
    if hasattr(errno, name)
}
_MEMORY_WORDS = (  # of loaders and libraries that raise classes of their own
    "failed to map segment",
    "cannot allocate memory",
    "can't allocate memory",
    "bad_alloc",
    "out of memory",
    "unable to allocate",
    "failed to allocate",
    "not enough memory",
    "can't start new thread",
)


def told(error: BaseException) -> str:
    """What the machine lacks and what to do, for an exception or what caused it; else ""."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        if words := _told(one):
            return words
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return ""


def is_general(error: BaseException) -> bool:
    """Whether no other file would fare better now: open files or memory are short."""
    return _of_files(error) or _number(error) in _MEMORY


def is_passing(error: BaseException) -> bool:
    """Whether the same file may well be read later: the machine or the drive is to blame."""
    return is_general(error) or _number(error) in _DRIVE


def is_of_memory(error: BaseException) -> bool:
    """Whether memory is short, as far as the exception itself says."""
    if isinstance(error, MemoryError) or _number(error) in _MEMORY:
        return True
    if isinstance(error, sqlite3.Error):
        return _code(error) == sqlite3.SQLITE_NOMEM
    return says_memory(str(error))


def says_memory(words: str) -> bool:
    """Whether a library's own words for a failure speak of memory."""
    return any(one in words.casefold() for one in _MEMORY_WORDS)


def files_are_short() -> bool:
    """Whether this process can't open as many files now as a database takes. SQLite itself only
    says that it can't open its database."""
    opened: list[int] = []
    try:
        while len(opened) < _FILES_OF_A_DATABASE:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in _FILES
    finally:
        for one in opened:
            os.close(one)
    return False


def is_of_machine(error: BaseException) -> bool:
    """Whether open files, memory or a drive are to blame."""
    return is_passing(error) or is_of_memory(error)


def _told(error: BaseException) -> str:
    number = _number(error)
    if _of_files(error) or (_code(error) == sqlite3.SQLITE_CANTOPEN and files_are_short()):
        return FILES.format(limit=_limit())
    if is_of_memory(error):
        return MEMORY
    if number in _FULL or _code(error) == sqlite3.SQLITE_FULL:
        return FULL
    if number in _READ_ONLY or _code(error) == sqlite3.SQLITE_READONLY:
        return READ_ONLY.format(error)
    return DRIVE.format(error) if number in _DRIVE else ""


def _of_files(error: BaseException) -> bool:
    return _number(error) in _FILES or "too many open files" in str(error).casefold()


def _number(error: BaseException) -> int | None:
    return error.errno if isinstance(error, OSError) else None


def _code(error: BaseException) -> int | None:
    """SQLite's primary code."""
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else int(extended) & 0xFF


def _limit() -> str:
    try:
        import resource
    except ImportError:  # Windows
        return ""
    return f" (this app may open {resource.getrlimit(resource.RLIMIT_NOFILE)[0]:,} at once)"
