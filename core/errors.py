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
