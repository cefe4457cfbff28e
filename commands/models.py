"""Commands for model files: list what there is, fetch, verify, measure.

With --json:
`models list` → {"memory_bytes", "free_memory_bytes", "free_disk_bytes", "models": [{"name",
    "kind", "file", "path"|null, "installed", "bytes", "memory_bytes", "memory_estimated",
    "fits" ("yes", "tight", "no" or null), "usual_seconds"|null, "seconds_estimated",
    "recommended", "licence", "sha256" ("" where no catalogue knows it), "repository",
    "begun_bytes", "problem", "measured": {"speeds", "threads", "usual_seconds",
    "memory_bytes"}|null}], "problems": [of the user's own catalogue]}
`models get NAME [--endpoint ADDRESS]` → {"name", "path", "bytes", "sha256", "seconds",
    "resumed_from"}
`models verify [NAME]` → {"models": [{"name", "path", "ok", "sha256", "reason"}]}, exit 1 where
    any is not ok
`models measure [NAME]` → {"name", "speeds": [{"threads", "prompt_tokens_per_second",
    "written_tokens_per_second"}], "threads", "usual_seconds"|null, "memory_bytes"|null}
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from commands.printing import Output, plain, tell
from core.settings import Settings

if TYPE_CHECKING:
    from answer.writing.models import Model, Overview
    from answer.writing.speeds import Measured
    from core.transfer import Progress

Options = argparse.Namespace

FITS_WORDS = {"yes": "fits", "tight": "fits with other programs closed", "no": "too big", None: ""}


def models_list(settings: Settings, options: Options) -> Output:
    from answer.writing.models import overview

    found = overview(settings)
    value = plain(found)
    for row, model in zip(value["models"], found.models, strict=True):
        row["installed"] = model.installed
        del row["has_room"], row["is_own"]
    return value, _list_words(found), 0


def models_get(settings: Settings, options: Options) -> Output:
    from answer.writing.models import known_model
    from core.download import address, download
    from core.transfer import Listener

    if options.endpoint:
        settings = replace(settings, models_endpoint=options.endpoint)
    model = known_model(settings, options.name)
    tell(f"{model.licence or 'licence unknown'}; from {address(model, settings.models_endpoint)}")
    done = download(settings, model, Listener(_show))
    value = {"name": model.name} | plain(done) | {"path": str(done.path)}
    was_here = "it was here already" if done.resumed_from == done.bytes else f"{done.seconds} s"
    return value, f"{done.path}\n{_size(done.bytes)}, SHA-256 as expected, {was_here}", 0


def models_verify(settings: Settings, options: Options) -> Output:
    from core.verify import verify

    checks = list(verify(settings, options.name))
    lines = [
        f"{'ok ' if check.ok else 'BAD'} {check.name}  {check.path}\n"
        f"    {check.sha256 or 'no hash'}{': ' if check.reason else ''}{check.reason}"
        for check in checks
    ]
    code = int(not all(check.ok for check in checks))
    return {"models": plain(checks)}, "\n".join(lines) or "No model is installed.", code


def models_measure(settings: Settings, options: Options) -> Output:
    from answer.writing.measuring import Measurement

    measurement = Measurement(settings, options.name)
    tell(f"measuring {measurement.model.name} beside one busy core, about ten seconds")
    measured = measurement.run()
    value = {"name": measurement.model.name} | asdict(measured)
    return value | {"speeds": list(value["speeds"])}, _measured_words(measured), 0


def _list_words(found: Overview) -> str:
    memory = [
        f"{_size(found.memory_bytes)} of memory" if found.memory_bytes else "",
        f"{_size(found.free_memory_bytes)} free now" if found.free_memory_bytes else "",
        f"{_size(found.free_disk_bytes)} free on the disk",
    ]
    lines = [", ".join(part for part in memory if part), ""]
    for model in found.models:
        lines += [_model_words(model), *([f"    {model.problem}"] if model.problem else [])]
    return "\n".join([*lines, *found.problems])


def _model_words(model: Model) -> str:
    """`* qwen2.5-0.5b-instruct   491 MB, memory about 940 MB (fits), …`."""
    about = "about " if model.memory_estimated else ""
    parts = [_size(model.bytes), f"memory {about}{_size(model.memory_bytes)}"]
    parts[1] += f" ({FITS_WORDS[model.fits]})" if model.fits else ""
    if model.usual_seconds:
        parts.append(f"{'about ' if model.seconds_estimated else ''}{model.usual_seconds} s")
    parts.append(model.licence or "licence unknown")
    if model.begun_bytes:
        parts.append(f"{_size(model.begun_bytes)} of it are here")
    parts += ["suggested for this machine"] if model.recommended else []
    return f"{'*' if model.installed else ' '} {model.name:<24} {', '.join(parts)}"


def _measured_words(measured: Measured) -> str:
    lines = [
        f"{'*' if rate.threads == measured.threads else ' '} {rate.threads} threads: "
        f"{rate.prompt_tokens_per_second} prompt tokens/s, "
        f"{rate.written_tokens_per_second} written tokens/s"
        for rate in measured.speeds
    ]
    if measured.usual_seconds is None:
        return "\n".join([*lines, "Too slow to tell: try again when less is running."])
    return "\n".join([*lines, f"A usual answer takes about {measured.usual_seconds} s."])


def _show(progress: Progress) -> None:
    """Progress on a terminal, in one line."""
    if not sys.stderr.isatty():
        if progress.message:
            tell(progress.message)
        return
    share = f"{progress.phase}: {_size(progress.bytes_done)} of {_size(progress.bytes_total)}"
    if progress.bytes_per_second:
        left = (progress.bytes_total - progress.bytes_done) / progress.bytes_per_second
        share += f", {_size(int(progress.bytes_per_second))}/s, {left:.0f} s left"
    end = "\n" if progress.message or progress.bytes_done == progress.bytes_total else "\r"
    sys.stderr.write(f"{share} {progress.message}".ljust(79) + end)
    sys.stderr.flush()


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1_000_000_000 else f"{size / 1e6:.0f} MB"
