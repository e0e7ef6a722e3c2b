"""Numbers that state no fact: hashtags, list numbering, steps, names such as Vành đai 4, idioms such as 24/7."""

from __future__ import annotations

import re
from itertools import pairwise

from editorial.claims.phrase import is_force
from editorial.claims.unit import unit_at
from editorial.claims.wording import BLANK, blanked

_MARKUP = re.compile(r"</?[a-z][^>]*>|[#@][\w.]*\w|\{\{.*?\}\}")
_CODE = re.compile(
    r"(?<![\w.,])(?:[2-6]G|[248]K|[2-4]D|2K[0-9]{1,2})(?!\w)"
    r"|(?<![\w.,])[1-9][0-9][A-Z][A-Z0-9]?[- ]?[0-9]{3}\.?[0-9]{2}(?!\w)"  # a number plate
    r"|(?<!\w)[PQ]\. ?[0-9]{1,2}(?![\w/]|[.,][0-9])|[0-9]{1,3}°[0-9]{1,2}['′][0-9.]*[\"″]?(?: ?[NSEWBĐT](?!\w))?"
)
_RACES = re.compile(  # cự ly 5K, 10K và 21K
    r"(?<![\w.,])(?:cự ly|đường chạy|chạy|marathon|race|run|distances?)[^.!?\n0-9]{0,24}?"
    r"(?P<races>(?:[35]|[1-9]0|15|21|42|100)K(?:(?:, | và | and | & |/| - )(?:[35]|[1-9]0|15|21|42|100)K)*)(?!\w)(?![.,][0-9])",
    re.IGNORECASE,
)
_FIVE_K = re.compile(r"(?i:(?<=giữ )|(?<=điệp )|(?<=tắc )|(?<=hiện )|(?<=đủ ))5K(?!\w)")  # of epidemics, not 5,000
_COUNTDOWN = re.compile(r"(?<![\w.,])[0-9]{1,2}(?:\.\.\.+|…)")
_DOWNWARD = re.compile(r"(?<![\w.,/-])[0-9]{1,2}(?:, ?[0-9]{1,2})+(?:, ?)?(?:\.\.\.+|…)")  # 10, 9, 8...
_COUNTED_DOWN = re.compile(
    r"(?<![\w.,/-])(?:[0-9]{1,2}(?:, ?|-| - ))*3(?:, ?|-| - )2(?:, ?|-| - )1(?:\.\.\.+|…)?(?![\w,/-])(?!\.[0-9])"
)
_MINUTE_OF_FILM = re.compile(r"(?<=phút )[0-9]{1,2}:[0-9]{2}|(?<=phút thứ )[0-9]{1,2}:[0-9]{2}|(?<=minute )[0-9]{1,2}:[0-9]{2}")
_SECOND = re.compile(  # cầu Vĩnh Tuy 2
    r"(?<!\w)(?P<one>[^\W\d_]+) (?P<other>[^\W\d_]+) (?P<number>[1-9])"
    r"(?=[.,;:!?)\n]|$| \(| (?:đã|đang|sẽ|được|là|có|và|với|của|vừa|tại|ở|trên|để|thông xe|hoàn thành|đi|nối)(?!\w))(?![.,][0-9])"
)
_MONTHS = frozenset(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))
_LINE = re.compile(r"(?<=[Tt]uyến )[0-9]\.[0-9](?= [^\W\d_])")  # tuyến 3.1 Nhổn - Cầu Giấy
_DAY_CUES = (  # từ 24/7 đến 26/7, thứ Năm 24/7: a day of July
    *("ngày ", "từ ", "đến ", "tới ", "hôm ", "hết ", "sáng ", "chiều ", "tối ", "đêm ", "trước ", "sau ", "và ", "- "),
    *(f"thứ {day}{gap}" for day in ("hai", "ba", "tư", "năm", "sáu", "bảy", *range(2, 8)) for gap in (" ", ", ")),
    *("chủ nhật ", "chủ nhật, "),
)
_ALWAYS = re.compile(
    rf"(?<![\w.,/]){''.join(f'(?<!{cue})' for cue in _DAY_CUES)}(?!24/7 ?(?:-|→|đến|tới|và [0-9]))"
    r"(?:24/7|24/24(?:h| giờ)?(?:,? 7 ngày (?:trong|một) tuần|,? 7 ngày/tuần)?|7/7|24h/7|50/50|24h/24h?)(?![\w/])"
)
_NAMED_AFTER_DAY = re.compile(
    r"(?<!\w)(?:phố|đường|trường|bệnh viện|công viên|rạp|sân vận động|khu tập thể|cầu|quảng trường) [0-9]{1,2}(?: tháng |"
    r"[-/])[0-9]{1,2}"
    r"(?![\w/]|[.,-][0-9])"
    r"|(?<!\w)(?:phố|đường|trường|rạp|bệnh viện) (?:(?:một|hai|ba|mười|chín|tám|mươi|mốt|lăm|mồng|mùng) ?){1,4}tháng "
    r"(?:mười hai|mười một|mười|một|hai|ba|tư|năm|sáu|bảy|tám|chín)(?!\w)|(?<!\w)rạp tháng 8(?![\w/])"
)
_POST = re.compile(  # km 23+400, Km 12 quốc lộ 14B
    r"(?<!\w)km ?[0-9]{1,4}(?:\+[0-9]{1,4}| (?=quốc lộ|tỉnh lộ|đường|cao tốc|ql|đt))"
)
_OFFER = re.compile(  # mua 2 tặng 1, ở 3 trả 2
    r"(?<!\w)(?:mua|ở|đi|đổi|buy|stay|pay) [1-9],? (?:tặng|trả|tính(?: tiền)?|lấy|được|get|pay) [1-9](?!\w|[.,][0-9])"
)
_MARK = re.compile(r"(?<!\w)(?:(?:chấm|điểm|rate) 10/10(?![\w/])|10/10(?= điểm))")
_STATUTE = re.compile(  # Bộ luật Dân sự 2015, Luật Đất đai năm 2024; its title begins with a capital, unlike luật sư
    r"(?<!\w)(?:[Ll]uật|LUẬT|[Hh]iến pháp|[Pp]háp lệnh)(?: (?=[A-ZĐÀ-Ỹ])(?:(?!có |từ |được |sẽ |hiệu |thi |trong |vào |"
    r"áp |ban |ngày |qua )"
    r"[^\W\d_]+,? ){1,8}?| )(?:năm |\()?(?P<number>(?:19[4-9]|20[0-9])[0-9])(?![\w/-]|[. ][0-9])"
)
_CRAFT = re.compile(  # tàu QNg 95432
    r"(?<!\w)(?:tàu|ghe|thuyền|xe|biển số|số hiệu|"
    r"chuyến bay)(?: cá)? (?P<number>[A-ZĐ][A-Za-zĐđ]{0,3}[ -]?[0-9]{2,6})(?![\w]|[.,][0-9])"
)
_DECADE = re.compile(r"(?<!\w)(?:thập niên|thập kỷ|những năm|the) (?P<number>(?:1[0-9]|20)[0-9]0s?)(?!\w)(?<!the [0-9]{4})")
_DOOR = re.compile(  # lớp 5/2, hẻm 12/8: no day
    r"(?<!\w)(?:địa chỉ|đ/c|tại|ở|số)[ :]{1,2}[0-9]{1,4}(?:/[0-9]{1,4})+ (?=(?:phố |"
    r"đường )?[a-zà-ỹ]{2,} [a-zà-ỹ]{2,})(?!ngày|tháng|năm)"
    r"|(?<!\w)(?:lớp|hẻm|ngõ|ngách|kiệt|số nhà|nhà số|căn hộ|thửa|thửa đất số|lô) [0-9]{1,4}(?:/[0-9]{1,3})+(?![\w/]|[.,][0-9])"
)
_SCORES = re.compile(  # 21-19, 18-21, 22-20; tỷ số 3-1, xử thua 0-3
    r"(?<![\w.,/-])[0-9]{1,3}-[0-9]{1,3}(?:(?:, | và | and )[0-9]{1,3}-[0-9]{1,3})+(?![\w/%-]|[.,][0-9]| ?(?:tuổi|tháng|ngày|"
    r"giờ|triệu|tỷ|km|years?|days?|hours?|[a-z]+ (?:19|20)[0-9]{2})(?!\w))"
    r"|(?<!\w)(?:tỷ số|tỉ số|thắng|thua|hoà|hòa|dẫn|gỡ|score|won|lost|drew|win|beat)(?: [^\W\d_]+){0,4}? "
    r"[0-9]{1,2}-[0-9]{1,2}(?![\w/%-]|[.,][0-9])"
)
_PACE = re.compile(r"(?<!\w)pace [0-9]{1,2}[:.][0-9]{2}(?:(?: hay | hoặc | đến | or | to |-|, )[0-9]{1,2}[:.][0-9]{2})*(?!\w)")
_SECRET = re.compile(  # mật khẩu wifi thường là... 12345678
    r"(?<!\w)(?:mật khẩu|mã otp|mã pin|mã lớp|mã mời|password|passcode|pin code)[^0-9\n]{0,24}[0-9]{4,}(?!\w)"
)
_READING_TIME = re.compile(  # of the post itself: đọc tiếp trong 3 phút, Q&A in 2 minutes
    r"(?<!\w)(?:(?:đọc|xem|nghe|lướt|hỏi đáp|q&a)(?: [^\W\d_]+){0,3}|(?:read|watch|listen)(?: [^\W\d_]+){0,3}) "
    r"(?:trong|chỉ|chỉ mất|mất|in|for) (?P<number>[1-9]) (?:phút|minutes?)(?!\w)"
)
_WORKS = re.compile(  # đọc “Hai vạn dặm dưới đáy biển”, “Trăm năm cô đơn” hay “Totto-chan”
    r"(?<!\w)(?:đọc|cuốn|sách|truyện|tiểu thuyết|phim|vở|vở kịch|vở chèo|bài hát|bài thơ|ca khúc|tác phẩm|book|novel|film|"
    r"movie|song|play)(?P<titles>(?:,? (?:và |hay |hoặc |and |or )?[“\"][^”\"\n]{2,60}[”\"])+)"
)
_TITLE = re.compile(r"[“\"](?:[^”\"0-9]+|[12][0-9]{3})[”\"]")
_ACRONYM = re.compile(
    r"(?<!\w)(?!VND|USD|EUR|VNĐ)[A-ZĐ]{2,5}[ -][0-9]{1,3}(?![\w%]|[.,/:][0-9]|[ \u00a0]?(?:%|km|m|ha|tỷ|triệu|nghìn|đồng|"
    r"người|xã|phường|dự án)(?!\w))"
)
_STANDARD = re.compile(  # ISO 14064
    r"(?<!\w)(?:ISO|IEC|TCVN|QCVN|ASTM|EN)(?:[ /-][A-Z]{2,4})?[ -]?[0-9]{2,5}(?:[-:.][0-9]+)*(?![\w%])"
)
_CUE = re.compile(r"(?:^[0-9]+[ ]*\n)?^[0-9:]+[.,][0-9]{3}[ ]*-->[ ]*[0-9:]+[.,][0-9]{3}.*$", re.MULTILINE)  # subtitle files
_FIRST_CHAPTER = re.compile(r"^0?0:00(?::00)? ", re.MULTILINE)
_CHAPTER = re.compile(r"^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})? ", re.MULTILINE)  # a film's chapters, in its description
_KEYCAP = re.compile("[0-9]\ufe0f?\u20e3")
_NUMBERING = re.compile(
    r"^[ \u00a0*•>-]*(?:\(?[0-9]{1,2}(?:[.):]|/(?![^\W\d_]{1,6}-[^\W\d_]))(?=\s|[^\W\d])(?![0-9])|[0-9]{1,2}[ ]?[-–](?=[ ])|"
    r"(?!(?:[0-9]{1,2}\.0[1-9]|(?:1[3-9]|2[0-9]|3[01])\.1?[0-9]) )(?:[0-9]{1,2}\.){1,3}[0-9]{0,2}(?= )"
    r"(?! (?:million|billion|trillion|thousand|triệu|tỷ|nghìn|ngàn|km|m|m2|ha|tấn|kg)(?!\w))|[0-9]{1,2}[ ]?[|](?= ))[ ]?",
    re.MULTILINE,
)
_THREAD = re.compile(r"^[ ]*\(?(?P<part>[0-9]{1,2})/(?P<parts>[0-9]{1,2})\)?(?=[ ])", re.MULTILINE)  # (1/3), of a post in parts
_CREDIT = re.compile(
    r"^(?:thiết kế|đồ họa|ảnh|nguồn ảnh|biên tập|design|photo)[ ]?:[^\n0-9]{1,40}(?P<number>[0-9]{1,2})[.]?$", re.MULTILINE
)
_ITEM = re.compile(
    "^[ \u00a0]*(?:[0-9]{1,2}[.)]|[0-9]\ufe0f?\u20e3|[-+*•▪◦✅👉🔹✔]|Bước [0-9][:.]?|Step [0-9][:.]?|"
    "[0-9]{1,2}/(?= ))(?=\\s|[^\\W\\d]|\ufe0f)", re.MULTILINE
)
_INLINE_NUMBERING = re.compile(r"(?<=[\s;:,(])\(?[1-9]\)(?=\s|[^\W\d])|(?<=[;:] )[1-9]\.(?= [^\W\d])")
_OF_PARTS = re.compile(
    r"(?<!\w)(?<!diễn )(?<!luyện )(?:ảnh|hình|phần|tập|kỳ|photo|part|picture) [0-9]{1,2}/[0-9]{1,2}(?![\w/])"
    r"|\([1-9]/[2-9]\)(?=\s*$)|\A\([1-9]/[2-9]\)(?= )"
)
_IDIOM = re.compile(
    r"(?<![\w.,/])(?:[2-5]\.0(?![ ]?(?:%|°|(?:triệu|tỷ|nghìn|million|billion|thousand|km|m|ha|percent|điểm|độ)(?!\w)))|360 độ|"
    r"360°|100%(?= (?:cotton|pin))|(?<=free )100%|(?<=miễn phí )100%|(?<=nguyên chất )100%|100%(?= nguyên chất)|"
    r"[2-9] trong 1)(?![\w/])"
    r"|(?<!\w)(?:covid|sars-cov|h)-?[0-9]+(?:n[0-9]+)?|(?<!\w)(?!vnd|usd|"
    r"eur)[a-z]{1,4}-?[0-9]+[a-z]?(?![\w.,]*[0-9])(?<!km2)(?<!m2)(?<!m3)|(?<![\w.,])[0-9]{1,2}(?![mk][0-9])[a-z](?:[0-9]|"
    r"-[a-z0-9]+)?(?![\w])(?<!h)(?<!k)(?<!m)(?<!g)(?<!đ)(?<!l)(?<!w)(?<!b)"
    r"|(?<!\w)[0-9]{1,2} tháng (?:đầu|cuối) (?:năm|nhiệm kỳ)|36 phố phường|(?:phố phường|chuyện) 36|(?<!\w)(?:a|an) one-[a-z]+"
    r"|(?<!\w)(?:(?:một|ba|bốn|năm|hai|mười) (?:phương|bề|bể|mươi sáu phố)|tám hướng)(?!\w)"
    r"|(?<!\w)(?:[23]|hai|ba) ca,? (?:[2-4]|ba|bốn) kíp(?!\w)|(?<!\w)\+84(?![ .-]?[0-9])"
    r"|(?<!\w)tuổi (?:1[5-9]|[2-9]0)(?= (?:tôi|ta|em|mình|của|yêu|ấy|đẹp|rực|sống|mộng|thanh|đầy|và)|[,.!?”\"\n]|$)"
    r"|(?<=thi vào )10(?! (?:trường|lớp))|(?<=sinh viên năm )[1-6]|(?:(?<=cửa hàng )|(?<=mở cửa )|(?<=phục vụ )|"
    r"(?<=trực ))24h(?!\w)"
    r"|(?<!\w)(?:24 hours(?: a day)?,? (?:and )?)?(?:7|seven) days a week|[1-5][- ]star(?!\w)|[2-9]-step(?!\w)"
    r"|(?<!\w)(?:5|năm) châu,? (?:4|bốn) (?:bể|biển)(?!\w)|(?<![\w.,])(?:365|7) ngày(?= (?:trong (?:năm|tuần)|yêu thương))"
    r"|(?<!\w)(?:5|năm) cửa ô(?!\w)|(?<!\w)(?:12|mười hai) con giáp(?!\w)|(?<!\w)(?:một )?(?:ngàn|nghìn) lời(?!\w)"
    r"|(?<![\w.,])[0-9]{1,2} (?:lý do|điều|mẹo|mẹo nhỏ|bí quyết) (?=(?:để|bạn|nên|cần|hay|giúp|phải|không nên)(?!\w))"
    r"|(?<![\w.,])[0-9]{1,2} (?:reasons|tips|things) (?=(?:to|you|for)(?!\w))"
    r"|(?<![\w.,])[0-9]{1,2} câu hỏi (?=(?:[^\W\d_]+ ){0,4}(?:hay|thường) gặp(?!\w))"
    r"|(?<![\w.,])[0-9] bước (?=(?:là xong|đơn giản|dễ dàng|nhanh gọn)(?!\w))"
    r"|(?<=lực lượng )141(?= )|(?<=tổ công tác )141(?= )"
    r"|(?<!\w)điểm 10(?= |[.,!?]|$)(?! (?:điểm|người|nơi))|(?<!\w)8-bit(?!\w)"
    r"|(?<!\w)(?:10|mười) điểm (?=không có nhưng|cho chất lượng)"
    r"|(?<!\w)(?:rủ|tag|cho|mời|gắn thẻ|nhắc tên) (?:ngay |thêm |tên )?(?:[1-9]|ba|hai|năm) (?:người )?(?:bạn|friends?)"
    r"(?! (?:đọc|dân|trẻ))(?!\w)"
    r"|(?<!\w)(?:chỉ )?có (?:1|một) không (?:có )?(?:2|hai)(?!\w)"
)
_IDIOM_HINTS = (" gặp", " bước ", " lý do ", " điều ", " mẹo ", " bí quyết ", " reasons ", " tips ", " things ", " 141 ",
                ".0", "360", "100%", "trong 1", "tháng đầu", "tháng cuối", "phố", "chuyện", " one-", "phương",
                " kíp", "+84", "tuổi ", "bề", "bể", "châu", " ngày ", "thi vào", "sinh viên", "24h", "a week", "star", "-step",
                "tám hướng", " không ", "cửa ô", "con giáp", "bạn", "friend", " lời",
                "điểm 10", "8-bit")  # fmt: skip
