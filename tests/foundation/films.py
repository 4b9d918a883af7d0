"""Films for tests, built box by box: an MP4 with a place in it, a WebM with tags."""

from collections.abc import Sequence

PLACE = "+48.00712+122.74411/"


def box(name: bytes, *content: bytes) -> bytes:
    """A part of an MP4."""
    inside = b"".join(content)
    return (len(inside) + 8).to_bytes(4) + name + inside


def _full(name: bytes, *numbers: int) -> bytes:
    return box(name, bytes(4), *(number.to_bytes(4) for number in numbers))


def track(handler: bytes, offset: int, size: int, *more: bytes) -> bytes:
    """A track with one sample at a place in the file."""
    table = box(b"stbl", _full(b"stsc", 1, 1, 1, 1), _full(b"stsz", 0, 1, size), _full(b"stco", 1, offset))
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", table))
    return box(b"trak", media, *more)


def mp4(
    *, brand: bytes = b"isom", handlers: Sequence[bytes] = (b"vide", b"meta"), place: str = PLACE
) -> bytes:
    """A film: samples first (PICTURE, then the secrets of a track of places), its table at the end."""
    head = box(b"ftyp", brand, bytes(4), brand)
    samples = box(b"mdat", b"PICTURE!", b"SECRET!!")
    first = len(head) + 8
    text = place.encode()
    told = box(b"udta", box(b"\xa9xyz", len(text).to_bytes(2), b"\x15\xc7", text)) if place else b""
    tracks = [track(handler, first + 8 * n, 8) for n, handler in enumerate(handlers)]
    return head + samples + box(b"moov", *tracks, told)


def element(number: int, *content: bytes, unknown: bool = False) -> bytes:
    """A part of a WebM."""
    inside = b"".join(content)
    length = (1 << 56) - 1 if unknown else len(inside)
    return number.to_bytes((number.bit_length() + 7) // 8) + b"\x01" + length.to_bytes(7) + inside


def webm(*, unknown: bool = False, kind: bytes = b"webm", track_type: bytes = b"\x01") -> bytes:
    """A film as a browser records it; ``unknown``: lengths that nobody knew while recording."""
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, track_type)))
    cluster = element(0x1F43B675, element(0xE7, b"\x00"), element(0xA3, b"PICTURE!"), unknown=unknown)
    tags = element(0x1254C367, element(0x7373, PLACE.encode()))
    header = element(0x1A45DFA3, element(0x4282, kind))
    return header + element(0x18538067, tracks, cluster, tags, unknown=unknown)
