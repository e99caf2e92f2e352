"""What a change of the registry is about: its kind, what an application for it says, which papers it needs."""

from enum import StrEnum


class ChangeKind(StrEnum):
    """Kind of registry change (异动类别)."""

    TRANSFER = "transfer"  # 转学
    SUSPENSION = "suspension"  # 休学, and its renewal (续休)
    READMISSION = "readmission"  # 复学
    WITHDRAWAL = "withdrawal"  # 退学, also deemed (自动退学)
    KEY_DATA = "key_data"  # 关键信息变更
    MAJOR = "major"  # 转专业
    STUDY_FORM = "study_form"  # 学习形式变更
    DEPARTURE = "departure"  # 离校: 出国, 失踪, 死亡, 其他
    REGISTRATION = "registration"  # 新生注册
    RESERVATION = "reservation"  # 保留入学资格
    ADMISSION_END = "admission_end"  # 放弃、取消入学资格
    EXPULSION = "expulsion"  # 开除学籍
    CANCELLATION = "cancellation"  # 取消学籍
    SKIP_GRADE = "skip_grade"  # 跳级
    DUPLICATE_DIPLOMA = "duplicate_diploma"  # 毕业证明书补办
    PLACEMENT = "placement"  # 顶岗实习申报


class TransferReason(StrEnum):
    """Listed grounds of a transfer (转学理由): domain 3.1.2 T-P9."""

    HOUSEHOLD_MOVE = "household_move"  # 户籍或住址迁移
    PARENT_JOB_MOVE = "parent_job_move"  # 父母工作调动
    MIGRANT_RESIDENCE = "migrant_residence"  # 随迁子女居住地变动
    PARENT_ABROAD_OR_MILITARY = "parent_abroad_or_military"  # 父母出国、支边、军人
    SPECIAL_SCHOOL = "special_school"  # 进出特殊教育学校
    TRACK = "track"  # 普职互转
    OTHER = "other"


class SuspensionReason(StrEnum):
    """Listed grounds of a suspension (休学事由): domain 3.2."""

    ILLNESS = "illness"  # 因病, by a hospital's advice
    CONTAGION = "contagion"  # 传染病
    LEAVE = "leave"  # 请假超过规定
    WORK_STUDY = "work_study"  # 工学交替
    MILITARY = "military"  # 服兵役
    ABROAD = "abroad"  # 出国
    SENTENCE = "sentence"  # 服刑
    OTHER = "other"


class WithdrawalReason(StrEnum):
    """Listed grounds of a withdrawal (退学事由): domain 3.4. The first two are wished, the others deemed."""

    VOLUNTARY = "voluntary"  # 本人申请
    ILLNESS = "illness"  # 患病无法继续学习
    SUSPENSION_EXPIRED = "suspension_expired"  # 休学期满不复学
    SUSPENDED_TOO_LONG = "suspended_too_long"  # 连续休学两年仍不能复学
    STUDY_YEARS = "study_years"  # 超过最长学习年限
    TRUANCY = "truancy"  # 旷课
    ABSENCE = "absence"  # 擅自离校


class MajorReason(StrEnum):
    """Listed grounds of a change of major (转专业事由): domain 3.5."""

    TALENT = "talent"  # 特长或兴趣, 有利于就业
    HEALTH = "health"  # 疾病或生理缺陷
    MAJOR_CLOSED = "major_closed"  # 复学后原专业停办
    DIRECTION = "direction"  # 按专业大类注册, 现已分流到专业方向
    OTHER = "other"  # 其他正当理由


class DepartureReason(StrEnum):
    """Why a student leaves the registry otherwise than by a withdrawal (离校原因): domain 3.13, 4.2."""

    ABROAD = "abroad"  # 出国就读
    OTHER = "other"  # 其他离校
    MISSING = "missing"  # 失踪
    DECEASED = "deceased"  # 死亡


