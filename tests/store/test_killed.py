"""Processes that die in the middle of a step, and two that take the same one: each step is there whole, once, or not at all."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

from editorial.approval import approve, package_digest
from editorial.clock import SimulatedClock
from editorial.problem import BadInput
from editorial.role import Person, Role
from editorial.workflow import Action, Stage
from store.store import Store
from store.workflow import Taking
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, post

EDITOR = Person(id="lan", name="Lan", roles=(Role.EDITOR,))
CHECKER = Person(id="chi", name="Chi", roles=(Role.FACT_CHECKER,))
POSTS = tuple(post(f"muc.{channel}.2026", channel=channel) for channel in ("portal", "zalo", "telegram"))
REVISION = "a" * 64
SPAWN = multiprocessing.get_context("spawn")


class Mortal(SimulatedClock):
    """A clock at whose nth look the process is killed, most often in the middle of a transaction."""

    looks = 0

    def now(self) -> datetime:
        self.looks -= 1
        if self.looks == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().now()


def taking(action: Action, person: Person) -> Taking:
    return Taking(action=action, person=person, revision=REVISION)


def sign(store: Store, who: str) -> None:
    approver = Person(id=who, name=who, roles=(Role.APPROVER,))
    approval = approve(POSTS, (), author=EDITOR.id, approver=who, at=DUE)
    store.approvals.save(approval, POSTS, step=taking(Action.APPROVE, approver))


def live(url: str, dies_at: int) -> None:
    """Take an entry from draft to schedule, as far as it comes."""
    clock = Mortal(DUE)
    with Store.open(url, clock=clock) as store:
        clock.looks = dies_at
        store.submissions.save("muc", package_digest(POSTS), EDITOR.id, posts=POSTS, step=taking(Action.SUBMIT, EDITOR))
        store.workflow.take("muc", Action.CHECK, CHECKER, revision=REVISION)
        sign(store, "minh")
        approver = Person(id="minh", name="Minh", roles=(Role.APPROVER,))
        store.deliveries.plan_together(POSTS, step=taking(Action.SCHEDULE, approver))


def until_done(folder: Path) -> Iterator[Store]:
    """Yield the memory of one killed life after another, each killed one look later, and of the first that was not."""
    for dies_at in range(1, 100):
        place = folder / str(dies_at)
        place.mkdir()
        url = fresh_database(place)
        life = SPAWN.Process(target=live, args=(url, dies_at))
        life.start()
        life.join()
        with Store.open(url, clock=SimulatedClock(DUE)) as store:
            yield store
        if life.exitcode == 0:
            return
        assert life.exitcode == -signal.SIGKILL


def test_a_process_that_is_killed_leaves_each_step_whole_or_not_at_all(tmp_path: Path) -> None:
    reached = []
    for store in until_done(tmp_path):
        stage = store.workflow.of("muc").stage
        reached.append(stage)
        handed_in = store.submissions.latest("muc")
        assert (stage is not Stage.DRAFT) is (handed_in is not None and len(store.submissions.posts(handed_in.id)) == 3)
        signed = stage in (Stage.APPROVED, Stage.SCHEDULED)
        assert [store.approvals.covers(each.key, each.digest) for each in POSTS] == [signed] * 3
        assert len(store.deliveries.list()) == (3 if stage is Stage.SCHEDULED else 0)
        assert store.audit.verify().chain.ok and store.signatures.contradictions() == ()
    assert list(dict.fromkeys(reached)) == [Stage.DRAFT, Stage.IN_REVIEW, Stage.FACT_CHECKED, Stage.APPROVED, Stage.SCHEDULED]


def try_to_sign(url: str, who: str) -> bool:
    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        try:
            sign(store, who)
        except BadInput:
            return False
    return True


def test_of_two_approvers_in_two_processes_at_once_exactly_one_signs(tmp_path: Path, database: str) -> None:
    people = ("minh", "binh")
    url = fresh_database(tmp_path, database)
    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        store.submissions.save("muc", package_digest(POSTS), EDITOR.id, posts=POSTS, step=taking(Action.SUBMIT, EDITOR))
        store.workflow.take("muc", Action.CHECK, CHECKER, revision=REVISION)
        with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
            signed = dict(zip(people, pool.map(try_to_sign, (url, url), people), strict=True))
        assert sorted(signed.values()) == [False, True]
        newest = store.approvals.newest("muc")
        assert newest is not None and signed[newest.approval.approver]
        assert [step.action for step in store.workflow.steps("muc")].count(Action.APPROVE) == 1
        assert [deed.action for deed in store.audit.all()].count("approve") == 1 and store.signatures.contradictions() == ()
