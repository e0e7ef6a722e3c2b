"""F10 to F13, F22, F23, F27: several workers, lost and doubled tickets, frozen and dying ones, and an orderly end."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta
from pathlib import Path

from editorial.delivery import State
from scheduler.dispatch import Dispatcher, Work
from scheduler.engines.embedded import EmbeddedEngine
from store.halts import ALL
from tests.faults.city import CHANNELS, LEASE, ONCE, City, around_call, die
from tests.faults.expected import ROWS
from tests.scheduler.office import Office, open_office


def test_F10_two_schedulers_on_one_store_send_each_post_once(city: City) -> None:
    engines = [EmbeddedEngine(threads=4) for _ in range(2)]
    workers = [city.worker(f"máy-{number}", submit=engine.submit, slots=4) for number, engine in enumerate(engines)]
    posts = [city.post(channel, number) for channel in CHANNELS for number in range(3)]
    city.plan(*posts)
    for _ in range(400):
        busy = [worker.tick() for worker in workers]
        if not any(busy):
            for engine in engines:
                engine.wait_idle()
            moment = city.store.deliveries.next_moment(workers[0].station.ways)
            if moment is None:
                break
            city.clock.move_to(max(moment, city.clock.now()))
    for engine in engines:
        engine.stop()
    assert {delivery.state for delivery in city.store.deliveries.list()} == {State.VERIFIED}
    assert city.public() == dict.fromkeys(CHANNELS, 3)
    assert {delivery.attempts for delivery in city.store.deliveries.list()} == {1}


def test_F10_a_scheduler_that_is_frozen_for_a_minute_finds_its_work_done(city: City) -> None:
    second = city.worker("máy-2")
    for publisher in city.publishers.values():
        around_call(publisher, before=lambda: _freeze(city, second))
    city.plan_all()
    city.live(timedelta(hours=3), city.first, second)
    # The guard sits between the intent and the call; here the machine stops inside the call, at its last moment.
    repeatable = ("web_portal", "zalo_oa", "youtube", "tiktok")
    assert {channel: city.ends()[channel] for channel in repeatable} == dict.fromkeys(repeatable, ONCE)
    assert all(end.public == 1 for end in city.ends().values())


def _freeze(city: City, other: object) -> None:
    city.clock.advance(LEASE)
    city.work(other)  # type: ignore[arg-type]


def test_F11_a_ticket_that_comes_ten_times_sends_once(city: City) -> None:
    tickets = list[Work]()
    worker = city.worker("máy-2", submit=lambda work, *, urgent=False: tickets.append(work))
    city.plan_all()
    worker.tick()
    assert tickets
    threads = [threading.Thread(target=ticket) for ticket in tickets * 10]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    city.live()
    assert city.ends() == ROWS["F11"].ends
    assert {delivery.attempts for delivery in city.store.deliveries.list()} == {1}


def test_F12_a_ticket_that_the_engine_loses_is_offered_again(city: City) -> None:
    losing = city.worker("máy-2", submit=lambda work, *, urgent=False: None)
    city.plan_all()
    losing.tick()
    assert city.public().total() == 0
    city.live()
    assert city.ends() == ROWS["F12"].ends


def test_F13_a_worker_that_wakes_between_intent_and_call_makes_no_call(city: City) -> None:
    second, boots = city.worker("máy-2"), iter(range(0, 10_000, 100))
    sleepy = city.worker("máy-1", elapsed=lambda: float(next(boots)))
    city.plan_all()
    city.work(sleepy)
    assert city.public().total() == 0
    city.live(timedelta(hours=3), second)
    assert city.ends() == ROWS["F13"].ends


def test_F13_a_worker_that_wakes_while_it_connects_writes_no_byte(city: City) -> None:
    second, looks = city.worker("máy-2"), itertools.count()
    # It looks at the time before the intent, after it, and when the connection stands: there it has slept.
    sleepy = city.worker("máy-1", elapsed=lambda: 100.0 if next(looks) % 3 == 2 else 0.0)
    city.plan_all()
    city.work(sleepy)
    assert city.public().total() == 0
    outcomes = [attempt.outcome for each in city.store.deliveries.list() for attempt in city.store.attempts.of(each.id)]
    assert outcomes == ["Unavailable"] * 5, "Zalo is still working on the hidden article"
    city.live(timedelta(hours=3), second)
    assert city.ends() == ROWS["F13"].ends


def test_F13_the_late_answer_of_a_worker_that_was_given_up_counts_as_proof(city: City) -> None:
    second = city.worker("máy-2")
    for publisher in city.publishers.values():
        around_call(publisher, after=lambda: _given_up(city, second))
    city.plan_all()
    city.live(timedelta(hours=3), city.first, second)
    assert city.ends() == ROWS["F13"].ends


def _given_up(city: City, other: object) -> None:
    """Let the lease run out and the sweep take the delivery, before the answer comes."""
    city.clock.advance(timedelta(minutes=2))
    city.work(other)  # type: ignore[arg-type]


def test_F22_what_kills_its_worker_three_times_is_held_and_the_others_go_out(city: City) -> None:
    city.publishers["youtube"].check = lambda post: die()  # type: ignore[method-assign,assignment,return-value,func-returns-value]
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F22"].ends


def test_F23_an_emergency_goes_before_everything_routine_that_is_due(tmp_path: Path, database: str) -> None:
    office = _busy_office(tmp_path, database, routine=40)
    office.run()
    sent = [shown.key for shown in office.platform.ledger]
    assert sent[0] == "khan.portal.2026"
    assert len(sent) == 41
    office.store.close()


def test_F23_an_emergency_starts_while_every_publishing_thread_hangs_in_a_call(tmp_path: Path, database: str) -> None:
    office, hang, hanging = _busy_office(tmp_path, database, routine=8), threading.Event(), threading.Semaphore(0)

    def call(post: object) -> None:
        if not str(getattr(post, "key", "")).startswith("khan"):
            hanging.release()
            hang.wait(30)

    office.platform.before_call = call
    engine = EmbeddedEngine(threads=4)
    worker = _worker(office, engine)
    office.store.halts.set("entry:khan", why="chưa", who="Minh")
    worker.tick()
    for _ in range(4):
        assert hanging.acquire(timeout=30), "all four threads are in a call"
    office.store.halts.lift("entry:khan", who="Minh")
    urgent = office.store.deliveries.by_key("khan.portal.2026")
    assert urgent
    assert office.store.decisions.publish_now(urgent.id, who="Minh").next_at == office.clock.now(), "no gap for what is urgent"
    worker.tick()
    for _ in range(3000):
        if office.platform.ledger:
            break
        threading.Event().wait(0.01)
    assert [shown.key for shown in office.platform.ledger] == ["khan.portal.2026"]
    hang.set()
    engine.wait_idle()
    engine.stop()
    office.store.close()


def _busy_office(folder: Path, database: str, *, routine: int) -> Office:
    office = open_office(folder, database=database)
    for number in range(routine):
        office.plan(f"muc-{number}.portal.2026")
    office.store.emergencies.grant("lan", timedelta(days=1), granted_by="minh", why="trực đêm cuối tuần")
    office.store.emergencies.use("khan", person="lan", why="vỡ đường ống nước trên phố Huế")
    office.plan("khan.portal.2026")
    return office


def _worker(office: Office, engine: EmbeddedEngine) -> Dispatcher:
    publishers = {"portal": office.publisher}
    return Dispatcher(office.store, publishers, office.clock, owner="máy-1", slots=4, submit=engine.submit)


def test_F27_an_orderly_end_finishes_what_is_under_way_and_begins_nothing(tmp_path: Path, database: str) -> None:
    office = open_office(tmp_path, database=database)
    for number in range(12):
        office.plan(f"muc-{number}.portal.2026")
    engine = EmbeddedEngine(threads=3)
    worker = _worker(office, engine)
    office.platform.before_call = lambda post: worker.stop()
    worker.tick()
    engine.wait_idle()
    engine.stop()
    states = [delivery.state for delivery in office.store.deliveries.list()]
    assert not {State.UNKNOWN, State.SENDING, State.CLAIMED} & set(states)
    assert 1 <= len(office.platform.ledger) <= 4
    assert states.count(State.SENT) + states.count(State.VERIFIED) == len(office.platform.ledger)
    office.store.close()


def test_F19_after_the_pause_is_there_no_call_begins(city: City) -> None:
    engine = EmbeddedEngine(threads=4)
    worker = city.worker("máy-2", submit=engine.submit, slots=4)
    city.plan(*(city.post("web_portal", number) for number in range(12)))
    intents = list[int]()

    def pause() -> None:
        city.store.halts.set(ALL, why="dừng", who="Minh")
        intents.append(city.store.attempts.count())

    around_call(city.publishers["web_portal"], after=pause)
    while worker.tick():
        engine.wait_idle()
    engine.stop()
    assert city.store.attempts.count() == intents[0]
    assert city.public()["web_portal"] == intents[0]
    assert State.HELD in {delivery.state for delivery in city.store.deliveries.list()}
