"""Typesetting: what is typeset anew and why, page numbers, and the same result on every way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from PIL import Image

from report import press
from report.desk.proof import Proofs
from report.fragment import Store, TypesetUnit, ledger_key
from report.link import link
from report.programs import programs
from report.resources import file_digest, locate
from report.trouble import in_words
from report.typeset import (
    FRAGMENT_MODULES,
    SHEET,
    Pagination,
    Styles,
    Typeset,
    UnsettledError,
    roman,
    typeset,
)
from report.unit import Paging, Report, Unit
from tests import synthetic
from tests.reading import Reading

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that tests share, as builds of several events may."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def ledger(cache: Path) -> None:
    """Forget the build before, so that a test tells the reasons of its own."""
    Store(cache).path(ledger_key(synthetic.small_report().folder)).unlink(missing_ok=True)


def build(report: Report, cache: Path, styles: Styles | None = None) -> Typeset:
    return typeset(report, styles or synthetic.styles(), cache, jobs=1)


def test_everything_is_new_at_first_and_nothing_the_second_time(tmp_path: Path) -> None:
    report = synthetic.report(synthetic.statement(1, 1))
    assert build(report, tmp_path).reasons == {"1-opening/s1": "new", "folios-1-100": "new"}
    assert build(report, tmp_path).reasons == {}


@pytest.mark.usefixtures("ledger")
def test_a_changed_word_typesets_its_unit_only(cache: Path) -> None:
    report = synthetic.small_report()
    build(report, cache)
    changed = synthetic.with_unit(report, synthetic.statement(2, word="Mr. President, "))
    assert build(changed, cache).reasons == {"1-opening/s2": "text changed"}


@pytest.mark.usefixtures("ledger")
def test_a_page_more_typesets_its_unit_and_what_prints_page_numbers(cache: Path) -> None:
    report = synthetic.small_report()
    before = build(report, cache)
    longer = synthetic.with_unit(report, synthetic.statement(1, 12))
    after = build(longer, cache)
    assert after.pagination.total > before.pagination.total
    assert after.reasons == {
        "1-opening/s1": "text changed",
        "contents": "page numbers changed",
    }


@pytest.mark.usefixtures("ledger")
def test_styles_make_every_unit_stale(cache: Path) -> None:
    report = synthetic.report(synthetic.statement(1, 1))
    build(report, cache)
    reasons = build(report, cache, synthetic.styles("p { color: #222 }")).reasons
    assert set(reasons.values()) == {"styles changed"}


def test_a_changed_image_makes_its_unit_stale(cache: Path) -> None:
    unit = replace(synthetic.statement(1, 1), images={"media/a.png": "0" * 64})
    build(synthetic.report(unit), cache)
    other = replace(unit, images={"media/a.png": "1" * 64})
    assert build(synthetic.report(other), cache).reasons[unit.id] == "images changed"


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("library", ["weasyprint", "pyphen", "Pango"])
def test_another_release_of_a_library_makes_all_units_stale(
    library: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = synthetic.report(synthetic.statement(1, 1))
    build(report, cache)
    upgraded = {**programs(), library: "1000"}
    monkeypatch.setattr("report.typeset.programs", lambda: upgraded)
    assert set(build(report, cache).reasons.values()) == {"libraries changed"}


def test_a_picture_that_styles_name_makes_its_units_stale(cache: Path, tmp_path: Path) -> None:
    css = 'article::before { content: url("event:logo.png") }'
    styles = Styles((*synthetic.styles().sheets, ("event.css", css)))
    report = synthetic.report(synthetic.statement(1, 2), folder=tmp_path)
    pictures = []
    for colour in ("red", "blue"):
        Image.new("RGB", (40, 40), colour).save(tmp_path / "logo.png")
        built = build(report, cache, styles)
        assert "1-opening/s1" in built.reasons
        pictures.append(Proofs(Store(cache)).picture(built.units[0].key, 0, None, 300))
    assert pictures[0] != pictures[1]


def test_a_picture_that_is_replaced_before_it_is_read_is_not_kept(
    cache: Path, tmp_path: Path
) -> None:
    """Its pages would be found again when the picture is what it was."""
    (tmp_path / "hall.png").write_bytes(b"as it was checked")
    images = {"hall.png": file_digest(tmp_path / "hall.png")}
    unit = synthetic.statement(1, 2, extra='<img src="hall.png" alt="A hall">')
    report = synthetic.report(replace(unit, images=images), folder=tmp_path)
    Image.new("RGB", (40, 40), "red").save(tmp_path / "hall.png")
    with pytest.raises(OSError, match="changed while it was read") as raised:
        build(report, cache)
    assert in_words(raised.value) == "hall.png: it changed while it was read; try again"
    (tmp_path / "hall.png").unlink()
    with pytest.raises(OSError, match="changed while it was read"):
        build(report, cache)


def test_pages_with_a_picture_of_styles_that_is_replaced_meanwhile_are_not_kept(
    cache: Path, tmp_path: Path
) -> None:
    styles = synthetic.styles('article::before { content: url("event:logo.png") }')
    report = synthetic.report(synthetic.statement(1, 2), folder=tmp_path)

    def paint(colour: str) -> None:
        Image.new("RGB", (40, 40), colour).save(tmp_path / "logo.png")

    paint("red")
    with pytest.raises(OSError, match="changed while it was read"):
        typeset(report, styles, cache, jobs=1, first=lambda: paint("blue") or "")
    paint("red")
    assert "1-opening/s1" in build(report, cache, styles).reasons


def test_a_face_that_is_replaced_is_the_new_one_in_a_warm_process(
    cache: Path, tmp_path: Path
) -> None:
    own = '@font-face { font-family: Own; src: url("event:own.ttf") } p { font-family: Own }'
    report = synthetic.report(synthetic.statement(1, 2), folder=tmp_path)
    pictures = []
    for name in (
        "fontpkg_spectral/files/Spectral-Italic",
        "fontpkg_fira_sans/files/FiraSans-Medium",
    ):
        shutil.copy(locate(f"package:{name}.ttf", tmp_path), tmp_path / "own.ttf")
        built = build(report, cache, synthetic.styles(own))
        plain = build(report, cache, synthetic.styles(own.replace("event:own", f"package:{name}")))
        pages = [Proofs(Store(cache)).picture(b.units[0].key, 0, None, 300) for b in (built, plain)]
        assert pages[0] == pages[1]
        pictures += pages[:1]
    assert pictures[0] != pictures[1]


def test_what_changes_how_pages_are_made_is_named_among_what_they_depend_on() -> None:
    parts = {value for value in vars(press).values() if isinstance(value, ModuleType)}
    changing = {part.__name__ for part in parts if hasattr(part, "install")}
    assert len(changing) > 5
    assert {f"{name.removeprefix('report.')}.py" for name in changing} <= {*FRAGMENT_MODULES}


def test_progress_counts_every_unit(tmp_path: Path) -> None:
    seen: list[tuple[int, int, TypesetUnit]] = []
    report = synthetic.report(synthetic.statement(1, 1), synthetic.statement(2, 1))
    typeset(report, synthetic.styles(), tmp_path, jobs=1, progress=lambda *s: seen.append(s))
    assert [(done, of) for done, of, _ in seen[:2]] == [(1, 2), (2, 2)]


def test_anchors_have_the_page_and_the_height_of_their_elements(cache: Path) -> None:
    (unit,) = build(synthetic.report(synthetic.statement(1)), cache).units
    heights = [unit.anchors[f"s1-{n}"] for n in (1, 2, 3)]
    assert heights[0][0] == 0
    assert heights[0][2] > heights[1][2] > heights[2][2] > 0
    assert [bookmark.label for bookmark in unit.bookmarks] == ["Statement 1"]


def test_what_attributes_declare_weighs_more_than_a_rule_unless_that_is_important(
    cache: Path, tmp_path: Path
) -> None:
    hidden = "".join(
        f'<p class="{name}" style="display: none">This is {name}.</p>' for name in ("so", "not so")
    )
    rules = ".so { display: block } .not.so { display: block !important }"
    report = synthetic.report(synthetic.statement(1, 2, extra=hidden))
    styles = synthetic.styles(rules)
    file = tmp_path / "report.pdf"
    file.write_bytes(link(report, build(report, cache, styles), cache))
    (text, *_) = Reading(file).pages
    assert "This is not so." in text
    assert "This is so." not in text


def test_a_character_without_glyph_is_told(cache: Path) -> None:
    unit = synthetic.statement(1, 1, word="\U000f1234 ")
    typeset_unit = build(synthetic.report(unit), cache).units[0]
    assert typeset_unit.missing == "\U000f1234"


# Page numbers


def pagination(*extents: tuple[Paging, int]) -> Pagination:
    units = (
        (Unit(f"u{n}", "x", "", "", "en", paging), pages, {})
        for n, (paging, pages) in enumerate(extents)
    )
    return Pagination(tuple(units))


def test_front_matter_fills_whole_leaves() -> None:
    odd = pagination((Paging.NONE, 1), (Paging.FRONT, 2), (Paging.BODY, 3), (Paging.BODY, 1))
    assert (odd.front, odd.starts, odd.total) == (4, (0, 1, 4, 7), 8)
    assert [odd.label(page) for page in range(8)] == ["i", "ii", "iii", "iv", "1", "2", "3", "4"]
    assert odd.stamped == (1, 2, 4, 5, 6, 7)
    even = pagination((Paging.NONE, 1), (Paging.FRONT, 1), (Paging.BODY, 3))
    assert (even.front, even.starts) == (2, (0, 1, 2))


def test_front_matter_alone_gets_no_blank_page() -> None:
    assert pagination((Paging.FRONT, 3)).total == 3


@pytest.mark.parametrize(("number", "numeral"), [(1, "i"), (4, "iv"), (49, "xlix"), (90, "xc")])
def test_roman_numerals(number: int, numeral: str) -> None:
    assert roman(number) == numeral


def test_contents_print_the_folios_where_things_stand(cache: Path) -> None:
    whole = build(synthetic.small_report(), cache)
    starts = dict(zip((u.id for u in whole.units), whole.pagination.starts, strict=True))
    for n in range(1, 5):
        page = starts[f"1-opening/s{n}"]
        assert whole.folios[f"s{n}"] == whole.pagination.label(page)


def test_sheets_begin_with_a_recto() -> None:
    assert SHEET % 2 == 0


def test_page_numbers_that_never_settle_are_an_error(cache: Path) -> None:
    """The place is on `viii` while the line is short, and on `ix` while it is long."""
    styles = synthetic.styles(
        ".odd { font: 20pt/20pt 'Fira Sans'; width: 86pt } .odd p { break-before: page }"
        ".odd div { text-align: start; line-height: 130mm }"
    )
    pages = "<p>x</p>" * 6
    html = f'<article class="odd"><div>wwww <span data-folio="there"></span></div>{pages}</article>'
    odd = Unit("odd", "chapter", "Odd", html, "en", Paging.FRONT)
    there = Unit("there", "chapter", "There", '<p id="there">There</p>', "en", Paging.FRONT)
    with pytest.raises(UnsettledError, match="odd"):
        build(synthetic.report(odd, there), cache, styles)


# The same bytes on every way


def linked(report: Report, cache: Path, **how: object) -> bytes:
    return link(report, typeset(report, synthetic.styles(), cache, **how), cache)  # type: ignore[arg-type]


@pytest.mark.heavy
def test_parallel_and_serial_and_warm_give_the_same_bytes(tmp_path: Path) -> None:
    report = synthetic.small_report()
    serial = linked(report, tmp_path / "serial", jobs=1)
    assert linked(report, tmp_path / "parallel", jobs=2) == serial
    assert linked(report, tmp_path / "serial", jobs=1) == serial
    with ThreadPoolExecutor(1) as executor:
        assert linked(report, tmp_path / "executor", executor=executor) == serial


BUILD = """
import sys
from pathlib import Path
from tests import synthetic
from report.fragment import Store
from report.link import link
from report.typeset import typeset
folder, cache = map(Path, sys.argv[1:3])
count, jobs = map(int, sys.argv[3:5])
if __name__ == "__main__":
    report = synthetic.small_report(count)
    pressed = typeset(report, synthetic.styles(), cache, jobs=jobs)
    pdf = link(report, pressed, cache)
    (folder / "report.pdf").write_bytes(pdf)
    print(len(pressed.reasons), "weasyprint" in sys.modules)
