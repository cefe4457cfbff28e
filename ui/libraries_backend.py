"""What the pages ask about the several libraries: which there are, a new one, another name.

One thin function each; `core/libraries.py` keeps them. Also the questions that a library's
own names suggest. Formats nothing.
"""

from __future__ import annotations

import logging

from core import libraries
from core.libraries import Entry
from core.settings import Settings
from ui import backend, words

log = logging.getLogger(__name__)

MOST_REMEMBERED = 20  # libraries whose suggested questions are kept in memory

# By the library's home: what it was when they were made, and the questions.
_suggested: dict[str, tuple[str, list[str]]] = {}


def listed() -> list[Entry]:
    """The user's own first. The demo is none of them."""
    return libraries.listed(backend.my_settings())


def find(key: str) -> Settings | None:
    """Settings of the library with this key, which may be anyone's text."""
    entry = libraries.find(backend.my_settings(), key)
    return entry.settings if entry else None


def create(name: str) -> str:
    """An empty library, followed from now on; gives its key. Raises AppError."""
    made = libraries.create(backend.my_settings(), name)
    backend.follow(made.settings)
    return made.key


def rename(key: str, name: str) -> None:
    """Raises AppError."""
    libraries.rename(backend.my_settings(), key, name)


def follow_all() -> None:
    """Watch the folders of every library whose user wants it, and go on with the work that the
    last app left unfinished. One that can't be opened is passed over: its pages say why, and
    must come up to do so."""
    from index.jobs import jobs

    mine = backend.my_settings()
    jobs.go_on_with_all([*(entry.settings for entry in listed()), backend.demo_settings(mine)])
    for entry in listed():
        try:
            backend.follow(entry.settings)
        except words.NAMED as error:
            log.warning("Folders are not followed: %s", error)


def suggested_questions(settings: Settings) -> list[str]:
    """Questions with names that this library repeats; made once for each state of its
    articles, whoever has changed them."""
    from answer import examples
    from index.store import open_library
    from index.views import map as library_map

    home = str(settings.home)
    with open_library(settings) as library:
        state = library_map.state(library)
        known = _suggested.pop(home, None)
        if known is None or known[0] != state:
            known = state, examples.questions(library)
    _suggested[home] = known  # the newest last
    while len(_suggested) > MOST_REMEMBERED:
        del _suggested[next(iter(_suggested))]
    return known[1]