class AdmissionEndReason(StrEnum):
    """Why somebody who was admitted is not registered (放弃、取消入学资格): domain 3.8.1, 3.8.3, 4.2."""

    ABANDONED = "abandoned"  # 本人放弃
    RECHECK_FAILED = "recheck_failed"  # 复查不合格
    TOO_LATE = "too_late"  # 保留期满未申请入学
    IRREGULAR = "irregular"  # 弄虚作假


class OtherRoll(StrEnum):
    """Another roll on which a new student is (其他学籍): domain 4.4 U5."""

    NONE = "none"
    TECHNICIAN = "technician"  # 技工院校
    SENIOR_HIGH = "senior_high"  # 普通高中


class CancellationReason(StrEnum):
    """Why a record should never have been (取消学籍事由): domain 3.13; S1A 5, S1B 36."""

    IRREGULAR_ENTRY = "irregular_entry"  # 违规入学
    IMPERSONATION = "impersonation"  # 冒名顶替
    FALSE_PAPERS = "false_papers"  # 提供虚假材料
    DOUBLE_REGISTRY = "double_registry"  # 双重学籍


class HowHeard(StrEnum):
    """How student and guardian were heard before a decision against them (听取陈述申辩): domain 3.13; S1B 28."""

    MEETING = "meeting"  # 当面谈话
    HEARING = "hearing"  # 听证会
    WRITTEN = "written"  # 书面陈述
    WAIVED = "waived"  # 经通知未到或放弃陈述


class Appeal(StrEnum):
    """What has come of an appeal against a sanction (申诉): domain 3.13; S1B 28."""

    NONE = "none"  # 未申诉
    UNDECIDED = "undecided"  # 复查中
    UPHELD = "upheld"  # 复查维持
    OVERTURNED = "overturned"  # 复查撤销或变更


class Newspaper(StrEnum):
    """In which newspaper the loss of a diploma was made known (遗失声明): domain 3.13; S1B 第三十七条."""

    COUNTY = "county"  # 县级以上报刊
    LOWER = "lower"  # 其他报刊或网络
    NONE = "none"


class ProofOfHospital(StrEnum):
    """Whose diagnosis there is (诊断证明): domain 3.2 SU-P1, 3.3 RE-P4."""

    COUNTY = "county"  # 县级以上医院
    LOWER = "lower"  # 其他医疗机构
    NONE = "none"


