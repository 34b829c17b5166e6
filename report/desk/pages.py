"""Pages of a PDF."""

from report.desk.conversion import Tree
from report.desk.original import Original


def read_pages(data: bytes) -> tuple[Original, Tree]:
    raise NotImplementedError
