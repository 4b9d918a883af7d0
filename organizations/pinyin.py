"""Names in the order of a Chinese directory: by the sound of each character, then by its tone."""

import os
from functools import cache
from typing import Any

SYLLABLE = 6
# Characters that sound otherwise as a surname than in a word.
SURNAMES = {
    "单": "shan4", "仇": "qiu2", "曾": "zeng1", "解": "xie4", "查": "zha1", "区": "ou1", "盖": "ge3",
    "任": "ren2", "朴": "piao2", "缪": "miao4", "乐": "yue4", "尉": "wei4", "宁": "ning4", "华": "hua4",
    "种": "chong2", "覃": "qin2", "洗": "xian3", "翟": "zhai2", "黑": "he4", "员": "yun4", "召": "shao4",
}  # fmt: skip
MOST = 40


@cache
def _sounds() -> dict[int, str]:
    """The readings of characters; loaded by the first process that meets a new name, not by every start."""
    # Phrases take four times as long to load and say nothing of names.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 -- a tenth of a second of every start

    known: dict[int, str] = pinyin_dict
    return known


@cache
def _to_tone3() -> Any:
    from pypinyin.contrib.tone_convert import to_tone3  # noqa: PLC0415 -- as above

    return to_tone3


def sort_key(name: str, *, person: bool = False) -> str:
    """A key of plain letters and digits, which every database sorts alike.

    Each character takes seven places: its sound filled up with zeros, and its
    tone (5 for none). Of a ``person`` the first one is read as a surname. What
    has no reading (letters, digits) stands before all that has one.
    """
    parts = []
    for place, character in enumerate("".join(name.split())[:MOST]):
        surname = SURNAMES.get(character, "") if person and place == 0 else ""
        parts.append(_padded(surname or _sound(character), character))
    return "".join(parts)


def _sound(character: str) -> str:
    readings = _sounds().get(ord(character), "")
    if not readings:
        return ""
    sound: str = _to_tone3()(readings.split(",")[0], v_to_u=False, neutral_tone_with_five=True)
    return sound.replace("ü", "v").lower()


def _padded(sound: str, character: str) -> str:
    if not sound:
        return f"0{ord(character):06x}"
    letters, tone = (sound[:-1], sound[-1]) if sound[-1].isdigit() else (sound, "5")
    return letters[:SYLLABLE].ljust(SYLLABLE, "0") + tone
