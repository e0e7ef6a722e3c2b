"""Publish through a receiver's webhook: one signed POST, which with the same key is the same post however often it comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from editorial.outcome import Absent, CannotTell, Found, Greeting, LivePost, OutcomeUnknown, Receipt, Sighting
from editorial.post import Post
from publishers.contract import Account, Corrects, Greets, Handles, Publisher, Reconciles, Verifies, Withdraws
from publishers.manifest import load_manifest
from publishers.secrecy import scrub
from publishers.slug import site_of
from publishers.tree import Tree
from publishers.verdict import UNLISTED, error_of
from publishers.webhook.errors import STATUSES
from publishers.webhook.message import body, post_data, signed
from publishers.wire import Call, Wire, uncertain

PUBLISHED, WITHDRAWN, ABSENT = "published", "withdrawn", "absent"


class WebhookPublisher(Publisher, Reconciles, Verifies, Corrects, Withdraws, Greets):
    """Words with the addresses of their pictures and clips, sent to `base_url`."""

    manifest = load_manifest(Path(__file__).parent)
    replaces_media = True

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._wire = Wire(account.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt:
        """Send the post under its key."""
        said = self._tell("post.publish", {"key": key, **self._data(post)}, id=key, commit=True)
        if not said.text("id"):
            raise OutcomeUnknown("nơi nhận trả lời mà không có mã bài; Loa sẽ hỏi lại", code="no-id")
        return _receipt(said, key)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Ask the receiver what became of the key."""
        said = self._look(key)
        state = said.text("state")
        if state == PUBLISHED and said.text("id"):
            return Found(receipt=_receipt(said, key))
        if state == ABSENT:
            return Absent(proof=self.manifest.absence_is_proof)
        return CannotTell(why="nơi nhận nói bài đã được gỡ, hoặc chưa nói rõ; hãy hỏi đơn vị quản lý nơi nhận")

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the post as the receiver says that it shows it; None when it shows none."""
        said = self._look(receipt.evidence["key"])
        if said.text("state") in (ABSENT, WITHDRAWN):
            return None
        digests = tuple(digest.text() for digest in said.at("media_sha256"))
        return LivePost(
            remote_id=receipt.remote_id, url=said.text("url") or receipt.url, title=said.text("title"), text=said.text("text"),
            visible=said.text("state") == PUBLISHED, media_count=len(digests), media_sha256=digests,
        )  # fmt: skip

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Send the whole post again in the place of what stands under its key."""
        key = receipt.evidence["key"]
        said = self._repeatable("post.correct", {"key": key, **self._data(post)})
        return _receipt(said, key) if said.text("id") else receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Ask the receiver to take the post down; one that is down already is as good."""
        self._repeatable("post.withdraw", {"key": receipt.evidence["key"]})

    def greet(self) -> Greeting:
        """Return how the receiver calls itself."""
        said = self._repeatable("channel.greet", {})
        return Greeting(name=said.text("name") or self.account.base_url, url=said.text("url") or None,
                        account=site_of(self.account.base_url))  # fmt: skip

    def _look(self, key: str) -> Tree:
        return self._repeatable("post.look", {"key": key})

    def _repeatable(self, kind: str, data: Mapping[str, object]) -> Tree:
        """Say what may be done twice, under an id of its own: correcting to A, to B and to A again is three corrections."""
        return self._tell(kind, data, id=uuid4().hex)

    def _tell(self, kind: str, data: Mapping[str, object], *, id: str, commit: bool = False) -> Tree:
        now = self.account.now()
        content = body(kind, data)
        headers = signed(content, id=id, at=now, secret=self.account.secrets.get("signing_secret"))
        answer = self._wire.send(Call(method="POST", url=self.account.base_url, headers=headers, content=content, commit=commit))
        if answer.ok:
            if not answer.tree.is_mapping:
                raise uncertain("unreadable-answer", commit=commit)
            return answer.tree
        ruling, said = STATUSES.get(answer.status, UNLISTED), scrub(answer.tree.text("message"))
        wait = answer.retry_after or timedelta(minutes=1)
        raise error_of(ruling, said, code=str(answer.status), commit=commit, wait=wait)

    def _data(self, post: Post) -> dict[str, object]:
        return post_data(post, self.account.settings["public_media_url"])


def _receipt(said: Tree, key: str) -> Receipt:
    return Receipt(remote_id=said.text("id"), url=said.text("url") or None, evidence={"key": key})
