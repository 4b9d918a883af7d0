"""Films of a phone: told from their content, cleaned of where they were taken, read in parts."""

from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from foundation.errors import InvalidInput
from foundation.films import cleaned, looks_like_film
from foundation.places import place_of
from foundation.ranges import NotSatisfiable, part_of
from tests.foundation.films import PLACE, box, mp4, track, webm

HERE = (Decimal("48.00712"), Decimal("122.74411"))


class TestTellingFilms:
    """The content decides, never the name."""

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (mp4(), "video/mp4"),
            (mp4(brand=b"qt  "), "video/quicktime"),
            (webm(), "video/webm"),
            (webm(unknown=True), "video/webm"),
        ],
    )
    def test_a_film_is_told_from_its_content(self, content: bytes, kind: str) -> None:
        assert looks_like_film(content)
        assert cleaned(content).kind.content_type == kind

    @pytest.mark.parametrize(
        "content",
        [
            mp4()[:-1],
            mp4()[:60],
            mp4(handlers=(b"soun",)),
            box(b"ftyp", b"heic", bytes(4)) + box(b"meta", bytes(20)),
            box(b"ftyp", b"isom", bytes(4)),
            webm(kind=b"matroska"),
            webm(track_type=b"\x02"),
            webm()[:-2],
            b"\x1aE\xdf\xa3",
            b"\x1aE\xdf\xa3" + bytes(40),
        ],
    )
    def test_what_no_browser_plays_is_refused(self, content: bytes) -> None:
        with pytest.raises(InvalidInput, match="视频不完整或无法识别"):
            cleaned(content)

    def test_other_files_do_not_look_like_films(self) -> None:
        assert not looks_like_film(b"%PDF-1.7 and more")


class TestPlaces:
    """Where it was taken is taken out; it can be read before."""

    @pytest.mark.parametrize("content", [mp4(), mp4(brand=b"qt  "), webm(), webm(unknown=True)])
    def test_the_place_is_taken_out_and_nothing_moves(self, content: bytes) -> None:
        film = cleaned(content)
        assert PLACE.encode() in content
        assert PLACE.encode() not in film.content
        assert len(film.content) == len(content)
        assert film.content.index(b"PICTURE!") == content.index(b"PICTURE!")
        assert cleaned(film.content).described.strip(b"\0") == b""

    def test_a_track_of_places_goes_with_its_samples(self) -> None:
        film = cleaned(mp4(handlers=(b"vide", b"meta")))
        assert b"SECRET!!" not in film.content
        assert film.content.count(b"trak") == 1

    def test_sound_stays(self) -> None:
        film = cleaned(mp4(handlers=(b"vide", b"soun"), place=""))
        assert b"SECRET!!" in film.content
        assert film.content.count(b"trak") == 2

    def test_a_broken_table_of_a_track_ends_in_the_refusal_or_a_film(self) -> None:
        wild = track(b"meta", 2**32 - 1, 2**31)
        content = (
            box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", b"x") + box(b"moov", track(b"vide", 28, 1), wild)
        )
        assert len(cleaned(content).content) == len(content)

    @pytest.mark.parametrize("content", [mp4(), webm()])
    def test_the_place_of_a_film_can_be_read(self, content: bytes) -> None:
        assert place_of(content) == HERE

    def test_a_film_without_a_place_has_none(self) -> None:
        assert place_of(mp4(place="")) is None

    def test_nonsense_is_no_place(self) -> None:
        assert place_of(mp4(place="+99.00000+122.74411/")) is None

    @pytest.mark.parametrize(("side", "sign"), [("N", 1), ("S", -1)])
    def test_the_place_of_a_picture_can_be_read(self, side: str, sign: int) -> None:
        exif = Image.Exif()
        exif.get_ifd(0x8825).update({1: side, 2: (48.0, 30.0, 36.0), 3: "E", 4: (122.0, 44.0, 24.0)})
        written = BytesIO()
        Image.new("RGB", (8, 8)).save(written, "JPEG", exif=exif)
        assert place_of(written.getvalue()) == (sign * Decimal("48.51000"), Decimal("122.74000"))

    def test_a_picture_without_a_place_has_none(self) -> None:
        written = BytesIO()
        Image.new("RGB", (8, 8)).save(written, "JPEG")
        assert place_of(written.getvalue()) is None


class TestParts:
    """What a player asks for."""

    @pytest.mark.parametrize(
        ("header", "part"),
        [
            ("bytes=0-0", (0, 1)),
            ("bytes=0-99", (0, 100)),
            ("bytes=0-100", (0, 100)),
            ("bytes=99-", (99, 100)),
            ("bytes=-1", (99, 100)),
            ("bytes=-200", (0, 100)),
            ("bytes=5-4", None),
            ("bytes=-", None),
            ("bytes=0-1,4-5", None),
            ("items=0-1", None),
            ("", None),
        ],
    )
    def test_a_part_has_its_first_and_its_last_byte(self, header: str, part: tuple[int, int] | None) -> None:
        assert part_of(header, 100) == part

    @pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
    def test_what_begins_behind_the_end_is_not_there(self, header: str) -> None:
        with pytest.raises(NotSatisfiable):
            part_of(header, 100)
