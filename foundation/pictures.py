"""Pictures decoded and written anew: what is stored is pixels and nothing else; pure.

Writing anew drops the place where a picture was taken, the camera's number,
thumbnails, comments and whatever somebody hid behind the last pixel.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps, ImageSequence

from foundation.errors import InvalidInput
from foundation.filetypes import FileType

# What Pillow's decoders raise over broken input (``UnidentifiedImageError`` is an ``OSError``).
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, struct.error, zlib.error)
QUALITY = 88
FRAME_MS = 100
SRGB = ImageCms.createProfile("sRGB")
# What each format can hold; anything else becomes RGB.
MODES = {
    "JPEG": frozenset({"L", "RGB"}),
    "PNG": frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}),
    "WEBP": frozenset({"RGB", "RGBA"}),
    "GIF": frozenset({"1", "L", "P", "RGB", "RGBA"}),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": QUALITY, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": QUALITY},
    "GIF": {},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew."""

    content: bytes
    width: int
    height: int


def rewrite(content: bytes, kind: FileType, *, max_pixels: int) -> Picture:
    """Decode a picture of a known kind and write it again, upright, in sRGB.

    ``max_pixels`` counts all frames together and is checked before any is decoded.
    """
    name = kind.content_type.removeprefix("image/").upper()
    return _decoding(lambda: _rewrite(content, name, max_pixels))


def _decoding(work: Callable[[], Picture]) -> Picture:
    """Whatever a decoder stumbles over is one sentence; so is a picture that ends too early."""
    # WeasyPrint, once imported, makes Pillow accept the latter for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        return work()
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UNREADABLE as error:
        raise InvalidInput("这张图片无法读取，可能已损坏。请重新导出或拍摄后再上传。") from error


def _rewrite(content: bytes, name: str, max_pixels: int) -> Picture:
    with Image.open(BytesIO(content), formats=[name]) as picture:
        # A phone's JPEG may carry a second picture for its own use; only the first is shown anywhere.
        count = 1 if name == "JPEG" else getattr(picture, "n_frames", 1)
        if picture.width * picture.height * count > max_pixels:
            raise _too_large(max_pixels)
        frames, durations = [], []
        for frame in islice(ImageSequence.Iterator(picture), count):
            frames.append(_pixels(frame, name))
            durations.append(frame.info.get("duration", FRAME_MS))
    motion = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
    written = BytesIO()
    frames[0].save(written, format=name, **OPTIONS[name], **(motion if count > 1 else {}))
    return Picture(written.getvalue(), *frames[0].size)


def _pixels(frame: Image.Image, name: str) -> Image.Image:
    """One frame: upright, in sRGB, in a mode the format can hold, without its notes."""
    upright = ImageOps.exif_transpose(frame)
    plain = _as_srgb(upright)
    if plain.mode not in MODES[name]:
        clear = "transparency" in plain.info or plain.mode in ("RGBA", "LA", "PA", "La", "RGBa")
        plain = plain.convert("RGBA" if clear and name != "JPEG" else "RGB")
    transparency = plain.info.get("transparency")
    plain.info = {} if transparency is None or name == "JPEG" else {"transparency": transparency}
    return plain


def _as_srgb(frame: Image.Image) -> Image.Image:
    """Colours of the frame's own profile, which is dropped, brought to the one all screens know."""
    profile = frame.info.get("icc_profile")
    if not profile or frame.mode not in ("RGB", "CMYK"):
        return frame
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(frame, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return frame
    return turned if turned is not None else frame


def _too_large(max_pixels: int = 0) -> InvalidInput:
    limit = f"（上限 {max_pixels // 1_000_000} 百万像素）" if max_pixels else ""
    return InvalidInput(f"这张图片的像素过多{limit}，请缩小后再上传。")
