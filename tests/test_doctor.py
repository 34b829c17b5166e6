"""The doctor: what a machine has and lacks, told so that somebody can act on it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from report.desk import commands, doctor
from report.desk.doctor import Machine, Part, examine
from tests.terminal import run


class Bare(Machine):
    """A machine that has nothing."""

    def python(self) -> tuple[int, ...]:
        return (3, 9, 2)

    def package(self, name: str) -> str:  # noqa: ARG002
        return ""

    def has_library(self, name: str) -> bool:  # noqa: ARG002
        return False

    def program(self, *names: str) -> str:  # noqa: ARG002
        return ""

    def pandoc(self) -> str:
        return ""

    def lacks_typefaces(self) -> bool:
        return True

    def free(self, folder: Path) -> int:  # noqa: ARG002
        return 1_000


def parts(folder: Path, machine: Machine) -> dict[str, Part]:
    return {part.name: part for part in examine(folder, folder / ".cache", machine)}


def test_this_machine_has_all_that_is_needed(tmp_path: Path) -> None:
    result = run("doctor", folder=tmp_path)
    assert result.returncode == 0, result.stdout
    for name in ("Python: 3.", "Pango: 1.", "Packages: weasyprint ", "Fonts: fontpkg-spectral "):
        assert f"has    {name}" in result.stdout
    assert "NEEDS" not in result.stdout
    assert "Cache: 0 MB" in result.stdout


def test_a_bare_machine_is_told_how_to_get_each_part(tmp_path: Path) -> None:
    found = parts(tmp_path, Bare())
    lacking = {name for name, part in found.items() if not part.found}
    assert lacking == set(found) - {"Cache"}
    assert {name for name, part in found.items() if part.is_needed} == {
        *("Python", "Pango", "Packages", "Fonts", "Disk space"),
    }
    assert found["Pango"].remedy == "apt install libpango-1.0-0 libpangoft2-1.0-0"
    assert found["HarfBuzz subsetter"].remedy == "apt install libharfbuzz-subset0"
    assert found["LibreOffice"].remedy == "apt install libreoffice-impress"
    assert "pip install" in found["Fonts"].remedy
    assert all(part.purpose and part.remedy for part in found.values())


@pytest.mark.parametrize(("version", "will_do"), [((1, 42, 4), False), ((1, 44, 0), True)])
def test_an_old_pango_is_as_good_as_none(
    tmp_path: Path, version: tuple[int, ...], will_do: bool
) -> None:
    machine = Machine()
    machine.pango = lambda: version  # type: ignore[method-assign]
    assert bool(parts(tmp_path, machine)["Pango"].found) is will_do


def test_the_command_fails_when_something_needed_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "Machine", Bare)
    with pytest.raises(typer.Exit) as stopped:
        commands.doctor()
    assert stopped.value.exit_code == 1
    told = capsys.readouterr().out
    assert "NEEDS  Pango: sets the lines of every page" in told
    assert "to get it: apt install libpango-1.0-0 libpangoft2-1.0-0" in told
    assert "lacks  LibreOffice" in told


def test_the_cache_is_measured(tmp_path: Path) -> None:
    (tmp_path / ".cache/units").mkdir(parents=True)
    (tmp_path / ".cache/units/one").write_bytes(b"x" * 3_000_000)
    assert parts(tmp_path, Machine())["Cache"].found.startswith("3 MB")