"""


def start(folder: Path, cache: Path, seed: str, count: int, jobs: int) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True, parents=True)
    script = folder / "build_small.py"
    script.write_text(BUILD)
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": str(HERE.parent),
    }
    return subprocess.Popen(
        [sys.executable, script, folder, cache, str(count), str(jobs)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.heavy
def test_hash_seeds_and_folders_leave_the_bytes_alone(tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("other/b", "2")):
        process = start(tmp_path / name, tmp_path / name / "cache", seed, 2, 1)
        assert process.wait() == 0
    assert _contents(tmp_path / "a") == _contents(tmp_path / "other/b")


def _contents(folder: Path) -> dict[str, bytes]:
    """What a build wrote and kept, by the names of the files."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_build_without_changes_does_not_load_the_typesetter(tmp_path: Path) -> None:
    outputs = []
    for _ in range(2):
        process = start(tmp_path, tmp_path / "cache", "0", 2, 1)
        outputs.append(process.communicate()[0].split())
    assert outputs[0][1] == "True"
    assert outputs[1] == ["0", "False"]


@pytest.mark.heavy
def test_builds_killed_at_any_moment_leave_a_sound_cache(tmp_path: Path) -> None:
    count = 12
    undisturbed = start(tmp_path / "a", tmp_path / "a/cache", "0", count, 2)
    began = time.monotonic()
    assert undisturbed.wait() == 0
    duration = time.monotonic() - began
    moments = Random(3)
    for _ in range(20):
        process = start(tmp_path / "b", tmp_path / "b/cache", "0", count, 1)
        time.sleep(moments.uniform(0.4, min(duration, 2)))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert start(tmp_path / "b", tmp_path / "b/cache", "0", count, 2).wait() == 0
    first, second = tmp_path / "a/report.pdf", tmp_path / "b/report.pdf"
    assert first.read_bytes() == second.read_bytes()


