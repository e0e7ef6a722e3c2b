"""Names of people, places and things in running text: written as the fact has them, or almost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from editorial.claims.link import distance
from editorial.claims.wording import folded, spelled

_TOKEN = re.compile(r"\w+")
_RING = re.compile(r"(?:đường )?vành đai ([0-9.,]+)")
_HEADS = frozenset(("cầu", "hồ", "phố", "đường", "chùa", "đền", "chợ", "ga", "sông", "phường", "xã", "đảo", "núi", "làng"))
_LONG_HEADS = frozenset(
    ("vườn hoa", "phố đi bộ", "quảng trường", "công viên", "sân vận động", "bảo tàng", "làng nghề", "làng cổ", "làng gốm",
     "di tích", "khu di tích", "tượng đài", "đài tưởng niệm", "nhà tù", "bến xe", "cung văn hoá", "trường thpt", "bệnh viện",
     "đại lộ")
)  # fmt: skip
_DIGITS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_COUNTED = re.compile(rf"(?<!\w)(?:{'|'.join(_DIGITS)})(?= tháng (?:đầu|cuối|năm)(?!\w))")
_HALF_YEAR = re.compile(r"(6|9) tháng (?:(đầu|cuối) )?(?:năm )?([12][0-9]{3})")
_SURNAMES_SHARED = frozenset(("van", "thi"))  # Nguyễn Văn A and Nguyễn Văn B are two people
_ROMANS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ROMAN = re.compile(r"[ivx]+")
_ENGLISH = {  # names that English texts translate
    "hồ tây": "west lake", "hồ gươm": "sword lake|hoan kiem lake|guom lake", "hồ hoàn kiếm": "hoan kiem lake|sword lake",
    "văn miếu": "temple of literature", "hoàng thành thăng long": "imperial citadel of thang long|thang long imperial citadel",
    "nhà hát lớn": "opera house", "phố cổ": "old quarter", "sông hồng": "red river", "lăng bác": "ho chi minh mausoleum",
    "hà nội": "hanoi|ha noi", "việt nam": "viet nam|vietnam",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameSaid:
    """A place in a text where a name stands, or something that is almost the name."""

    fact: str
    start: int
    stop: int
    exact: bool
    doubtful: bool = False  # may be another name: counts only where the right one is nowhere in the text


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    stop: int
    spelled: str
    folded: str
    capital: bool


@dataclass(frozen=True, slots=True)
class _Name:
    fact: str
    tokens: tuple[_Token, ...]


class NameIndex:
    """The names of many facts, found by the words they are made of; a text costs time by its own words."""

    def __init__(self, names: Iterable[tuple[str, str]], quiet: Collection[str] = ()) -> None:
        """Index (fact, name); a text is never almost a name of the `quiet` facts."""
        self._quiet = quiet
        self._by_word: dict[str, list[tuple[_Name, int]]] = {}
        self._single: list[_Name] = []
        self._english: list[tuple[str, str]] = []
        self._other_words: list[tuple[str, str]] = []  # the same in Vietnamese, without marks
        self._names: Mapping[str, _Name] = {}
        for fact, value in names:
            self._add(fact, value)

    def said(self, text: str, language: str) -> tuple[NameSaid, ...]:
        """Return where the names stand in the text, and where something almost like them does."""
        if not self._names:
            return ()
        tokens = _tokens(text)
        found = [*self._windows(tokens, language), *self._near_words(tokens), *self._translated(text, language)]
        exact = [each for each in found if each.exact]
        known = {each.fact for each in exact}
        near = [
            each
            for each in found
            if not each.exact and each.fact not in self._quiet and not _covered(each, exact)
            and not (each.doubtful and each.fact in known)
        ]  # fmt: skip
        return (*exact, *_apart(near))

    def replacement(self, fact: str, text: str) -> tuple[int, int] | None:
        """Return where the text has another proper name after the name's first word: cầu Ngọc Hồi for Cầu Tứ Liên."""
        name = self._names.get(fact)
        if name is None or len(name.tokens) < 2:
            return None
        tokens = _tokens(text)
        for place, token in enumerate(tokens[:-1]):
            following = tokens[place + 1]
            if token.spelled == name.tokens[0].spelled and following.capital and following.spelled != name.tokens[1].spelled:
                last = place + 1
                while last + 1 < len(tokens) and tokens[last + 1].capital and tokens[last + 1].start == tokens[last].stop + 1:
                    last += 1
                return token.start, tokens[last].stop
        return None

    def lone_rival(self, fact: str, text: str) -> tuple[int, int] | None:
        """Return where the text has another ward, street or bridge than the name's, if that is the only one it has."""
        name = self._names.get(fact)
        if name is None or name.tokens[0].spelled not in _HEADS:
            return None
        head = name.tokens[0].spelled
        tokens = _tokens(text)
        named = sum(one.spelled == head and two.capital for one, two in pairwise(tokens))
        return self.replacement(fact, text) if named == 1 else None

    def neighbour(self, fact: str, text: str) -> tuple[int, int] | None:
        """Return where the text has another name of the same sort, told by how both begin: Nhà hát Lớn, Nhà hát Hồ Gươm."""
        name = self._names.get(fact)
        if name is None or len(name.tokens) < 3:
            return None
        tokens = _tokens(text)
        for place, token in enumerate(tokens):
            if token.spelled == name.tokens[0].spelled and (last := _other_ending(name, tokens, place)) is not None:
                return token.start, tokens[last].stop
        return None

    def _add(self, fact: str, value: str) -> None:
        name = _Name(fact, _tokens(value))
        if not name.tokens:
            return
        self._names = {**self._names, fact: name}
        for place, token in enumerate(name.tokens):
            self._by_word.setdefault(token.folded, []).append((name, place))
        if len(name.tokens) == 1 and len(name.tokens[0].folded) > 3:
            self._single.append(name)
        ring = _RING.match(spelled(value))
        if ring:
            self._english.extend(
                (fact, f"{road} {ring.group(1)}") for road in ("ring road", "belt road", "ring road no.", "beltway")
            )
        if proper := _proper(name.tokens):
            self._english.append((fact, " ".join(token.folded for token in proper)))
        if span := _HALF_YEAR.fullmatch(" ".join(token.spelled for token in name.tokens)):
            self._english.extend((fact, phrase) for phrase in _spans_en(span[1], span[2], span[3]))
            if span[1] == "6":
                self._other_words.append((fact, f"nua {folded(span[2] or 'đầu')} nam {span[3]}"))
        for vietnamese, english in _ENGLISH.items():
            if vietnamese in spelled(value):
                self._english.extend((fact, phrase) for phrase in english.split("|"))

    def _windows(self, tokens: Sequence[_Token], language: str) -> Iterator[NameSaid]:
        seen: set[tuple[str, int]] = set()
        for place, token in enumerate(tokens):
            for name, position in self._by_word.get(token.folded, ()):
                start = place - position
                if (name.fact, start) in seen or start < 0:
                    continue
                seen.add((name.fact, start))
                said = _compare(name, tokens[start : start + len(name.tokens)], language) or _shorter(name, tokens[start:])
                if said is not None:
                    yield said
                elif position == 0 and len(name.tokens) > 1:
                    yield from _turned(name, tokens, place)

    def _near_words(self, tokens: Sequence[_Token]) -> Iterator[NameSaid]:
        for name in self._single:
            wanted = name.tokens[0]
            for token in tokens:
                if (
                    token.capital
                    and token.folded != wanted.folded
                    and len(token.folded) > 3
                    and token.folded != wanted.folded[1:]  # Hanoi is not a misspelt iHanoi
                    and distance(token.folded, wanted.folded, 1) == 1
                ):
                    yield NameSaid(name.fact, token.start, token.stop, exact=False, doubtful=len(wanted.folded) < 6)

    def _translated(self, text: str, language: str) -> Iterator[NameSaid]:
        phrases = self._english if language == "en" else self._other_words
        if not phrases:
            return
        shadow = folded(text)
        for fact, phrase in phrases:
            start = shadow.find(phrase)
            if start >= 0:
                yield NameSaid(fact, start, start + len(phrase), exact=True)


