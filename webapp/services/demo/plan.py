"""What the demo is made of, its schools, and who decides in it: made-up people under the real bureaus.

The families are in `demo_families`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.enums import OverlayKind, RegistryState, Role, SanctionKind, Seat, Sex, Stage

SERVED = ("41", "35")  # the provinces of its offices; of any other only schools are known
PASSWORD = "xueji-demo-2026"  # noqa: S105 - known to everybody: only the demo has these accounts

TERMS = (
    (date(2025, 9, 1), date(2026, 1, 23)),
    (date(2026, 2, 27), date(2026, 7, 3)),
    (date(2026, 9, 1), date(2027, 1, 22)),
)


@dataclass(frozen=True, slots=True)
class PlannedSchool:
    """A county-run school; `full_grades` have no free place, `rule_pack` stands in for the one of its region."""

    name: str
    division_code: str
    stage: Stage
    school_code: str
    full_grades: tuple[int, ...] = ()
    rule_pack: str | None = None


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
    sanction: SanctionKind | None = None


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
XINAN_PILOT, XIAMEN_PILOT = "新安县演示实验高级中学", "厦门思明演示实验高级中学"
FUZHOU, XIAMEN = "福州鼓楼演示职业中专学校", "厦门思明演示职业中专学校"
SONG_VOCATIONAL = "嵩县演示中等专业学校"
CHENGDU = "成都锦江演示小学"
HENAN, LUOYANG, ZHENGZHOU = "河南省教育厅", "洛阳市教育局", "郑州市教育局"
FULL_CHAIN = "full-chain"

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
    PlannedSchool(SONG_VOCATIONAL, "410325", Stage.VOCATIONAL, "3641000010"),
    PlannedSchool(XINAN_PILOT, "410323", Stage.SENIOR_HIGH, "3141000011", rule_pack=FULL_CHAIN),
    PlannedSchool(XIAMEN_PILOT, "350203", Stage.SENIOR_HIGH, "3135000012", rule_pack=FULL_CHAIN),
    PlannedSchool(CHENGDU, "510104", Stage.COMPULSORY, "2151000013"),
)

IN_SCHOOL, OUT_SCHOOL = Seat.RECEIVING_SCHOOL, Seat.RELEASING_SCHOOL
BOTH_COUNTIES = (Seat.RECEIVING_COUNTY, Seat.RELEASING_COUNTY)
BOTH_CITIES = (Seat.RECEIVING_CITY, Seat.RELEASING_CITY)

OFFICERS = (
    PlannedOfficer("song-registrar", "苗秀英", SONG, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("song-lead", "崔国庆", SONG, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("song-county", "石海燕", "嵩县教育局", Role.HANDLER, BOTH_COUNTIES),
    PlannedOfficer("song-county-lead", "娄志远", "嵩县教育局", Role.LEAD),
    PlannedOfficer("xinan-registrar", "袁春梅", XINAN, Role.REGISTRAR, (OUT_SCHOOL,)),
    PlannedOfficer("xinan-lead", "邓志刚", XINAN, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("xinan-county", "汪红霞", "新安县教育局", Role.HANDLER, BOTH_COUNTIES),
    PlannedOfficer("xinan-county-lead", "尚立新", "新安县教育局", Role.LEAD),
    PlannedOfficer("xinan2-registrar", "贺小燕", XINAN_2, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("xinan2-lead", "龚建军", XINAN_2, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("xinan-high-registrar", "文静怡", XINAN_HIGH, Role.REGISTRAR, (IN_SCHOOL, OUT_SCHOOL)),
    PlannedOfficer("xinan-high-lead", "庞德山", XINAN_HIGH, Role.LEAD, (IN_SCHOOL, OUT_SCHOOL)),
    PlannedOfficer("luoyang-city", "殷爱华", LUOYANG, Role.HANDLER, BOTH_CITIES),
    PlannedOfficer("luoyang-city-lead", "葛素平", LUOYANG, Role.LEAD),
    PlannedOfficer("zhongmu-registrar", "施丽娟", ZHONGMU_HIGH, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("zhongmu-lead", "翟永强", ZHONGMU_HIGH, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("zhongmu-county", "安瑞芳", "中牟县教育局", Role.HANDLER, (Seat.RECEIVING_COUNTY,)),
    PlannedOfficer("zhongmu-county-lead", "祝海峰", "中牟县教育局", Role.LEAD),
    PlannedOfficer("zhengzhou-city", "颜文斌", ZHENGZHOU, Role.HANDLER, (Seat.RECEIVING_CITY,)),
    PlannedOfficer("zhengzhou-city-lead", "解文涛", ZHENGZHOU, Role.LEAD),
    PlannedOfficer("jiyuan-registrar", "倪桂兰", JIYUAN_HIGH, Role.REGISTRAR, (OUT_SCHOOL,)),
    PlannedOfficer("jiyuan-lead", "严家骏", JIYUAN_HIGH, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("jiyuan-county", "牛翠萍", "济源市教育局", Role.HANDLER, (Seat.RELEASING_COUNTY,)),
    PlannedOfficer("jiyuan-county-lead", "滕秀芝", "济源市教育局", Role.LEAD),
    PlannedOfficer("fuzhou-registrar", "温秀珍", FUZHOU, Role.REGISTRAR),
    PlannedOfficer("fuzhou-lead", "芦志明", FUZHOU, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("xiamen-registrar", "俞美玲", XIAMEN, Role.REGISTRAR),
    PlannedOfficer("xiamen-lead", "章国栋", XIAMEN, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("siming-county", "鲁晓东", "厦门市思明区教育局", Role.HANDLER, (Seat.RECEIVING_COUNTY,)),
    PlannedOfficer("siming-county-lead", "洪雅琴", "厦门市思明区教育局", Role.LEAD),
    PlannedOfficer("song-voc-lead", "常永福", SONG_VOCATIONAL, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("xinan-pilot-registrar", "司马静", XINAN_PILOT, Role.REGISTRAR, (OUT_SCHOOL,)),
    PlannedOfficer("xinan-pilot-lead", "万长河", XINAN_PILOT, Role.LEAD, (OUT_SCHOOL,)),
    PlannedOfficer("xiamen-pilot-registrar", "蓝晓月", XIAMEN_PILOT, Role.REGISTRAR, (IN_SCHOOL,)),
    PlannedOfficer("xiamen-pilot-lead", "童建国", XIAMEN_PILOT, Role.LEAD, (IN_SCHOOL,)),
    PlannedOfficer("xiamen-city", "涂美兰", "厦门市教育局", Role.HANDLER, (Seat.RECEIVING_CITY,)),
    PlannedOfficer("xiamen-city-lead", "骆建华", "厦门市教育局", Role.LEAD),
    PlannedOfficer("fujian-province", "柯文渊", "福建省教育厅", Role.APPROVER, (Seat.RECEIVING_PROVINCE,)),
    PlannedOfficer("fujian-province-lead", "丘立言", "福建省教育厅", Role.LEAD),
    PlannedOfficer("henan-province", "申国强", HENAN, Role.APPROVER, (Seat.RELEASING_PROVINCE,)),
    PlannedOfficer("henan-province-lead", "霍明远", HENAN, Role.LEAD),
    PlannedOfficer("administrator", "管一平", HENAN, Role.ADMINISTRATOR),
    PlannedOfficer("auditor", "简正清", HENAN, Role.AUDITOR),
)
