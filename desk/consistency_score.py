"""How good and how fast the consistency check is on labelled cases."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.figure import share, written
from editorial.consistency import Found
from editorial.finding import FindingKind
from editorial.problem import BadInput, Problem
from store.case_file import Case, read_cases

GOAL_RECALL = 0.95
GOAL_FALSE_ALARMS = 0.03
GOAL_SPEED = 1000  # texts a second on one core


@dataclass(frozen=True, kw_only=True)
class KindScore:
    """What was found of one kind of defect."""

    defects: int
    found: int  # on the right channel, of the right kind
    false_alarms: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """The scores of a set of cases."""

    cases: int
    texts: int
    kinds: Mapping[FindingKind, KindScore]
    clean_texts: int  # texts without a labelled defect
    disturbed_texts: int  # clean texts on which something was reported
    seconds: float  # of processor time, so that other work on the machine does not count
    missed: tuple[str, ...]  # case, channel, kind and fact of each defect that was not found, and of each false alarm

    @property
    def recall(self) -> float:
        """Return the share of labelled defects that were found on their channel and of their kind."""
        defects = sum(kind.defects for kind in self.kinds.values())
        return sum(kind.found for kind in self.kinds.values()) / defects if defects else 1.0

    @property
    def precision(self) -> float:
        """Return the share of what was reported that is a labelled defect."""
        found = sum(kind.found for kind in self.kinds.values())
        alarms = sum(kind.false_alarms for kind in self.kinds.values())
        return found / (found + alarms) if found + alarms else 1.0

    @property
    def false_alarm_rate(self) -> float:
        """Return the share of clean texts on which something was reported."""
        return self.disturbed_texts / self.clean_texts if self.clean_texts else 0.0

    @property
    def texts_per_second(self) -> float:
        """Return how many texts were checked in a second, the facts of each case read anew."""
        return self.texts / self.seconds if self.seconds else float("inf")

    @property
    def good(self) -> bool:
        """Tell whether the goals of recall and false alarms are met; speed depends on the machine."""
        return self.recall >= GOAL_RECALL and self.false_alarm_rate < GOAL_FALSE_ALARMS and 1 - self.precision < GOAL_FALSE_ALARMS


def read_corpus(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file, or of every *.yaml file in a folder."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        message = f"không có tệp .yaml nào trong “{path}”; hãy chỉ tới thư mục chứa các trường hợp có nhãn"
        raise BadInput(Problem(rule="no-cases", message=message))
    return tuple(case for file in files for case in read_cases(file))


def score(cases: Sequence[Case]) -> Score:
    """Check every case and compare what is reported with its labels."""
    start = time.process_time()
    reported = [case.examine().found for case in cases]
    seconds = time.process_time() - start
    defects: Counter[FindingKind] = Counter()
    found: Counter[FindingKind] = Counter()
    alarms: Counter[FindingKind] = Counter()
    missed: list[str] = []
    clean = disturbed = 0
    for case, findings in zip(cases, reported, strict=True):
        wanted = Counter((each.channel, each.kind) for each in case.expect)
        given = Counter((each.channel, each.finding.kind) for each in findings)
        defects.update(each.kind for each in case.expect)
        for (_, kind), count in (wanted & given).items():
            found[kind] += count
        for (_, kind), count in (given - wanted).items():
            alarms[kind] += count
        missed.extend(_explained(case, findings, wanted, given))
        labelled = {channel for channel, _ in wanted}
        clean += sum(text.channel not in labelled for text in case.texts)
        disturbed += len({channel for channel, _ in given} - labelled)
    kinds = {kind: KindScore(defects=defects[kind], found=found[kind], false_alarms=alarms[kind]) for kind in FindingKind}
    texts = sum(len(case.texts) for case in cases)
    return Score(
        cases=len(cases),
        texts=texts,
        kinds=kinds,
        clean_texts=clean,
        disturbed_texts=disturbed,
        seconds=seconds,
        missed=tuple(missed),
    )


def score_values(found: Score) -> dict[str, object]:
    """Return the scores as JSON has them."""
    return {
        "cases": found.cases,
        "texts": found.texts,
        "recall": round(found.recall, 4),
        "precision": round(found.precision, 4),
        "false_alarm_rate": round(found.false_alarm_rate, 4),
        "texts_per_second": round(found.texts_per_second),
        "goals": {"recall": GOAL_RECALL, "false_alarm_rate": GOAL_FALSE_ALARMS, "texts_per_second": GOAL_SPEED},
        "kinds": {
            kind.value: {"defects": one.defects, "found": one.found, "false_alarms": one.false_alarms}
            for kind, one in found.kinds.items()
        },
        "missed": list(found.missed),
    }


def score_lines(found: Score) -> list[str]:
    """Return the scores as people read them."""
    rows = [f"{'loại':<18}{'lỗi':>6}{'thấy':>6}{'nhầm':>6}"]
    rows += [f"{kind.value:<18}{one.defects:>6}{one.found:>6}{one.false_alarms:>6}" for kind, one in found.kinds.items()]
    return [
        *rows,
        f"{written(found.cases)} trường hợp, {written(found.texts)} bài: tìm thấy {share(found.recall)} số lỗi "
        f"(mục tiêu từ {share(GOAL_RECALL, 0)})",
        f"Báo nhầm {share(found.false_alarm_rate)} số bài không có lỗi, {share(1 - found.precision)} số lần báo "
        f"(mục tiêu dưới {share(GOAL_FALSE_ALARMS, 0)})",
        f"Tốc độ {written(found.texts_per_second)} bài một giây trên một nhân (mục tiêu {written(GOAL_SPEED)})",
    ]


def _explained(
    case: Case, findings: Iterable[Found], wanted: Counter[tuple[str, FindingKind]], given: Counter[tuple[str, FindingKind]]
) -> list[str]:
    words = [f"{case.id}: không thấy {kind.value} trên {channel}" for channel, kind in (wanted - given).elements()]
    false = wanted - given, given - wanted
    shown = {(each.channel, each.finding.kind): each.finding for each in findings}
    for channel, kind in false[1].elements():
        finding = shown[channel, kind]
        words.append(f"{case.id}: báo nhầm {kind.value} trên {channel}: “{finding.text}” ({finding.fact or 'không rõ dữ kiện'})")
    return words