class PaperKind(StrEnum):
    """Closed list of supporting papers (证明材料)."""

    PROOF_OF_RESIDENCE = "proof_of_residence"  # 居住证明
    HOUSEHOLD_REGISTER = "household_register"  # 户口簿
    BASIC_INFORMATION_SHEET = "basic_information_sheet"  # 学籍基础信息表
    JOB_MOVE_PROOF = "job_move_proof"  # 工作调动证明
    TRANSFER_FORM = "transfer_form"  # 转学申请表(附表三)
    RELEASE_AGREEMENT = "release_agreement"  # 转出学校同意书
    DIAGNOSIS = "diagnosis"  # 诊断证明
    MEDICAL_RECORD = "medical_record"  # 病历
    MEDICAL_BILL = "medical_bill"  # 医疗费票据或出院小结
    WORK_STUDY_AGREEMENT = "work_study_agreement"  # 工学交替协议
    ENLISTMENT_NOTICE = "enlistment_notice"  # 入伍通知书
    PASSPORT_AND_VISA = "passport_and_visa"  # 护照和签证
    COURT_PAPER = "court_paper"  # 司法文书
    SUSPENSION_CERTIFICATE = "suspension_certificate"  # 休学证明
    HEALTH_CERTIFICATE = "health_certificate"  # 康复证明
    WITHDRAWAL_APPLICATION = "withdrawal_application"  # 退学申请书
    IDENTITY_CARD = "identity_card"  # 身份证
    REGISTRY_CARD = "registry_card"  # 学籍卡
    NOTIFICATION_EVIDENCE = "notification_evidence"  # 告知凭证
    ATTENDANCE_RECORD = "attendance_record"  # 考勤记录
    MAJOR_APPLICATION = "major_application"  # 转专业申请表
    STUDY_FORM_APPLICATION = "study_form_application"  # 学习形式变更申请书
    DEATH_CERTIFICATE = "death_certificate"  # 死亡证明
    POLICE_CERTIFICATE = "police_certificate"  # 公安机关证明
    SCHOOL_STATEMENT = "school_statement"  # 学校情况说明
    ADMISSION_NOTICE = "admission_notice"  # 录取通知书
    SANCTION_DECISION = "sanction_decision"  # 处分决定书
    HEARING_RECORD = "hearing_record"  # 谈话或陈述申辩记录
    SERVICE_RECEIPT = "service_receipt"  # 送达回证
    GUARDIAN_PRESENCE = "guardian_presence"  # 监护人到场证明
    REEXAMINATION = "reexamination"  # 申诉复查决定
    INVESTIGATION_FINDINGS = "investigation_findings"  # 调查认定材料
    CERTIFICATE_RECOVERY = "certificate_recovery"  # 证书收回凭证
    SKIP_GRADE_APPLICATION = "skip_grade_application"  # 跳级申请表
    STUDY_RESULTS = "study_results"  # 学业成绩证明
    LOSS_NOTICE = "loss_notice"  # 刊登遗失声明的报刊
    PROOF_FORM = "proof_form"  # 毕业证明书申请表(附表五)
    BLUE_PHOTOS = "blue_photos"  # 二寸蓝底照片两张
    PLACEMENT_APPLICATION = "placement_application"  # 顶岗实习申请
    PLACEMENT_AGREEMENT = "placement_agreement"  # 顶岗实习协议
    ENTRANCE_SCORES = "entrance_scores"  # 中考成绩证明
    OTHER_PROOF = "other_proof"  # 其他证明


class FormField(StrEnum):
    """What an application says (申请信息), as far as it can be returned to be corrected: a field of its kind's form."""

    SCHOOL = "to_school_id"
    GRADE = "grade"
    SCHOOLING_YEARS = "schooling_years"
    REASON = "reason"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    HOSPITAL = "hospital"
    HOSPITAL_NAME = "hospital_name"
    REST_MONTHS = "rest_months"
    HOURS_MISSED = "hours_missed"
    RETURNS_ON = "returns_on"
    ABSENT_SINCE = "absent_since"
    DESTINATION = "destination"
    GROUND = "ground"
    FOUND_ON = "found_on"
    HEARD_ON = "heard_on"
    HOW_HEARD = "how_heard"
    GUARDIAN_PRESENT = "guardian_present"
    DECIDED_ON = "decided_on"
    SERVED_ON = "served_on"
    HOW_SERVED = "how_served"
    TOLD_OF_APPEAL = "told_of_appeal"
    APPEAL = "appeal"
    REEXAMINED_ON = "reexamined_on"
    VOID_CERTIFICATE = "void_certificate"
    PROGRESS_PROVEN = "progress_proven"
    MAJOR_CODE = "major_code"
    MAJOR_NAME = "major_name"
    STUDY_FORM = "study_form"
    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    ETHNICITY = "ethnicity"
    NATIVE_PLACE = "native_place"
    POLITICAL_STATUS = "political_status"
    ENTERED_ON = "entered_on"
    OTHER_ROLL = "other_roll"
    EXCEPTION = "exception"
    NEWSPAPER = "newspaper"
    NEWSPAPER_NAME = "newspaper_name"
    EMPLOYER = "employer"
    PLACE = "place"
    NOTE = "note"

    @property
    def is_key(self) -> bool:
        """Whether its change is another application, which every step looks at anew: domain 3.0.1."""
        return self is not FormField.NOTE
