"""A student may skip a grade."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KINDS = """'transfer', 'suspension', 'readmission', 'withdrawal', 'key_data', 'major', 'study_form', 'departure',
    'registration', 'reservation', 'admission_end', 'expulsion', 'cancellation'"""
PAPERS = """'proof_of_residence', 'household_register', 'basic_information_sheet', 'job_move_proof', 'transfer_form',
    'release_agreement', 'diagnosis', 'medical_record', 'medical_bill', 'work_study_agreement', 'enlistment_notice',
    'passport_and_visa', 'court_paper', 'suspension_certificate', 'health_certificate', 'withdrawal_application',
    'identity_card', 'registry_card', 'notification_evidence', 'attendance_record', 'major_application',
    'study_form_application', 'death_certificate', 'police_certificate', 'school_statement', 'admission_notice',
    'sanction_decision', 'hearing_record', 'service_receipt', 'guardian_presence', 'reexamination',
    'investigation_findings', 'certificate_recovery'"""
MORE_KINDS = "'skip_grade'"
MORE_PAPERS = "'skip_grade_application', 'study_results'"


def upgrade() -> None:
    _allow("change_request", f"{KINDS}, {MORE_KINDS}")
    _allow("proposal", f"{KINDS}, {MORE_KINDS}")
    _allow("paper", f"{PAPERS}, {MORE_PAPERS}, 'other_proof'")


def downgrade() -> None:
    _allow("change_request", KINDS)
    _allow("proposal", KINDS)
    _allow("paper", f"{PAPERS}, 'other_proof'")


def _allow(table: str, kinds: str) -> None:
    op.execute(f"""
        ALTER TABLE {table} DROP CONSTRAINT kind_is_known,
            ADD CONSTRAINT kind_is_known CHECK (kind IN ({kinds}))
    """)