def _proper(tokens: Sequence[_Token]) -> Sequence[_Token]:
    """Return the words of a place's name that English keeps: Ngoc Hoi of Cầu Ngọc Hồi, Ly Thai To of Vườn hoa Lý Thái Tổ."""
    if len(tokens) < 3:
        return ()
    size = next((size for size in (3, 2) if " ".join(token.spelled for token in tokens[:size]) in _LONG_HEADS), 0)
    if not size:
        return tokens[1:] if tokens[0].spelled in _HEADS else ()
    kept = tokens[size:]
    return kept if len(kept) > 1 and all(token.capital for token in kept) and kept[0].spelled != "hà" else ()


def _other_ending(name: _Name, tokens: Sequence[_Token], place: int) -> int | None:
    """Return the last word of a name that begins at `place` as this one does and then goes another way, in capitals."""
    shared = 0
    for wanted, token in zip(name.tokens, tokens[place:], strict=False):
        if wanted.spelled != token.spelled:
            break
        shared += 1
    first = place + shared
    sort = shared >= 2 and shared < len(name.tokens) and not all(token.capital for token in name.tokens[:shared])
    if not sort or first >= len(tokens) or not (tokens[first].capital and name.tokens[shared].capital):
        return None
    if tokens[first].spelled[0].isdigit():  # thẻ thư viện 40.000 đồng names no other library
        return None
    if tokens[first].start != tokens[first - 1].stop + 1 or tokens[first].folded == name.tokens[shared].folded:
        return None
    last = first
    while last + 1 < len(tokens) and tokens[last + 1].capital and tokens[last + 1].start == tokens[last].stop + 1:
        last += 1
    return last


