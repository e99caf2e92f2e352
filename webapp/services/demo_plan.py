"""Who and what is in the demo: made-up people in schools that do not exist, under the real bureaus.

On its first day, 2026-09-07, every planned transfer is lawful, and every refusal shows for some child.
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.enums import OverlayKind, RegistryState, Role, Seat, Sex, Stage
from webapp.clock import SHANGHAI

PASSWORD = "xueji-demo-2026"  # noqa: S105 - known to everybody: only the demo has these accounts

TERMS = (
    (date(2025, 9, 1), date(2026, 1, 23)),
    (date(2026, 2, 27), date(2026, 7, 3)),
    (date(2026, 9, 1), date(2027, 1, 22)),
)


@dataclass(frozen=True, slots=True)
class PlannedSchool:
    """A county-run school; `full_grades` have no free place."""

    name: str
    division_code: str
    stage: Stage
    school_code: str
    full_grades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedOfficer:
    """Who holds a role in an office, and the seats he fills in the demo's transfers."""

    login: str
    name: str
    office: str
    role: Role
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedChild:
    """A pupil, and what there is to try with it: a transfer to a school, or rules that refuse every transfer."""

    name: str
    sex: Sex
    school: str
    grade: int
    shows: str
    to: str | None = None
    state: RegistryState = RegistryState.ENROLLED
    overlays: tuple[OverlayKind, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedFamily:
    """A guardian with children."""

    login: str
    name: str
    children: tuple[PlannedChild, ...]


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A transfer under way when the demo begins: when it was applied for, approved and perhaps returned."""

    child: str
    to: str
    applied: datetime
    approved: tuple[datetime, ...] = ()
    returned: datetime | None = None


XINAN, XINAN_2, SONG = "新安县演示第一小学", "新安县演示第二小学", "嵩县演示小学"
XINAN_HIGH, XINAN_HIGH_2 = "新安县演示高级中学", "新安县演示第二高级中学"
ZHONGMU_HIGH, JIYUAN_HIGH = "中牟县演示高级中学", "济源市演示高级中学"
FUZHOU, XIAMEN = "福州鼓楼演示职业中专学校", "厦门思明演示职业中专学校"
HENAN, LUOYANG, ZHENGZHOU = "河南省教育厅", "洛阳市教育局", "郑州市教育局"

SCHOOLS = (
    PlannedSchool(XINAN, "410323", Stage.COMPULSORY, "2141000001"),
    PlannedSchool(XINAN_2, "410323", Stage.COMPULSORY, "2141000002"),
    PlannedSchool(SONG, "410325", Stage.COMPULSORY, "2141000003", full_grades=(5,)),
    PlannedSchool(XINAN_HIGH, "410323", Stage.SENIOR_HIGH, "3141000004"),
    PlannedSchool(XINAN_HIGH_2, "410323", Stage.SENIOR_HIGH, "3141000009"),
    PlannedSchool(ZHONGMU_HIGH, "410122", Stage.SENIOR_HIGH, "3141000005"),
    PlannedSchool(JIYUAN_HIGH, "419001", Stage.SENIOR_HIGH, "3141000006"),
    PlannedSchool(FUZHOU, "350102", Stage.VOCATIONAL, "3635000007"),
    PlannedSchool(XIAMEN, "350203", Stage.VOCATIONAL, "3635000008"),
)

IN_SCHOOL, OUT_SCHOOL = Seat.RECEIVING_SCHOOL, Seat.RELEASING_SCHOOL
BOTH_COUNTIES = (Seat.RECEIVING_COUNTY, Seat.RELEASING_COUNTY)
BOTH_CITIES = (Seat.RECEIVING_CITY, Seat.RELEASING_CITY)

OFFICERS = (
    PlannedOfficer("song-registrar", "苗秀英", SONG, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("song-lead", "崔国庆", SONG, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("song-county", "石海燕", "嵩县教育局", Role.HANDLER, (Seat.RECEIVING_COUNTY,)),
    PlannedOfficer("xinan-registrar", "袁春梅", XINAN, Role.REGISTRAR, (OUT_SCHOOL,)),
    PlannedOfficer("xinan-lead", "邓志刚", XINAN, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("xinan-county", "汪红霞", "新安县教育局", Role.HANDLER, BOTH_COUNTIES),
    PlannedOfficer("xinan2-registrar", "贺小燕", XINAN_2, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("xinan2-lead", "龚建军", XINAN_2, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("xinan-high-registrar", "文静怡", XINAN_HIGH, Role.REGISTRAR, (IN_SCHOOL, OUT_SCHOOL)),
    PlannedOfficer("xinan-high-lead", "庞德山", XINAN_HIGH, Role.LEAD, (IN_SCHOOL, OUT_SCHOOL)),
    PlannedOfficer("luoyang-city", "殷爱华", LUOYANG, Role.HANDLER, BOTH_CITIES),
    PlannedOfficer("zhongmu-registrar", "施丽娟", ZHONGMU_HIGH, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("zhongmu-lead", "翟永强", ZHONGMU_HIGH, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("zhongmu-county", "安瑞芳", "中牟县教育局", Role.HANDLER, (Seat.RECEIVING_COUNTY,)),
    PlannedOfficer("zhengzhou-city", "颜文斌", ZHENGZHOU, Role.HANDLER, (Seat.RECEIVING_CITY,)),
    PlannedOfficer("jiyuan-registrar", "倪桂兰", JIYUAN_HIGH, Role.REGISTRAR, (OUT_SCHOOL,)),
    PlannedOfficer("jiyuan-lead", "严家骏", JIYUAN_HIGH, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("jiyuan-county", "牛翠萍", "济源市教育局", Role.HANDLER, (Seat.RELEASING_COUNTY,)),
    PlannedOfficer("fuzhou-registrar", "温秀珍", FUZHOU, Role.REGISTRAR),
    PlannedOfficer("fuzhou-lead", "芦志明", FUZHOU, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("xiamen-registrar", "俞美玲", XIAMEN, Role.REGISTRAR),
    PlannedOfficer("xiamen-lead", "章国栋", XIAMEN, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("siming-county", "鲁晓东", "厦门市思明区教育局", Role.HANDLER, (Seat.RECEIVING_COUNTY,)),
    PlannedOfficer("administrator", "管一平", HENAN, Role.ADMINISTRATOR),
    PlannedOfficer("auditor", "简正清", HENAN, Role.AUDITOR),
)

BOY, GIRL = Sex.MALE, Sex.FEMALE


def _family(login: str, name: str, *children: PlannedChild) -> PlannedFamily:
    return PlannedFamily(login, name, children)


FAMILIES = (
    _family("li-parent", "李素芬", PlannedChild("李明轩", BOY, XINAN, 3, "跨县转学", to=SONG)),
    _family("wang-parent", "王桂英", PlannedChild("王梓涵", GIRL, XINAN, 4, "同县转学", to=XINAN_2)),
    _family(
        "zhang-parent", "张玉梅", PlannedChild("张浩然", BOY, XINAN_HIGH, 2, "高中跨市转学", to=ZHONGMU_HIGH)
    ),
    _family(
        "zhao-parent", "赵秀兰", PlannedChild("赵雨桐", GIRL, JIYUAN_HIGH, 2, "省直管县转出", to=XINAN_HIGH)
    ),
    _family("liu-parent", "刘凤霞", PlannedChild("刘子墨", BOY, XINAN, 2, "由转出县级不予通过", to=SONG)),
    _family("chen-parent", "陈美珠", PlannedChild("陈思源", BOY, FUZHOU, 2, "福建中职转学，备案", to=XIAMEN)),
    _family(
        "zhou-parent",
        "周淑贞",
        PlannedChild("周一诺", GIRL, XINAN, 3, "问题学籍 H2", overlays=(OverlayKind.PROBLEM,)),
        PlannedChild("周可欣", GIRL, XINAN, 4, "休学期间 T-P4", state=RegistryState.SUSPENDED),
        PlannedChild("周俊杰", BOY, XINAN_HIGH, 2, "处分未解除 T-P5", overlays=(OverlayKind.SANCTION,)),
        PlannedChild("周诗涵", GIRL, XINAN_HIGH, 3, "毕业年级 T-P2"),
        PlannedChild("周天佑", BOY, XINAN_HIGH, 1, "未满一学期 T-P1"),
        PlannedChild("周晓彤", GIRL, FUZHOU, 2, "核验锁 H8", overlays=(OverlayKind.VERIFICATION_LOCK,)),
        PlannedChild("周博文", BOY, XINAN, 1, "有在办业务 H1 T-P18"),
        PlannedChild(
            "周全",
            BOY,
            XINAN_HIGH,
            3,
            "三项一并告知 H2 T-P2 T-P5",
            overlays=(OverlayKind.PROBLEM, OverlayKind.SANCTION),
        ),
    ),
    _family("sun-parent", "孙丽华", PlannedChild("孙嘉怡", GIRL, XINAN, 4, "在办")),
    _family("qian-parent", "钱月娥", PlannedChild("钱程远", BOY, XINAN, 2, "在办")),
    _family("ma-parent", "马秋菊", PlannedChild("马晓峰", BOY, XINAN, 3, "在办，超期")),
    _family("he-parent", "何雪琴", PlannedChild("何雨泽", BOY, XINAN_HIGH, 2, "在办")),
    _family("guo-parent", "郭玉珍", PlannedChild("郭子豪", BOY, XINAN, 4, "退回补正")),
    _family("huang-parent", "黄彩云", PlannedChild("黄欣妍", GIRL, JIYUAN_HIGH, 2, "在办")),
    _family("wu-parent", "吴金凤", PlannedChild("吴佳琪", GIRL, XINAN, 5, "在办，转入学校无空余学位")),
    _family("lin-parent", "林秀琴", PlannedChild("林宇航", BOY, FUZHOU, 2, "已办结，待备案")),
)


def _on(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{time}").replace(tzinfo=SHANGHAI)


MADE_AT = _on("08-17", "09:00")

CASES = (
    PlannedCase(
        "马晓峰",
        SONG,
        _on("08-19", "09:20"),
        approved=(
            _on("08-19", "10:05"),
            _on("08-19", "16:30"),
            _on("08-20", "09:15"),
            _on("08-20", "14:40"),
            _on("08-21", "11:10"),
        ),
    ),
    PlannedCase(
        "钱程远", SONG, _on("09-01", "08:50"), approved=(_on("09-01", "15:20"), _on("09-02", "09:40"))
    ),
    PlannedCase(
        "何雨泽",
        ZHONGMU_HIGH,
        _on("09-01", "10:30"),
        approved=(_on("09-01", "16:45"), _on("09-02", "10:00"), _on("09-03", "09:25")),
    ),
    PlannedCase(
        "林宇航", XIAMEN, _on("09-01", "11:00"), approved=(_on("09-02", "09:00"), _on("09-03", "15:10"))
    ),
    PlannedCase("郭子豪", XINAN_2, _on("09-02", "12:15"), returned=_on("09-03", "10:20")),
    PlannedCase("吴佳琪", SONG, _on("09-02", "19:05")),
    PlannedCase("孙嘉怡", SONG, _on("09-03", "20:40")),
    PlannedCase("周博文", SONG, _on("09-04", "18:25")),
    PlannedCase("黄欣妍", XINAN_HIGH, _on("09-04", "21:10")),
)
