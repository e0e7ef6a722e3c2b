"""The office's channels: what each takes and can do, and whether one works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place

if TYPE_CHECKING:
    from desk.channel_trial import Step
    from editorial.office import Channel

channels = typer.Typer(help="Xem các kênh, và thử một kênh.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.add_typer(channels, name="channels")


@channels.callback()
def listed(context: typer.Context, as_json: AsJson = False, workspace: Workspace = None) -> None:
    """Xem các kênh, và thử một kênh."""
    if context.invoked_subcommand is not None:
        return
    from publishers.registry import PUBLISHERS
    from store.workspace_files import read_office

    office = read_office(find_place(workspace).root)
    used = {channel.publisher for channel in office.channels.values()}
    spare = [publisher for publisher in PUBLISHERS if publisher not in used]
    if as_json:
        print_json({"channels": [_values(each) for each in office.channels.values()], "unused": [_facts(each) for each in spare]})
        return
    for channel in office.channels.values():
        _tell(f"{channel.id}: {channel.name}", channel.publisher)
    for publisher in spare:
        _tell(f"(chưa dùng) {publisher}", publisher)
    typer.echo("Thử một kênh: ./loa channels test MÃ · bảng đầy đủ: docs/capabilities.md")


@channels.command("test")
def test(
    name: Annotated[str, typer.Argument(help="Mã kênh trong content/office.yaml, hoặc tên thư mục dưới publishers/.")],
    account: Annotated[
        Path | None,
        typer.Option("--account", help="Tệp YAML có base_url, settings, secrets của tài khoản thật: chỉ hỏi, không đăng gì."),
    ] = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Thử một kênh: đăng, đọc lại, sửa, gỡ một bài trên máy chủ thử; với --account thì chỉ hỏi tài khoản thật."""
    from desk.channel_trial import ask_account, known_channel, try_channel
    from store.workspace_files import read_office

    channel = known_channel(read_office(find_place(workspace).root), name)
    steps = []
    for step in try_channel(channel) if account is None else ask_account(channel, account):
        steps.append(step)
        if not as_json:
            typer.echo(f"{'✓' if step.well else '✗'} {step.name:<12} {step.seen}")
    well = all(step.well for step in steps)
    if as_json:
        print_json({"ok": well, "channel": channel.id, "publisher": channel.publisher, "steps": [_step(step) for step in steps]})
    else:
        typer.echo("Kênh chạy đúng." if well else "Kênh chưa chạy đúng, xem các dòng có dấu ✗.")
    return 0 if well else 1


def _tell(title: str, publisher: str) -> None:
    from publishers.registry import manifest_of

    manifest = manifest_of(publisher)
    typer.echo(f"{title} · {manifest.name} (publishers/{publisher}, đối chiếu tài liệu ngày {manifest.checked:%d/%m/%Y})")
    shown = ((part, limit.most) for part, limit in manifest.texts.items() if part in _WORDS)
    limits = ", ".join(f"{_WORDS[part]} {most:,}".replace(",", ".") for part, most in shown)
    media = ", ".join(f"{rule.most} {_KINDS[kind.value]}" for kind, rule in manifest.media.items()) or "không nhận ảnh, clip"
    typer.echo(f"    giới hạn: {limits}; {media}")
    settings, secrets = (", ".join(names) or "không cần" for names in (manifest.settings, manifest.secrets))
    typer.echo(f"    cài đặt: {settings} · mật khẩu: {secrets}")


_WORDS = {"title": "tiêu đề", "text": "nội dung", "summary": "tóm tắt"}  # the body is the text again, with its markup
_KINDS = {"image": "ảnh", "video": "clip"}


def _values(channel: Channel) -> dict[str, object]:
    known = {"id": channel.id, "name": channel.name, "handle": channel.handle, "caption": channel.caption}
    return {**known, **_facts(channel.publisher)}


def _facts(publisher: str) -> dict[str, object]:
    from publishers.registry import PUBLISHERS, abilities, manifest_of

    manifest = manifest_of(publisher)
    facts = manifest.model_dump(mode="json", include=_FACTS, exclude_none=True)
    return {"publisher": publisher, "platform": manifest.name, "abilities": list(abilities(PUBLISHERS[publisher])), **facts}


_FACTS = {
    "documentation", "checked", "texts", "media", "media_required", "most_media", "cover_required", "mixes_media",
    "settings", "optional_settings", "secrets", "optional_secrets", "absence_is_proof", "settle_seconds",
}  # fmt: skip


def _step(step: Step) -> dict[str, object]:
    return {"id": step.id, "ok": step.well, "what": step.name, "seen": step.seen}
