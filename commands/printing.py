"""What the commands print: records as JSON values and as words for people; notes to stderr."""

from __future__ import annotations

import sys
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.records import Answer, Claim
    from index.store import Folder
    from index.story import StoryView

# A command gives (what --json prints, what a person reads, exit code).
Output = tuple[Any, str, int]


def plain(value: Any) -> Any:
    """Records as dicts and lists, for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def source_words(item: Any) -> str:
    return f"{item.outlet or 'no outlet'}, {item.published or 'no date'}"


def choices_words(folder: Folder) -> str:
    """What was chosen for a folder, in words."""
    choices = [f"without {', '.join(folder.exclude)}"] if folder.exclude else []
    choices += ["with pictures of pages"] if folder.ocr else []
    return f" ({'; '.join(choices)})" if choices else ""


def story_value(view: StoryView) -> dict[str, Any]:
    return {
        "title": view.article.title,
        "copies": [copy.path for copy in view.copies],
        "versions": [
            {
                "path": version.article.path,
                "published": version.article.published,
                "differences": [
                    {
                        "kind": change.kind,
                        "here": change.here and change.here.text,
                        "there": change.there and change.there.text,
                        "line": change.here and change.here.line,
                        "there_line": change.there and change.there.line,
                    }
                    for change in version.changes
                ],
            }
            for version in view.versions
        ],
    }


def answer_text(answer: Answer) -> str:
    supported = [claim for claim in answer.claims if claim.verdict == "supported"]
    left_out = len(answer.claims) - len(supported)
    lines = []
    if answer.status == "not_found":
        lines.append(f"Your articles don't say. {answer.shortfall}".rstrip())
        lines += ["The nearest passages:"] if answer.nearest else []
        reasons = answer.shortfalls or [""] * len(answer.nearest)
        for hit, why in zip(answer.nearest, reasons, strict=True):
            lines.append(f"  {hit.path}:{hit.line}  {why}".rstrip())
            lines.append(f"    {hit.text}")
    lines += [answer.differs] if answer.differs else []
    for claim in supported:
        marks = "".join(f"[{number}]" for number in claim.citations)
        lines.append(f"{_source_of(claim, answer)}{claim.text} {marks}")
    lines.append("")
    for cited in answer.citations:
        lines.append(f"[{cited.number}] {cited.path}:{cited.line} ({source_words(cited)})")
        lines.append(f"    {cited.quote}")
    made = f"written by {answer.model}" if answer.model else "quotations"
    lines.append(f"{len(supported)} supported, {left_out} left out · {made} · "
                 f"{answer.timings.total_seconds} s")  # fmt: skip
    return "\n".join([*lines, *answer.notes])


def _source_of(claim: Claim, answer: Answer) -> str:
    """What leads a claim where the sources differ: who says it, and when."""
    cited = [one for one in answer.citations if one.number in claim.citations]
    if not claim.value or not cited:
        return ""
    return f"{source_words(cited[0])}{', earlier' if claim.earlier else ''}: "


def tell(words: str) -> None:
    """A note beside the result."""
    print(f"sourcebook: {words}", file=sys.stderr)


def show_progress(progress: Any) -> bool:
    if sys.stderr.isatty():
        end = "\n" if progress.files_done == progress.files_total else "\r"
        line = f"{progress.files_done} of {progress.files_total} files"
        print(f"{line}, {progress.passages_embedded} passages embedded", end=end, file=sys.stderr)
    return True
