"""Running questions, outside the page that asked them.

A question runs in a thread of its own and keeps what it has found so far, so a
page that is redrawn or closed ends nothing. One generator serves all: a question
that needs it waits its turn, visibly. Made once per app process. A question's id is
that of its answer: once it is saved, its view outlives the process.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import Literal

from answer import desk
from answer.ask import STOPPED, ClaimChecked, Event, Following, ask, ask_way
from answer.evidence import Models
from answer.generator import Generator
from answer.looking import EvidenceFound, Tools, load_models, look
from core import shortage
from core.errors import AppError, InputError
from core.records import Answer, Citation, Claim, Evidence, Filters, NearHit
from core.settings import Settings
from index.store import open_library

State = Literal["waiting", "searching", "writing", "done", "stopped", "failed"]
QUOTATIONS = "none"  # the way of answering that needs no model
CUT_SHORT = "Stopped before it was finished; what had been checked is kept."
_STOPS = frozenset({CUT_SHORT, STOPPED})  # the notes of an answer that a stop cut short
FAILED = "The question failed inside the app; its log has the details."
KEPT_SESSIONS = 50  # the oldest finished ones are forgotten; saved answers stay in desk.db

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A question as it stands now. `following`: what it was asked after, and as; `model`: the
    way of answering that was asked for; `saved`: opened from desk.db."""

    session_id: str
    question: str
    state: State
    evidence: tuple[Evidence, ...]
    nearest: tuple[NearHit, ...]
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    answer: Answer | None
    error: str
    seconds: float
    following: Following | None = None
    model: str | None = None
    filters: Filters = Filters()
    saved: bool = False


@dataclass(slots=True)
class _Session:
    session_id: str
    question: str
    filters: Filters
    model: str | None
    following: Following | None = None
    state: State = "waiting"
    evidence: tuple[Evidence, ...] = ()
    nearest: tuple[NearHit, ...] = ()
    claims: list[Claim] = field(default_factory=list)
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str = ""
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def take(self, event: Event) -> None:
        if isinstance(event, EvidenceFound):
            self.evidence, self.nearest, self.state = event.evidence, event.nearest, "writing"
        elif isinstance(event, ClaimChecked):
            # First what the claim's marks point to: a page may look in between.
            self.citations = event.citations
            self.claims.append(event.claim)
        else:
            self.citations = event.answer.citations
            self.answer = replace(event.answer, answer_id=self.session_id)
            if self.stop.is_set() and event.answer.model is not None:
                self.answer = replace(self.answer, notes=(*self.answer.notes, CUT_SHORT))
            self.model = _way(event.answer)

    def view(self) -> SessionView:
        return SessionView(
            session_id=self.session_id,
            question=self.question,
            state=self.state,
            evidence=self.evidence,
            nearest=self.nearest,
            claims=tuple(self.claims),
            citations=self.citations,
            answer=self.answer,
            error=self.error,
            seconds=round((self.ended or time.monotonic()) - self.started, 1),
            following=self.following,
            model=self.model,
            filters=self.filters,
        )


