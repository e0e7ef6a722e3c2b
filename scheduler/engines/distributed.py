"""Any number of machines: Celery on RabbitMQ carries the tickets, and the one process that holds the seat has the clock.

Every lane is a quorum queue of its own, and every process has threads for each of them apart, so that no crowd in one lane keeps
another waiting. A ticket is acknowledged when its look is over: one that was in hand when its process was killed goes to another
at once. The broker keeps few tickets and none for long, since the clock hands out new ones as long as there is work.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, Generic, Protocol

from amqp.exceptions import AMQPError  # type: ignore[import-untyped]
from celery import Celery  # type: ignore[import-untyped]  # it ships no types
from celery.worker import WorkController, state  # type: ignore[import-untyped]
from celery.worker.consumer import Consumer  # type: ignore[import-untyped]
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.exceptions import KombuError, OperationalError

from scheduler.engines.contract import Beat, Engine, Given, Lane, Look, Made, Ticket
from scheduler.engines.embedded import PATIENCE, URGENT_THREADS, EmbeddedEngine
from scheduler.engines.outage import Passed

LOG = logging.getLogger(__name__)
for _name in ("celery", "kombu", "amqp"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # a line for every ticket tells nobody anything
TASK = "loa.look"
MOST_WAITING = 256  # tickets in a lane's queue; the oldest gives way
STALE = 30_000  # milliseconds after which a ticket that nobody took is dropped
TAKEN_AT_MOST = 5  # times that a ticket is handed out again after the process that had it was lost
ANSWER = 5  # seconds that a call to the broker may take
GLANCE = timedelta(milliseconds=250)  # between two looks at what others have rendered
ELSEWHERE = 90.0  # seconds that others are given for a rendition, the longest clip included
AGAIN = 1.0  # seconds between a consumer that gave up and the next
SETTINGS = {
    "task_create_missing_queues": False,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_publish_retry": False,
    "worker_consumer": f"{__name__}:TicketConsumer",
    "worker_prefetch_multiplier": 1,
    "worker_detect_quorum_queues": True,  # they know prefetch by consumer only
    "worker_send_task_events": True,  # for Flower; nobody keeps them where it does not run
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,  # the look goes on; its ticket comes again and finds nothing
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": ANSWER,
    "broker_heartbeat": 10,
    "broker_pool_limit": 2,
    "broker_transport_options": {"confirm_publish": True, "read_timeout": ANSWER, "write_timeout": ANSWER},
}  # fmt: skip


class Seat(Protocol):
    """Who has the clock."""

    def hold(self) -> bool:
        """Tell whether this process has it now, taking it where nobody has."""

    def leave(self) -> None:
        """Let another process have it."""


class LaneQueue(Queue):
    """A lane's queue, of which a consumer has at most `prefetch` tickets at once."""

    attrs = (*Queue.attrs, ("prefetch", int))  # type: ignore[assignment]  # what is copied when it is bound to a channel
    prefetch = 1

    def consume(self, *given: Any, **more: Any) -> Any:
        """Begin to consume; a limit set just before is this consumer's alone."""
        self.channel.basic_qos(0, self.prefetch, False)  # type: ignore[no-untyped-call]
        return super().consume(*given, **more)  # type: ignore[no-untyped-call]


class TicketConsumer(Consumer):  # type: ignore[misc]
    """Celery's consumer without its queues for tasks of a later time: nothing is sent before it is due."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        """Its parts."""

        default_steps = tuple(step for step in Consumer.Blueprint.default_steps if "delayed" not in str(step))


class DistributedEngine(Engine):
    """One process of many. Threads and rendering processes are its own; beats run where the seat is held."""

    def __init__(
        self, broker: str, seat: Seat, *, name: str, threads: int = 8, processes: int | None = None, patience: float = PATIENCE
    ) -> None:  # fmt: skip
        self._here = EmbeddedEngine(threads=threads, processes=processes)
        self._seat = seat
        self._name = name
        self._patience = patience
        room = {Lane.URGENT: URGENT_THREADS, Lane.PUBLISH: threads, Lane.VERIFY: max(2, threads // 4), Lane.POLL: 2,
                Lane.RENDER: self._here.processes}  # fmt: skip
        self._threads = sum(room.values())
        self._app = _application(broker, room)
        self._look: Look | None = None
        self._wanted: list[_Wanted[Any]] = []
        self._consumer: _Consumer | None = None
        self._idle = threading.Condition()
        self._under_way = 0

    def start(self, beats: Iterable[Beat], look: Look | None = None) -> None:
        gather = Beat(name="gather", every=GLANCE, run=self._gather)
        self._here.start([gather, *(replace(beat, run=partial(self._beat, beat)) for beat in beats)])
        self._look = look
        if look is not None:
            self._app.task(name=TASK, shared=False, lazy=False)(self._taken)
            self._consumer = _Consumer(self._app, f"loa@{self._name}", self._threads)

    def offer(self, ticket: Ticket, count: int = 1) -> None:
        """Hand out tickets; where the broker is away they are lost, which the next beat makes good."""
        try:
            for _ in range(count):
                self._app.send_task(TASK, args=(ticket.lane.value, ticket.subject), queue=_queue_name(ticket.lane))
        except (OperationalError, KombuError, OSError) as error:
            LOG.warning("the broker takes no tickets: %s", error)

    def submit(self, work: Callable[[], None], *, urgent: bool = False) -> None:
        self._here.submit(work, urgent=urgent)

    def render(
        self, function: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Made]:  # fmt: skip
        return self._here.render(function, *args, **kwargs)

    def render_anywhere(
        self, ticket: Ticket, find: Callable[[], Made | None], function: Callable[Given, Made],
        *args: Given.args, **kwargs: Given.kwargs,
    ) -> Future[Made]:  # fmt: skip
        here: Callable[[], Future[Made]] = partial(self.render, function, *args, **kwargs)
        if not self._renderers():
            return here()
        wanted = _Wanted(find=find, here=here)
        self._wanted.append(wanted)
        self.offer(ticket)
        return wanted.made

    def _renderers(self) -> int:
        """Return how many processes take rendering tickets, this one not counted."""
        try:
            with self._app.connection_for_write(connect_timeout=ANSWER) as connection:
                queue = self._app.amqp.queues[_queue_name(Lane.RENDER)]
                found = queue(connection.default_channel).queue_declare(passive=True)
                return int(found.consumer_count) - (self._consumer is not None)
        except (KombuError, AMQPError, OSError):
            return 0

    def _gather(self) -> None:
        """Take what others have rendered; what nobody has after a while is rendered here."""
        for wanted in tuple(self._wanted):
            if wanted.settle(monotonic()):
                self._wanted.remove(wanted)

    def wait_idle(self) -> None:
        self._here.wait_idle()
        with self._idle:
            self._idle.wait_for(lambda: self._under_way == 0)

    def stop(self) -> None:
        """Take no more tickets, give what is in hand its time, and leave the clock to another."""
        self._here.stop_beats()
        self._seat.leave()
        if self._consumer is not None:
            consumer, self._consumer = self._consumer, None
            consumer.stop(self._patience)
        self._here.stop()
        self._app.close()

    def _beat(self, beat: Beat) -> object:
        return beat.run() if beat.everywhere or self._seat.hold() else Passed.OVER

    def _taken(self, lane: str, subject: str) -> None:
        """Look for work as a ticket asks; what goes wrong is ours to log, and never the broker's to hand out again."""
        assert self._look is not None
        with self._idle:
            self._under_way += 1
        try:
            self._look(Ticket(lane=Lane(lane), subject=subject))
        except Exception as error:
            if not self._here.outage.explains(error):
                LOG.exception("a look for %s work failed", lane)
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()


