"""Items of an iterator that runs in a thread of its own."""

import threading

import pytest

from core.beside import beside


def test_items_come_in_order_and_the_end_is_the_end():
    assert list(beside(lambda: iter_of(range(300)), threading.Event())) == list(range(300))


def iter_of(items):
    yield from items


def test_an_error_is_raised_after_what_came_before_it():
    def broken():
        yield 1
        raise KeyError("x")

    items = beside(broken, threading.Event())
    assert next(items) == 1
    with pytest.raises(KeyError):
        next(items)


def test_a_stop_does_not_wait_and_the_iterator_is_closed_when_it_comes_on():
    stopped, goes_on, closed = threading.Event(), threading.Event(), threading.Event()

    def blocking():
        try:
            yield 1
            goes_on.wait(60)
            yield 2
        finally:
            closed.set()

    items = beside(blocking, stopped)
    assert next(items) == 1
    threading.Timer(0.1, stopped.set).start()
    assert list(items) == []  # would hang for a minute
    assert not closed.is_set()
    goes_on.set()
    assert closed.wait(10)


def test_who_reads_no_further_leaves_no_thread_behind():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    items = beside(endless, threading.Event())
    assert next(items) == 1
    items.close()
    assert closed.wait(10)
