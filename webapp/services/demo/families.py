"""Which families are in the demo, their children, and the applications under way when it begins.

On its first day, 2026-09-07, every planned transfer is lawful, and every refusal shows for some child.
"""

from datetime import datetime

from models.enums import OverlayKind, RegistryState, SanctionKind, Sex
from webapp.clock import SHANGHAI
from webapp.services.demo.plan import (
    CHENGDU,
    FUZHOU,
    JIYUAN_HIGH,
    SONG,
    SONG_VOCATIONAL,
    XIAMEN,
    XIAMEN_PILOT,
    XINAN,
    XINAN_2,
    XINAN_HIGH,
    XINAN_PILOT,
    ZHONGMU_HIGH,
    PlannedCase,
    PlannedChild,
    PlannedFamily,
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
        PlannedChild("周俊杰", BOY, XINAN_HIGH, 2, "处分未解除 T-P5", sanction=SanctionKind.DEMERIT),
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
            overlays=(OverlayKind.PROBLEM,),
            sanction=SanctionKind.WARNING,
        ),
    ),
    _family("sun-parent", "孙丽华", PlannedChild("孙嘉怡", GIRL, XINAN, 4, "在办")),
    _family("qian-parent", "钱月娥", PlannedChild("钱程远", BOY, XINAN, 2, "在办")),
    _family("ma-parent", "马秋菊", PlannedChild("马晓峰", BOY, XINAN, 3, "在办，超期")),
    _family("he-parent", "何雪琴", PlannedChild("何雨泽", BOY, XINAN_HIGH, 2, "在办")),
    _family("guo-parent", "郭玉珍", PlannedChild("郭子豪", BOY, XINAN, 4, "退回补正")),
    _family("huang-parent", "黄彩云", PlannedChild("黄欣妍", GIRL, JIYUAN_HIGH, 2, "在办")),
    _family("wu-parent", "吴金凤", PlannedChild("吴佳琪", GIRL, XINAN, 5, "在办，转入学校无空余学位")),
    _family(
        "gao-parent",
        "高玉兰",
        PlannedChild("高子轩", BOY, SONG_VOCATIONAL, 2, "跨省转入福建中职，双方同时核办，换号", to=XIAMEN),
    ),
    _family(
        "xie-parent",
        "谢秋云",
        PlannedChild("谢雨薇", GIRL, XINAN_PILOT, 2, "高中跨省，双方各四级", to=XIAMEN_PILOT),
        PlannedChild("谢雨航", BOY, XINAN_PILOT, 2, "在办，待转出省级核办"),
    ),
    _family("deng-parent", "邓丽萍", PlannedChild("邓小禾", GIRL, CHENGDU, 3, "外省（四川）转入", to=SONG)),
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
        "谢雨航",
        XIAMEN_PILOT,
        _on("09-01", "08:30"),
        approved=(
            _on("09-01", "09:40"),
            _on("09-01", "14:20"),
            _on("09-01", "16:10"),
            _on("09-02", "09:05"),
            _on("09-02", "15:30"),
            _on("09-03", "08:45"),
            _on("09-03", "10:50"),
            _on("09-03", "16:00"),
            _on("09-04", "09:30"),
        ),
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