@dataclass
class _Wanted(Generic[Made]):
    """A rendition that somebody else may be making."""

    find: Callable[[], Made | None]
    here: Callable[[], Future[Made]]
    made: Future[Made] = field(default_factory=Future)
    since: float = field(default_factory=monotonic)

    def settle(self, now: float) -> bool:
        """Take it where it is found, and make it here where it has taken too long; tell whether nothing more is to be done."""
        try:
            found = self.find()
            if found is not None:
                self.made.set_result(found)
            elif now - self.since < ELSEWHERE:
                return False
            else:
                self.here().add_done_callback(self._hand_on)
        except Exception as error:
            self.made.set_exception(error)
        return True

    def _hand_on(self, done: Future[Made]) -> None:
        error = done.exception() if not done.cancelled() else BrokenExecutor("ended")
        self.made.set_exception(error) if error else self.made.set_result(done.result())


class _Consumer:
    """Celery's own worker, in a thread of this process."""

    def __init__(self, app: Celery, hostname: str, threads: int) -> None:
        state.should_stop = None
        app.set_default()  # the pool's threads ask for it: a process has one consumer
        self._make = partial(WorkController, app=app, hostname=hostname, pool="threads", concurrency=threads,
                             without_gossip=True, without_mingle=True)  # fmt: skip
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._consume, name="tickets", daemon=True)
        self._thread.start()

    def _consume(self) -> None:
        """Consume until the end; a worker that gives up, whatever the reason, is followed by a new one."""
        while not self._ended.is_set():
            try:
                self._make().start()
            except Exception:
                LOG.exception("the consumer of tickets failed")
            self._ended.wait(AGAIN)

    def stop(self, patience: float) -> None:
        """Consume nothing more and wait for the looks that are under way, as long as their calls may take."""
        self._ended.set()
        state.should_stop = 0
        self._thread.join(patience)
        if self._thread.is_alive():
            LOG.warning("a look has not ended in %.0f seconds; its work is taken up when its lease is over", patience)


def _application(broker: str, room: Mapping[Lane, int]) -> Celery:
    app = Celery("loa", broker=broker, set_as_current=False, fixups=[])
    exchange = Exchange("loa", type="direct", durable=True)  # type: ignore[no-untyped-call]
    arguments = {
        "x-queue-type": "quorum", "x-max-length": MOST_WAITING, "x-overflow": "drop-head", "x-message-ttl": STALE,
        "x-delivery-limit": TAKEN_AT_MOST,
    }  # fmt: skip
    queues = [
        LaneQueue(_queue_name(lane), exchange, lane.value, queue_arguments=arguments, prefetch=room[lane])  # type: ignore[no-untyped-call]
        for lane in room
    ]
    app.conf.update(**SETTINGS, task_queues=queues, task_default_queue=_queue_name(Lane.PUBLISH))
    return app


def _queue_name(lane: Lane) -> str:
    return f"loa.{lane.value}"


def broker_answers(address: str) -> bool:
    """Tell whether a RabbitMQ answers at an address and lets us in."""
    if address.partition("://")[0] not in ("amqp", "amqps"):
        return False
    try:
        with Connection(address, connect_timeout=ANSWER) as connection:  # type: ignore[no-untyped-call]
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2 * ANSWER)
            return True
    except (KombuError, AMQPError, OSError, ValueError, LookupError):
        return False
