"""The closed vocabularies of the field, as enumerations.

Values are what the database, the diagrams and the scenarios hold; Chinese terms stand beside them.
"""

from enum import StrEnum


class DivisionLevel(StrEnum):
    """Level of an administrative division (行政区划级别)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class OfficeKind(StrEnum):
    """What an office is: a bureau (教育行政部门) or a school (学校)."""

    BUREAU = "bureau"
    SCHOOL = "school"


class OfficeLevel(StrEnum):
    """Level of a bureau; of a school, the level that runs it (县属, 市属, 省属)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Stage(StrEnum):
    """Stage of schooling (学段)."""

    COMPULSORY = "compulsory"
    SENIOR_HIGH = "senior_high"
    VOCATIONAL = "vocational"


class Role(StrEnum):
    """Role within an office (岗位角色): domain 2.2."""

    REGISTRAR = "registrar"  # 学籍管理员
    LEAD = "lead"  # 学籍主管领导, 分管领导
    PRINCIPAL = "principal"  # 校长
    HANDLER = "handler"  # 经办人
    CHIEF = "chief"  # 科长
    DEPUTY = "deputy"  # 分管局长
    APPROVER = "approver"  # 审批人
    COUNTERPART = "counterpart"  # 外省对口: whoever answers in another province, no member of ours
    ADMINISTRATOR = "administrator"  # 系统管理员: calendar, people, processes
    AUDITOR = "auditor"  # 监察


class Seat(StrEnum):
    """A lane of a diagram: an office relative to the case (岗位)."""

    APPLICANT = "申请人"
    RECEIVING_SCHOOL = "转入学校"
    RECEIVING_COUNTY = "转入县级"
    RECEIVING_CITY = "转入市级"
    RECEIVING_PROVINCE = "转入省级"
    RELEASING_SCHOOL = "转出学校"
    RELEASING_COUNTY = "转出县级"
    RELEASING_CITY = "转出市级"
    RELEASING_PROVINCE = "转出省级"
    OUTSIDE = "外省"


class Sex(StrEnum):
    """Sex (性别)."""

    MALE = "male"
    FEMALE = "female"


class IdentityType(StrEnum):
    """Kind of identity document (身份证件类型): domain 4.1."""

    RESIDENT = "resident"  # 居民身份证
    HONG_KONG = "hong_kong"
    MACAU = "macau"
    TAIWAN = "taiwan"
    PERMANENT_RESIDENCE = "permanent_residence"
    PASSPORT = "passport"
    OTHER = "other"


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


class OverlayKind(StrEnum):
    """What lies over the primary state (叠加状态): domain 4.2."""

    ON_LEAVE = "on_leave"  # 请假
    PROBLEM = "problem"  # 问题学籍
    VERIFICATION_LOCK = "verification_lock"  # 核验锁
    SANCTION = "sanction"  # 处分期


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


class ChangeKind(StrEnum):
    """Kind of registry change (异动类别)."""

    TRANSFER = "transfer"  # 转学


class CaseState(StrEnum):
    """Life cycle of a change request (申请状态): domain 3.0.1."""

    DRAFT = "draft"  # 草稿
    IN_REVIEW = "in_review"  # 核办中
    RETURNED = "returned"  # 退回补正
    REJECTED = "rejected"  # 核办不通过
    WITHDRAWN = "withdrawn"  # 申请人撤回
    REVOKED = "revoked"  # 撤销
    TERMINATED = "terminated"  # 在办业务清理
    COMPLETED = "completed"  # 已办结

    @property
    def is_open(self) -> bool:
        """True while the change is in-progress business (在办业务)."""
        return self in OPEN_CASE_STATES


OPEN_CASE_STATES = (CaseState.IN_REVIEW, CaseState.RETURNED)


class TaskState(StrEnum):
    """State of one step's task."""

    OPEN = "open"
    SUSPENDED = "suspended"  # the applicant is supplementing; the clock stands still
    DONE = "done"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What an officer may decide (审批动作): domain 3.0.4b."""

    APPROVE = "approve"  # 通过
    REJECT = "reject"  # 不通过
    RETURN = "return"  # 退回补正
    ACKNOWLEDGE = "acknowledge"  # 备案


class EventKind(StrEnum):
    """What an entry of a case's history records."""

    OPENED = "opened"
    DECIDED = "decided"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    ACKNOWLEDGED = "acknowledged"
    RECORD_CONFLICT = "record_conflict"
    COMPLETED = "completed"


class NoticeKind(StrEnum):
    """What a notice tells (通知): domain 3.0.5."""

    SUBMITTED = "submitted"
    ARRIVED = "arrived"
    READDRESSED = "readdressed"  # 改派: the holder of the seat changed
    RETURNED = "returned"
    RECORD_CONFLICT = "record_conflict"
    RESUBMITTED = "resubmitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    COMPLETED = "completed"


# What asks somebody to take a task: for the first time, as its seat has another holder, or as the case is back.
ASKING_NOTICES = (NoticeKind.ARRIVED, NoticeKind.READDRESSED, NoticeKind.RESUBMITTED)


class MessageDirection(StrEnum):
    """Which way a message between two provinces goes."""

    OUT = "out"
    IN = "in"


class MessageKind(StrEnum):
    """What a message between two provinces says (外省往来): domain 3.1.4 V5, V7, V8."""

    REQUEST = "request"  # 请求转学
    VALIDATED = "validated"  # 校验通过
    REFUSED = "refused"  # 校验不通过, with codes
    DECIDED = "decided"  # 核办结果
    PULLED = "pulled"  # 已调档
    ENDED = "ended"  # 对方已终止


class TimerKind(StrEnum):
    """What a timer row does when it falls due."""

    REMINDER = "reminder"
    OVERDUE = "overdue"


class Relation(StrEnum):
    """A guardian's relation to the student (与学生关系)."""

    FATHER = "father"
    MOTHER = "mother"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class TransferReason(StrEnum):
    """Listed grounds of a transfer (转学理由): domain 3.1.2 T-P9."""

    HOUSEHOLD_MOVE = "household_move"  # 户籍或住址迁移
    PARENT_JOB_MOVE = "parent_job_move"  # 父母工作调动
    MIGRANT_RESIDENCE = "migrant_residence"  # 随迁子女居住地变动
    PARENT_ABROAD_OR_MILITARY = "parent_abroad_or_military"  # 父母出国、支边、军人
    SPECIAL_SCHOOL = "special_school"  # 进出特殊教育学校
    OTHER = "other"


class PaperKind(StrEnum):
    """Closed list of supporting papers (证明材料)."""

    PROOF_OF_RESIDENCE = "proof_of_residence"  # 居住证明
    HOUSEHOLD_REGISTER = "household_register"  # 户口簿
    BASIC_INFORMATION_SHEET = "basic_information_sheet"  # 学籍基础信息表
    JOB_MOVE_PROOF = "job_move_proof"  # 工作调动证明
    TRANSFER_FORM = "transfer_form"  # 转学申请表(附表三)
    OTHER_PROOF = "other_proof"  # 其他证明
