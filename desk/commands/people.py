"""Who is in the office and who can sign in: the list, and links for those who cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.address import ADDRESS, LOCAL, read_address
from desk.commands.memory import Memory, open_memory
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from editorial.clock import OFFICE_ZONE, SystemClock

if TYPE_CHECKING:
    from desk.people import Link, Reception, Standing
    from editorial.role import Person

Id = Annotated[str, typer.Argument(metavar="MÃ", help="Mã người trong content/office.yaml.")]
Address = Annotated[
    str, typer.Option("--address", envvar=ADDRESS, help="Địa chỉ mà mọi người mở bàn làm việc.", show_envvar=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    people = typer.Typer(help="Người của văn phòng: ai đăng nhập được, mời, đặt lại, đăng xuất.", no_args_is_help=True)
    people.command("list")(show)
    people.command("invite")(invite)
    people.command("reset")(reset)
    people.command("sign-out")(sign_out)
    app.add_typer(people, name="people")


def show(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Ai trong văn phòng, vai trò gì, đăng nhập được chưa."""
    with _reception(workspace, memory) as reception:
        standings = reception.standings()
    if as_json:
        print_json([_values(each) for each in standings])
    else:
        for each in standings:
            typer.echo(_line(each))
    return 0


def invite(person: Id, address: Address = LOCAL, memory: Memory = None, workspace: Workspace = None) -> int:
    """In liên kết để một người đặt mật khẩu lần đầu; dùng một lần, có hạn."""
    from desk.people import BY_COMMAND, CONSOLE

    base = read_address(address)
    with _reception(workspace, memory) as reception:
        return _print(reception.invite(_person(reception, person), by=BY_COMMAND, why=CONSOLE), base)


def reset(person: Id, address: Address = LOCAL, memory: Memory = None, workspace: Workspace = None) -> int:
    """Bỏ ngay mật khẩu, mã xác thực, mọi phiên của một người và in liên kết để đặt lại."""
    from desk.people import BY_COMMAND, CONSOLE

    base = read_address(address)
    with _reception(workspace, memory) as reception:
        return _print(reception.reset(_person(reception, person), by=BY_COMMAND, why=CONSOLE), base)


def sign_out(person: Id, memory: Memory = None, workspace: Workspace = None) -> int:
    """Kết thúc mọi phiên đang mở của một người; mật khẩu vẫn dùng được."""
    from desk.people import BY_COMMAND

    with _reception(workspace, memory) as reception:
        found = _person(reception, person)
        ended = reception.sign_out(found, by=BY_COMMAND)
    typer.echo(f"Đã kết thúc {ended} phiên của {found.name}.")
    return 0


@contextmanager
def _reception(workspace: Path | None, memory: str | None) -> Iterator[Reception]:
    from desk.people import Reception
    from store.workspace_files import read_office

    place, clock = find_place(workspace), SystemClock()
    people = read_office(place.root).people
    with open_memory(place, memory, clock) as store:
        yield Reception(store=store, people=people, clock=clock)


def _person(reception: Reception, id: str) -> Person:
    from editorial.role import person_of

    return person_of(reception.people, id, "MÃ")


def _print(link: Link, base: str) -> int:
    until = f"{link.until.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
    typer.echo(f"Liên kết cho {link.person.name}, dùng một lần, có hạn đến {until} (giờ Hà Nội):")
    typer.echo(f"  {base}{link.path}")
    return 0


def _line(standing: Standing) -> str:
    from desk.people import ACCESS_WORDS
    from desk.web.views.roles import roles_words

    person, seen = standing.person, standing.signed_in_at
    last = f", vào lần cuối {seen.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}" if seen else ""
    return f"{person.id}: {person.name} ({roles_words(person)}) – {ACCESS_WORDS[standing.access].lower()}{last}"


def _values(standing: Standing) -> dict[str, object]:
    person = standing.person
    return {
        "id": person.id, "name": person.name, "roles": [role.value for role in person.roles], "unit": person.unit,
        "access": standing.access.value,
        "invited_until": standing.invited_until.isoformat() if standing.invited_until else None,
        "signed_in_at": standing.signed_in_at.isoformat() if standing.signed_in_at else None,
    }  # fmt: skip
