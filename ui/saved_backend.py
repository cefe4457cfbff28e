"""What the pages ask of desk.db and of saved answers: one thin function each.

Stands beside `ui/backend.py`, so that a test can put a fake in its place. Formats nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import Answer
from core.settings import Settings

if TYPE_CHECKING:
    from answer.ask import Following
    from answer.desk import SavedAnswer
    from answer.standing import SourceState

LEFT_OUT = "left_out"  # the setting in desk.db: "shown" or "folded"
MEDIA_TYPES = {"md": "text/markdown", "html": "text/html", "json": "application/json"}


def following(settings: Settings, typed: str, answer_id: str) -> Following:
    """The whole question that a follow-up is asked as. Raises InputError."""
    from answer.following import conversation

    return conversation.following(settings, typed, answer_id)


def edited(answer_id: str, question: str) -> Following:
    """A follow-up whose whole question was written by hand."""
    from answer.ask import Following

    return Following(answer_id, question)


def earlier(settings: Settings, answer_id: str) -> list[Answer]:
    """The conversation up to this answer, it included, the first question first."""
    from answer.desk import open_desk

    if not settings.desk_path.exists():
        return []
    with open_desk(settings) as desk:
        return desk.conversation(answer_id)


def saved(settings: Settings, words: str = "") -> list[SavedAnswer]:
    from answer.desk import open_desk

    if not settings.desk_path.exists():
        return []
    with open_desk(settings) as desk:
        return desk.answers(words)


def delete(settings: Settings, answer_id: str) -> Answer | None:
    """Forgets an answer and gives it, so that it can be brought back."""
    from answer.desk import open_desk

    with open_desk(settings) as desk:
        answer = desk.answer(answer_id)
        desk.delete_answer(answer_id)
    return answer


def restore(settings: Settings, answer: Answer) -> None:
    from answer.desk import open_desk

    with open_desk(settings) as desk:
        desk.save_answer(answer)


def states(settings: Settings, answer: Answer) -> tuple[SourceState, ...]:
    """How the sources of an answer stand now."""
    from answer import standing
    from index.store import open_library

    with open_library(settings) as library:
        return standing.states(library, answer)


def pack(settings: Settings, answer: Answer, form: str) -> str:
    """An evidence pack; `form` is one of MEDIA_TYPES."""
    from answer.export import FORMS, export

    chosen = next(one for one in FORMS if one == form)
    return export(answer, states(settings, answer), chosen)


def shows_left_out(settings: Settings) -> bool:
    """Whether sentences that were left out are shown struck through; else they are folded."""
    from answer.desk import open_desk

    if not settings.desk_path.exists():
        return False
    with open_desk(settings) as desk:
        return desk.setting(LEFT_OUT) == "shown"


def set_shows_left_out(settings: Settings, shown: bool) -> None:
    from answer.desk import open_desk

    with open_desk(settings) as desk:
        desk.set_setting(LEFT_OUT, "shown" if shown else "folded")
