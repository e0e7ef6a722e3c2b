"""Whose memory is this? A restored backup and a copied installation must not send what has been sent already.

The store counts its signs of life, and a witness beside it, which no backup of the store brings back, keeps the last number.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from store.halts import ALL
from store.installation import Installation
from store.store import Store


class Memory(Enum):
    """What the store is, by its own word and the witness's."""

    OURS = "ours"  # where it was, as it was left
    RESTORED = "restored"  # it has forgotten what the witness saw
    COPIED = "copied"  # it lies elsewhere than where it was last started


MOST_SENT = 5000  # posts: of some weeks, more than lie between two backups

WHY = {
    Memory.RESTORED: "dữ liệu vừa được khôi phục từ bản sao lưu; hãy xem các lượt chờ quyết định rồi bỏ tạm dừng (./loa resume)",
    Memory.COPIED: "dữ liệu được chép từ nơi khác đến; nếu bản cũ không còn chạy nữa, hãy bỏ tạm dừng (./loa resume)",
}


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Files of this machine that remember the last sign of life of each installation, and which posts were sent of late."""

    place: Path

    def last(self, installation: Installation) -> int:
        """Return the number of the last sign of life seen here; 0 where there was none."""
        return self._seen().get(installation.id, 0)

    def note(self, installation: str, beat: int) -> None:
        """Remember a sign of life, after the store has it."""
        new = self.place.with_suffix(".new")
        new.write_text(json.dumps({**self._seen(), installation: beat}))
        new.replace(self.place)

    def sent(self, installation: str) -> Mapping[str, int]:
        """Return the keys of the posts that were seen being sent, each with the number that was noted last."""
        return {key: number for whose, number, key in self._lines() if whose == installation}

    def note_sent(self, installation: str, begun: Iterable[tuple[int, str]]) -> None:
        """Remember that posts were sent; the oldest are forgotten."""
        new = [json.dumps([installation, number, key], ensure_ascii=False) for number, key in begun]
        if not new:
            return
        with self._sent.open("ab") as file:
            file.write("".join(f"\n{line}" for line in new).encode() + b"\n")  # a line that was cut off stays by itself
        lines = self._lines()
        if len(lines) > 2 * MOST_SENT:
            kept = self._sent.with_suffix(".new")
            kept.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines[-MOST_SENT:]), encoding="utf-8")
            kept.replace(self._sent)

    @property
    def _sent(self) -> Path:
        return self.place.with_name(f"{self.place.stem}-sent.jsonl")

    def _lines(self) -> list[tuple[str, int, str]]:
        try:
            text = self._sent.read_text(encoding="utf-8", errors="replace")  # a cut may part a letter
        except OSError:
            return []
        return [note for line in text.splitlines() if (note := _note_in(line)) is not None]

    def _seen(self) -> dict[str, int]:
        try:
            return {str(name): int(beat) for name, beat in json.loads(self.place.read_text()).items()}
        except (OSError, ValueError):
            return {}


def _note_in(line: str) -> tuple[str, int, str] | None:
    """Return what a line says, or nothing where a crash cut it off."""
    try:
        installation, number, key = json.loads(line)
        return str(installation), int(number), str(key)
    except (ValueError, TypeError):
        return None


def awake(store: Store, witness: Witness) -> Memory:
    """Count this start; where the store is not ours as it was left, pause everything and look for what may have been sent."""
    found = _what_it_is(store, witness)
    if found is Memory.COPIED:
        _doubt(store, found)
    store.installation.start()
    give_sign_of_life(store, witness)
    return found


def give_sign_of_life(store: Store, witness: Witness) -> None:
    """Let the store and then the witness know that the scheduler lives; a store that has gone back in time pauses everything."""
    current = store.installation.current()
    if current is None:
        return
    last, sent = witness.last(current), witness.sent(current.id)
    known = max(sent.values(), default=0)
    if current.beat < last:
        _doubt(store, Memory.RESTORED, sent)
        known = 0  # the attempts are counted anew, from where the backup was
        witness.note_sent(current.id, ((known, key) for key in sent))
    witness.note_sent(current.id, store.attempts.begun_after(known, MOST_SENT))
    witness.note(current.id, store.installation.beat(above=last))


def _doubt(store: Store, found: Memory, sent: Collection[str] = ()) -> None:
    store.halts.set(ALL, why=WHY[found], who="loa")
    store.deliveries.doubt(sent)


def _what_it_is(store: Store, witness: Witness) -> Memory:
    current = store.installation.current()
    if current is None:
        return Memory.OURS
    if current.beat < witness.last(current):
        return Memory.RESTORED
    return Memory.OURS if store.installation.is_at_home() else Memory.COPIED
