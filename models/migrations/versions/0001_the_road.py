"""The road: divisions to decisions, in one schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("case_event", "access_log")

REFUSE_CHANGES = """
CREATE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: history is added to, never changed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("locale", sa.String(length=12), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "division",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("superior_code", sa.String(length=6), nullable=True),
        sa.CheckConstraint("level IN ('province', 'city', 'county')", name=op.f("level_is_known")),
        sa.ForeignKeyConstraint(
            ["superior_code"], ["division.code"], name=op.f("fk_division_superior_code_division")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_division")),
    )
    op.create_table(
        "number_counter",
        sa.Column("series", sa.String(length=60), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_serial >= 0", name=op.f("a_serial_is_not_negative")),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_counter")),
    )
    op.create_table(
        "process_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("process", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("versions_count_from_1")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_version")),
        sa.UniqueConstraint("process", "number", name="one_process_version_per_number"),
    )
    op.create_index(
        "one_version_in_force_per_process",
        "process_version",
        ["process"],
        unique=True,
        postgresql_where="retired_at IS NULL",
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_throttle")),
    )
    op.create_table(
        "student",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sex", sa.String(length=32), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("identity_type", sa.String(length=32), nullable=False),
        sa.Column("identity_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("identity_index", sa.LargeBinary(), nullable=True),
        sa.Column("number_kind", sa.String(length=32), nullable=True),
        sa.Column("registry_number", sa.String(length=19), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "identity_type IN ('resident', 'hong_kong', 'macau', 'taiwan', 'permanent_residence', 'passport', 'other')",
            name=op.f("identity_type_is_known"),
        ),
        sa.CheckConstraint(
            "number_kind <> 'F' OR registry_number ~ '^\\d{10}$'",
            name=op.f("a_fujian_vocational_number_has_ten_digits"),
        ),
        sa.CheckConstraint(
            "number_kind = 'F' OR registry_number ~ ('^' || number_kind || '\\d{17}[0-9X]$')",
            name=op.f("a_national_number_is_its_letter_and_eighteen_characters"),
        ),
        sa.CheckConstraint("number_kind IN ('G', 'L', 'J', 'F')", name=op.f("number_kind_is_known")),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("sex_is_known")),
        sa.CheckConstraint(
            "state IN ('admitted', 'reserved', 'admission_cancelled', 'admission_abandoned', 'enrolled', 'deferred', 'retained', 'suspended', 'transferred_out', 'withdrawn', 'expelled', 'cancelled', 'abroad', 'other_left', 'missing', 'deceased', 'graduated', 'completed', 'partial')",
            name=op.f("state_is_known"),
        ),
        sa.CheckConstraint(
            "(registry_number IS NULL) = (number_kind IS NULL)", name=op.f("a_number_has_a_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
    )
    op.create_index("identity_numbers_are_unique", "student", ["identity_index"], unique=True)
    op.create_index("registry_numbers_are_unique", "student", ["registry_number"], unique=True)
    op.create_table(
        "calendar_exception",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["year"],
            ["calendar_year.year"],
            name=op.f("fk_calendar_exception_year_calendar_year"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_exception")),
    )
    op.create_table(
        "guardianship",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "relation IN ('father', 'mother', 'grandparent', 'other')", name=op.f("relation_is_known")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("a_guardianship_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_guardianship_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_guardianship_student_id_student")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    op.create_index("ix_guardianship_student_id", "guardianship", ["student_id"], unique=False)
    op.create_index(
        "one_guardianship_per_guardian_and_student",
        "guardianship",
        ["account_id", "student_id"],
        unique=True,
        postgresql_where="valid_to IS NULL",
    )
    op.create_table(
        "office",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("superior_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("school_code", sa.String(length=10), nullable=True),
        sa.Column("rule_pack", sa.String(length=40), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'school') = (stage IS NOT NULL)", name=op.f("schools_and_only_schools_have_a_stage")
        ),
        sa.CheckConstraint("kind IN ('bureau', 'school')", name=op.f("kind_is_known")),
        sa.CheckConstraint("level IN ('county', 'city', 'province')", name=op.f("level_is_known")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("an_office_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_office_division_code_division")
        ),
        sa.ForeignKeyConstraint(["superior_id"], ["office.id"], name=op.f("fk_office_superior_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_index("ix_office_division_code_name", "office", ["division_code", "name"], unique=False)
    op.create_index("ix_office_superior_id", "office", ["superior_id"], unique=False)
    op.create_index(
        "one_bureau_per_division",
        "office",
        ["division_code"],
        unique=True,
        postgresql_where="kind = 'bureau' AND valid_to IS NULL",
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], unique=False)
    op.create_table(
        "student_overlay",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('on_leave', 'problem', 'verification_lock', 'sanction')", name=op.f("kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_student_overlay_student_id_student")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_overlay")),
    )
    op.create_index(
        "one_open_overlay_per_kind",
        "student_overlay",
        ["student_id", "kind"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )
    op.create_table(
        "term",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.CheckConstraint("closes_on > opens_on", name=op.f("a_term_closes_after_it_opens")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_term_division_code_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint(
            "division_code",
            "opens_on",
            name="one_term_per_division_and_opening",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "change_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("applicant_id", sa.BigInteger(), nullable=False),
        sa.Column("from_school_id", sa.BigInteger(), nullable=False),
        sa.Column("to_school_id", sa.BigInteger(), nullable=True),
        sa.Column("process_version_id", sa.BigInteger(), nullable=True),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seats", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("last_mac", sa.LargeBinary(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state <> 'draft' AND NOT state IN ('in_review', 'returned')) = (ended_at IS NOT NULL)",
            name=op.f("an_ended_case_has_its_time"),
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (number IS NULL)", name=op.f("a_submitted_case_has_a_number")
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("a_submitted_case_has_its_time")
        ),
        sa.CheckConstraint("kind IN ('transfer')", name=op.f("kind_is_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'returned', 'rejected', 'withdrawn', 'revoked', 'terminated', 'completed')",
            name=op.f("state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["account.id"], name=op.f("fk_change_request_applicant_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["from_school_id"], ["office.id"], name=op.f("fk_change_request_from_school_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["process_version_id"],
            ["process_version.id"],
            name=op.f("fk_change_request_process_version_id_process_version"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_change_request_student_id_student")
        ),
        sa.ForeignKeyConstraint(
            ["to_school_id"], ["office.id"], name=op.f("fk_change_request_to_school_id_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("number", name=op.f("uq_change_request_number")),
    )
    op.create_index("ix_change_request_student_id", "change_request", ["student_id"], unique=False)
    op.create_index(
        "one_draft_per_guardian_student_and_kind",
        "change_request",
        ["applicant_id", "student_id", "kind"],
        unique=True,
        postgresql_where="state = 'draft'",
    )
    op.create_index(
        "one_open_change_request_per_student",
        "change_request",
        ["student_id"],
        unique=True,
        postgresql_where="state IN ('in_review', 'returned')",
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=True),
        sa.Column("major_code", sa.String(length=10), nullable=True),
        sa.Column("major_name", sa.String(length=60), nullable=True),
        sa.Column("schooling_years", sa.Integer(), nullable=False),
        sa.Column("study_form", sa.String(length=32), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_as", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "ended_as IN ('admitted', 'reserved', 'admission_cancelled', 'admission_abandoned', 'enrolled', 'deferred', 'retained', 'suspended', 'transferred_out', 'withdrawn', 'expelled', 'cancelled', 'abroad', 'other_left', 'missing', 'deceased', 'graduated', 'completed', 'partial')",
            name=op.f("ended_as_is_known"),
        ),
        sa.CheckConstraint(
            "study_form IN ('full_time', 'part_time', 'flexible', 'adult')", name=op.f("study_form_is_known")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_as IS NULL)", name=op.f("an_ended_enrolment_says_as_what")
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 12", name=op.f("a_grade_is_from_1_to_12")),
        sa.ForeignKeyConstraint(["school_id"], ["office.id"], name=op.f("fk_enrolment_school_id_office")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_enrolment_student_id_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(
        "ix_enrolment_school_id_grade",
        "enrolment",
        ["school_id", "grade"],
        unique=False,
        postgresql_where="ended_on IS NULL",
    )
    op.create_index("ix_enrolment_student_id", "enrolment", ["student_id"], unique=False)
    op.create_index(
        "one_active_enrolment_per_person",
        "enrolment",
        ["student_id"],
        unique=True,
        postgresql_where="ended_on IS NULL",
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('registrar', 'lead', 'principal', 'handler', 'chief', 'deputy', 'approver', 'administrator', 'auditor')",
            name=op.f("role_is_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("a_membership_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_membership_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id", "office_id", "role", "valid_from", name="one_membership_per_role_and_day"
        ),
    )
    op.create_index("ix_membership_office_id_role", "membership", ["office_id", "role"], unique=False)
    op.create_table(
        "school_places",
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("places_are_not_negative")),
        sa.ForeignKeyConstraint(["school_id"], ["office.id"], name=op.f("fk_school_places_school_id_office")),
        sa.PrimaryKeyConstraint("school_id", "grade", name=op.f("pk_school_places")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("change_request_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_log_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_access_log_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_access_log_student_id_student")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_student_id_at", "access_log", ["student_id", "at"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("change_request_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("office_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("task_key", sa.String(length=120), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'decided', 'returned', 'resubmitted', 'rejected', 'withdrawn', 'revoked', 'acknowledged', 'record_conflict', 'completed')",
            name=op.f("kind_is_known"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_case_event_actor_id_account")),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_case_event_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_case_event_office_id_office")),
        sa.PrimaryKeyConstraint("change_request_id", "seq", name=op.f("pk_case_event")),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("change_request_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('proof_of_residence', 'household_register', 'basic_information_sheet', 'job_move_proof', 'transfer_form', 'other_proof')",
            name=op.f("kind_is_known"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("a_paper_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_paper_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_paper_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_index("ix_paper_change_request_id", "paper", ["change_request_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("change_request_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("step", sa.String(length=100), nullable=False),
        sa.Column("seat", sa.String(length=20), nullable=False),
        sa.Column("seat_office_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_role", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("vacant", sa.Boolean(), nullable=False),
        sa.Column("excluded_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'suspended') = (days_left IS NOT NULL)", name=op.f("a_suspended_task_keeps_its_days")
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'cancelled')) = (ended_at IS NOT NULL)",
            name=op.f("an_ended_task_has_its_time"),
        ),
        sa.CheckConstraint(
            "outcome IN ('approve', 'reject', 'return', 'acknowledge')", name=op.f("outcome_is_known")
        ),
        sa.CheckConstraint(
            "role IN ('registrar', 'lead', 'principal', 'handler', 'chief', 'deputy', 'approver', 'administrator', 'auditor')",
            name=op.f("role_is_known"),
        ),
        sa.CheckConstraint(
            "seat_role IN ('registrar', 'lead', 'principal', 'handler', 'chief', 'deputy', 'approver', 'administrator', 'auditor')",
            name=op.f("seat_role_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'suspended', 'done', 'cancelled')", name=op.f("state_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_task_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["account.id"], name=op.f("fk_task_ended_by_id_account")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_task_office_id_office")),
        sa.ForeignKeyConstraint(
            ["seat_office_id"], ["office.id"], name=op.f("fk_task_seat_office_id_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("change_request_id", "key", name="one_task_per_step_and_occurrence"),
    )
    op.create_index(
        "ix_task_ended_by_id",
        "task",
        ["ended_by_id", "ended_at"],
        unique=False,
        postgresql_where="ended_by_id IS NOT NULL",
    )
    op.create_index(
        "ix_task_inbox",
        "task",
        ["office_id", "role", "due_on", "id"],
        unique=False,
        postgresql_where="state = 'open'",
    )
    op.create_index(
        "ix_task_provisional",
        "task",
        ["id"],
        unique=False,
        postgresql_where="due_provisional AND state = 'open'",
    )
    op.create_index(
        "ix_task_vacant", "task", ["due_on", "id"], unique=False, postgresql_where="vacant AND state = 'open'"
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("change_request_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("office_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('submitted', 'arrived', 'returned', 'rejected', 'withdrawn', 'reminder', 'overdue', 'completed')",
            name=op.f("kind_is_known"),
        ),
        sa.CheckConstraint(
            "role IN ('registrar', 'lead', 'principal', 'handler', 'chief', 'deputy', 'approver', 'administrator', 'auditor')",
            name=op.f("role_is_known"),
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (office_id IS NULL) AND (office_id IS NULL) = (role IS NULL)",
            name=op.f("a_notice_is_for_an_account_or_for_a_role_in_an_office"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_notice_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_notice_office_id_office")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_notice_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "outbox_id",
            "account_id",
            "office_id",
            "role",
            name="one_notice_per_message_and_receiver",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_notice_account_id_id", "notice", ["account_id", "id"], unique=False)
    op.create_index("ix_notice_office_id_role_id", "notice", ["office_id", "role", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("change_request_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('submitted', 'arrived', 'returned', 'rejected', 'withdrawn', 'reminder', 'overdue', 'completed')",
            name=op.f("kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_outbox_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_outbox_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_table(
        "return_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("change_request_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_request_id"],
            ["change_request.id"],
            name=op.f("fk_return_request_change_request_id_change_request"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["account.id"], name=op.f("fk_return_request_requested_by_id_account")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_return_request_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_request")),
    )
    op.create_index(
        "one_open_return_per_case",
        "return_request",
        ["change_request_id"],
        unique=True,
        postgresql_where="resolved_at IS NULL",
    )
    op.create_table(
        "timer",
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reminder', 'overdue')", name=op.f("kind_is_known")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_timer_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_timer")),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"], unique=False)
    op.execute(REFUSE_CHANGES)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_changes()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes()"
        )


def downgrade() -> None:
    op.drop_index("ix_timer_due_at", table_name="timer")
    op.drop_table("timer")
    op.drop_index(
        "one_open_return_per_case", table_name="return_request", postgresql_where="resolved_at IS NULL"
    )
    op.drop_table("return_request")
    op.drop_table("outbox")
    op.drop_index("ix_notice_office_id_role_id", table_name="notice")
    op.drop_index("ix_notice_account_id_id", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_task_vacant", table_name="task", postgresql_where="vacant AND state = 'open'")
    op.drop_index(
        "ix_task_provisional", table_name="task", postgresql_where="due_provisional AND state = 'open'"
    )
    op.drop_index("ix_task_inbox", table_name="task", postgresql_where="state = 'open'")
    op.drop_index("ix_task_ended_by_id", table_name="task", postgresql_where="ended_by_id IS NOT NULL")
    op.drop_table("task")
    op.drop_index("ix_paper_change_request_id", table_name="paper")
    op.drop_table("paper")
    op.drop_table("case_event")
    op.drop_index("ix_access_log_student_id_at", table_name="access_log")
    op.drop_table("access_log")
    op.drop_table("school_places")
    op.drop_index("ix_membership_office_id_role", table_name="membership")
    op.drop_table("membership")
    op.drop_index(
        "one_active_enrolment_per_person", table_name="enrolment", postgresql_where="ended_on IS NULL"
    )
    op.drop_index("ix_enrolment_student_id", table_name="enrolment")
    op.drop_index("ix_enrolment_school_id_grade", table_name="enrolment", postgresql_where="ended_on IS NULL")
    op.drop_table("enrolment")
    op.drop_index(
        "one_open_change_request_per_student",
        table_name="change_request",
        postgresql_where="state IN ('in_review', 'returned')",
    )
    op.drop_index(
        "one_draft_per_guardian_student_and_kind",
        table_name="change_request",
        postgresql_where="state = 'draft'",
    )
    op.drop_index("ix_change_request_student_id", table_name="change_request")
    op.drop_table("change_request")
    op.drop_table("term")
    op.drop_index(
        "one_open_overlay_per_kind", table_name="student_overlay", postgresql_where="ended_at IS NULL"
    )
    op.drop_table("student_overlay")
    op.drop_index("ix_sign_in_account_id", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(
        "one_bureau_per_division",
        table_name="office",
        postgresql_where="kind = 'bureau' AND valid_to IS NULL",
    )
    op.drop_index("ix_office_superior_id", table_name="office")
    op.drop_index("ix_office_division_code_name", table_name="office")
    op.drop_table("office")
    op.drop_index(
        "one_guardianship_per_guardian_and_student",
        table_name="guardianship",
        postgresql_where="valid_to IS NULL",
    )
    op.drop_index("ix_guardianship_student_id", table_name="guardianship")
    op.drop_table("guardianship")
    op.drop_table("calendar_exception")
    op.drop_index("registry_numbers_are_unique", table_name="student")
    op.drop_index("identity_numbers_are_unique", table_name="student")
    op.drop_table("student")
    op.drop_table("sign_in_throttle")
    op.drop_index(
        "one_version_in_force_per_process",
        table_name="process_version",
        postgresql_where="retired_at IS NULL",
    )
    op.drop_table("process_version")
    op.drop_table("number_counter")
    op.drop_table("division")
    op.drop_table("calendar_year")
    op.drop_table("account")
    op.execute("DROP FUNCTION refuse_changes()")
