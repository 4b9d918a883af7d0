"""Who is named in each entry of the real chronicle: read by eye, name by name.

State leaders in phrases such as 某某总书记重要讲话 take no part and are not listed.
"""

import pytest

from gazette.parser.records import ChronicleEntry, Gazette

# Canonical names in the order of the months' positions; "" where an entry names nobody.
JULY = (
    "白志军 孙修非 于萍 张立军",
    "许佐 白志军 王波",
    "白志军",
    "白志军 王波 韩志立",
    "张立军 李岩岭",
    "张立军 吴忱东 孟刚",
    "",
    "",
    "白志军",
    "王波",
    "高润喜 白志军 王波",
    "王波",
    "乔丽荣 杨积春",
    "王波",
    "吴忱东 杨积春",
    "白志军",
    "张立军",
    "徐广鹏 张立军",
    "王波",
    "白志军 刘红芝",
    "白志军",
    "吴忱东",
    "杨广泽 白志军 韩志立",
    "张立军",
    "白志军 姜君勇 孟刚",
    "王波 吴忱东 杨积春 李岩岭",
    "周苏军 王辉 王波 刘红芝 闫志刚",
    "杨凤屹 张立军 鲁垚",
    "王波 吴忱东",
    "",
    "王波",
    "白志军",
    "白志军",
    "白志军 王波",
    "白志军",
    "白志军",
    "白志军",
    "王波",
)
AUGUST = (
    "刘身利 白志军 张立军 苏文",
    "王波",
    "王波",
    "杨积春",
    "王波 吴忱东",
    "张立军",
    "白志军",
    "白志军",
    "白志军",
    "王波",
    "白志军 张玉成 孙修非 于萍 孟刚",
    "王波",
    "",
    "白志军",
    "白志军 张立军 吴忱东 姜君勇 孟刚",
    "张立军",
    "张立军 吴忱东 姜君勇",
    "白志军",
    "白志军",
    "杨广东 李君 于萍 鲁垚 夏连昱",
    "韩志立",
    "白志军",
    "白志军",
    "王波",
    "白志军",
    "",
    "丁晓龙 王波 卢亚光",
    "孙修非 宋辉 张传福 陈辉 吴忱东 梁晶 刘艳春",
    "",
    "白志军",
    "孟刚",
    "白志军",
    "马跃东 王波 杨积春",
    "",
    "李东方 陈辉",
    "王波",
    "白志军 于萍 鲁垚",
    "姜君勇",
    "白志军 于萍 鲁垚",
    "张立军 孟刚",
    "杨子江 王波 卢亚光",
    "贾跃峰 梁劲松 何伟 王波 张立军 孟刚",
    "高润喜 王波",
    "鲁垚",
    "程福文 白志军 王波 张立军 姜君勇 孟刚",
    "白志军 姜君勇 夏连昱",
    "郑福田 吕建伟 王波 张立军 刘仁德",
    "杨积春",
    "罗虎 李继荣 景泽 白志军 孙修非",
    "张立军 李岩岭",
    "白志军",
    "王波 卢亚光",
    "白志军",
)
EXPECTED = {(month, n): names for month, part in ((7, JULY), (8, AUGUST)) for n, names in enumerate(part, 1)}

POSTS = (
    (7, 1, "张立军", "市委副书记、政法委书记"),
    (7, 2, "许佐", "呼伦贝尔市第二轮常态化大督查第七督查组组长"),
    (7, 5, "李岩岭", "市政府副市长、市公安局局长"),
    (7, 20, "刘红芝", "市委常委、纪委书记、监委主任"),
    (8, 10, "王波", "市委副书记、市长"),
    (8, 46, "夏连昱", "景区管理局局长"),
)


def entry_of(seed: Gazette, month: int, position: int) -> ChronicleEntry:
    """The entry at a place of a month."""
    found = [e for e in seed.events if (e.start_date.month, e.position) == (month, position)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("month", "position"), sorted(EXPECTED))
def test_every_person_of_an_entry_is_named_and_nobody_else(seed: Gazette, month: int, position: int) -> None:
    names = {person.name for person in entry_of(seed, month, position).people}
    assert names == set(EXPECTED[month, position].split())


@pytest.mark.parametrize(("month", "position", "name", "post"), POSTS)
def test_the_post_is_what_stands_before_the_name(
    seed: Gazette, month: int, position: int, name: str, post: str
) -> None:
    posts = [p.post for p in entry_of(seed, month, position).people if p.name == name]
    assert any(printed.endswith(post) for printed in posts)


def test_a_misprinted_name_keeps_its_printed_form(seed: Gazette) -> None:
    printed = {(p.name, p.printed_name) for e in seed.events for p in e.people if p.name != p.printed_name}
    assert printed == {("吴忱东", "吴枕东"), ("鲁垚", "鲁焱")}
    assert [w.code for w in seed.warnings].count("name_variant") >= 3
