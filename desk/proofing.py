"""Proofs: which pictures a sheet shows, rendered on every core and taken from the cache where they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from pathlib import Path

from desk.language import in_words, told
from desk.pointing import sample_sources
from desk.rendering import too_heavy
from desk.trials import SAMPLES, THEMES, Trial
from editorial.problem import BadInput, Problem, Severity
from scheduler.engines.contract import Engine, RendererDied
from studio.contract import complaints
from studio.mark import still_marks
from studio.proof import Part, Proof, Scale, Shot, Strip, write_proof
from studio.rendition import Recipe, Rendition
from studio.size import SIZES
from studio.storyboard import Panel, Storyboard, make_storyboard
from studio.studio import Studio

HowFar = Callable[[int, int], None]
Made = Rendition | Storyboard | tuple[Problem, ...]  # the problems where nothing could be drawn


@dataclass(kw_only=True)
class Findings:
    """The problems of one template's proof, each once, with the pictures that have it."""

    _where: dict[Problem, list[Trial]] = field(default_factory=dict)

    def add(self, problem: Problem, trial: Trial) -> None:
        """Note a problem of a picture."""
        self._where.setdefault(problem, []).append(trial)

    @property
    def failed(self) -> bool:
        """Tell whether one of them is an error."""
        return any(problem.severity is Severity.ERROR for problem in self._where)

    def lines(self) -> Iterator[str]:
        """Yield each problem as a terminal shows it."""
        for problem, where in self:
            line = f"{told(problem)} ({where})"
            yield line if problem.severity is Severity.ERROR else in_words(f"(lưu ý) {line}")

    def values(self) -> list[dict[str, object]]:
        """Return the problems as JSON has them."""
        return [
            {
                "rule": problem.rule, "severity": problem.severity.value, "file": problem.file, "line": problem.line,
                "key": problem.key, "message": told(problem).message, "where": where,
            }
            for problem, where in self
        ]  # fmt: skip

    def __iter__(self) -> Iterator[tuple[Problem, str]]:
        """Yield errors first, each with the sizes, samples and themes in which it was found."""
        for problem in sorted(self._where, key=lambda one: (one.severity is not Severity.ERROR, one.file or "", one.line or 0)):
            yield problem, _where(self._where[problem])


def make_all(studio: Studio, found: Sequence[Trial], engine: Engine, progress: HowFar) -> dict[str, Made]:
    """Return what each recipe gave; what the cache has is not rendered again."""
    recipes = {trial.recipe.digest: trial.recipe for trial in found}
    done: dict[str, Made] = dict(_kept(studio, recipes.values()))
    progress(len(done), len(recipes))
    wanted = sorted((recipe for digest, recipe in recipes.items() if digest not in done), key=_clips_first)
    futures = {engine.render(make_trial, studio, recipe): recipe.digest for recipe in wanted}
    for future in as_completed(futures):
        try:
            done[futures[future]] = future.result()
        except (RendererDied, MemoryError):
            done[futures[future]] = (too_heavy(recipes[futures[future]]),)
        progress(len(done), len(recipes))
    return done


def _kept(studio: Studio, recipes: Iterable[Recipe]) -> Iterator[tuple[str, Rendition]]:
    for recipe in recipes:
        kept = studio.find(recipe)
        if kept is not None and kept.kind == "image":
            yield recipe.digest, kept


def make_trial(studio: Studio, recipe: Recipe) -> Made:
    """Return one picture, or a clip's storyboard; run in a worker process."""
    try:
        return make_storyboard(studio, recipe) if recipe.template_id.startswith("clip/") else studio.render(recipe)
    except BadInput as bad:
        return bad.problems


def _clips_first(recipe: Recipe) -> tuple[bool, str]:
    return not recipe.template_id.startswith("clip/"), recipe.digest


def write_sheet(studio: Studio, found: Sequence[Trial], made: Mapping[str, Made], path: Path, scale: Scale) -> Findings:
    """Write the sheet of one template and return what is wrong in it."""
    proof, findings = make_proof(studio, found, made)
    write_proof(proof, studio.brand, scale.for_clips() if found[0].template.kind == "clip" else scale, path)
    return findings