@dataclass(slots=True)
class Turns:
    """Whose turn it is to answer, and the model that writes. All libraries of a process share
    one, so that switching between them keeps one model in memory, not one for each."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    generators: dict[str, Generator] = field(default_factory=dict)


class Sessions:
    """All running and recent questions of one library in this process."""

    def __init__(self, settings: Settings, turns: Turns | None = None) -> None:
        turns = turns or Turns()
        self.settings = settings
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()
        self._turn = turns.lock
        self._generators = turns.generators
        self._encoder_ready = threading.Event()
        self._closed = False

    def start(
        self,
        question: str,
        filters: Filters = Filters(),
        model: str | None = None,
        following: Following | None = None,
    ) -> str:
        """Begin to answer; gives the session's id, which becomes the answer's.

        `model`: see `ask_way`. `following`: for a question of a conversation, see
        `answer.following.conversation`. Raises InputError for an empty question.
        """
        if not question.strip():
            raise InputError("The question is empty. Type what you want to know.")
        session = _Session(uuid.uuid4().hex[:12], question.strip(), filters, model, following)
        with self._lock:
            self._forget_oldest()
            self._sessions[session.session_id] = session
        threading.Thread(target=self._run, args=(session,), daemon=True).start()
        return session.session_id

    def view(self, session_id: str) -> SessionView | None:
        """A question of this process or a saved answer; None where it is neither."""
        session = self._sessions.get(session_id)
        return session.view() if session else self._saved_view(session_id)

    def _saved_view(self, answer_id: str) -> SessionView | None:
        if not self.settings.desk_path.exists():
            return None
        with desk.open_desk(self.settings) as opened:
            answer = opened.answer(answer_id)
        return saved_view(answer) if answer else None

    def stop(self, session_id: str) -> None:
        """End a question; what has been checked stays. One that waits is stopped at once."""
        session = self._sessions.get(session_id)
        if session is None or session.ended is not None:
            return
        self._stop(session)
        if session.state == "writing":
            for generator in list(self._generators.values()):
                generator.stop()

    def forget(self, session_id: str) -> None:
        """Drop an ended question, whose answer was deleted."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session is not None and session.ended is not None:
                del self._sessions[session_id]

    def warm_up(self) -> None:
        """Load the encoder in the background, so that the first question is quick."""
        threading.Thread(target=self._models, daemon=True).start()

    def close(self) -> None:
        """Stop everything and end the generator's process."""
        self._closed = True
        for session in list(self._sessions.values()):
            self._stop(session)
        while self._generators:  # shared: another library may add to them meanwhile
            self._generators.popitem()[1].close()

    def _stop(self, session: _Session) -> None:
        with self._lock:  # its turn may come just now
            session.stop.set()
            if session.state == "waiting":
                self._end(session, "stopped")

    def _has_begun(self, session: _Session) -> bool:
        """Whether it is to be answered, now that its turn has come."""
        with self._lock:
            if self._closed and session.ended is None:
                self._end(session, "stopped")
            if session.ended is not None:
                return False
            session.state = "searching"
            return True

    def _run(self, session: _Session) -> None:
        with self._turn:
            if not self._has_begun(session):
                return
            try:
                self._answer(session)
                notes = set(session.answer.notes) if session.answer else {CUT_SHORT}
                self._end(session, "stopped" if _STOPS & notes else "done")
            except AppError as error:
                session.error = str(error)
                self._end(session, "failed")
            except Exception as error:
                # The edge of one question: the page must hear of it, the log has the trace.
                log.exception("A question failed")
                session.error = shortage.told(error) or FAILED
                self._end(session, "failed")

    def _answer(self, session: _Session) -> None:
        generator = self._generator(session.model)
        with open_library(self.settings) as library:
            if not self._encoder_ready.is_set():
                # Loading takes seconds: what keywords find is shown meanwhile.
                asked = session.following.whole if session.following else session.question
                looked = look(Tools(library, Models(None)), asked, session.filters)
                session.evidence, session.nearest = looked.evidence, looked.nearest
            tools = Tools(library, self._models(), generator, session.stop.is_set)
            for event in ask(tools, session.question, session.filters, session.following):
                session.take(event)
        if session.answer is not None:
            session.answer = desk.saved(self.settings, session.answer)

    def _models(self) -> Models:
        try:
            return load_models(self.settings)
        except AppError as error:
            log.exception("The encoder can't be loaded; search goes on by keywords")
            return Models(None, lack=f"{error} {shortage.BY_KEYWORDS}")
        finally:
            self._encoder_ready.set()

    def _generator(self, model: str | None) -> Generator | None:
        key = model or ""
        if key not in self._generators:
            generator = ask_way(self.settings, model)
            if generator is None:
                return None
            for other in self._generators.values():  # one model at a time is in memory
                other.close()
            self._generators.clear()
            self._generators[key] = generator
            if self._closed:  # while it was made: nobody else would end its process
                generator.close()
        return self._generators[key]

    def _end(self, session: _Session, state: State) -> None:
        session.ended = time.monotonic()
        session.state = state

    def _forget_oldest(self) -> None:
        ended = [key for key, session in self._sessions.items() if session.ended is not None]
        for key in ended[: max(0, len(self._sessions) - KEPT_SESSIONS)]:
            del self._sessions[key]


def _way(answer: Answer) -> str:
    """The way of answering that was asked for, whatever became of it."""
    return answer.asked_model or answer.model or QUOTATIONS


def saved_view(answer: Answer) -> SessionView:
    """A saved answer as the page shows it. The passages that were read are not kept."""
    following = Following(answer.follows, answer.resolved_question) if answer.follows else None
    return SessionView(
        session_id=answer.answer_id,
        question=answer.question,
        state="stopped" if _STOPS & set(answer.notes) else "done",
        evidence=(),
        nearest=answer.nearest,
        claims=answer.claims,
        citations=answer.citations,
        answer=answer,
        error="",
        seconds=answer.timings.total_seconds,
        following=following,
        model=_way(answer),
        filters=answer.filters,
        saved=True,
    )
