from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from editorial.entry import Form
from editorial.office import LeadTimes, Limits
from editorial.problem import BadInput
from editorial.repeat import Every
from store.workspace_files import read_content
from tests.store.test_workspace_files import ENTRY, OFFICE, complaints, workspace

CAMPAIGN = """\
schema: 1
id: mua-xuan
name: Mùa xuân
message: Một thông điệp
from: 2027-01-01
to: tet/2027+3d
units: [van-phong]
phases:
  - {id: mot, name: Mở đầu, from: 2027-01-01, to: 2027-01-15}
"""
REPEAT = "repeat: {every: month, day: last, from: 2026-10-01, until: 2026-12-31}\n"


def with_campaign(folder: Path, text: str = CAMPAIGN, name: str = "mua-xuan") -> Path:
    more = "tone: neutral\ncampaign: mua-xuan\nform: ceremony\n" + REPEAT
    root = workspace(folder, entry=ENTRY.replace("tone: neutral\n", more))
    (root / "content" / "campaigns").mkdir()
    (root / "content" / "campaigns" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def test_campaign_form_and_rhythm_are_read_with_their_places(tmp_path: Path) -> None:
    content = read_content(with_campaign(tmp_path))
    entry = content.entries["mot"]
    assert (entry.campaign, entry.form) == ("mua-xuan", Form.CEREMONY)
    assert entry.repeat is not None
    assert (entry.repeat.every, entry.repeat.day, entry.repeat.until) == (Every.MONTH, "last", date(2026, 12, 31))
    campaign = content.campaigns["mua-xuan"]
    assert (campaign.start, campaign.end, campaign.phases[0].name) == ("2027-01-01", "tet/2027+3d", "Mở đầu")
    assert content.campaign_place("mua-xuan", "phases[0].to") == ("content/campaigns/mua-xuan.yaml", 9, "phases[0].to")


def test_an_office_without_limits_has_the_usual_ones_and_may_set_its_own(tmp_path: Path) -> None:
    usual = read_content(workspace(tmp_path / "a")).office
    assert (usual.limits, usual.lead_times) == (Limits(), LeadTimes())
    own = OFFICE + 'limits: {posts_per_channel_per_day: 5, earliest: "07:00"}\nlead_times: {brief: 15}\n'
    office = read_content(workspace(tmp_path / "b", office=own)).office
    assert (office.limits.posts_per_channel_per_day, office.limits.earliest) == (5, time(7))
    assert (office.lead_times.brief, office.lead_times.approval) == (15, 1)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (CAMPAIGN.replace("units: [van-phong]\n", ""), "content/campaigns/mua-xuan.yaml:1 units"),
        (CAMPAIGN.replace("to: tet/2027+3d", "tới: tet/2027"), "content/campaigns/mua-xuan.yaml"),
        (CAMPAIGN.replace("id: mua-xuan", "id: mua-ha"), "content/campaigns/mua-xuan.yaml:2 id"),
    ],
)
def test_a_mistake_in_a_campaign_is_told_at_its_line(tmp_path: Path, written: str, wanted: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_content(with_campaign(tmp_path, written))
    assert any(str(problem).startswith(wanted) for problem in caught.value.problems)


@pytest.mark.parametrize(("key", "text"), [("contact", "Đầu mối"), ("spokesperson", "Người phát ngôn")])
def test_every_unit_has_a_contact_and_a_spokesperson(tmp_path: Path, key: str, text: str) -> None:
    told = complaints(workspace(tmp_path, office=OFFICE.replace(f"{key}: {text}", f'{key}: " "')))
    assert told == [f"content/office.yaml:5 units[0].{key}: không được để trống"]


@pytest.mark.parametrize("wrong", ["earliest: 6", 'latest: "25:00"', 'latest: "21:30+07:00"', "posts_per_channel_per_day: 0"])
def test_a_limit_that_is_none_is_told_at_its_line(tmp_path: Path, wrong: str) -> None:
    (told,) = complaints(workspace(tmp_path, office=OFFICE + f"limits: {{{wrong}}}\n"))
    assert told.startswith(f"content/office.yaml:9 limits.{wrong.split(':')[0]}")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("repeat: {every: fortnight, from: 2026-10-01, until: 2026-12-31}\n", "content/mot.md:7 repeat.every"),
        ("repeat: {every: month, from: 2026-10-01, until: 2026-12-31}\n", "content/mot.md:7 repeat"),
        ("repeat: {every: month, day: 5, from: 2026-10-01, until: 2026-02-30}\n", "content/mot.md:7 repeat.until"),
        ("repeat: {every: week, weekday: thu, from: 2026-10-01, until: 2026-09-01}\n", "content/mot.md:7 repeat.until"),
        ("form: party\n", "content/mot.md:7 form"),
    ],
)
def test_a_rhythm_that_cannot_be_is_told_at_its_line(tmp_path: Path, line: str, wanted: str) -> None:
    (told,) = complaints(workspace(tmp_path, entry=ENTRY.replace("tone: neutral\n", "tone: neutral\n" + line)))
    assert told.startswith(wanted)