_CLINGING = re.compile(r"[0-9](?:(?=[a-z])|(?<=[a-zđ][0-9])|(?<=[a-z]-[0-9]))")  # letters at digits, as in h5n1 and 5a
_NUMBERED = (
    "báo động|báo động cấp|"
    "đường|phố|vành đai|quốc lộ|tỉnh lộ|đường tỉnh|hương lộ|ql|tl|đt|cao tốc|đại lộ|ngõ|ngách|hẻm|kiệt|số nhà|nhà số|tuyến "
    "số|tuyến metro số|"
    "tuyến metro|metro số|tuyến đường sắt đô thị số|đường sắt đô thị số|tuyến đường sắt số|tuyến buýt|tuyến buýt số|xe buýt "
    "số|buýt số|buýt|xe số|điều|khoản|mục|chương|"
    "phần|bài|kỳ|tập|số báo|hình|bảng|bước|quận|lớp|khối|cấp độ|cấp|mức độ|mức|hạng|loại|tổ|tổ dân phố|khu phố|thôn|phòng|"
    "tầng|tòa|toà|tòa nhà|cổng|cửa|"
    "cửa số|bến|sân|lô|ô|phiên bản|trang|vòng|đợt|giai đoạn|khóa|khoá|lần thứ|kỳ họp thứ|lần|thứ|thế kỷ|chuyên đề|chủ đề|câu|"
    "thập niên|thập kỷ|"
    "câu hỏi|bão số|cơn bão số|cột mốc|km số|mẫu|mẫu số|biểu mẫu|phụ lục|quy hoạch|ưu tiên số|top|bậc|vị trí số|zone|gate|"
    "phase|chapter|article|section|page|"
    "grade|class|level|room|floor|apartment|building|ring road|belt road|highway|national road|route|line|metro line|bus|"
    "bus route|bus routes|routes|lines|buses|season|mùa|step|part|"
    "episode|version|no|no.|number|round|storm no.|platform|exit|annex|form|item|question|iphone|ipad|galaxy|windows|"
    "bản tin|nguyện vọng|ảnh|góc|sân khấu|cơ sở|tuyến|op|op.|terminal|gate|stage|photo|picture|choice|toán|chi nhánh|chi bộ|tiết|"
    "bệnh viện|quân đội|quân khu|quân đoàn|sư đoàn|trung đoàn|lữ đoàn|binh đoàn|games|asean|"
    "sạp|vùng|chòi|cống|xưởng|bài tập|đề|làn|quầy|bàn|dãy|kệ|gian|ghế|áo số|số áo|màn|hồi|cảnh|chuyền|tổ máy|biển|"
    "biển báo|biển số|biển phụ|phường|ward|"
    "district|những năm|đầu những năm|cuối những năm|counter|desk|table|hall|booth|bay|pier|act|scene|volume|vol.|chapter|unit|"
    "lesson|bài học|câu chuyện|kênh|tàu|toa|lầu|nhánh|gói thầu|mố|trụ|trạm|chốt|"
    "mũi|liều|wi-fi|wifi|bluetooth|android|ios|covid|số|nhóm|đội|cụm|khu|block|nghị định thư"
)
_NAMED = re.compile(
    rf"(?<![\w])(?<!diễn )(?<!luyện )(?!mức(?: độ)? [0-9]{{2}})"
    rf"(?:{'|'.join(sorted(map(re.escape, _NUMBERED.split('|')), key=len, reverse=True))})[ \u00a0](?:số )?"
    r"(?P<number>[0-9]{1,3}(?:\.[0-9])?[a-zđ]?(?:/[0-9]{1,3})*(?:(?:[ ]?[,-][ ]?| và | and | & | hoặc | or | đến | tới | to "
    r")[0-9]{1,3}[a-z]?(?!\w)(?![.,][0-9]|[ ]?(?:%|km|xã|phường|tỷ|triệu)))*)(?![\w%]|[.,/:][0-9]|[ \u00a0]?(?:%|km|m|m2|ha|"
    r"kg|tấn|tỷ|triệu|nghìn|ngàn|đồng|usd|phần trăm|người|giờ|phút|tuổi|làn|tuyến|cây|tầng|phòng|căn|gian|nhịp|ghế|chỗ|giường|"
    r"hộ|học sinh|em|lớp|bài|câu hỏi|trang(?! [0-9])|toa|nhánh|mét|cm|mm|tiết|giáo viên|thành viên|cán bộ|floors|seats"
    r"|percent|per cent|million|billion|thousand|minutes|hours|people)(?!\w))"
)
_OF_TIME = frozenset(("days", "months"))  # lớp 10 năm nay
_BUILT = re.compile(r"(?<!\w)(?:is|are|be|been|by|of|start|began|begin) $")  # is building 12 kindergartens
_ADDRESS = re.compile(  # a digit first and then what stands before it: so the search leaps from digit to digit
    r"(?P<number>[0-9](?:(?<=tại [0-9])|(?<=ở [0-9])|(?<=số [0-9])|(?<=nhà [0-9])|(?<=chỉ [0-9])|"
    r"(?<=chỉ: [0-9])|(?<=at [0-9])|(?<=: [0-9])|"
    r"(?<=\([0-9])|(?<=, [0-9])|(?<=📍 [0-9])|(?<=📍[0-9]))[0-9]{0,2}(?:[A-Z]|bis)?(?:[ ]?-[ ]?[0-9]{1,3})?)"
    r" (?:phố |đường )?(?=[A-ZĐÀ-Ỹ][^\W\d_]*(?: (?:[A-ZĐÀ-Ỹ]|Street|St)))"
)


