"""Films of a phone (MP4, QuickTime, WebM), told from their content; pure: bytes in, bytes out.

A film is not written anew: it would take minutes. What says where it was taken
and with which device is overwritten in place, so nothing else moves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from foundation.errors import InvalidInput
from foundation.filetypes import MOV, MP4, WEBM, FileType

# Boxes that describe the recording, in the file, in ``moov`` and in a track.
DESCRIBING = frozenset({b"udta", b"meta", b"uuid"})
# Tracks that are shown; all others (places, motion of the device) are taken out with their samples.
SHOWN_TRACKS = frozenset({b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd"})
QUICKTIME = b"qt  "
EBML = b"\x1aE\xdf\xa3"
SEGMENT, CLUSTER, TRACKS = 0x18538067, 0x1F43B675, 0x1654AE6B
TRACK_ENTRY, TRACK_TYPE, DOC_TYPE = 0xAE, 0x83, 0x4282
# What else a segment consists of; a cluster of unknown length ends where one of them begins.
LEVEL_ONE = frozenset(
    {CLUSTER, TRACKS, 0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367}
)
TAGS, ATTACHED = 0x1254C367, 0x1941A469
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Film:
    """A film without what describes its recording; ``described`` is what was taken out."""

    kind: FileType
    content: bytes
    described: bytes


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a file: its name and where its content lies."""

    name: bytes
    begin: int
    content: int
    end: int


def looks_like_film(head: bytes) -> bool:
    """Whether the first bytes are those of a film; ``cleaned`` looks at the rest."""
    return head[4:8] == b"ftyp" or head.startswith(EBML)


def cleaned(content: bytes) -> Film:
    """The film with its description overwritten; raises InvalidInput for what no browser could play."""
    try:
        return _webm(content) if content.startswith(EBML) else _mp4(content)
    except (IndexError, ValueError) as error:
        raise _broken() from error


def _broken() -> InvalidInput:
    return InvalidInput("这段视频不完整或无法识别，请用 MP4、MOV 或 WebM 格式重新导出后再上传。")


# -- MP4 and QuickTime --------------------------------------------------------------------------


def _mp4(content: bytes) -> Film:
    work, taken = bytearray(content), bytearray()
    top = list(_boxes(content, 0, len(content)))
    movie = next((box for box in top if box.name == b"moov"), None)
    if movie is None or not any(box.name == b"mdat" for box in top):
        raise _broken()
    inside = list(_boxes(content, movie.content, movie.end))
    tracks = [box for box in inside if box.name == b"trak"]
    if not any(_handler(content, track) == b"vide" for track in tracks):
        raise _broken()
    describing = [box for box in (*top, *inside) if box.name in DESCRIBING]
    for track in tracks:
        if _handler(content, track) in SHOWN_TRACKS:
            describing += [b for b in _boxes(content, track.content, track.end) if b.name in DESCRIBING]
            continue
        describing.append(track)
        for begin, size in _samples(content, track):
            work[begin : begin + size] = bytes(len(work[begin : begin + size]))
    for box in describing:
        taken += content[box.content : box.end]
        work[box.begin + 4 : box.begin + 8] = b"free"
        work[box.content : box.end] = bytes(box.end - box.content)
    kind = MOV if content[8:12] == QUICKTIME else MP4
    return Film(kind, bytes(work), bytes(taken))


def _boxes(content: bytes, begin: int, end: int) -> Iterator[Box]:
    while begin + 8 <= end:
        size, name, inside = (
            int.from_bytes(content[begin : begin + 4]),
            content[begin + 4 : begin + 8],
            begin + 8,
        )
        if size == 1:
            size, inside = int.from_bytes(content[begin + 8 : begin + 16]), begin + 16
        until = end if size == 0 else begin + size
        if until < inside or until > end:
            raise ValueError("a box ends outside of what it lies in")
        yield Box(name, begin, inside, until)
        begin = until


def _inner(content: bytes, box: Box, *names: bytes) -> Box | None:
    """The first box on a way down."""
    for name in names:
        found = next((one for one in _boxes(content, box.content, box.end) if one.name == name), None)
        if found is None:
            return None
        box = found
    return box


def _handler(content: bytes, track: Box) -> bytes:
    found = _inner(content, track, b"mdia", b"hdlr")
    return content[found.content + 8 : found.content + 12] if found else b""