def make_proof(studio: Studio, found: Sequence[Trial], made: Mapping[str, Made]) -> tuple[Proof, Findings]:
    """Return the sheet of one template and what is wrong in it."""
    template = found[0].template
    findings = Findings()
    parts = tuple(_parts(studio, found, made, findings))
    proof = Proof(
        title=template.name.vi,
        subtitle=f"{template.id} · {', '.join(dict.fromkeys(trial.size for trial in found))}",
        parts=parts,
        remarks=tuple((f"{told(problem)} ({where})", problem.severity is Severity.ERROR) for problem, where in findings),
    )
    return proof, findings


def _parts(studio: Studio, found: Sequence[Trial], made: Mapping[str, Made], findings: Findings) -> Iterator[Part]:
    """Yield a part for each theme, with a strip for each sample; a clip has one for each size as well."""
    groups: dict[str, dict[tuple[str, ...], list[Trial]]] = {}
    for trial in found:
        key = (trial.sample, trial.size) if trial.template.kind == "clip" else (trial.sample,)
        groups.setdefault(trial.theme, {}).setdefault(key, []).append(trial)
    for theme, strips in groups.items():
        yield Part(strips=tuple(_strip(studio, theme, key, group, made, findings) for key, group in strips.items()))


def _strip(
    studio: Studio, theme: str, key: tuple[str, ...], group: Sequence[Trial], made: Mapping[str, Made], findings: Findings
) -> Strip:
    shots = tuple(shot for trial in group for shot in _shots(studio, trial, made[trial.recipe.digest], findings))
    return Strip(heading=_heading(theme, *key), shots=shots)


def _heading(theme: str, sample: str, size: str = "") -> str:
    words = [f"{theme} ({THEMES[theme]})" if theme in THEMES else theme, f"{sample} ({SAMPLES[sample]})", size]
    return "  ·  ".join(word for word in words if word)


def _shots(studio: Studio, trial: Trial, made: Made, findings: Findings) -> Iterator[Shot]:
    drawn = made if isinstance(made, tuple) else made.problems
    problems = tuple(dict.fromkeys((*complaints(trial.template.fields, trial.template.samples[trial.sample]), *drawn)))
    sources = sample_sources(trial.template.folder, trial.template.root, trial.sample)
    for problem in problems:
        findings.add(sources.placed(problem), trial)
    if isinstance(made, Storyboard):
        yield from _clip_shots(made, trial.size)
    elif isinstance(made, Rendition):
        yield _still_shot(studio, trial, made)
    else:
        canvas = SIZES[trial.size]
        note = " ".join(str(told(problem)) for problem in problems)
        yield Shot(caption=f"{trial.size}: không dựng được", width=canvas.width, height=canvas.height, path=None, note=note)


def _still_shot(studio: Studio, trial: Trial, made: Rendition) -> Shot:
    caption = f"{trial.size} {made.width} × {made.height}"
    found = still_marks(studio.stage(trial.recipe), made.problems)
    return Shot(caption=caption, width=made.width, height=made.height, path=made.path, marks=found)


def _clip_shots(board: Storyboard, size: str) -> Iterator[Shot]:
    yield _panel(board, board.poster, f"ảnh bìa · {size} · {_seconds(board.seconds)}")
    for panel in board.scenes:
        yield _panel(board, panel, f"{panel.scene} · {_seconds(panel.second)}")


def _seconds(count: float) -> str:
    return f"{count:.1f} giây".replace(".", ",")


def _panel(board: Storyboard, panel: Panel, caption: str) -> Shot:
    return Shot(caption=caption, width=board.width, height=board.height, path=panel.path, marks=panel.marks)


def _where(found: Sequence[Trial]) -> str:
    """Say in which pictures a problem is, leaving out what is the same everywhere."""
    sides = (
        dict.fromkeys(trial.size for trial in found),
        dict.fromkeys(trial.sample for trial in found),
        dict.fromkeys(trial.theme for trial in found),
    )
    return " · ".join(", ".join(side) for side in sides)
