"""What a correction or withdrawal means for the first comments below the live copies: Loa changes and deletes none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desk.rewriting import Rewritten
from editorial.after_step import StepState
from editorial.correction import Item, Means
from editorial.fact_words import words
from editorial.post import Post
from editorial.problem import Problem, Severity
from store.store import Store

STANDS = frozenset({StepState.INTENT, StepState.SAID, StepState.UNKNOWN})  # a comment is there, or may be


def quoting_below(store: Store, delivery: int, live: Post, rewritten: Rewritten, means: Means) -> Iterator[Problem]:
    """Yield a comment that quotes the fact's old value and stays where it is: a person has to put it right."""
    step = store.steps.of(delivery)
    if step is None or step.state not in STANDS or means in (Means.REPOST, Means.REMOVE):
        return
    old, wanted = words(rewritten.old, live.variant.language), rewritten.post
    if wanted.first_comment != live.first_comment if wanted else old in step.text:
        by_hand = f"Loa không sửa bình luận, hãy tự sửa trên kênh rồi ghi lại bằng ./loa comments {step.id}"
        message = f"bình luận đầu dưới bài {live.key} nêu giá trị cũ: “{step.text}”; {by_hand}"
        yield Problem(rule="comment-quotes", message=message, channel=live.channel, severity=Severity.WARNING)


def taken_back_below(store: Store, items: Iterable[Item]) -> Iterator[Problem]:
    """Yield what becomes of the comments below copies that are taken back."""
    for item in items:
        step = store.steps.of(item.delivery)
        if step is None or step.state not in STANDS:
            continue
        if item.means is Means.REMOVE:
            message = f"bình luận đầu dưới bài {item.post_key} mất theo bài khi bài được gỡ"
        else:
            message = f"bình luận đầu dưới bài {item.post_key} vẫn còn: “{step.text}”; cần thì hãy xóa trên kênh"
        yield Problem(rule="comment-below", message=message, channel=item.channel, severity=Severity.WARNING)
