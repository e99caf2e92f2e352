"""A paper shows the scores of the senior-high entrance examination."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PAPERS = """'proof_of_residence', 'household_register', 'basic_information_sheet', 'job_move_proof', 'transfer_form',
    'release_agreement', 'diagnosis', 'medical_record', 'medical_bill', 'work_study_agreement',
    'enlistment_notice', 'passport_and_visa', 'court_paper', 'suspension_certificate', 'health_certificate',
    'withdrawal_application', 'identity_card', 'registry_card', 'notification_evidence', 'attendance_record',
    'major_application', 'study_form_application', 'death_certificate', 'police_certificate',
    'school_statement', 'admission_notice', 'sanction_decision', 'hearing_record', 'service_receipt',
    'guardian_presence', 'reexamination', 'investigation_findings', 'certificate_recovery',
    'skip_grade_application', 'study_results', 'loss_notice', 'proof_form', 'blue_photos',
    'placement_application', 'placement_agreement'"""


def upgrade() -> None:
    _allow(f"{PAPERS}, 'entrance_scores', 'other_proof'")


def downgrade() -> None:
    _allow(f"{PAPERS}, 'other_proof'")


def _allow(papers: str) -> None:
    op.execute(f"""
        ALTER TABLE paper DROP CONSTRAINT kind_is_known,
            ADD CONSTRAINT kind_is_known CHECK (kind IN ({papers}))
    """)