def test_two_builds_at_once_share_a_cache(tmp_path: Path) -> None:
    both = [start(tmp_path / name, tmp_path / "cache", "0", 3, 1) for name in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    assert (tmp_path / "a/report.pdf").read_bytes() == (tmp_path / "b/report.pdf").read_bytes()


# The cache


def test_the_cache_forgets_what_was_used_least_recently(tmp_path: Path) -> None:
    store = Store(tmp_path)
    ages = {"aaaa": 8000, "bbbb": 6000, "cccc": 4000, "dddd": 10}
    for key, age in ages.items():
        path = store.write(key, b"x" * 100)
        os.utime(path, (time.time() - age,) * 2)
    assert store.read("aaaa")
    store.trim(250)
    assert [store.path(key).exists() for key in ages] == [True, False, False, True]


@pytest.mark.parametrize(
    ("trimmed", "is_kept"), [(None, False), (10, True), (4000, False), (-90, False)]
)
def test_the_cache_is_looked_through_once_an_hour(
    tmp_path: Path, trimmed: int | None, is_kept: bool
) -> None:
    """The seconds since it was trimmed are less than none where the clock was put back."""
    store = Store(tmp_path)
    old = store.write("aaaa", b"x" * 100)
    store.tidy(1000)
    os.utime(old, (time.time() - 8000,) * 2)
    (mark,) = tmp_path.glob(".trimmed")
    if trimmed is None:
        mark.unlink()
    else:
        os.utime(mark, (time.time() - trimmed,) * 2)
    store.tidy(50)
    assert old.exists() == is_kept


def test_a_damaged_file_of_the_cache_is_made_anew(tmp_path: Path) -> None:
    report = synthetic.report(synthetic.statement(1, 1))
    first = build(report, tmp_path).units[0]
    first.path.write_bytes(b"rubbish")
    assert build(report, tmp_path).reasons == {first.id: "not in the cache"}


def test_a_unit_whose_pages_are_damaged_is_made_anew(tmp_path: Path) -> None:
    report = synthetic.report(synthetic.statement(1, 1))
    first = build(report, tmp_path).units[0]
    sound = first.path.read_bytes()
    damaged = bytearray(sound)
    damaged[-200] ^= 1
    first.path.write_bytes(damaged)
    assert build(report, tmp_path).reasons == {first.id: "not in the cache"}
    assert first.path.read_bytes() == sound


def test_files_that_are_not_the_cache_s_own_stay(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = store.write("abcd", b"x")
    others = (tmp_path / "photos/abcd", tmp_path / "ab/notes.txt", tmp_path / "abc/abcd")
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    for path in (kept, *others):
        os.utime(path, (time.time() - 8000,) * 2)
    store.trim(0)
    assert [path.exists() for path in (kept, *others)] == [False, True, True, True]


def test_what_killed_builds_leave_behind_is_swept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    beside = store.write("aaaa", b"x").parent
    old, young, top = beside / ".new-1", beside / ".new-2", tmp_path / f".new-{'3' * 16}"
    for path in (old, young, top):
        path.write_bytes(b"half")
    for path in (old, top):
        os.utime(path, (time.time() - 8000,) * 2)
    store.trim(1000)
    assert [path.exists() for path in (old, young, top)] == [False, True, False]
    assert store.read("aaaa") == b"x"