_NAMES = (_CODE, _STANDARD, _ACRONYM, _FIVE_K, _LINE)


def without_marks(masked: str) -> str:
    """Return the masked lower-case text with hashtags, handles and markup blanked."""
    if "#" in masked or "@" in masked or "<" in masked or "{{" in masked:
        masked = _MARKUP.sub(_blank, masked)
    if "-->" in masked:
        masked = _CUE.sub(_blank, masked)
    chapter = _CHAPTER.search(masked)
    return _CHAPTER.sub(_blank, masked) if chapter and _FIRST_CHAPTER.match(masked, chapter.start()) else masked


def without_bystanders(text: str, masked: str) -> str:
    """Return the masked lower-case text with the numbers blanked that belong to names, lists and idioms."""
    if "\u20e3" in masked:
        masked = _KEYCAP.sub(_blank, masked)
    if "/" in masked:
        masked = _OF_PARTS.sub(_blank, _without_parts(_ALWAYS.sub(_blank, masked)))
    masked = _DECADE.sub(_blank_number, masked)
    masked = _MARK.sub(_blank, _OFFER.sub(_blank, _POST.sub(_blank, masked)))
    masked = _PACE.sub(_blank, _DOOR.sub(_blank, _NAMED_AFTER_DAY.sub(_blank, masked)))
    if "-" in masked:
        masked = _SCORES.sub(_blank, masked)
    if "mã " in masked or "mật khẩu" in masked or "pass" in masked or "pin code" in masked:
        masked = _SECRET.sub(_blank, masked)
    masked = _INLINE_NUMBERING.sub(_blank, _NUMBERING.sub(_blank, masked))
    if "”" in masked or '"' in masked:
        for found in _WORKS.finditer(masked):
            for title in _TITLE.finditer(masked, found.start("titles"), found.end("titles")):
                masked = blanked(masked, title.start(), title.end())
    if "2" in masked and "3" in masked:
        masked = _COUNTED_DOWN.sub(_blank, masked)
    if "..." in masked or "…" in masked:
        masked = _DOWNWARD.sub(_blank_falling, masked)
        masked = _COUNTDOWN.sub(_blank, masked)
    if ":" in masked:
        masked = _MINUTE_OF_FILM.sub(_blank, masked)
    for found in (found for pattern in _NAMES for found in pattern.finditer(text)):
        masked = blanked(masked, found.start(), found.end())
    for found in _RACES.finditer(text):  # 5K, 10K and 21K are kilometres to run, not money
        masked = blanked(masked, found.start("races"), found.end("races"))
    for found in _SECOND.finditer(text):
        if found["one"][0].isupper() and found["other"][0].isupper() and found["other"][:3].lower() not in _MONTHS:
            masked = blanked(masked, found.start("number"), found.end("number"))
    for found in (*_ADDRESS.finditer(text), *_STATUTE.finditer(text), *_CRAFT.finditer(text)):
        masked = blanked(masked, found.start("number"), found.end("number"))
    return masked


