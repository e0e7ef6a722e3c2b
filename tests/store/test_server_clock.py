"""The database server's time, told by machines whose own clocks are wrong."""

from __future__ import annotations

import time
from datetime import timedelta

import psycopg
import pytest

from store.server_clock import ASK_AGAIN, ServerClock
from tests.store.postgres_cluster import fresh_postgresql, own_cluster, remove, wait_until_up

CLOSE = timedelta(seconds=0.5)


def test_two_machines_that_were_started_at_other_times_tell_one_time() -> None:
    url = fresh_postgresql()
    young, old = ServerClock(url, time.monotonic), ServerClock(url, lambda: time.monotonic() + 10_000_000)
    with psycopg.connect(url) as server:
        row = server.execute("SELECT clock_timestamp()").fetchone()
    assert row
    assert abs(young.now() - row[0]) < CLOSE
    assert abs(young.now() - old.now()) < CLOSE
    young.close()
    old.close()


def test_a_boot_clock_that_runs_wrong_is_set_right_and_time_does_not_go_back() -> None:
    url, fast = fresh_postgresql(), 0.0
    clock = ServerClock(url, lambda: time.monotonic() + fast)
    before = clock.now()
    fast = ASK_AGAIN + 0.4
    now = clock.now()
    assert before < now
    fast = 3 * ASK_AGAIN
    assert abs(clock.now() - before) < timedelta(seconds=5), "a step of many seconds is the server's to say"
    clock.close()


def test_it_goes_on_while_the_server_is_away(request: pytest.FixtureRequest) -> None:
    fresh_postgresql()  # skips where there is none
    cluster, slept = own_cluster(), 0.0
    request.addfinalizer(lambda: remove(cluster))
    clock = ServerClock(cluster.url("postgres"), lambda: time.monotonic() + slept)
    before = clock.now()
    cluster.stop()
    slept = 30.0
    assert timedelta(seconds=29) < clock.now() - before < timedelta(seconds=60)
    cluster.start()
    wait_until_up(cluster)
    clock.close()


def test_no_server_is_told_at_once() -> None:
    with pytest.raises(Exception, match="connection"):
        ServerClock("postgresql://loa@127.0.0.1:1/loa")
