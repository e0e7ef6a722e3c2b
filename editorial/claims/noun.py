"""What is counted: nouns of city news in both languages, so that wards are not schools and xã, phường are communes, wards."""

from __future__ import annotations

import re
from functools import lru_cache

from editorial.claims.wording import folded

GENERIC = "generic"  # a word that may stand for many things: đơn vị, điểm, cái
PEOPLE = frozenset({"person", "visitor", "passenger", "view", "worker", "volunteer"})  # two languages divide them differently

_NOUNS = {
    "ward": "xã, phường, thị trấn, ward, commune, township",
    "district": "quận, huyện, district",
    "province": "tỉnh, tỉnh thành, province",
    "person": "người, người dân, công dân, nhân dân, đại biểu, dân, people, person, resident, citizen, delegate, inhabitant",
    "household": "hộ, hộ dân, hộ gia đình, gia đình, household, family, families",
    "pupil": "học sinh, sinh viên, trẻ em, em, cháu, pupil, student, child, children",
    "teacher": "giáo viên, thầy cô, nhà giáo, teacher",
    "doctor": "bác sĩ, y bác sĩ, nhân viên y tế, doctor, nurse",
    "volunteer": "tình nguyện viên, đoàn viên, hội viên, volunteer, member",
    "visitor": "lượt khách, khách, du khách, lượt du khách, khách du lịch, visitor, tourist, guest, visit, arrival",
    "passenger": "hành khách, lượt hành khách, passenger, rider",
    "view": "lượt xem, lượt truy cập, lượt tiếp cận, view, hit",
    "worker": "lao động, công nhân, cán bộ, cán bộ công chức, chiến sĩ, chiến sỹ, worker, officer, employee, soldier, "
    "official, staff",
    "family_deserving": "người có công, thương binh, liệt sĩ, martyr, invalid",
    "school": "trường, trường học, school, kindergarten, nursery school, preschool, high school",
    "class": "lớp, lớp học, class, classroom, classes",
    "hospital": "bệnh viện, trạm y tế, cơ sở y tế, hospital, clinic, health station",
    "bridge": "cầu, cây cầu, cầu vượt, bridge, overpass, flyover",
    "line": "tuyến, tuyến đường, tuyến phố, tuyến metro, tuyến buýt, tuyến đường sắt, line, route, street, road",
    "station": "ga, nhà ga, station",
    "monitoring": "trạm quan trắc, trạm đo, monitoring station, measuring station",
    "bus": "xe buýt, buýt, xe, xe bồn, xe tải, bus, buses, vehicle, truck, lorry, lorries",
    "trip": "chuyến, lượt tàu, đoàn tàu, trip, train",
    "lake": "hồ, hồ nước, lake",
    "river": "sông, dòng sông, con sông, river",
    "tree": "cây, cây xanh, tree",
    "park": "công viên, vườn hoa, park, garden",
    "house": "nhà, căn hộ, căn nhà, căn, house, flat, apartment, home",
    "business": "doanh nghiệp, công ty, cơ sở kinh doanh, enterprise, business, businesses, company, companies, firm",
    "cooperative": "hợp tác xã, cooperative",
    "project": "dự án, công trình, project, work, scheme",
    "file": "hồ sơ, dossier, file, application",
    "procedure": "thủ tục, thủ tục hành chính, dịch vụ công, procedure, service, public service",
    "event": "sự kiện, hoạt động, chương trình, lễ hội, hội chợ, event, activity, activities, programme, program, festival",
    "target": "chỉ tiêu, mục tiêu, target, goal, indicator",
    "task": "nhiệm vụ, giải pháp, task, solution, measure",
    "bottleneck": "điểm nghẽn, bottleneck",
    "flood": "điểm ngập, điểm úng ngập, flood spot, flooded spot, flooding spot",
    "breakthrough": "đột phá, khâu đột phá, breakthrough",
    "relic": "di tích, di sản, hiện vật, bia, bia tiến sĩ, relic, monument, heritage site, artefact, artifact, "
    "stele, steles",
    "village": "làng, làng nghề, thôn, tổ dân phố, village, craft village",
    "book": "cuốn sách, cuốn, sách, đầu sách, book, title",
    "picture": "bức ảnh, ảnh, tác phẩm, tranh, photo, picture, work of art, painting",
    "gift": "suất quà, phần quà, quà, suất, suất học bổng, học bổng, gift, scholarship, present",
    "team": "đội, đoàn, đội thi, team, delegation",
    "stall": "gian hàng, gian trưng bày, stall, booth",
    "screen": "màn hình, trận địa, camera, screen, camera",
    "bin": "thùng rác, thùng, bin",
    "account": "tài khoản, account",
    "ticket": "vé, thẻ, ticket, card",
    "parking": "bãi đỗ xe, điểm đỗ xe, bãi xe, parking lot, car park",
    "pump": "trạm bơm, máy bơm, pump, pumping station",
    "charger": "trạm sạc, trụ sạc, charging station, charger",
    "case": "vụ, vụ việc, trường hợp, ca, ca mắc, case, incident",
    "report": "phản ánh, kiến nghị, ý kiến, báo cáo, complaint, report, petition, opinion, comment",
    "meeting": "cuộc họp, hội nghị, phiên họp, buổi, meeting, conference, session",
    "seat": "chỗ ngồi, chỗ, ghế, seat",
    "floor": "tầng, floor, storey",
    "lane": "làn, làn xe, lane",
    "market": "chợ, siêu thị, market, supermarket",
    "library": "thư viện, nhà văn hóa, library, libraries, cultural house",
    "tier": "cấp, tier",
    "key": "chìa khóa, key",
    "kind": "loại, chủng loại, kind, type, sort, variety, varieties",
    "bed": "giường, giường bệnh, bed, hospital bed",
    "athlete": "vận động viên, vđv, kỳ thủ, võ sinh, athlete, runner, player, swimmer, competitor",
    "medal": "huy chương, huy chương vàng, medal, gold medal",
    "boat": "tàu, thuyền, ghe, tàu cá, tàu du lịch, boat, ship, vessel, fishing boat",
    "lamp": "đèn, bóng đèn, lamp, light, street light",
    "dish": "món, món ăn, món hải sản, dish, dishes",
    "film": "phim, bộ phim, film, movie",
    "song": "bài hát, ca khúc, song",
    "job": "việc làm, vị trí việc làm, job, vacancy, vacancies",
    "dose": "liều, liều vắc xin, mũi, mũi tiêm, dose, injection",
    "statue": "pho tượng, tượng, statue",
    "bike": "xe đạp, bike, bicycle",
    "club": "câu lạc bộ, club",
    "firework": "quả pháo hoa, điểm bắn, điểm bắn pháo hoa, firework site, fireworks site",
    GENERIC: "đơn vị, địa phương, địa bàn, điểm, cơ sở, nơi, địa điểm, cái, chiếc, bộ, nhóm, "
    "unit, place, point, site, locality, localities, "
    "area, of them, khu vực, khu, đơn vị hành chính, administrative unit, location, spot",
}  # fmt: skip


