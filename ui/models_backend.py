"""What the models page asks of the packages below: one thin function each.

Holds the running downloads and measurements, one set for the whole app, so a second
tab sees them and a closed one ends nothing. Formats nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.settings import Settings

if TYPE_CHECKING:
    from answer.writing.listed import Listed, ServerModels
    from answer.writing.model_tasks import ModelTasks, Task
    from answer.writing.models import Overview


def overview(settings: Settings) -> Overview:
    from answer.writing import models

    return models.overview(settings)


def tasks(settings: Settings) -> dict[str, Task]:
    """The running or last task of each model, by name; "" is the check of all files."""
    return _tasks(str(settings.home), settings).all()


def downloading(settings: Settings) -> bool:
    """Whether anything comes from the network just now."""
    return _tasks(str(settings.home), settings).downloading()


def download(settings: Settings, name: str) -> None:
    _tasks(str(settings.home), settings).download(name)


def measure(settings: Settings, name: str) -> None:
    _tasks(str(settings.home), settings).measure(name)


def verify(settings: Settings) -> None:
    _tasks(str(settings.home), settings).verify()


def stop(settings: Settings, name: str) -> None:
    _tasks(str(settings.home), settings).stop(name)


def discard(settings: Settings, name: str) -> None:
    """Delete what a stopped download has left."""
    from answer.writing.models import known_model
    from core import download as downloading

    downloading.discard(settings, known_model(settings, name))


def use_file(settings: Settings, path: str) -> str:
    """Remember a GGUF of the user's own; gives its name. Raises ModelError."""
    from core import modelfiles, ownmodels
    from core.errors import ModelError

    given = Path(path.strip()).expanduser()
    there = {model.name: model.path for model in modelfiles.writers(settings)}
    taken = there.get(given.stem)
    if taken is not None and taken != given.absolute():
        raise ModelError(
            f"{taken} has the same name, and the first one counts. Give {given} another name."
        )
    return ownmodels.remember(settings, given).stem


def forget_file(settings: Settings, path: str) -> None:
    from core import ownmodels

    ownmodels.forget(settings, Path(path))


def server_ways(settings: Settings) -> Listed:
    """The models of the user's own server as they are known now: no page waits for a server."""
    return _server_models(str(settings.server), settings).now()


def close() -> None:
    """Stops what runs; downloads go on from there the next time."""
    _tasks.clear()


@st.cache_resource(show_spinner=False)
def _server_models(server: str, _settings: Settings) -> ServerModels:
    from answer.writing.listed import ServerModels

    return ServerModels(_settings)


@st.cache_resource(show_spinner=False, on_release=lambda held: held.close())
def _tasks(home: str, _settings: Settings) -> ModelTasks:
    from answer.writing.model_tasks import ModelTasks

    return ModelTasks(_settings)
