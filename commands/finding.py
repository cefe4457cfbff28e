"""Commands that search, ask and show."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.printing import Output, answer_text, plain, source_words, tell
from core import shortage
from core.errors import InputError, MemoryShortError
from core.settings import Settings

if TYPE_CHECKING:
    from core.records import Filters
    from index.encoding.encoder import Encoder

Options = argparse.Namespace


def search(settings: Settings, options: Options) -> Output:
    from answer.citations import near_hits
    from index import search as searching
    from index.finding import when
    from index.store import open_library

    with open_library(settings) as library:
        filled = library.counts()["passages"] > 0
        encoder = _encoder(settings) if filled and not options.all else None
        for reading in when.readings(library, options.query, filters_of(settings, options)):
            query, filters = reading.question, reading.filters
            if options.all:
                found = searching.search_all(
                    library, query, options.k, filters, options.sort or "date"
                )
            else:
                found = searching.search(library, encoder, query, options.k, filters)
                ordered = searching.in_order(found.hits, options.sort or "relevance")
                found = replace(found, hits=tuple(ordered))
            if found.hits:
                if reading.words:
                    tell(reading.note)
                break
        hits = near_hits(library, found.hits)
    value = {
        "hits": plain(hits),
        "total": found.total,
        "undated_left_out": found.undated_left_out,
        "filters": plain(filters),
        "time_words": reading.words,  # of the query, which became dates of the filters
    }
    lines = [
        f"{hit.path}:{hit.line}  {hit.title} ({source_words(hit)})\n  {hit.text}" for hit in hits
    ]
    return value, "\n\n".join(lines) or "Nothing found.", 0


def _encoder(settings: Settings) -> Encoder | None:
    """None, and told why, where it is missing or memory is short: words are searched for then."""
    from index.encoding.encoder import load_encoder

    lack = ""
    try:
        if (encoder := load_encoder(settings)) is not None:
            return encoder
    except MemoryShortError as error:
        lack = f"{error} {shortage.BY_KEYWORDS}"
    from answer.ask import NO_ENCODER  # imports all of answering

    tell(lack or NO_ENCODER)
    return None


def ask(settings: Settings, options: Options) -> Output:
    from answer import desk
    from answer.ask import Finished, ask_way
    from answer.ask import ask as asking
    from answer.following import conversation
    from answer.looking import Tools, load_models
    from index.store import open_library

    filters = filters_of(settings, options)
    following = None
    if options.follow_up is not None:
        following = conversation.following(settings, options.question, options.follow_up)
        if following.whole != options.question:
            tell(f"asked as: {following.whole}")
    generator = ask_way(settings, options.model)
    try:
        with open_library(settings) as library:
            tools = Tools(library, load_models(settings), generator)
            for event in asking(tools, options.question, filters, following):
                if isinstance(event, Finished):
                    answer = event.answer
    finally:
        if generator is not None:
            generator.close()
    answer = desk.saved(settings, answer)
    return plain(answer), answer_text(answer), 0


def locate(settings: Settings, options: Options) -> Output:
    from index.finding.locate import locate as locating
    from index.store import open_library

    with open_library(settings) as library:
        matches = locating(library, options.text)
    lines = [f"{m.path}:{m.line}  {m.similarity:.0%}\n  {m.source_quote}" for m in matches]
    return {"matches": plain(matches)}, "\n".join(lines) or "Found nowhere.", 0


def show(settings: Settings, options: Options) -> Output:
    from index.finding.locate import line_range, view
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
    return value, f"{place.path}:{place.line}  {source_words(place)}\n{value['text']}", 0


def filters_of(settings: Settings, options: Options) -> Filters:
    """Folders become absolute. One without an article of the library is told: a name with a slip
    would else only find nothing."""
    from core.records import Filters
    from index.finding.facets import facets
    from index.store import open_library

    folders = tuple(os.path.abspath(one) for one in options.folder)
    if folders:
        with open_library(settings) as library:
            for one in folders:
                if not facets(library, "", Filters(folders=(one,))).total:
                    tell(f"No article of the library lies in {one}.")
    return Filters(
        options.after, options.before, options.outlet, options.path, options.language, folders
    )
