"""The office's calendar as a whole."""

from __future__ import annotations

from datetime import date

import pytest

from editorial.calendar import Catalogue
from editorial.problem import BadInput
from editorial.tone import Tone


def test_a_year_lists_its_occasions_by_date(catalogue: Catalogue) -> None:
    listed = catalogue.occasions(2026)
    assert [occasion.date for occasion in listed] == sorted(occasion.date for occasion in listed)
    assert {"trung_thu", "q4_end", "tet_nguyen_dan"} <= {occasion.id for occasion in listed}


def test_a_stretch_of_days_may_cross_new_year_and_includes_both_ends(catalogue: Catalogue) -> None:
    listed = catalogue.between(date(2026, 12, 26), date(2027, 1, 6))
    assert [occasion.id for occasion in listed] == ["dan_so_viet_nam", "kham_thien", "q4_end", "tet_duong_lich", "tong_tuyen_cu"]


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2026, 6, 5), {"moi_truong_the_gioi", "bac_ra_di"}),
        (date(2026, 9, 2), {"quoc_khanh", "ngay_mat_bac"}),
        (date(2026, 10, 10), {"giai_phong_thu_do", "chuyen_doi_so"}),
        (date(2026, 11, 23), {"chu_thap_do", "di_san_van_hoa", "nam_ky_khoi_nghia"}),
        (date(2026, 12, 26), {"dan_so_viet_nam", "kham_thien"}),
        (date(2026, 12, 5), set()),
    ],
)
def test_a_day_shared_by_occasions_lists_them_all(day: date, ids: set[str], catalogue: Catalogue) -> None:
    assert {occasion.id for occasion in catalogue.on(day)} == ids


def test_national_day_is_festive_and_solemn_at_once(catalogue: Catalogue) -> None:
    assert {occasion.tone for occasion in catalogue.on(date(2026, 9, 2))} == {Tone.FESTIVE, Tone.SOLEMN}


def test_a_mourning_period_includes_both_its_days(catalogue: Catalogue) -> None:
    mourned = [day for day in (23, 24, 25, 26) if catalogue.mourning_on(date(2025, 5, day))]
    assert mourned == [24, 25]


def test_an_unknown_id_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="lịch không có mốc"):
        catalogue.get("khong_co")


def test_one_id_cannot_name_two_occasions(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="“trung_thu” được khai báo hai lần"):
        Catalogue([catalogue.get("trung_thu"), catalogue.get("trung_thu")])
