"""Invented words and sentences: pure; the same dice give the same record.

Every person is a 某, every body begins with 模拟, every title and text with
【模拟】, so that nobody takes a record for a real one wherever it is shown.
"""

from dataclasses import dataclass
from random import Random

MARK = "【模拟】"
SOURCE = "模拟数据（程序生成，并非真实记录）"
CITY = "模拟市"

SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨"
GIVEN = "安远达和平川"
OFFICES = (
    *("水务", "路政", "园林", "供热", "环卫", "农技", "林草", "文旅", "教务", "医疗", "民生", "商贸"),
    *("统计", "档案", "应急", "消防", "审批", "信访", "规划", "房产", "交管", "气象", "粮储", "科技"),
)
STREETS = ("东桥", "西岭", "南湖", "北屯", "柳岸", "石台", "松坡")
POSTS = ("局长", "副局长", "主任", "科长")

PLACES = ("青石桥片区", "柳树沟", "北河滩", "三道湾", "老站前", "松林小区", "南甸子", "二号泵站")
MATTERS = (
    *("河道清淤", "供热准备", "春季植树", "道路养护", "秋粮收储", "校园安全", "老旧小区改造", "雨水管网"),
    *("森林防火", "冬季清雪", "农贸市场整治", "便民服务", "文物保护", "就业帮扶", "危房排查", "饮水安全"),
)
MEETINGS = ("工作部署会", "调度会", "现场推进会", "座谈会", "总结会")
RESULTS = (
    *("明确了下一步分工", "现场解决问题若干", "要求月底前完成", "听取了各方意见", "对薄弱环节逐项整改"),
    *("登记问题并限期办理", "检查了物资储备", "通报了上月进度"),
)
MEASURES = ("明确分工，责任到岗", "定期调度，按月通报", "配齐物资，随时可用", "公开流程，接受监督")


@dataclass(frozen=True, slots=True)
class Actor:
    """An invented person with post and body."""

    name: str
    post: str
    body: str

    @property
    def words(self) -> str:
        """As a sentence names the person."""
        return f"{self.body}{self.post}{self.name}"


@dataclass(frozen=True, slots=True)
class Story:
    """What an entry of the chronicle tells, and whom it mentions."""

    title: str
    text: str
    people: tuple[Actor, ...]
    bodies: tuple[str, ...]
    cited: str


def bodies() -> list[str]:
    """Names of all invented departments and streets."""
    return [*(f"模拟{name}局" for name in OFFICES), *(f"模拟{name}街道" for name in STREETS)]


def actors() -> list[Actor]:
    """All invented people; nobody shares a name."""
    names = [f"{surname}某{given}" for surname in SURNAMES for given in GIVEN]
    known = bodies()
    return [Actor(name, POSTS[n % len(POSTS)], known[n % len(known)]) for n, name in enumerate(names)]


def story(dice: Random, cast: list[Actor], known: list[str]) -> Story:
    """One entry."""
    first, second = dice.sample(cast, 2)
    body, place, matter = dice.choice(known), dice.choice(PLACES), dice.choice(MATTERS)
    ending = dice.choice(RESULTS)
    shape = dice.randrange(20)
    if shape < 8:
        title = f"{body}到{place}检查{matter}"
        return _told(title, f"{title}，{ending}。{first.words}参加。", (first,), body)
    if shape < 15:
        title = f"{body}召开{matter}{dice.choice(MEETINGS)}"
        people = (first, second)
        return _told(title, f"{title}，{ending}。{first.words}主持，{second.words}发言。", people, body)
    if shape < 19:
        title = f"{place}{matter}项目通过验收"
        return _told(title, f"{title}，{body}{ending}。", (), body)
    cited = f"{CITY}{matter}实施方案"
    title = f"{body}印发{matter}实施方案"
    return _told(title, f"{body}印发《{cited}》，{ending}。{first.words}作说明。", (first,), body, cited)


def _told(title: str, text: str, people: tuple[Actor, ...], body: str, cited: str = "") -> Story:
    names = tuple(dict.fromkeys((body, *(person.body for person in people))))
    return Story(MARK + title, MARK + text, people, names, cited)


def duty(dice: Random) -> tuple[str, str]:
    """Title and text of a task."""
    place, matter = dice.choice(PLACES), dice.choice(MATTERS)
    title = f"{MARK}推进{place}{matter}"
    return title, f"{title}，{dice.choice(MEASURES)}，{dice.choice(RESULTS)}。"


def dice_for(*names: object) -> Random:
    """Dice that fall the same way for the same names."""
    return Random("/".join(str(name) for name in names))  # noqa: S311 - decides words, protects nothing
