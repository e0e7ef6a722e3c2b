"""A template changed from the desk: tried out beside its place, checked to the last key, and put there in one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from desk.place import Place
from desk.showroom import Exhibit, read_exhibit
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem, Severity
from editorial.role import Person
from reading.document import parse_tree
from reading.parcel import Limits, Parcel
from store.ics.slug import slug
from store.template_folder import TemplateFiles, put_template, read_template_files, write_template_files
from studio.brand import Brand
from studio.contract import VOICES
from studio.digest import file_digest
from studio.new_template import NAME, refuse_wrong_name
from studio.photo import seen_size
from studio.picture import KINDS as PICTURES
from studio.picture import picture_problems
from studio.template import KINDS
from studio.workfolder import work_folder

FILE, SAMPLE = "template.yaml", "sample.yaml"
YAML_FILES = frozenset({FILE, SAMPLE, "descriptions.yaml"})
MOST_PIXELS = 60_000_000  # a sheet of A3 at 300 dpi has 17 million
LIMITS = Limits(endings=frozenset({".yaml", ".md", ".txt", *PICTURES, *VOICES}))


@dataclass(frozen=True, kw_only=True)
class TriedOut:
    """What files would come to if they were a template's: the folder lasts as long as the block that opened it."""

    exhibit: Exhibit
    folder: Path
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what stops the files from being a template."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


@contextmanager
def tried_out(place: Place, files: TemplateFiles) -> Iterator[TriedOut]:
    """Yield the template that the files would be, read from a folder beside the templates that is gone afterwards."""
    kind, _, name = files.template.partition("/")
    with work_folder(place.memory) as work:
        templates = work / "templates"
        folder = templates / kind / name
        folder.mkdir(parents=True)
        write_template_files(folder, files.files)
        families = place.templates / "families.yaml"
        if families.is_file():
            (templates / "families.yaml").write_bytes(families.read_bytes())
        found = _exhibit(place, folder)
        problems = (*found.problems, *_file_problems(files, folder))
        yield TriedOut(exhibit=found, folder=folder, problems=tuple(_at_home(each, place, work) for each in problems))


def _exhibit(place: Place, folder: Path) -> Exhibit:
    try:
        return read_exhibit(place, folder, Brand.load(place.assets))
    except BadInput as bad:
        return Exhibit(id=f"{folder.parent.name}/{folder.name}", problems=bad.problems)


def _file_problems(files: TemplateFiles, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the pictures of a folder, and which files nobody would read."""
    for name in files.files:
        path, ending = folder / name, Path(name).suffix.lower()
        if ending == ".yaml" and name not in YAML_FILES:
            message = f"mẫu chỉ đọc {', '.join(sorted(YAML_FILES))}; hãy đổi tên hoặc bỏ tệp này"
            yield Problem(rule="odd-file", file=f"templates/{files.template}/{name}", message=message)
        elif ending in PICTURES:
            for problem in (*picture_problems(path), *_too_many_pixels(path)):
                yield replace(problem, file=f"templates/{files.template}/{name}", key=None)


def _too_many_pixels(path: Path) -> Iterator[Problem]:
    """Yield whether a picture has more px than any canvas could show; it is not decoded for it."""
    with suppress(BadInput):  # what cannot be read is told as that
        width, height = (0, 0) if path.suffix.lower() == ".svg" else seen_size(path, file_digest(path))
        if width * height > MOST_PIXELS:
            most = f"{MOST_PIXELS // 1_000_000} triệu điểm ảnh"
            message = f"hình có {width} x {height} điểm ảnh, quá lớn cho một mẫu; hãy thu nhỏ xuống dưới {most}"
            yield Problem(rule="too-many-pixels", message=message)


def _at_home(problem: Problem, place: Place, work: Path) -> Problem:
    """Return a problem at the file's place in the workspace, and not where it was tried out."""
    start = f"{work.relative_to(place.root).as_posix()}/"
    return replace(problem, file=problem.file.removeprefix(start)) if problem.file else problem


def save_files(
    bench: Workbench, files: TemplateFiles, before: TemplateFiles | None, person: Person, what: str
) -> tuple[Problem, ...]:  # fmt: skip
    """Put the files in place and keep what was there; return the warnings.

    Raise BadInput with every error, and FolderOvertaken where somebody has changed the folder since `before` was read: in both
    cases nothing is changed.
    """
    place = bench.workspace.place
    with tried_out(place, files) as tried:
        if tried.errors:
            raise BadInput(*tried.errors)
        put_template(place.templates, tried.folder, files.template, before.digest if before else "")
        bench.store.template_versions.keep(before, files, person.id, what)
        bench.store.audit.write(person.id, "save-template", files.template, f"{what}: {files.digest}")
        return tried.problems


def named_template(parcel: Parcel, name: str) -> TemplateFiles:
    """Return a parcel as the files of a template of this name, of the kind that its template.yaml says.

    Raise BadInput where there is no template.yaml, it says no kind, or the name is none.
    """
    if FILE not in parcel.files:
        message = f"thiếu {FILE}; một mẫu là một thư mục có {FILE} ngay trong đó"
        raise BadInput(Problem(rule="no-template", key="files", message=message))
    template = f"{_kind_of(parcel.files[FILE])}/{name}"
    refuse_wrong_name(template, "name")
    return TemplateFiles(template=template, files=parcel.files)


def _kind_of(content: bytes) -> str:
    """Return the kind that a template.yaml says; raise BadInput where it cannot be read, or says none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8"
        raise BadInput(Problem(rule="not-utf8", file=FILE, message=message)) from error
    if len(content) > 1_048_576:
        raise BadInput(Problem(rule="file-too-large", file=FILE, message="tệp lớn hơn 1 MB; hãy chia thành nhiều tệp nhỏ"))
    value = parse_tree(text.replace("\r\n", "\n"), FILE).value
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind not in KINDS:
        message = f"template.yaml phải có kind: {' hoặc '.join(KINDS)}"
        raise BadInput(Problem(rule="wrong-kind", file=FILE, line=1, key="kind", message=message))
    return str(kind)


def likely_name(words: str) -> str:
    """Return the name that a folder or zip suggests for its template, empty where it suggests none."""
    name = slug(words.removesuffix(".zip"), joint="-", longest=40)
    return name if NAME.fullmatch(name) else ""


def current_files(place: Place, template: str) -> TemplateFiles | None:
    """Return the files of a template as they are now; None where there is no such folder."""
    return read_template_files(place.templates, template) if (place.templates / template).is_dir() else None
