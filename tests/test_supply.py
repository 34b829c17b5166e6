"""What Rapporteur is made with: locked, licensed, and told on release."""

from __future__ import annotations

import json
import subprocess
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from report.assets import PRINT_STYLES, stylesheets
from report.release.bill import bill
from report.release.licences import page
from report.release.packages import packages
from report.resources import fonts, locate
from tests.conftest import PROJECT
from tests.test_setup import PINS


def made(manifest: bytes) -> bytes:
    return bill(date(2012, 3, 1), {"python": "3.11.2", "pango": "1.50.12"}, manifest)


@pytest.fixture(scope="module")
def one() -> bytes:
    return made(b"{}")


@pytest.fixture(scope="module")
def told(one: bytes) -> dict[str, Any]:
    return dict(json.loads(one))


def test_the_page_of_licences_is_current() -> None:
    written = (PROJECT / "docs/licences.md").read_text(encoding="utf-8")
    assert written == page(), "run `make licences`"


def test_every_package_of_the_lock_is_installed_and_has_a_licence_or_its_text() -> None:
    found = {package.name: package for package in packages()}
    assert set(found) == set(PINS)
    assert [name for name, package in found.items() if package.version != PINS[name]] == []
    unstated = {name for name, package in found.items() if not package.licences}
    assert unstated <= {"axe-playwright-python"}, "look at its licence before it is used"


def test_the_bill_follows_the_schema_of_cyclonedx(one: bytes, told: dict[str, Any]) -> None:
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(one.decode())
    assert error is None
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["timestamp"] == "2012-03-01T00:00:00+00:00"


def test_the_bill_names_what_is_shipped_with_the_hashes_of_the_lock(told: dict[str, Any]) -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    named = {each["name"]: each for each in told["components"]}
    assert {"weasyprint", "pikepdf", "pyhanko", "distributed", "python", "pango"} <= set(named)
    assert not {"pytest", "ruff", "hypothesis"} & set(named)
    assert len([c for c in named.values() if "purl" not in c]) == 2
    for name, component in named.items():
        if not component.get("purl", "").startswith("pkg:pypi/"):
            continue
        assert component["version"] == PINS[name]
        assert component["licenses"]
        (archives,) = component["externalReferences"]
        assert all(each["content"] in lock for each in archives["hashes"])
    assert named["weasyprint"]["scope"] == "required"
    assert named["distributed"]["scope"] == "optional"


def test_the_bill_names_every_face_by_the_hash_of_its_file(told: dict[str, Any]) -> None:
    files = {
        file["hashes"][0]["content"]: file
        for component in told["components"]
        for file in component.get("components", ())
    }
    css = [text for _, text in stylesheets(Path(), PRINT_STYLES)]
    used = [locate(url, Path()) for url in fonts(css)]
    assert used
    for font in used:
        told_of = files[sha256(font.read_bytes()).hexdigest()]
        assert told_of["name"] == font.name
        assert told_of["licenses"] == [{"license": {"id": "OFL-1.1"}}]


def test_the_bill_tells_what_needs_what(told: dict[str, Any]) -> None:
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in told["dependencies"]}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    direct = {ref.split("/")[1].split("@")[0] for ref in needs["rapporteur"]}
    assert {"weasyprint", "jinja2", "pyhanko"} <= direct
    assert len(direct) >= len(project["dependencies"])
    weasyprint = f"pkg:pypi/weasyprint@{PINS['weasyprint']}"
    assert f"pkg:pypi/tinyhtml5@{PINS['tinyhtml5']}" in needs[weasyprint]
    assert f"pkg:pypi/tinyhtml5@{PINS['tinyhtml5']}" not in needs["rapporteur"]


def test_the_same_release_has_the_same_bill(one: bytes) -> None:
    assert made(b"{}") == one
    another = made(b"another")
    assert another[:200] == one[:200]
    assert json.loads(another)["serialNumber"] != json.loads(one)["serialNumber"]


def test_the_audit_asks_about_all_that_is_locked_or_fails() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "audit"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    (audit,) = (line for line in told.stdout.splitlines() if "pip_audit" in line)
    for option in ("--strict", "--require-hashes", "--requirement requirements.lock"):
        assert option in audit
