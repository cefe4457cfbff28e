"""The command line: `python cli.py [--home DIR] COMMAND … [--json]`.

Parses and prints; commands/ does the rest. With --json exactly one JSON document goes to
stdout; progress and notes go to stderr. Exit 0 done, 1 a named failure, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from commands import answers, finding, keeping, library, measuring, models
from commands import libraries as libraries_commands
from commands.printing import Output
from core import libraries, shortage
from core import settings as core_settings
from core.errors import AppError, InputError
from core.settings import Settings

Options = argparse.Namespace
ENDPOINT_HELP = f"where from, instead of {core_settings.MODELS_ENDPOINT}"


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args([_unicode(argument) for argument in given])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = libraries.joined(core_settings.load(options.home))
    except AppError as error:
        print(f"sourcebook: {error}", file=sys.stderr)
        return 2
    try:
        value, text, code = options.command(settings, options)
    except AppError as error:
        print(f"sourcebook: {error}", file=sys.stderr)
        return 1
    except (sqlite3.Error, OSError) as error:
        lacks = shortage.told(error) or (
            f"{error}. Check the disk and the folder's permissions; if the library is damaged, "
            "put back a backup."
        )
        print(f"sourcebook: the library in {settings.home} can't be used: {lacks}", file=sys.stderr)
        return 1
    except (MemoryError, ImportError, RuntimeError) as error:
        if not (lacks := shortage.told(error)):
            raise
        print(f"sourcebook: {lacks}", file=sys.stderr)
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


def serve(settings: Settings, options: Options) -> Output:
    from ui.serve import serve as serving

    return None, "", serving(settings, options.port, options.browser)


def link(settings: Settings, options: Options) -> Output:
    from core import door

    address = door.link(settings.home, options.port, time.time())
    return {"link": address, "seconds": door.LINK_SECONDS}, address, 0


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

    made = command("add", library.add, "index files and folders; folders are remembered")
    made.add_argument("paths", nargs="+", metavar="PATH")
    _add_folder_options(made)
    made = command("doctor", library.doctor, "check every stored row and file against its hash")
    made.add_argument("--repair", action="store_true", help="mend what is damaged; say how")
    command("sync", library.sync, "bring the index in step with the remembered folders")
    command("remove", library.remove, "forget a file or folder; the files stay").add_argument(
        "path", metavar="PATH"
    )
    _add_jobs(command)
    kinds = commands.add_parser("libraries", help="several libraries, kept apart")
    _add_libraries(kinds.add_subparsers(required=True, metavar="WHAT"), shared)
    made = command("search", finding.search, "find passages")
    made.add_argument("query", metavar="QUERY")
    made.add_argument("-k", type=_positive, default=10, help="how many hits")
    made.add_argument("--all", action="store_true", help="every article with all the words")
    made.add_argument(
        "--sort",
        choices=("relevance", "date", "oldest"),
        help="the best hits in this order, date: newest first (default: relevance; "
        "with --all: date)",
    )
    _add_filters(made)
    made = command("ask", finding.ask, "answer a question from the articles, with citations")
    made.add_argument("question", metavar="QUESTION")
    made.add_argument("--model", metavar="NAME", help="a GGUF's name, or none for quotations")
    made.add_argument("--follow-up", metavar="ID", help="asked after this saved answer")
    _add_filters(made)
    _add_saved(command)
    command("locate", finding.locate, "where a quotation stands").add_argument(
        "text", metavar="TEXT"
    )
    made = command("show", finding.show, "a passage in its place")
    made.add_argument("place", metavar="PATH[:LINE]")
    made.add_argument("--start", type=int)
    made.add_argument("--end", type=int)
    command("text", library.text, "what is read in a file; nothing is indexed").add_argument(
        "path", metavar="PATH"
    )
    command(
        "versions", library.versions, "copies of a file's articles, and versions that differ"
    ).add_argument("path", metavar="PATH")
    command("status", library.status, "what the library holds")
    command("backup", keeping.backup, "a verified copy, while indexing goes on").add_argument(
        "folder", metavar="DIR", help="a new folder"
    )
    command("restore", keeping.restore, "put a backup in place; what stood there is kept"
            ).add_argument("folder", metavar="DIR")  # fmt: skip
    kinds = commands.add_parser("models", help="the models that write, and the encoder")
    _add_models(kinds.add_subparsers(required=True, metavar="WHAT"), shared)
    made = command("serve", serve, "open the browser app on this machine")
    made.add_argument("--port", type=_port, default=8501)
    made.add_argument("--no-browser", dest="browser", action="store_false")
    made = command("link", link, "a link that opens the running app in a browser, once")
    made.add_argument("--port", type=_port, default=8501)
    made = commands.add_parser("eval", help="measure quality")
    _add_evaluations(made, shared)
    return parser


def _add_jobs(command: Callable[..., argparse.ArgumentParser]) -> None:
    command("rebuild", library.rebuild, "read every file again; vectors of equal words are kept")
    command("pause", library.pause, "let the running job rest after the file it is at")
    command("resume", library.resume, "go on with a paused or interrupted job")
    command("cancel", library.cancel, "end the running or paused job; what it did stays")


def _add_libraries(kinds: Any, shared: argparse.ArgumentParser) -> None:
    made = kinds.add_parser("list", help="their names and folders", parents=[shared])
    made.set_defaults(command=libraries_commands.libraries_list)
    made = kinds.add_parser("create", help="an empty library", parents=[shared])
    made.set_defaults(command=libraries_commands.libraries_create)
    made.add_argument("name", metavar="NAME")
    made = kinds.add_parser("rename", help="another name; nothing is moved", parents=[shared])
    made.set_defaults(command=libraries_commands.libraries_rename)
    made.add_argument("name", metavar="NAME")
    made.add_argument("new_name", metavar="NEW_NAME")


def _add_saved(command: Callable[..., argparse.ArgumentParser]) -> None:
    made = command("answers", answers.answers, "saved answers; one, with the state of its sources")
    made.add_argument("answer_id", nargs="?", metavar="ID")
    made = command("export", answers.export, "an answer with all that proves it, as one file")
    made.add_argument("answer_id", metavar="ID")
    made.add_argument("--format", choices=("md", "html", "json"), required=True)
    made.add_argument("--output", metavar="FILE", help="else it is printed")


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
    made.set_defaults(command=measuring.eval_retrieval)
    made = kinds.add_parser("extraction", parents=[shared], help="saved pages with their articles")
    made.add_argument("folder", metavar="DIR")
    made.set_defaults(command=measuring.eval_extraction)
    made = kinds.add_parser("support", parents=[shared], help="claims with evidence and label")
    made.add_argument("rows", metavar="ROWS.jsonl")
    made.set_defaults(command=measuring.eval_support)
    made = kinds.add_parser("answers", parents=[shared], help="questions asked of this library")
    made.add_argument("questions", metavar="QUESTIONS.jsonl")
    made.add_argument("--model", metavar="NAME")
    made.set_defaults(command=measuring.eval_answers)


def _add_models(kinds: Any, shared: argparse.ArgumentParser) -> None:
    for name, run, help_text in (
        ("list", models.models_list, "what there is, what fits this machine"),
        ("get", models.models_get, "download one of the catalogue; goes on where it ended"),
        ("verify", models.models_verify, "installed files against the catalogue"),
        ("measure", models.models_measure, "tokens per second, in ten seconds"),
    ):
        made = kinds.add_parser(name, help=help_text, parents=[shared])
        made.set_defaults(command=run)
        if name == "get":
            made.add_argument("name", metavar="NAME")
            made.add_argument("--endpoint", type=_endpoint, metavar="ADDRESS", help=ENDPOINT_HELP)
        elif name != "list":
            made.add_argument("name", metavar="NAME", nargs="?")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--after", type=_date, metavar="DATE", help="2025, 2025-07 or 2025-07-12")
    parser.add_argument("--before", type=_date, metavar="DATE", help="that day, month or year too")
    parser.add_argument("--outlet", metavar="NAME", help="capitals make no difference")
    parser.add_argument("--path", metavar="GLOB", help="on the absolute path of the file")
    parser.add_argument(
        "--folder",
        action="append",
        default=[],
        metavar="DIR",
        help="what lies in it; may be repeated: in any of them",
    )
    parser.add_argument("--language", metavar="CODE", help="of the articles: en, de, …")


def _date(value: str) -> str:
    from index.finding.filters import parse_date

    try:
        return parse_date(value)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _endpoint(value: str) -> str:
    try:
        return core_settings.checked_endpoint(value, "--endpoint")
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _unicode(argument: str) -> str:
    """Bytes that are no UTF-8 reach Python as lone surrogates, which nothing can store."""
    return argument.encode(errors="surrogatepass").decode(errors="replace")


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise argparse.ArgumentTypeError(f"“{value}” is no port: name one from 1 to 65535")
    return int(value)


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) == 0:
        raise argparse.ArgumentTypeError(f"“{value}” is not a count")
    return int(value)


if __name__ == "__main__":
    sys.exit(main())