def _without_parts(masked: str) -> str:
    """Blank the numbers of a post in parts, which follow one another: (1/3), (2/3), (3/3)."""
    found = list(_THREAD.finditer(masked))
    counted = [int(part["part"]) for part in found]
    following = len(found) > 1 and counted == list(range(counted[0], counted[0] + len(found)))
    whole = {part["parts"] for part in found}
    return _THREAD.sub(_blank, masked) if following and len(whole) == 1 else masked


def listed(text: str) -> int:
    """Return how many numbered or dotted lines the text has: `3 bước` before three of them states no fact."""
    return sum(1 for _ in _ITEM.finditer(text))


def without_names(masked: str) -> str:
    """Return the masked text without numbers that are part of a name or an idiom; run after days and hours are read."""
    masked = _CREDIT.sub(_blank_number, _NAMED.sub(_blank_number, masked))
    if "phút" in masked or "minute" in masked:
        masked = _READING_TIME.sub(_blank_number, masked)
    if any(hint in masked for hint in _IDIOM_HINTS) or _CLINGING.search(masked):
        masked = _IDIOM.sub(_blank, masked)
    return masked


def _blank(found: re.Match[str]) -> str:
    return "".join("\n" if letter == "\n" else BLANK for letter in found.group())


def _blank_falling(found: re.Match[str]) -> str:
    numbers = [int(number) for number in re.findall("[0-9]+", found.group())]
    falling = all(first - second == 1 for first, second in pairwise(numbers))
    return _blank(found) if falling else found.group()


def _blank_number(found: re.Match[str]) -> str:
    whole, start = found.group(), found.start("number") - found.start()
    if whole.startswith("cấp ") and is_force(found.string, found.end()):
        return whole
    unit = unit_at(found.string, found.end())
    if unit.dimension and unit.dimension not in _OF_TIME and found["number"].isdigit():
        return whole  # làm bài 90 giây
    if whole.startswith("cửa ") and found.string.endswith(("mở ", "đóng "), 0, found.start()):
        return whole  # mở cửa 5 ngày
    if whole.startswith("building ") and _BUILT.search(found.string, max(0, found.start() - 6), found.start()):
        return whole
    return whole[:start] + BLANK * (len(whole) - start)