def _plural(noun: str) -> str:
    return noun if noun.endswith("s") else noun[:-1] + "ies" if noun.endswith(("ty", "my", "ny")) else noun + "s"


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for concept, nouns in _NOUNS.items():
        for noun in nouns.split(", "):
            table.setdefault(noun, concept)
            if noun.isascii():
                table.setdefault(_plural(noun), concept)
    return table


_CONCEPTS = _table()
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LONGEST = 4  # words in the longest noun above
_EMPTY = frozenset(
    {
        "va",
        "hoac",
        "and",
        "or",
        "the",
        "of",
        "so",
        "cac",
        "nhung",
        "cua",
        "tai",
        "trong",
        "moi",
        "new",
        "cho",
        "in",
        "at",
        "a",
        "la",
    }
)


@lru_cache(maxsize=4096)
def concepts(words: tuple[str, ...], reach: int) -> frozenset[str]:
    """Return what the lower-case words speak of, looking at nouns that start within the first `reach` words."""
    found: set[str] = set()
    taken = 0
    for start in range(min(reach, len(words))):
        if start < taken:
            continue
        for length in range(LONGEST, 0, -1):
            concept = _CONCEPTS.get(" ".join(words[start : start + length])) if start + length <= len(words) else None
            if concept:
                found.add(concept)
                taken = start + length
                break
    return frozenset(found)


@lru_cache(maxsize=4096)
def marks(words: tuple[str, ...]) -> frozenset[str]:
    """Return the words that tell one noun from another: without marks, without and, of, các; plurals as singulars."""
    return frozenset(_singular(folded(word)) for word in words) - _EMPTY


def word_list(lower: str) -> tuple[str, ...]:
    """Return the words of a lower-case text."""
    return tuple(_WORD.findall(lower))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
