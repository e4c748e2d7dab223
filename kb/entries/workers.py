"""Let the other processors do what needs no database, in processes of their own, while we go on."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

log = logging.getLogger(__name__)

WORTH_IT = 50
"""So many items are worth the half second that other processes take to start."""
MOST = 3
"""More of them would wait for the one that writes."""
SHARE = 8
"""Items that a worker takes at once."""
AHEAD = 32
"""Shares that wait while one is used."""

SELDOM = (50_000, 10, 10)
"""When Python looks for circular garbage: among thousands of rows it looks long and finds little."""

T = TypeVar("T")
U = TypeVar("U")


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Collect garbage seldom while much is read and written; this saves a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Workers:
    """Does pure functions of many items elsewhere; here, when there is no other processor."""

    def __init__(self, *, alone: bool = False) -> None:
        self._others = 0 if alone else min(_count_processors() - 1, MOST)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=error is None, cancel_futures=True)

    def begin(self, do: Callable[[T], U], items: Sequence[T]) -> Callable[[], list[U]]:
        """Begin to do something to each item and return a function that waits for what comes of it.

        The last quarter is left for us, who would only wait; nothing given is ever taken back.
        """
        if not self._others or len(items) < WORTH_IT:
            return lambda: list(map(do, items))
        given = len(items) * 3 // 4
        shares = [self._give(do, share) for share in _cut(items[:given])]

        def wait() -> list[U]:
            own = list(map(do, items[given:]))
            return [done for share in shares for done in share.take()] + own

        return wait

    def map(self, do: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Yield what comes of each item, a few shares ahead; without workers at hand, one by one."""
        if not self._others or self._pool is None:
            yield from map(do, items)
            return
        ahead: deque[_Share[T, U]] = deque()
        for share in _cut(items):
            ahead.append(self._give(do, share))
            if len(ahead) > AHEAD:
                yield from ahead.popleft().take()
        while ahead:
            yield from ahead.popleft().take()

    def _give(self, do: Callable[[T], U], items: list[T]) -> _Share[T, U]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=self._others,
                mp_context=get_context("spawn"),
                initializer=_serve,
            )
        # Ctrl-C is for us alone, also while a worker is still being started.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            return _Share(do, items, self._pool.submit(_do_all, do, items))
        except BrokenProcessPool as error:
            broken: Future[list[U]] = Future()
            broken.set_exception(error)
            return _Share(do, items, broken)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True, slots=True)
class _Share(Generic[T, U]):
    """Some items, and the promise of what comes of them."""

    do: Callable[[T], U]
    items: list[T]
    future: Future[list[U]]

    def take(self) -> list[U]:
        """Return what came of them."""
        try:
            return self.future.result()
        except BrokenProcessPool:
            # Killed from outside, perhaps for want of memory: alone we are slower, but safe.
            log.warning("A worker process died; its share is done here.")
            return list(map(self.do, self.items))


def _count_processors() -> int:
    """Return how many processors we may use, as far as the system tells."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _cut(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while share := list(islice(rest, SHARE)):
        yield share


def _do_all(do: Callable[[Any], Any], share: list[Any]) -> list[Any]:
    return list(map(do, share))


def _serve() -> None:
    """Leave Ctrl-C to the process that the person started, and end when that is no more."""
    gc.set_threshold(*SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