def _samples(content: bytes, track: Box) -> list[tuple[int, int]]:
    """Where a track's chunks lie and how long each is."""
    table = _inner(content, track, b"mdia", b"minf", b"stbl")
    parts = {box.name: box for box in _boxes(content, table.content, table.end)} if table else {}
    offsets = _numbers(content, parts.get(b"stco"), 4) or _numbers(content, parts.get(b"co64"), 8)
    sizes, runs = _sizes(content, parts.get(b"stsz")), _numbers(content, parts.get(b"stsc"), 4, each=3)
    firsts, counts = [*runs[::3], len(offsets) + 1], runs[1::3]
    found, sample = [], 0
    for run, count in enumerate(counts):
        for chunk in range(firsts[run] - 1, min(firsts[run + 1] - 1, len(offsets))):
            found.append((offsets[chunk], sum(sizes[sample : sample + count])))
            sample += count
    return found


def _numbers(content: bytes, box: Box | None, width: int, *, each: int = 1) -> list[int]:
    if box is None:
        return []
    begin = box.content + 8
    count = min(int.from_bytes(content[begin - 4 : begin]) * each, (box.end - begin) // width)
    return [int.from_bytes(content[begin + n * width : begin + (n + 1) * width]) for n in range(count)]


def _sizes(content: bytes, box: Box | None) -> list[int]:
    if box is None:
        return []
    begin = box.content + 12
    same, count = (int.from_bytes(content[begin - 8 + n : begin - 4 + n]) for n in (0, 4))
    if same:
        return [same] * min(count, len(content) // same + 1)
    return _numbers(content, Box(box.name, box.begin, box.content + 4, box.end), 4)


# -- WebM ---------------------------------------------------------------------------------------


def _webm(content: bytes) -> Film:
    work, taken, shown = bytearray(content), bytearray(), False
    header = _element(content, 0)
    if not any(
        number == DOC_TYPE and content[inside:end] == b"webm"
        for number, _, inside, end in _elements(content, header[2], header[3])
    ):
        raise _broken()
    segment = _element(content, header[3])
    if segment[0] != SEGMENT or segment[3] > len(content):
        raise _broken()
    for number, begin, inside, end in _elements(content, segment[2], segment[3]):
        if number == TRACKS:
            shown = _has_picture(content, inside, end)
        if number in (TAGS, ATTACHED):
            taken += content[inside:end]
            work[begin:end] = _void(end - begin)
    if not shown:
        raise _broken()
    return Film(WEBM, bytes(work), bytes(taken))


def _has_picture(content: bytes, begin: int, end: int) -> bool:
    return any(
        kind == TRACK_TYPE and content[inside:until] == b"\x01"
        for number, _, within, beyond in _elements(content, begin, end)
        if number == TRACK_ENTRY
        for kind, _, inside, until in _elements(content, within, beyond)
    )


def _elements(content: bytes, begin: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Number, begin, content, end of each element; one of unknown length ends at the next of level one."""
    while begin < end:
        number, _, inside, until = _element(content, begin)
        if until == UNKNOWN:
            until = _end_of_unknown(content, inside, end)
        if until > end:
            raise ValueError("an element ends outside of what it lies in")
        yield number, begin, inside, until
        begin = until


def _element(content: bytes, begin: int) -> tuple[int, int, int, int]:
    width = 9 - content[begin].bit_length()
    length = 9 - content[begin + width].bit_length()
    if width > 4 or length > 8:
        raise ValueError("not an element")
    inside = begin + width + length
    number = int.from_bytes(content[begin : begin + width])
    size = int.from_bytes(content[begin + width : inside]) & ((1 << 7 * length) - 1)
    if size == (1 << 7 * length) - 1:
        return number, begin, inside, len(content) if number == SEGMENT else UNKNOWN
    return number, begin, inside, inside + size


def _end_of_unknown(content: bytes, begin: int, end: int) -> int:
    while begin < end:
        number, _, _, until = _element(content, begin)
        if number in LEVEL_ONE:
            return begin
        begin = until
    return end


def _void(length: int) -> bytes:
    """An element of this length that means nothing."""
    if length < 10:
        return b"\xec" + (0x80 | length - 2).to_bytes() + bytes(length - 2)
    return b"\xec\x01" + (length - 9).to_bytes(7) + bytes(length - 9)


# -- where it was taken -------------------------------------------------------------------------

ISO_6709 = re.compile(rb"([+-]\d{2}\.\d{2,8})([+-]\d{3}\.\d{2,8})")


def place_in(described: bytes) -> tuple[str, str] | None:
    """Latitude and longitude in degrees, as a phone writes them into a film; None where it did not."""
    found = ISO_6709.search(described)
    return (found[1].decode(), found[2].decode()) if found else None
