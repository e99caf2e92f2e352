"""Who people are: their roles, their bonds, their documents."""

from enum import StrEnum


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


class Relation(StrEnum):
    """A guardian's relation to the student (与学生关系)."""

    FATHER = "father"
    MOTHER = "mother"
    GRANDPARENT = "grandparent"
    OTHER = "other"


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
