"""The errors a user can meet. Each message says what happened, to which file,
and what to do next; nothing here prints or logs."""

from __future__ import annotations


class AppError(Exception):
    """A named failure: shown as it is, without a trace. Exit code 1."""


class InputError(AppError):
    """A file, folder or question that cannot be used."""


class LibraryError(AppError):
    """The library on disk is missing, locked, too new or damaged."""


class ModelError(AppError):
    """A model file is missing or damaged, or its process failed."""


class MachineError(AppError):
    """The machine lacks what the work needs now: open files, memory, a drive. Work that ended
    with it is done again when the cause is gone."""


class MemoryShortError(ModelError):
    """There is not enough memory for a model; what needs none goes on."""
