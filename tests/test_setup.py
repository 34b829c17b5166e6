"""The lock agrees with pyproject.toml and would install on a machine other than ours."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text()
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("line", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_every_dependency_is_locked_at_a_version_it_allows(line: str) -> None:
    requirement = Requirement(line)
    version = PINS.get(canonicalize_name(requirement.name))
    assert version, f"{requirement.name} is not in requirements.lock: run `make lock`"
    assert requirement.specifier.contains(version), f"{version} is too old: run `make lock`"


def test_every_locked_package_has_hashes() -> None:
    for entry in re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry


def test_the_lock_names_no_index_and_no_machine() -> None:
    assert not re.search(r"^--|://| @ |/\w+/", LOCK, re.MULTILINE)
