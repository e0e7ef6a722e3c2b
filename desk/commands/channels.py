"""The office's channels: what each takes and can do, and whether one works."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.memory import Memory, open_kept_memory
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import Place, find_place
from editorial.clock import OFFICE_ZONE

if TYPE_CHECKING:
    from desk.channel_health import Health
    from desk.channel_trial import Step
    from editorial.office import Channel, Office

channels = typer.Typer(help="Xem các kênh, và thử một kênh.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.add_typer(channels, name="channels")


@channels.callback()
def listed(
    context: typer.Context, as_json: AsJson = False, memory: Memory = None, workspace: Workspace = None
) -> None:  # fmt: skip
    """Xem các kênh, và thử một kênh."""
    if context.invoked_subcommand is not None:
        return
    from publishers.registry import PUBLISHERS
    from store.workspace_files import read_office

    place = find_place(workspace)
    office = read_office(place.root)
    used = {channel.publisher for channel in office.channels.values()}
    spare = [publisher for publisher in PUBLISHERS if publisher not in used]
    known = _healths(place, memory, office)
    if as_json:
        told = [_values(each, known.get(each.id)) for each in office.channels.values()]
        print_json({"channels": told, "unused": [_facts(each) for each in spare]})
        return
    for channel in office.channels.values():
        _tell(f"{channel.id}: {channel.name}", channel.publisher)
        if channel.id in known:
            _tell_health(known[channel.id])
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


def _healths(place: Place, memory: str | None, office: Office) -> dict[str, Health]:
    """Return the health of each channel; nothing where Loa remembers nothing yet."""
    from desk.channel_health import healths

    with open_kept_memory(place, memory) as store:
        return {each.channel.id: each for each in healths(store, office)} if store is not None else {}


def _tell_health(health: Health) -> None:
    from desk.channel_health import CONDITION_WORDS, HELD_WORDS, LINK_WORDS

    figures, ends = health.figures, health.expiry.ends
    account = health.connection.name if health.connection else LINK_WORDS[health.link]
    held = "".join(f", {count} {HELD_WORDS[reason]}" for reason, count in figures.held.items())
    last = f", đăng lần cuối {_moment(figures.published_at)}" if figures.published_at else ""
    until = f", quyền truy cập đến {_moment(ends)}" if ends else ""
    waits = f"; chờ đăng {figures.to_come}{held}"
    typer.echo(f"    tình trạng: {CONDITION_WORDS[health.condition].lower()} · {account}{last}{until}{waits}")
    for reason in health.reasons:
        typer.echo(f"      - {reason.words}")
    for each in health.allowances:
        used = f"{each.used}%" if each.percent else f"{each.used}/{each.most}"
        typer.echo(f"    đã dùng: {used} {each.what}" + (f", đầy lại lúc {_moment(each.resets_at)}" if each.resets_at else ""))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"


_WORDS = {"title": "tiêu đề", "text": "nội dung", "summary": "tóm tắt"}  # the body is the text again, with its markup
_KINDS = {"image": "ảnh", "video": "clip"}


def _values(channel: Channel, health: Health | None) -> dict[str, object]:
    known = {"id": channel.id, "name": channel.name, "handle": channel.handle, "caption": channel.caption}
    return {**known, **_facts(channel.publisher), **({"health": _health(health)} if health else {})}


def _health(health: Health) -> dict[str, object]:
    figures, connection = health.figures, health.connection
    return {
        "condition": health.condition.value, "link": health.link.value, "account": connection.name if connection else None,
        "published_at": _iso(figures.published_at), "access_until": _iso(health.expiry.ends), "to_come": figures.to_come,
        "held": {reason.value: count for reason, count in figures.held.items()},
        "reasons": [{"words": each.words, "until": _iso(each.until)} for each in health.reasons],
        "allowances": [{"what": each.what, "used": each.used, "most": each.most, "percent": each.percent,
                        "resets_at": _iso(each.resets_at)} for each in health.allowances],
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


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
