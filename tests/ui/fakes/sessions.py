"""Questions that are answered before they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from answer.ask import Following
from core.records import Filters
from tests.ui.fakes.world import DONE, SessionView


@dataclass
class FakeSessions:
    """Gives `result` for every question."""

    result: SessionView = DONE
    asked: list[tuple[str, Filters, str | None]] = field(default_factory=list)
    followed: list[Following | None] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def start(
        self, question: str, filters: Filters, model: str | None, following: Following | None
    ) -> str:
        self.asked.append((question, filters, model))
        self.followed.append(following)
        return self.result.session_id

    def view(self, session_id: str) -> SessionView | None:
        return self.result if session_id == self.result.session_id else None

    def stop(self, session_id: str) -> None:
        self.stopped.append(session_id)
        self.result = replace(self.result, state="stopped")
