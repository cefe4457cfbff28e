"""What the library page asks of the packages below: jobs, lists and room on the disk.

One thin function each. Formats nothing. Jobs are started by `ui/backend.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.settings import Settings

if TYPE_CHECKING:
    from index.jobs.job_rows import Waiting
    from index.views.file_list import FilePage, FileQuery
    from index.views.storage import Storage
    from index.views.story_list import StoryPage


def waiting(settings: Settings) -> list[Waiting]:
    """What is to be done when the job at work has ended."""
    from index.jobs import jobs

    return jobs.waiting(settings)


def take_next(settings: Settings) -> None:
    """Start what waits, where nothing runs or is paused: a queue whose app has ended."""
    from index.jobs import jobs

    if settings.library_path.exists():
        jobs.start_waiting(settings)


def act_on_job(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed beside a job: pause, resume, cancel, withdraw. Raises AppError."""
    from index.jobs import jobs

    kind = action["type"]
    if kind == "pause":
        jobs.pause(settings)
    elif kind == "resume":
        jobs.start_again(settings)
    elif kind == "cancel":
        jobs.cancel(settings)
    elif kind == "withdraw":
        jobs.withdraw(settings, int(action["place"]))


def files(settings: Settings, query: FileQuery) -> FilePage:
    from index.store import open_library
    from index.views.file_list import FilePage, file_page

    if not settings.library_path.exists():
        return FilePage((), 1, 1, {})
    with open_library(settings) as library:
        return file_page(library, query)


def stories(settings: Settings, page: int) -> StoryPage:
    from index.store import open_library
    from index.views.story_list import StoryPage, story_page

    if not settings.library_path.exists():
        return StoryPage((), 1, 1, 0)
    with open_library(settings) as library:
        return story_page(library, page)


def left_out(settings: Settings) -> list[str]:
    """Paths that the user removed inside followed folders."""
    from index.store import open_library

    if not settings.library_path.exists():
        return []
    with open_library(settings) as library:
        return sorted(library.excluded())


def storage(settings: Settings) -> Storage:
    from index.views import storage as measured

    return measured.used(settings)


def on_disk(path: str) -> str:
    """The file on the disk that holds a path's text: a.zip for a.zip!/b.html."""
    from core import members

    return members.split(path)[0]
