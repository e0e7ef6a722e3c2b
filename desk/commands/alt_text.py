"""What people who do not see a picture are told: the words proposed, the words written, and a person's yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from editorial.problem import BadInput

if TYPE_CHECKING:
    from desk.workspace import Workspace as ReadWorkspace


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One picture in one language: what is proposed, as heard and as written down, and what stands in the file, if anything."""

    medium: str
    language: str
    proposed: str
    source: str
    written: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("alt")(alt)


def alt(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung, ví dụ trung-thu-pho-co.")],
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Tôi đã đọc: ghi lời đề xuất vào tệp, ở những hình chưa có lời mô tả.")
    ] = False,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Xem lời mô tả hình (alt) được đề xuất cạnh lời đã viết; --confirm để nhận cho hình chưa có."""
    from desk.workspace import read_workspace

    opened = read_workspace(find_place(workspace))
    if entry not in opened.content.entries:
        raise BadInput(opened.content.unknown_entry(entry))
    pictures = tuple(_spoken(opened, entry))
    missing = tuple(each for each in pictures if not each.written)
    if confirm:
        _write(opened, entry, missing)
    if as_json:
        print_json([asdict(each) for each in pictures])
    else:
        _print(entry, pictures, len(missing), confirm)
    return 1 if missing and not confirm else 0


def _spoken(opened: ReadWorkspace, entry: str) -> Iterator[Spoken]:
    asked, production = opened.content.entries[entry], opened.production
    for index, order in enumerate(asked.media):
        for language in dict.fromkeys(asked.language_for(channel) for channel in order.channels or asked.channels):
            proposal = production.proposed_alt(asked, index, language)
            stands = production.written_alt(asked, index, language)
            yield Spoken(
                medium=order.id, language=language, proposed=proposal.text, source=proposal.source, written=stands
            )  # fmt: skip


def _write(opened: ReadWorkspace, entry: str, missing: tuple[Spoken, ...]) -> None:
    from store.alt_file import write_alt

    file = opened.place.root / opened.content.entries[entry].file
    for each in missing:
        path = file if each.language == "vi" else file.with_name(f"{file.stem}.{each.language}.md")
        write_alt(path, opened.place.root, each.medium, each.source)


def _print(entry: str, pictures: tuple[Spoken, ...], missing: int, confirmed: bool) -> None:
    for each in pictures:
        typer.echo(f"{each.medium} ({each.language}), {len(each.proposed)} ký tự")
        typer.echo(f"  đề xuất: {each.proposed}")
        typer.echo(f"  đã viết: {each.written or ('(vừa ghi lời đề xuất)' if confirmed else '(chưa có)')}")
    if confirmed:
        typer.echo(f"Đã ghi {missing} lời mô tả; hãy đọc lại tệp trước khi trình.")
    elif missing:
        typer.echo(f"Còn {missing} hình chưa có lời mô tả. Đọc kỹ rồi nhận bằng: ./loa alt {entry} --confirm, hoặc tự viết.")