def _spans_en(months: str, which: str | None, year: str) -> Iterator[str]:
    order = "last" if which == "cuối" else "first"
    yield from (f"{order} {'six' if months == '6' else 'nine'} months of {year}", f"{order} {months} months of {year}")
    if months == "6":
        yield f"{'second' if which == 'cuối' else 'first'} half of {year}"


def _tokens(text: str) -> tuple[_Token, ...]:
    lower, shadow = spelled(text), folded(text)
    if _COUNTED.search(lower):  # Sáu tháng đầu năm is 6 tháng đầu năm
        for counted in reversed(list(_COUNTED.finditer(lower))):
            digit = f"{_DIGITS[counted.group()]:<{len(counted.group())}}"
            lower = lower[: counted.start()] + digit + lower[counted.end() :]
            shadow = shadow[: counted.start()] + digit + shadow[counted.end() :]
    return tuple(
        _Token(
            found.start(),
            found.end(),
            lower[found.start() : found.end()].rstrip(),
            shadow[found.start() : found.end()].rstrip(),
            not found.group().islower(),
        )
        for found in _TOKEN.finditer(text)
    )


def _compare(name: _Name, window: Sequence[_Token], language: str) -> NameSaid | None:
    """Return the window as the name, as almost the name, or None."""
    if len(window) < len(name.tokens):
        return None
    start, stop = window[0].start, window[-1].stop
    pairs = list(zip(name.tokens, window, strict=True))
    differing = [(wanted, token) for wanted, token in pairs if not _same_word(wanted, token)]
    if not differing:
        return NameSaid(name.fact, start, stop, exact=True)
    if all(wanted.folded == token.folded for wanted, token in differing):
        bare = all(token.spelled == token.folded for token in window)
        if language == "en" and bare:
            return NameSaid(name.fact, start, stop, exact=True)
        if any(token.capital for wanted, token in pairs if wanted.capital) or (
            len(pairs) > 2 and not any(w.capital for w, _ in pairs)
        ):
            return NameSaid(name.fact, start, stop, exact=False)
        return None
    return _almost(name, pairs, differing, start, stop)


def _same_word(wanted: _Token, token: _Token) -> bool:
    """Tell whether a word of a text is the name's, a number in words being the same: bão số sáu for bão số 6."""
    if wanted.spelled == token.spelled:
        return True
    worth = _DIGITS.get(token.spelled)
    return worth is not None and wanted.spelled in (str(worth), _ROMANS[worth])


