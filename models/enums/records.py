"""A student's record: its states, what lies over them, its number."""

from enum import StrEnum


class RegistryState(StrEnum):
    """Primary state of a record, exactly one (学籍状态): domain 4.2."""

    ADMITTED = "admitted"  # 已录取未注册
    RESERVED = "reserved"  # 保留入学资格
    ADMISSION_CANCELLED = "admission_cancelled"  # 取消入学资格
    ADMISSION_ABANDONED = "admission_abandoned"  # 放弃入学资格
    ENROLLED = "enrolled"  # 在校
    DEFERRED = "deferred"  # 暂缓注册
    RETAINED = "retained"  # 保留学籍
    SUSPENDED = "suspended"  # 休学
    TRANSFERRED_OUT = "transferred_out"  # 转出
    WITHDRAWN = "withdrawn"  # 退学
    EXPELLED = "expelled"  # 开除学籍
    CANCELLED = "cancelled"  # 取消学籍
    ABROAD = "abroad"  # 出国
    OTHER_LEFT = "other_left"  # 其他离校
    MISSING = "missing"  # 失踪
    DECEASED = "deceased"  # 死亡
    GRADUATED = "graduated"  # 毕业
    COMPLETED = "completed"  # 结业
    PARTIAL = "partial"  # 肄业


class RecordField(StrEnum):
    """What of a record a change at the school can change (变更项): domain 4.1."""

    STATE = "state"
    GRADE = "grade"
    MAJOR_CODE = "major_code"  # 专业代码
    MAJOR_NAME = "major_name"  # 专业
    STUDY_FORM = "study_form"  # 学习形式
    NAME = "name"  # 姓名
    SEX = "sex"  # 性别
    BIRTH_DATE = "birth_date"  # 出生日期
    IDENTITY_NUMBER = "identity_number"  # 身份证件号
    ETHNICITY = "ethnicity"  # 民族
    NATIVE_PLACE = "native_place"  # 籍贯
    POLITICAL_STATUS = "political_status"  # 政治面貌
    HOME_ADDRESS = "home_address"  # 家庭住址
    PHONE = "phone"  # 联系电话
    HEALTH = "health"  # 健康状况


class Season(StrEnum):
    """When a student enters (春季、秋季学生): from January to May in spring, else in autumn (S1B 第三条)."""

    SPRING = "spring"
    AUTUMN = "autumn"


class OverlayKind(StrEnum):
    """What lies over the primary state (叠加状态): domain 4.2."""

    ON_LEAVE = "on_leave"  # 请假
    PROBLEM = "problem"  # 问题学籍
    VERIFICATION_LOCK = "verification_lock"  # 核验锁


class SanctionKind(StrEnum):
    """The five sanctions (处分), the last of which ends the enrolment: domain 3.13; S1B 27."""

    WARNING = "warning"  # 警告
    SERIOUS_WARNING = "serious_warning"  # 严重警告
    DEMERIT = "demerit"  # 记过
    PROBATION = "probation"  # 留校察看
    EXPULSION = "expulsion"  # 开除学籍


class ProblemType(StrEnum):
    """What is wrong with a problem record (问题学籍类别): domain 3.11."""

    IDENTITY_WRONG = "identity_wrong"  # 身份证件号错误
    IDENTITY_MALFORMED = "identity_malformed"  # 校验位错误
    IDENTITY_DUPLICATE = "identity_duplicate"  # 身份证件号重复
    NAMESAKE = "namesake"  # 姓名性别出生日期重复


class HowTold(StrEnum):
    """How a family was told something that has to be proven (告知方式): domain 3.4."""

    SIGNED = "signed"  # 当面签收
    DELIVERED = "delivered"  # 邮寄送达
    PUBLIC_NOTICE = "public_notice"  # 公告


class AidKind(StrEnum):
    """What a student is given (资助类别)."""

    GRANT = "grant"  # 国家助学金
    WAIVER = "waiver"  # 免学费


class Conduct(StrEnum):
    """How a student has behaved in a semester (操行评定)."""

    EXCELLENT = "excellent"  # 优秀
    GOOD = "good"  # 良好
    PASSED = "passed"  # 合格
    FAILED = "failed"  # 不合格


class ProposalState(StrEnum):
    """What has come of a proposal (建议) to change a record."""

    OPEN = "open"
    TAKEN = "taken"  # a case was begun on it
    DISMISSED = "dismissed"  # the school says why not
    LAPSED = "lapsed"  # it is no longer so


class NumberKind(StrEnum):
    """Kind of a registry number (学籍号类型): domain 4.3."""

    FORMAL = "G"  # 正式: G + identity number
    TEMPORARY = "L"  # 临时
    NO_IDENTITY = "J"  # 无有效证件
    FUJIAN_VOCATIONAL = "F"  # 福建中职十位


class StudyForm(StrEnum):
    """Study form (学习形式)."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    FLEXIBLE = "flexible"
    ADULT = "adult"
