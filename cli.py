"""The command line: `python cli.py [--home DIR] COMMAND … [--json]`.

Thin: parses, calls the packages, prints. With --json exactly one JSON document
goes to stdout; progress and notes go to stderr. Exit 0 done, 1 a named failure,
2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import settings as core_settings
from core.errors import AppError, InputError
from core.settings import Settings

if TYPE_CHECKING:
    from core.records import Answer, Filters, Reading
    from index.build import Report
    from index.store import Folder
    from index.story import StoryView

Options = argparse.Namespace
# A command gives (what --json prints, what a person reads, exit code).
Output = tuple[Any, str, int]


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args([_unicode(argument) for argument in given])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = core_settings.load(options.home)
    try:
        value, text, code = options.command(settings, options)
    except AppError as error:
        print(f"sourcebook: {error}", file=sys.stderr)
        return 1
    except (sqlite3.Error, OSError) as error:
        print(
            f"sourcebook: the library in {settings.home} can't be used ({error}). Check the disk "
            "and the folder's permissions; if the library is damaged, put back a backup.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("sourcebook: stopped; what was done is kept", file=sys.stderr)
        return 1
    try:
        print(json.dumps(value, ensure_ascii=False, indent=1) if options.json else text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, say `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(code)


# --- commands: the library ----------------------------------------------------


def add(settings: Settings, options: Options) -> Output:
    from index import jobs
    from index.scan import Options as FolderOptions

    exclude = None if options.exclude is None else tuple(options.exclude)
    chosen = FolderOptions(exclude, options.ocr)
    return _reported(jobs.run(settings, "add", options.paths, _show_progress, chosen))


def sync(settings: Settings, options: Options) -> Output:
    from index import jobs

    return _reported(jobs.run(settings, "sync", [], _show_progress))


def remove(settings: Settings, options: Options) -> Output:
    from index import jobs

    return _reported(jobs.run(settings, "remove", [options.path], _show_progress))


def status(settings: Settings, options: Options) -> Output:
    from index import dense, jobs
    from index.encoder import encoder_source
    from index.store import open_library

    encoder = encoder_source(settings)
    job = jobs.latest(settings)
    with open_library(settings) as library:
        counts = library.counts()
        generation = dense.current(library, encoder.key) if encoder else None
        folders = library.folders()
    value = {
        "files": {name: counts[name] for name in ("indexed", "empty", "skipped", "failed")},
        "articles": counts["articles"],
        "passages": counts["passages"],
        "folders": [
            {name: getattr(folder, name) for name in ("path", "state", "exclude", "ocr")}
            for folder in folders
        ],
        "encoder": encoder.key if encoder else None,
        "generation": generation.generation if generation else None,
        "bytes": sum(path.stat().st_size for path in settings.home.rglob("*") if path.is_file()),
        "job": _plain(job),
    }
    lines = [
        f"{settings.home}: {counts['articles']} articles, {counts['passages']} passages",
        "files: " + ", ".join(f"{count} {name}" for name, count in value["files"].items()),
        *(f"{folder.state}: {folder.path}{_choices(folder)}" for folder in folders),
        f"encoder: {value['encoder'] or 'none, search runs by keywords'}",
    ]
    return value, "\n".join(lines), 0


def doctor(settings: Settings, options: Options) -> Output:
    from index import doctor as examining
    from index.encoder import encoder_source
    from index.store import open_library

    encoder = encoder_source(settings)
    with open_library(settings) as library:
        found = examining.examine(library, encoder.key if encoder else None)
    problems = _plain(found.problems)
    value = {"ok": not problems, "problems": problems, "notes": list(found.notes)}
    lines = [f"{item['what']} {item['path']}".strip() for item in problems]
    return value, "\n".join([*lines, *found.notes]) or "All is well.", int(bool(problems))


def _choices(folder: Folder) -> str:
    """What was chosen for a folder, in words."""
    choices = [f"without {', '.join(folder.exclude)}"] if folder.exclude else []
    choices += ["with pictures of pages"] if folder.ocr else []
    return f" ({'; '.join(choices)})" if choices else ""


def text(settings: Settings, options: Options) -> Output:
    reading = _read(settings, os.path.abspath(options.path))
    fields = ("title", "outlet", "author", "published", "language", "text")
    articles = [
        {name: getattr(article, name) for name in fields}
        | {"start": article.spans[0].source_start, "end": article.spans[-1].source_end}
        for article in reading.articles
    ]
    value = {
        "status": reading.file.status,
        "reason": reading.file.reason,
        "articles": articles,
        "removed": _plain(reading.removed),
        "unfit": dict(reading.unfit),
    }
    parts = [f"{reading.file.status} {reading.file.reason}".strip()]
    if reading.unfit:
        counts = (f"{count} × {kind}" for kind, count in reading.unfit)
        parts.append(f"unfit characters: {', '.join(counts)}")
    for article in reading.articles:
        parts.append(f"\n## {article.title}\n{_source(article)}\n\n{article.text}")
    if reading.removed:
        parts.append("\n## Left out")
    for item in reading.removed:
        words = " ".join(reading.source_text[item.start : item.end].split())
        parts.append(f"{item.reason}: {words}")
    return value, "\n".join(parts), 0


def _read(settings: Settings, path: str) -> Reading:
    """A file, or one in a container, as it would be read into the library."""
    from index.scan import container
    from ingest.reader import Reader

    file, with_pictures = path if os.path.lexists(path) else container(path), False
    if not os.path.lexists(file):
        raise InputError(f"{path} does not exist.")
    if settings.library_path.exists():
        from index.repeats import as_known
        from index.scan import reads_pictures
        from index.store import open_library

        with open_library(settings) as library:
            with_pictures = reads_pictures(library, file)
    with Reader(settings.max_text_bytes) as reader:
        for reading in reader.read(file, with_pictures):  # the file's own comes last
            if reading.file.path == path:
                break
    if reading.file.path != path and reading.file.status == "indexed":
        raise InputError(f"{path} does not exist.")
    if settings.library_path.exists():
        with open_library(settings) as library:
            return as_known(library, reading)
    return reading


# --- commands: finding and asking ----------------------------------------------


def search(settings: Settings, options: Options) -> Output:
    from answer.citations import near_hits
    from index import search as searching
    from index.encoder import load_encoder
    from index.store import open_library

    filters = _filters(options)
    with open_library(settings) as library:
        if options.all:
            found = searching.search_all(library, options.query, options.k, filters)
        else:
            encoder = load_encoder(settings) if library.counts()["passages"] else None
            if encoder is None and library.counts()["passages"]:
                from answer.ask import NO_ENCODER  # imports all of answering

                print(f"sourcebook: {NO_ENCODER}", file=sys.stderr)
            found = searching.search(library, encoder, options.query, options.k, filters)
        hits = near_hits(library, found.hits)
    value = {
        "hits": _plain(hits),
        "total": found.total,
        "undated_left_out": found.undated_left_out,
    }
    lines = [f"{hit.path}:{hit.line}  {hit.title} ({_source(hit)})\n  {hit.text}" for hit in hits]
    return value, "\n\n".join(lines) or "Nothing found.", 0


def ask(settings: Settings, options: Options) -> Output:
    from answer import desk
    from answer.ask import Finished, Tools, ask_way
    from answer.ask import ask as asking
    from index.encoder import load_encoder
    from index.store import open_library

    generator = ask_way(settings, options.model)
    try:
        with open_library(settings) as library:
            tools = Tools(library, load_encoder(settings), generator)
            for event in asking(tools, options.question, _filters(options)):
                if isinstance(event, Finished):
                    answer = event.answer
    finally:
        if generator is not None:
            generator.close()
    with desk.open_desk(settings) as opened:
        opened.save_answer(answer)
    return _plain(answer), _answer_text(answer), 0


def locate(settings: Settings, options: Options) -> Output:
    from index.locate import locate as locating
    from index.store import open_library

    with open_library(settings) as library:
        matches = locating(library, options.text)
    lines = [f"{m.path}:{m.line}  {m.similarity:.0%}\n  {m.source_quote}" for m in matches]
    return {"matches": _plain(matches)}, "\n".join(lines) or "Found nowhere.", 0


def versions(settings: Settings, options: Options) -> Output:
    from index.store import open_library
    from index.story import stories_of

    path = os.path.abspath(options.path)
    with open_library(settings) as library:
        views = stories_of(library, path)
    value = {"articles": [_story_value(view) for view in views]}
    lines = []
    for item in value["articles"]:
        lines.append(f"{item['title']}: {len(item['copies'])} copies, "
                     f"{len(item['versions'])} versions")  # fmt: skip
        lines += [f"  copy: {copy}" for copy in item["copies"]]
        for version in item["versions"]:
            lines.append(f"  version: {version['path']} ({version['published'] or 'no date'})")
            for one in version["differences"]:
                lines.append(f"    {one['kind']}")
                lines += [f"      {sign} {line or '?'}: {words}" for sign, line, words in (
                    ("-", one["line"], one["here"]), ("+", one["there_line"], one["there"])
                ) if words is not None]  # fmt: skip
    return value, "\n".join(lines), 0


def show(settings: Settings, options: Options) -> Output:
    from index.locate import line_range, view
    from index.store import open_library

    path, line = options.place, None
    if options.start is None:
        path, _, number = options.place.rpartition(":")
        if not path or not number.isdecimal():
            raise InputError("Say which place: show PATH:LINE, or show PATH --start N --end N.")
        line = int(number)
    path = os.path.abspath(path)
    with open_library(settings) as library:
        start, end = options.start or 0, options.end or 0
        if line is not None:
            start, end = line_range(view(library, path, 0, 0).source_text, line)
        place = view(library, path, start, end)
    names = ("path", "title", "outlet", "published", "line", "start", "end")
    value = {name: getattr(place, name) for name in names}
    value["text"] = place.source_text[start:end]
    return value, f"{place.path}:{place.line}  {_source(place)}\n{value['text']}", 0


# --- commands: serving and measuring --------------------------------------------


def serve(settings: Settings, options: Options) -> Output:
    from ui.serve import serve as serving

    return None, "", serving(settings, options.port, options.browser)


def eval_retrieval(settings: Settings, options: Options) -> Output:
    from evaluate.retrieval import evaluate

    value = evaluate(options.folder, options.split)
    return value, json.dumps(value, indent=1), 0


def eval_answers(settings: Settings, options: Options) -> Output:
    from evaluate.answers import evaluate

    value = evaluate(settings, options.questions, options.model)
    figures = {name: figure for name, figure in value.items() if name != "rows"}
    return value, json.dumps(figures, indent=1), 0


def eval_extraction(settings: Settings, options: Options) -> Output:
    from evaluate.extraction import evaluate

    value = evaluate(Path(options.folder))
    return value, json.dumps(value, indent=1), 0


# --- inside ----------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", default=argparse.SUPPRESS, help="the library's folder")
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog="cli.py", description="Ask your own folder of articles, offline."
    )
    parser.add_argument("--home", help="the library's folder (else SOURCEBOOK_HOME)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[Settings, Options], Output], help_text: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text, parents=[shared])
        made.set_defaults(command=run)
        return made

    made = command("add", add, "index files and folders; folders are remembered")
    made.add_argument("paths", nargs="+", metavar="PATH")
    _add_folder_options(made)
    command("doctor", doctor, "check every stored row and file against its hash")
    command("sync", sync, "bring the index in step with the remembered folders")
    command("remove", remove, "forget a file or folder; the files stay").add_argument(
        "path", metavar="PATH"
    )
    made = command("search", search, "find passages")
    made.add_argument("query", metavar="QUERY")
    made.add_argument("-k", type=_positive, default=10, help="how many hits")
    made.add_argument("--all", action="store_true", help="every article with all the words")
    _add_filters(made)
    made = command("ask", ask, "answer a question from the articles, with citations")
    made.add_argument("question", metavar="QUESTION")
    made.add_argument("--model", metavar="NAME", help="a GGUF's name, or none for quotations")
    _add_filters(made)
    command("locate", locate, "where a quotation stands").add_argument("text", metavar="TEXT")
    made = command("show", show, "a passage in its place")
    made.add_argument("place", metavar="PATH[:LINE]")
    made.add_argument("--start", type=int)
    made.add_argument("--end", type=int)
    command("text", text, "what is read in a file; nothing is indexed").add_argument(
        "path", metavar="PATH"
    )
    command(
        "versions", versions, "copies of a file's articles, and versions that differ"
    ).add_argument("path", metavar="PATH")
    command("status", status, "what the library holds")
    made = command("serve", serve, "open the browser app on this machine")
    made.add_argument("--port", type=int, default=8501)
    made.add_argument("--no-browser", dest="browser", action="store_false")
    made = commands.add_parser("eval", help="measure quality")
    _add_evaluations(made, shared)
    return parser


def _add_folder_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--exclude",
        action="append",
        metavar="GLOB",
        help="leave out what matches, now and later; may be repeated; replaces the folder's "
        'earlier globs, and --exclude "" clears them',
    )
    parser.add_argument(
        "--ocr",
        action=argparse.BooleanOptionalAction,
        help="read the pictures of PDF pages without a text layer, with Tesseract",
    )


def _add_evaluations(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    made = kinds.add_parser("retrieval", parents=[shared], help="a data set in BEIR layout")
    made.add_argument("folder", metavar="DIR")
    made.add_argument("--split", default="test", help="which qrels file (default: test)")
    made.set_defaults(command=eval_retrieval)
    made = kinds.add_parser("extraction", parents=[shared], help="saved pages with their articles")
    made.add_argument("folder", metavar="DIR")
    made.set_defaults(command=eval_extraction)
    made = kinds.add_parser("answers", parents=[shared], help="questions asked of this library")
    made.add_argument("questions", metavar="QUESTIONS.jsonl")
    made.add_argument("--model", metavar="NAME")
    made.set_defaults(command=eval_answers)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--after", type=_date, metavar="DATE", help="2025, 2025-07 or 2025-07-12")
    parser.add_argument("--before", type=_date, metavar="DATE")
    parser.add_argument("--outlet", metavar="NAME")
    parser.add_argument("--path", metavar="GLOB", help="on the absolute path")


def _filters(options: Options) -> Filters:
    from core.records import Filters

    return Filters(options.after, options.before, options.outlet, options.path)


def _date(value: str) -> str:
    from index.filters import parse_date

    try:
        return parse_date(value)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _unicode(argument: str) -> str:
    """Bytes that are no UTF-8 reach Python as lone surrogates, which nothing can store."""
    return argument.encode(errors="surrogatepass").decode(errors="replace")


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) == 0:
        raise argparse.ArgumentTypeError(f"“{value}” is not a count")
    return int(value)


def _reported(report: Report) -> Output:
    value = _plain(report)
    missing, stopped = value.pop("missing"), value.pop("stopped")
    value["problems"] = list(value["problems"])
    for path in missing:
        print(f"sourcebook: {path} does not exist; check the path", file=sys.stderr)
        value["problems"].append({"path": path, "status": "failed", "reason": "does not exist"})
    counts = ", ".join(f"{count} {name}" for name, count in report.files.items() if count)
    lines = [f"{counts or 'nothing new'}; {report.embedded} passages embedded, {report.seconds} s"]
    lines += [f"{item['status']}: {item['path']}: {item['reason']}" for item in value["problems"]]
    return value, "\n".join(lines), int(bool(missing or stopped))


def _show_progress(progress: Any) -> bool:
    if sys.stderr.isatty():
        end = "\n" if progress.files_done == progress.files_total else "\r"
        line = f"{progress.files_done} of {progress.files_total} files"
        print(f"{line}, {progress.passages_embedded} passages embedded", end=end, file=sys.stderr)
    return True


def _story_value(view: StoryView) -> dict[str, Any]:
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


def _answer_text(answer: Answer) -> str:
    supported = [claim for claim in answer.claims if claim.verdict == "supported"]
    left_out = len(answer.claims) - len(supported)
    lines = []
    if answer.status == "not_found":
        lines.append("Your articles don't say. The nearest passages:")
        lines += [f"  {hit.path}:{hit.line}  {hit.text}" for hit in answer.nearest]
    for claim in supported:
        lines.append(claim.text + " " + "".join(f"[{number}]" for number in claim.citations))
    lines.append("")
    for cited in answer.citations:
        lines.append(f"[{cited.number}] {cited.path}:{cited.line} ({_source(cited)})")
        lines.append(f"    {cited.quote}")
    made = f"written by {answer.model}" if answer.model else "quotations"
    lines.append(f"{len(supported)} supported, {left_out} left out · {made} · "
                 f"{answer.timings.total_seconds} s")  # fmt: skip
    return "\n".join([*lines, *answer.notes])


def _source(item: Any) -> str:
    return f"{item.outlet or 'no outlet'}, {item.published or 'no date'}"


def _plain(value: Any) -> Any:
    """Records as dicts and lists, for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


if __name__ == "__main__":
    sys.exit(main())