def _almost(
    name: _Name, pairs: Sequence[tuple[_Token, _Token]], differing: Sequence[tuple[_Token, _Token]], start: int, stop: int
) -> NameSaid | None:
    """Return the window when one word of the name is a letter off, or its number is another."""
    lettered = [(wanted, token) for wanted, token in differing if wanted.folded != token.folded]
    if len(lettered) == 2 and len(pairs) > 5 and all(one.spelled == two.spelled for one, two in (*pairs[:3], *pairs[-2:])):
        return NameSaid(name.fact, start, stop, exact=False, doubtful=True)  # Sở An toàn lao động Hà Nội
    if len(lettered) != 1 or len(pairs) < 2:
        return None
    wanted, token = lettered[0]
    if {wanted.folded, token.folded} == {"dau", "cuoi"}:
        return NameSaid(name.fact, start, stop, exact=False, doubtful=True)
    if _counts(wanted.folded) and (_counts(token.folded) or token.spelled in _DIGITS):
        return NameSaid(name.fact, start, stop, exact=False, doubtful=True)
    if wanted.capital and not token.capital:
        return None
    if distance(wanted.folded, token.folded, 1) > 1:
        alike = len(wanted.folded) > 3 and wanted.folded[:3] == token.folded[:3] and distance(wanted.folded, token.folded, 2) == 2
        alike = alike or (len(wanted.folded) > 5 and token.folded.startswith(wanted.folded[:5]))
        neighbour = len(pairs) == 3 and name.tokens[0].spelled in _HEADS and wanted is name.tokens[2]  # phố Tràng Thi
        person = len(pairs) == 3 and wanted is name.tokens[2] and pairs[1][0].folded not in _SURNAMES_SHARED
        person = person and all(one.capital and two.capital for one, two in pairs)  # Lý Thái Tông for Lý Thái Tổ
        other = (len(pairs) > 3 or neighbour or person) and wanted.capital and token.capital
        last = len(pairs) > 4 and wanted is name.tokens[-1] and any(one.capital for one, _ in pairs[1:])
        other = other or (last and not wanted.capital)  # Sáng kiến Thủ đô sạch for Sáng kiến Thủ đô xanh
        return NameSaid(name.fact, start, stop, exact=False, doubtful=True) if alike or other else None
    short = len(wanted.folded) <= 4 and len(pairs) < 4
    return NameSaid(name.fact, start, stop, exact=False, doubtful=short)


def _shorter(name: _Name, tokens: Sequence[_Token]) -> NameSaid | None:
    """Return a person's or place's name that has lost an inner word: Nguyễn Khai for Nguyễn Minh Khai."""
    size = len(name.tokens)
    window = tokens[: size - 1]
    if size < 3 or len(window) < size - 1 or not all(token.capital for token in (*window, *name.tokens)):
        return None
    for left_out in range(1, size - 1):
        rest = name.tokens[:left_out] + name.tokens[left_out + 1 :]
        if all(wanted.spelled == token.spelled for wanted, token in zip(rest, window, strict=True)):
            return NameSaid(name.fact, window[0].start, window[-1].stop, exact=False, doubtful=True)
    return None


def _turned(name: _Name, tokens: Sequence[_Token], place: int) -> Iterator[NameSaid]:
    """Yield windows around a word that hold the name's words in another order."""
    size = len(name.tokens)
    wanted = sorted(token.spelled for token in name.tokens)
    for start in range(max(0, place - size + 1), place + 1):
        window = tokens[start : start + size]
        found = [token.spelled for token in window]
        named = len(window) == size and all(token.capital for token in window)
        if named and sorted(found) == wanted and found != [token.spelled for token in name.tokens]:
            yield NameSaid(name.fact, window[0].start, window[-1].stop, exact=False, doubtful=True)


def _counts(word: str) -> bool:
    return word.isdigit() or bool(_ROMAN.fullmatch(word))


def _covered(said: NameSaid, others: Iterable[NameSaid]) -> bool:
    return any(said.start < other.stop and other.start < said.stop for other in others)


def _apart(near: Iterable[NameSaid]) -> Iterator[NameSaid]:
    """Yield the places that do not lie over one another, the longest first."""
    kept: list[NameSaid] = []
    for said in sorted(near, key=lambda each: each.start - each.stop):
        if not _covered(said, kept):
            kept.append(said)
            yield said
