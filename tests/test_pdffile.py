"""Files put together from segments: what was written is read back, at whatever numbers."""

from io import BytesIO
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from report.pdffile import Segment, pieces, segment, written_stream
from report.relocation import reachable, renumbered, written

texts = st.text(max_size=12) | st.sampled_from(
    ["3 0 R", "(4 0 R", ") 5 0 R (", "\\", "\\) 6 0 R", "<7 0 R>", "8 0 R\n9 0 R", "<<", "\x00\xff"]
)
links = st.lists(st.integers(0, 9), max_size=3)
nodes = st.lists(st.tuples(texts, links, st.booleans()), min_size=1)
FRAME = [
    (1, b"<< /Type /Catalog /Pages 3 0 R >>"),
    (2, b"<< /Title (Sparse) >>"),
    (3, b"<< /Type /Pages /Kids [ 4 0 R ] /Count 1 >>"),
    (4, b"<< /Type /Page /Parent 3 0 R /MediaBox [ 0 0 9 9 ] /Resources << >> >>"),
]


def graph(drawn: list[tuple[str, list[int], bool]]) -> Pdf:
    """Return a PDF of objects that say something and refer to others, themselves perhaps."""
    pdf = Pdf.new()
    pdf.add_blank_page()
    things = [
        pdf.make_indirect(Stream(pdf, text.encode()) if is_stream else Dictionary())
        for text, _, is_stream in drawn
    ]
    for number, (thing, (text, links, _)) in enumerate(zip(things, drawn, strict=True)):
        thing.Says = Array([String(text), Name("/" + str(number)), String(text)])
        thing.Links = Array([things[link % len(things)] for link in links])
        thing.Size = pdf.make_indirect(Object.parse(b"%d" % len(text)))
    pdf.Root.Things = Array(things)
    file = BytesIO()
    pdf.save(file)
    return Pdf.open(file, conversion_mode="explicit")


def moved(pdf: Pdf, first: int) -> bytes:
    """Return a PDF whose objects have other numbers, in a segment of their own."""
    own = reachable(pdf, [pdf.Root], {})
    numbers = dict(zip(own, count(first, 3), strict=False))
    streams, others = [], []
    for number, thing in own.items():
        head = renumbered(written(thing), numbers)
        if isinstance(thing, Stream):
            streams.append((numbers[number], written_stream(head, thing.read_raw_bytes())))
        else:
            others.append((numbers[number], head))
    part = segment(streams, others, count(max(numbers.values()) + 1))
    information = segment((), [(1, b"<< /Title (Moved) >>")], count(2))
    return b"".join(pieces([information, part], numbers[pdf.Root.objgen[0]], 1, "0f" * 16))


@given(nodes, st.integers(3, 60))
def test_objects_say_the_same_at_other_numbers(
    drawn: list[tuple[str, list[int], bool]], first: int
) -> None:
    with graph(drawn) as pdf, Pdf.open(BytesIO(moved(pdf, first))) as read:
        assert read.check_pdf_syntax() == []
        things = list(read.Root.Things)
        for number, (thing, (text, links, is_stream)) in enumerate(zip(things, drawn, strict=True)):
            assert [str(said) for said in thing.Says] == [text, f"/{number}", text]
            found = [str(each.Says[1]) for each in thing.Links]
            assert found == [f"/{link % len(things)}" for link in links]
            assert thing.Size == len(text)
            assert not is_stream or thing.read_bytes() == text.encode()


def test_a_file_has_one_table_of_all_numbers_and_an_identifier() -> None:
    part = segment((), [*FRAME, (40, b"[ 1 ]")], count(90))
    with Pdf.open(BytesIO(b"".join(pieces([part], 1, 2, "a1" * 16)))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo.Title) == "Sparse"
        assert [bytes(each) for each in pdf.trailer.ID] == [b"\xa1" * 16] * 2
        assert int(pdf.trailer.Size) == 92
        assert pdf.get_object(39, 0) is None
        assert pdf.get_object(40, 0).unparse(resolved=True) == b"[ 1 ]"


def test_a_segment_is_the_same_bytes_wherever_it_comes_to_lie() -> None:
    frame = segment((), FRAME, count(5))
    part = segment([(7, written_stream(b"<< /Length 2 >>", b"ab"))], [(8, b"[ 7 0 R ]")], count(9))
    filler = Segment(b"% a comment\n" * 50, {}, {})
    for file in (
        b"".join(pieces([part, frame], 1, 2, "")),
        b"".join(pieces([filler, frame, part], 1, 2, "")),
    ):
        assert part.body in file
        with Pdf.open(BytesIO(file)) as pdf:
            assert pdf.get_object(8, 0)[0].read_bytes() == b"ab"
