"""Work that takes longer than a page may: begun by a page, done beside it, and looked at until it is over.

What an errand does may be repeated, and what it decides is in the store: an errand that is lost with its process loses nothing.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from functools import partial

from desk.rendering import HowFar
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine
from store.trouble import trouble

LOG = logging.getLogger(__name__)
THREADS = 4  # an errand mostly waits for the rendering processes
KEPT = 200  # errands whose outcome a page may still ask for
Work = Callable[[Engine, HowFar], object]
Reading = Callable[[HowFar], object]


class Errand:
    """One piece of work: how far it has come, and what came of it."""

    def __init__(self, key: str, page: str, about: str = "") -> None:
        self.id = uuid.uuid4().hex
        self.key = key
        self.about = about
        self.page = page  # the address of the page that shows what came of it
        self.done = 0  # of `whole`, in frames: a picture is one
        self.whole = 0
        self._future: Future[object] = Future()

    def tell(self, done: int, whole: int) -> None:
        """Say how far it has come."""
        self.done, self.whole = done, whole

    def follow(self, future: Future[object]) -> None:
        """Be over when the future is."""
        self._future = future

    def then(self, do: Callable[[], None]) -> None:
        """Do something when it is over, at once where it is."""
        self._future.add_done_callback(lambda _: do())

    def end_as(self, other: Future[object]) -> None:
        """Be over as another future is, in the place of the own one: somebody may be waiting for that already."""
        if other.cancelled():
            self.cancel()
        elif (error := other.exception()) is not None:
            self._future.set_exception(error)
        else:
            self._future.set_result(other.result())

    def cancel(self) -> None:
        """Be over with nothing done."""
        self._future.cancel()

    def wait(self, seconds: float) -> bool:
        """Return whether it is over, as soon as it is, and after so many seconds in any case."""
        wait([self._future], timeout=seconds)
        return self.over

    @property
    def over(self) -> bool:
        """Tell whether it has ended, well or not."""
        return self._future.done()

    @property
    def outcome(self) -> object:
        """Return what came of it; None where it is not over, or has failed."""
        return None if not self.over or self._error is not None else self._future.result()

    @property
    def refusal(self) -> BadInput | None:
        """Return why it has come to nothing; None where it is not over, or went well."""
        error = self._error if self.over else None
        return error if error is None or isinstance(error, BadInput) else BadInput(failure(error))

    @property
    def _error(self) -> BaseException | None:
        try:
            return self._future.exception()
        except CancelledError as error:
            return error


class Errands:
    """The errands of one open desk."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="errand")
        self._lock = threading.Lock()
        self._known: dict[str, Errand] = {}
        self._engine: Engine | None = None
        self._closed = threading.Event()

    def use(self, engine: Engine) -> None:
        """Render with this engine from now on."""
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """Return what renders for the pages; raise BadInput where nothing can be rendered yet."""
        if self._engine is None:
            raise BadInput(Problem(rule="not-open", message="bàn làm việc chưa mở xong; hãy đợi vài giây rồi thử lại"))
        return self._engine

    def begin(self, key: str, work: Work, *, page: str, again: bool = True, about: str = "") -> Errand:
        """Begin the work, or return the errand of this key that is under way; without `again` also one that went well.

        `page` is the address of the page that asks for it. Work that is `about` something else than what is under way, such as
        a newer text, begins when that is over. Raise BadInput where nothing can be rendered yet.
        """
        return self._begin(key, partial(work, self.engine), page, again, about)

    def read(self, key: str, work: Reading, *, page: str) -> Errand:
        """Begin work that renders nothing, or return the errand of this key that is under way.

        It ends when the desk is closed, at the next time that it says how far it has come.
        """

        def until_closed(tell: HowFar) -> object:
            def told(done: int, whole: int) -> None:
                if self._closed.is_set():
                    raise CancelledError
                tell(done, whole)

            return work(told)

        return self._begin(key, until_closed, page, True, "")

    def _begin(self, key: str, work: Reading, page: str, again: bool, about: str) -> Errand:
        before = None
        with self._lock:
            for each in reversed(self._known.values()):
                if each.key == key and (not each.over or (not again and each.refusal is None)):
                    before = each
                    break
            if before is not None and before.about == about:
                return before
            errand = Errand(key, page, about)
            self._known[errand.id] = errand
            self._forget()
            if before is None:
                errand.follow(self._threads.submit(work, errand.tell))
            else:
                before.then(lambda: self._begin_late(errand, work))
            return errand

    def _begin_late(self, errand: Errand, work: Reading) -> None:
        try:
            future = self._threads.submit(work, errand.tell)
        except RuntimeError:  # the desk is being closed
            errand.cancel()
        else:
            future.add_done_callback(errand.end_as)

    def find(self, id: str) -> Errand | None:
        """Return an errand; None where it was long ago, or in another process."""
        return self._known.get(id)

    def latest(self, key: str) -> Errand | None:
        """Return the newest errand of a key; None where there was none, or it was long ago, or in another process."""
        with self._lock:
            return next((each for each in reversed(self._known.values()) if each.key == key), None)

    def stop(self) -> None:
        """Begin nothing more; what waits for a rendering ends with the engine."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget(self) -> None:
        over = [id for id, errand in self._known.items() if errand.over]
        for id in over[: max(0, len(self._known) - KEPT)]:
            del self._known[id]


def failure(error: BaseException) -> Problem:
    """Return what a person is told of work that failed by no mistake of theirs; what is not the store's trouble is logged."""
    if isinstance(error, Exception) and (why := trouble(error)):
        return Problem(rule="store-away", message=f"sổ của Loa {why}; chưa có gì được ghi, hãy thử lại khi sổ dùng lại được")
    if isinstance(error, CancelledError):
        return Problem(rule="not-open", message="việc này dừng lại vì bàn làm việc đã đóng; hãy mở lại bàn làm việc rồi thử lại")
    LOG.error("an errand failed", exc_info=error)
    return Problem(rule="broken", message="có lỗi trong hệ thống và đã được ghi lại; hãy thử lại, nếu vẫn lỗi thì báo quản trị")
