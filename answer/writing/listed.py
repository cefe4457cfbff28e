"""The models of the user's own server, asked for in the background.

Takes Settings, gives what the server listed last: at once, also while it does not answer. Asks
only the server that the settings name, and no other port or machine; writes no draft.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace

from answer.generator import SERVER_PREFIX
from core.errors import AppError
from core.settings import Settings

FRESH_SECONDS = 30.0  # a server may be started, or load another model, while the app runs


@dataclass(frozen=True, slots=True)
class Listed:
    """`names` as `load_generator` takes them; `problem`: why there are none, for a user."""

    names: tuple[str, ...] = ()
    problem: str = ""
    is_known: bool = True  # False while it is asked and none are known


class ServerModels:
    """One for the whole app. Nothing is asked where the settings name no server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._listed = Listed()
        self._asked: float | None = None  # when it was asked last
        self._is_asking = False

    def now(self) -> Listed:
        """What is known now; asks again in the background where that is old."""
        with self._lock:
            is_old = self._asked is None or time.monotonic() - self._asked > FRESH_SECONDS
            if self._settings.server is not None and is_old and not self._is_asking:
                self._is_asking = True
                if not self._listed.names:
                    self._listed = replace(self._listed, is_known=False)
                threading.Thread(target=self._ask, name="server models", daemon=True).start()
            return self._listed

    def _ask(self) -> None:
        listed = Listed(problem="The model server could not be asked for its models.")
        try:
            from answer.writing.server import server_models, writing  # brings an HTTP client

            names = writing(server_models(self._settings))
            listed = Listed(tuple(SERVER_PREFIX + name for name in names))
        except AppError as error:
            listed = Listed(problem=str(error))
        finally:
            with self._lock:
                self._listed, self._asked, self._is_asking = listed, time.monotonic(), False
