"""Let the other processors do what needs no database, in processes of their own, while we go on."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Self, TypeVar

log = logging.getLogger(__name__)

WORTH_IT = 50
"""So many items are worth the half second that other processes take to start."""
MOST = 8
SHARE = 16
"""Items that a worker takes at once."""
AHEAD = 8
"""Shares that wait while one is used."""

T = TypeVar("T")
U = TypeVar("U")


class Workers:
    """Does pure functions of many items elsewhere; here, when there is no other processor."""

    def __init__(self, *, alone: bool = False) -> None:
        self._others = 0 if alone else min(len(os.sched_getaffinity(0)) - 1, MOST)
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
        """Begin to do something to each item and return a function that waits for what comes of it."""
        if not self._others or len(items) < WORTH_IT:
            return lambda: list(map(do, items))
        shares = [(share, self._submit(do, share)) for share in _share(items)]
        return lambda: [done for share, future in shares for done in self._wait(do, share, future)]

    def map(self, do: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Yield what comes of each item, a few shares ahead; without workers at hand, one by one."""
        if not self._others or self._pool is None:
            yield from map(do, items)
            return
        ahead: deque[tuple[list[T], Future[list[U]]]] = deque()
        for share in _share(items):
            ahead.append((share, self._submit(do, share)))
            if len(ahead) > AHEAD:
                yield from self._wait(do, *ahead.popleft())
        while ahead:
            yield from self._wait(do, *ahead.popleft())

    def _submit(self, do: Callable[[T], U], share: list[T]) -> Future[list[U]]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=self._others,
                mp_context=get_context("spawn"),
                initializer=_serve,
            )
        try:
            return self._pool.submit(_do_all, do, share)
        except BrokenProcessPool as error:
            broken: Future[list[U]] = Future()
            broken.set_exception(error)
            return broken

    def _wait(self, do: Callable[[T], U], share: list[T], future: Future[list[U]]) -> list[U]:
        try:
            return future.result()
        except BrokenProcessPool:
            # Killed from outside, perhaps for want of memory: alone we are slower, but safe.
            if self._others:
                log.warning("The worker processes died; going on without them.")
            self._others = 0
            return list(map(do, share))


def _share(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while share := list(islice(rest, SHARE)):
        yield share


def _do_all(do: Callable[[Any], Any], share: list[Any]) -> list[Any]:
    return list(map(do, share))


def _serve() -> None:
    """Leave Ctrl-C to the process that the person started, and end when that is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
