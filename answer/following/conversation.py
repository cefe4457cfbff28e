"""A question that follows a saved answer → what it is asked as.

Takes what was typed and the id of the answer before it, looks up the conversation in desk.db and
gives the whole question (`followup.py`). Passages of earlier answers are never passed on.
"""

from __future__ import annotations

from collections.abc import Iterable

from answer.ask import Following
from answer.desk import open_desk
from answer.following.followup import resolve
from answer.following.referents import Turn
from core.errors import InputError
from core.records import Answer
from core.settings import Settings


def following(settings: Settings, typed: str, answer_id: str) -> Following:
    """What is asked after that answer. Raises InputError where it is not saved here."""
    with open_desk(settings) as desk:
        earlier = desk.conversation(answer_id)
    if not earlier:
        raise unknown(answer_id)
    return Following(answer_id, resolve(typed, turns_of(earlier)))


def turns_of(answers: Iterable[Answer]) -> list[Turn]:
    """The questions and the words that were shown as their answers."""
    return [
        Turn(
            answer.resolved_question,
            tuple(claim.text for claim in answer.claims if claim.verdict == "supported"),
        )
        for answer in answers
    ]


def unknown(answer_id: str) -> InputError:
    return InputError(
        f"No answer {answer_id} is saved in this library. `answers` lists those that are."
    )
