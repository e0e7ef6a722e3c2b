"""The light table: a template on a page that follows its files."""

from __future__ import annotations

import asyncio
import io
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from desk.command import run
from desk.place import HOUSE, Place
from desk.preview.app import create_preview
from desk.preview.table import LightTable
from desk.web.headers import POLICY
from tests.desk.small_studio import CARD, SAMPLES, TOO_LONG, make_studio, write_card

HOST = "http://127.0.0.1:8010"
JsonValues = dict[str, object]


class Visitor:
    """A browser on the page of one template, without a socket."""

    def __init__(self, office: Path, name: str = "infographic/card") -> None:
        self.table = LightTable(Place(root=office), name, office / "drafts")
        self._app = create_preview(self.table, name)

    def ask(self, method: str, path: str, wish: JsonValues | None = None, **headers: str) -> httpx.Response:
        """Send one request as the page's own script does, unless the headers say otherwise."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self._app), base_url=HOST) as client:
                return await client.request(method, path, headers={"sec-fetch-site": "same-origin", **named}, json=wish)

        return asyncio.run(send())

    def draw(self, size: str = "square", theme: str = "light", sample: str = "typical", **data: object) -> JsonValues:
        """Have one picture drawn."""
        answer = self.ask("POST", "/draw", {"size": size, "theme": theme, "sample": sample, "data": data})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def office(tmp_path: Path) -> Path:
    write_card(make_studio(tmp_path))
    return tmp_path


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def test_the_page_and_its_parts_come_from_this_host_alone(office: Path) -> None:
    visitor = Visitor(office)
    page = visitor.ask("GET", "/")
    assert page.headers["content-security-policy"] == POLICY
    assert "http" not in page.text.replace("http-equiv", "").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert visitor.ask("GET", "/static/js/preview.js").headers["content-security-policy"] == POLICY
    assert visitor.ask("GET", "/", host="evil.example").status_code == 400
    assert visitor.ask("POST", "/draw", {}, sec_fetch_site="cross-site").status_code == 403


def test_the_contract_becomes_a_form_with_labels_and_samples(office: Path) -> None:
    state = Visitor(office).ask("GET", "/state").json()
    assert [(field["name"], field["type"], field["max"]) for field in state["fields"]] == [
        ("headline", "text", 60), ("notes", "list", 3),
    ]  # fmt: skip
    assert state["fields"][1]["of"] == [{"name": "label", "type": "text"}]
    assert [sample["id"] for sample in state["samples"]] == ["typical", "worst", "shortest"]
    assert [theme["id"] for theme in state["themes"]] == ["light", "dark"]
    assert "art/long-bien.svg" in state["pictures"]


def test_a_picture_is_drawn_with_the_pages_data_in_the_pages_theme(office: Path) -> None:
    visitor = Visitor(office)
    visitor.table.look()
    light, dark = (visitor.draw(theme=theme, headline="Xin chào") for theme in ("light", "dark"))
    shown = [pixels(visitor.ask("GET", str(drawn["picture"])).content) for drawn in (light, dark)]
    assert shown[0].shape == (1080, 1080, 3)
    assert shown[0].mean() > 180 > 80 > shown[1].mean()
    assert light["problems"] == []


def test_a_problem_comes_with_its_line_and_its_place_on_the_picture(office: Path) -> None:
    visitor = Visitor(office)
    visitor.table.look()
    drawn = visitor.draw(headline=TOO_LONG)
    assert drawn["problems"] == [
        {
            "where": "templates/infographic/card/template.yaml:11", "key": "headline", "wrong": True,
            "message": "nội dung không vừa khung dù đã thu nhỏ hết mức; hãy rút ngắn",
        }
    ]  # fmt: skip
    (mark,) = drawn["marks"]
    assert mark["name"] == "headline"
    assert 0 < mark["left"] < 0.1 and 0.8 < mark["width"] < 1


def test_data_with_which_nothing_can_be_drawn_says_why(office: Path) -> None:
    visitor = Visitor(office)
    visitor.table.look()
    drawn = visitor.draw()
    assert drawn["picture"] is None
    assert [problem["message"] for problem in drawn["problems"]] == ["mẫu cần “headline”; hãy điền vào"]


def test_a_saved_file_gives_another_version_and_an_unchanged_one_does_not(office: Path) -> None:
    visitor = Visitor(office)
    versions = [visitor.ask("GET", "/version").json()["version"] for _ in range(2)]
    write_card(office, SAMPLES.replace("Chào buổi sáng", "Chào buổi chiều nay", 1))
    versions.append(visitor.ask("GET", "/version").json()["version"])
    brand = office / "assets" / "brand.yaml"
    brand.write_text(brand.read_text(encoding="utf-8").replace('background: "#fbf5e9"', 'background: "#eaf5e9"'))
    versions.append(visitor.ask("GET", "/version").json()["version"])
    assert versions == [1, 1, 2, 3]
    assert visitor.ask("GET", "/state").json()["samples"][0]["data"] == {"headline": "Chào buổi chiều nay"}


def test_a_mistake_in_the_template_is_told_and_the_last_right_one_stays(office: Path) -> None:
    visitor = Visitor(office)
    before = visitor.ask("GET", "/state").json()
    write_card(office, card=CARD.replace("font: display", "font: dispaly"))
    broken = visitor.ask("GET", "/state").json()
    assert [(problem["where"], problem["key"]) for problem in broken["problems"]] == [
        ("templates/infographic/card/template.yaml:11", "layers[1].font")
    ]
    assert broken["fields"] == before["fields"]
    assert visitor.draw(headline="Vẫn vẽ được")["picture"]
    write_card(office)
    assert visitor.ask("GET", "/state").json()["problems"] == []


def test_a_template_that_was_never_right_shows_only_what_is_wrong(office: Path) -> None:
    write_card(office, card="schema: 1\n")
    state = Visitor(office).ask("GET", "/state").json()
    assert state["problems"] and "fields" not in state


def test_a_clip_is_looked_at_at_any_moment_without_being_encoded(office: Path) -> None:
    assert run(("new-template", "clip/dem-nguoc", "-w", str(office))) == 0
    visitor = Visitor(office, "clip/dem-nguoc")
    state = visitor.ask("GET", "/state").json()
    drawn = visitor.draw(**state["samples"][0]["data"])
    clip = drawn["clip"]
    assert [scene["id"] for scene in clip["scenes"]] == ["opening", "message", "figures", "figures", "end"]
    rest = [scene["rest"] for scene in clip["scenes"]]
    frames = [pixels(visitor.ask("GET", f"/frame/{drawn['digest']}/{number}").content) for number in (rest[4], rest[0], rest[4])]
    assert frames[0].shape == (720, 720, 3)
    assert np.array_equal(frames[0], frames[2])
    assert np.abs(frames[0] - frames[1]).mean() > 10
    assert visitor.ask("GET", f"/frame/{drawn['digest']}/{clip['frames']}").status_code == 404
    assert not list((office / "drafts").rglob("*.mp4"))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_page_and_leaves_no_draft(office: Path, ending: signal.Signals) -> None:
    before = set(Path(tempfile.gettempdir()).glob("loa-preview-*"))
    page = subprocess.Popen(
        [sys.executable, "-m", "desk", "preview", "infographic/card", "--port", "0", "-w", str(office)],
        cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert page.stdout is not None
    address = page.stdout.readline().split(" tại ")[1].split(" ")[0]
    assert httpx.get(f"{address}/state", trust_env=False).json()["id"] == "infographic/card"
    page.send_signal(ending)
    out, err = page.communicate(timeout=20)
    assert (page.returncode, out, err) == (0, "Đã đóng trang xem thử.\n", "")
    assert set(Path(tempfile.gettempdir()).glob("loa-preview-*")) == before


def test_a_port_that_is_taken_is_told(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from desk.serving import bind

    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        assert run(("preview", "infographic/card", "--port", str(port), "-w", str(office))) == 2
    assert f"cổng {port} đang có chương trình khác dùng" in capsys.readouterr().err
