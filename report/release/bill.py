"""The bill of materials of a release: CycloneDX 1.6 (ECMA-424) as JSON.

It names every package that is there for users, with the faces, their licences and hashes, and what
needs what. It asks neither the clock nor chance: the same release has the same bill.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from report import __version__
from report.desk.typefaces import TYPEFACES, Typeface
from report.release.packages import EVERY_REPORT, FontFile, Package, font_files, shipped
from report.resources import SHARE

_LICENCES = LicenseFactory()


def bill(released: date, system: Mapping[str, str], manifest: bytes) -> bytes:
    """The bill of a release of this date, which this manifest describes.

    `system` names the programs of the system that shape the report, with their versions.
    """
    found = {package.name: package for package in shipped()}
    components = {name: _component(package) for name, package in found.items()}
    own = Component(
        name="rapporteur",
        type=ComponentType.APPLICATION,
        version=__version__,
        bom_ref="rapporteur",
        licenses=[_LICENCES.make_from_string("MIT")],
    )
    bom = Bom(
        serial_number=uuid5(NAMESPACE_OID, sha256(manifest).hexdigest()),
        metadata=BomMetaData(component=own, timestamp=datetime.combine(released, time(), UTC)),
        components=[
            *components.values(),
            *(_typeface(face) for face in TYPEFACES if (SHARE / face.folder).is_dir()),
            *(_program(*each) for each in system.items()),
        ],
    )
    bom.register_dependency(own, [components[p.name] for p in found.values() if p.is_direct])
    for name, package in found.items():
        needs = [components[other] for other in package.requires if other in components]
        bom.register_dependency(components[name], needs)
    return f"{JsonV1Dot6(bom).output_as_string(indent=1)}\n".encode()


def _component(package: Package) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    is_needed = package.extra == EVERY_REPORT
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=str(purl),
        purl=purl,
        scope=ComponentScope.REQUIRED if is_needed else ComponentScope.OPTIONAL,
        licenses=map(_LICENCES.make_from_string, package.licences),
        external_references=_archives(package),
        components=[_font(package.name, file, package.licences) for file in font_files(package)],
    )


def _typeface(face: Typeface) -> Component:
    """A typeface that set-up fetched, by the archive that it came in."""
    folder, _, name = face.package.rpartition("/")
    purl = PackageURL("npm", folder, name, face.version)
    files = (FontFile.of(path) for path in sorted((SHARE / face.folder).glob("*.ttf")))
    return Component(
        name=face.package,
        version=face.version,
        bom_ref=str(purl),
        purl=purl,
        scope=ComponentScope.OPTIONAL,
        licenses=[_LICENCES.make_from_string(face.licence)],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(face.url),
                hashes=[
                    HashType(alg=HashAlgorithm.SHA_512, content=b64decode(face.integrity).hex())
                ],
            )
        ],
        components=[_font(face.package, file, (face.licence,)) for file in files],
    )


def _archives(package: Package) -> Iterator[ExternalReference]:
    """Where a package comes from: the archives that the lock allows, by their hashes."""
    if package.hashes:
        yield ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(f"https://pypi.org/project/{package.name}/{package.version}/"),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes],
        )


def _font(owner: str, file: FontFile, licences: Iterable[str]) -> Component:
    return Component(
        name=file.path.name,
        type=ComponentType.FILE,
        bom_ref=f"{owner}/{file.path.name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=file.digest)],
        licenses=map(_LICENCES.make_from_string, licences),
    )


def _program(name: str, version: str) -> Component:
    return Component(name=name, version=version, bom_ref=name)
