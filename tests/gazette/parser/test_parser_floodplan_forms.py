"""A waterlogging plan of another city: recognised by its wording, with other numbers and another order."""

import pytest

from gazette.parser import parse_gazette
from gazette.parser.records import FloodPlan, Vocabulary

PLAN = """# 青河市人民政府办公室关于印发《青河市2023年防内涝工作方案》的通知

各街道办事处：

请认真贯彻执行。

2023年6月1日

青河市2023年防内涝工作方案

一、响应措施

（一）响应级别。青河市分四级响应。

I级响应启动条件：3小时雨量达到120毫米以上，积水深度达到60厘米以上，造成停电。

II级响应启动条件：3小时雨量达到70毫米以上，积水深度达到40厘米以上、60厘米以下。

III级响应启动条件：6小时雨量达到60毫米以上，积水深度达到25厘米以上、40厘米以下。

IV级响应启动条件：6小时雨量达到30毫米以上，积水深度达到25厘米。

启动三级及以上响应级别时，长鸣防空警报两次（根据级别每次2分钟或3分钟）。

（二）四级响应以下、降小雨时措施。各街道关注低洼地。

（三）四级响应以下、降大雨（强降雨）时措施。各街道以雨为令。主要包括：

1.人员到位。

2.沙袋到位。

3.疏通排水口。

附件：1.青河市防内涝指挥部

2.青河市防内涝信息报告制度

附件 1

青河市防内涝指挥部

一、指挥部组成人员

总 指 挥：程远山 副市长

成 员：陆 平 市水利局局长

二、成员单位职责

市水利局：负责水情监测。

市住建局：负责排水设施维修；组织抽排。

三、专项工作组

（一）抢险组

组 长：陆 平（市水利局局长）

组 员：住建局、公安局；各街道办事处。

主要职责：组织抢险。

附件 2

青河市防内涝信息报告制度

1.各单位应上报指挥部（办公室电话 5550123）。电话报告必须在灾害发生 30 分钟内，
书面报告必须在灾害发生 3 小时内。

2.各单位在内涝发生后 2 小时内用图文、影像形式汇报动态。

3.对重大灾情进行续报，续报间隔不超过 4 小时。
"""


@pytest.fixture(scope="module")
def plan(vocabulary: Vocabulary) -> FloodPlan:
    """The invented plan, read."""
    (read,) = parse_gazette(PLAN, vocabulary).flood_plans
    return read


def test_the_matrix_is_read_with_its_own_numbers(plan: FloodPlan) -> None:
    lower = {(c.level, c.criterion): c.lower for c in plan.criteria}
    assert lower == {
        (1, "rain_3h"): 120,
        (1, "ponding"): 60,
        (2, "rain_3h"): 70,
        (2, "ponding"): 40,
        (3, "rain_6h"): 60,
        (3, "ponding"): 25,
        (4, "rain_6h"): 30,
        (4, "ponding"): 25,
    }
    upper = {c.level: c.upper for c in plan.criteria if c.criterion == "ponding" and c.level < 4}
    assert upper == {1: None, 2: 60, 3: 40}


def test_sirens_and_deadlines(plan: FloodPlan) -> None:
    assert (plan.siren_soundings, plan.siren_minutes) == (2, (2, 3))
    assert (plan.phone_minutes, plan.media_minutes, plan.written_minutes) == (30, 120, 180)
    assert (plan.followup_minutes, plan.office_phone) == (240, "5550123")


def test_duties_groups_and_measures(plan: FloodPlan) -> None:
    assert [(duty.unit, duty.text[:6]) for duty in plan.duties] == [
        ("市水利局", "负责水情监测"),
        ("市住建局", "负责排水设施"),
    ]
    (group,) = plan.groups
    assert (group.name, group.leader, group.leader_post) == ("抢险组", "陆平", "市水利局局长")
    assert group.members == ("住建局", "公安局", "各街道办事处")
    assert group.duty == "组织抢险。"
    assert len(plan.light_rain_measures) == 1
    assert [measure[:4] for measure in plan.heavy_rain_measures] == ["人员到位", "沙袋到位", "疏通排水"]


@pytest.mark.parametrize("width", ["half", "full", "roman"])
def test_levels_are_read_in_every_way_of_writing_them(width: str, vocabulary: Vocabulary) -> None:
    roman = {"III级": "Ⅲ级", "II级": "Ⅱ级", "IV级": "Ⅳ级", "I级": "Ⅰ级"}
    spaced = {"I级": "I 级", "小时雨量": " 小时雨量"}
    text = PLAN
    for old, new in {"half": spaced, "full": {"，积水": ", 积水"}, "roman": roman}[width].items():
        text = text.replace(old, new)
    (read,) = parse_gazette(text, vocabulary).flood_plans
    assert len(read.criteria) == 8


def test_an_ordinary_document_is_no_flood_plan(vocabulary: Vocabulary) -> None:
    text = "# 青河市人民政府关于做好春耕工作的通知\n\n各乡镇：\n\n请落实。\n\n2023年6月1日\n"
    assert parse_gazette(text, vocabulary).flood_plans == ()
