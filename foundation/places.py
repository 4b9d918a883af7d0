"""Where a picture or film was taken, read before it is taken out; pure."""

from decimal import Decimal, InvalidOperation
from io import BytesIO

from PIL import Image

from foundation.films import cleaned, looks_like_film, place_in
from foundation.pictures import UNREADABLE

GPS = 0x8825
DEGREE = Decimal("0.00001")
Place = tuple[Decimal, Decimal]


def place_of(content: bytes) -> Place | None:
    """Latitude and longitude in degrees, to about a metre; None where nothing or nonsense is said."""
    found = place_in(cleaned(content).described) if looks_like_film(content) else _of_picture(content)
    if found is None:
        return None
    try:
        latitude, longitude = (Decimal(str(value)).quantize(DEGREE) for value in found)
    except InvalidOperation:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _of_picture(content: bytes) -> tuple[str, str] | None:
    try:
        with Image.open(BytesIO(content)) as picture:
            gps = picture.getexif().get_ifd(GPS)
        latitude = _degrees(gps[2], gps[1], "S")
        return latitude, _degrees(gps[4], gps[3], "W")
    except (*UNREADABLE, ZeroDivisionError, TypeError, Image.DecompressionBombError):
        return None


def _degrees(parts: tuple[float, float, float], side: str, negative: str) -> str:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return f"{-value if side == negative else value:.6f}"
