"""Files as a bad line, a bad disk or a bad person hands them in."""

import zipfile
from io import BytesIO

from hypothesis import strategies as st

from foundation.workbooks import workbook_of
from tests.foundation.films import mp4, webm
from tests.foundation.samples import PDF, moving, office, picture

TABLE = workbook_of(
    "表", ("序号", "内容", "牵头单位", "完成时限"), [("1", "清淤", "住建局", "2022-10-31")] * 5
)
FILES = {
    "表.xlsx": TABLE,
    "文.docx": office("docx"),
    "图.jpg": picture("JPEG"),
    "图.png": picture("PNG"),
    "图.webp": picture("WEBP"),
    "图.gif": moving(),
    "件.pdf": PDF,
    "片.mp4": mp4(),
    "片.webm": webm(),
}
# What stands in cells that people did not mean for a machine, and that machines stumble over.
CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "", " ", "=1+1", "@x", "\0", "\ufffe", "\ud7ff", "1e309", "-1e309", "NaN", "Infinity", "٣",
            "2022-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2022-10-31T25:00", "1/0", "0x10",
            "二〇二二年十月三十二日", "年月日", "-0", "+" * 400, "9" * 400, "\u202e反",
            "🌊" * 20, "1_000", "\uff19\uff19",
        ]
    ),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=8), max_size=12)


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The file with bits turned over, a piece lost, doubled or written over, or its end cut off."""
    for _ in range(draw(st.integers(1, 4))):
        if not content:
            break
        at = draw(st.integers(0, len(content) - 1))
        way = draw(st.sampled_from(["flip", "cut", "lose", "double", "write"]))
        to = min(len(content), at + draw(st.integers(1, 64)))
        if way == "flip":
            turned = content[at] ^ (1 << draw(st.integers(0, 7)))
            content = content[:at] + bytes([turned]) + content[at + 1 :]
        elif way == "cut":
            content = content[:at]
        elif way == "lose":
            content = content[:at] + content[to:]
        elif way == "double":
            content = content[:to] + content[at:]
        else:
            content = content[:at] + draw(st.binary(max_size=64)) + content[to:]
    return content


@st.composite
def repacked(draw: st.DrawFn) -> bytes:
    """A workbook whose package is sound and whose parts are damaged: what a checksum does not find."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(TABLE)) as given, zipfile.ZipFile(made, "w") as written:
        names = given.namelist()
        hit = draw(st.sampled_from(names))
        for name in names:
            content = given.read(name)
            written.writestr(name, draw(damaged(content)) if name == hit else content)
    return made.getvalue()
