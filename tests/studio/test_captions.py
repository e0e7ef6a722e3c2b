"""Captions: each block on its own, clean markup, and mistakes with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from editorial.problem import BadInput
from studio.captions import Captions
from studio.markup import read_html, to_html, to_plain, to_telegram_html

TEXT = "Từ **1/7** có [126 phường](https://hanoi.gov.vn).\n\n- Một\n- Hai & ba\n\n<script>x</script>"


@pytest.fixture
def captions(tmp_path: Path) -> Captions:
    """Return the captions of a folder with one channel."""
    folder = tmp_path / "templates" / "caption"
    folder.mkdir(parents=True)
    title = "{% block title %} {{ message.headline }} {% endblock %}\n"
    page = title + "{% block text %}\n{{ message.body | to_plain }}\n\n{{ link | bare }}\n{% endblock %}\n"
    (folder / "page.j2").write_text(page, encoding="utf-8")
    (folder / "broken.j2").write_text("một\n{% if x %}\n", encoding="utf-8")
    (folder / "escape.j2").write_text("{% block text %}\n{{ ''.__class__.__mro__ }}\n{% endblock %}", encoding="utf-8")
    return Captions(folder, tmp_path)


def test_each_block_is_rendered_and_stripped(captions: Captions) -> None:
    blocks = captions.blocks("page", {"message": {"headline": "Chào", "body": "**Đậm**"}, "link": "https://hanoi.gov.vn/"})
    assert blocks == {"title": "Chào", "text": "Đậm\n\nhanoi.gov.vn"}


def test_an_unknown_name_has_its_file_and_line(captions: Captions) -> None:
    with pytest.raises(BadInput) as caught:
        captions.blocks("page", {"message": {"headline": "Chào", "body": "x"}})
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == ("templates/caption/page.j2", 5)


@pytest.mark.parametrize("name", ["broken", "escape", "none"])
def test_what_is_not_a_caption_is_refused(captions: Captions, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        captions.blocks(name, {})
    assert caught.value.problems[0].file == f"templates/caption/{name}.j2"


def test_markdown_becomes_what_each_channel_takes() -> None:
    assert to_plain(TEXT) == "Từ 1/7 có 126 phường (https://hanoi.gov.vn).\n\n• Một\n• Hai & ba"
    assert to_telegram_html(TEXT) == 'Từ <b>1/7</b> có <a href="https://hanoi.gov.vn">126 phường</a>.\n\n• Một\n• Hai &amp; ba'
    assert "<script>" not in to_html(TEXT)
    assert "<li>Hai &amp; ba</li>" in to_html(TEXT)


def test_everything_that_html_tells_people_is_read() -> None:
    page = to_html("Từ **1/7** có [tại đây](https://hanoi.gov.vn/a)\n\n- Một\n- Hai")
    said = read_html(f'{page}<img src="a.jpg" alt="75 phường"><div title="12 ga">Ba</div>')
    assert said.split("\n") == ["Từ 1/7 có tại đây (https://hanoi.gov.vn/a)", "• Một", "• Hai", "Ba", "75 phường", "12 ga"]


def test_two_figures_in_two_cells_are_two_figures() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert [line.split() for line in to_plain(table).split("\n")] == [["a", "b"], ["1", "2"]]


def test_a_template_is_asked_for_its_lines_and_for_what_it_has_a_place_for(captions: Captions) -> None:
    assert captions.lines("page")[2] == ("templates/caption/page.j2", 3, "{{ message.body | to_plain }}")
    assert captions.asks_for("page", "message")
    assert not captions.asks_for("page", "handwritten")
