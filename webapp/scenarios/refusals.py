"""`expect`: how a step of a scenario is to be refused, and whether it was refused so."""

from pydantic import Field, model_validator

from webapp.errors import Refusal
from webapp.scenarios.strict import Strict, UnexpectedError
from webapp.services.changes.eligibility import FailedRule, NotEligible


class Expect(Strict):
    """How a step is refused: by these rules, with this class of error, in a message that says this."""

    refused: tuple[str, ...] = Field(default=(), min_length=1)
    error: str | None = None
    says: str | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> "Expect":
        if not self.model_fields_set:
            raise ValueError("name refused, error or says")
        return self


def check_refusal(expect: Expect, refusal: Refusal) -> None:
    """UnexpectedError unless the refusal is as expected; every rule listed must be among the blocking ones."""
    failed = refusal.failed if isinstance(refusal, NotEligible) else ()
    blocking = {rule.rule for rule in failed if rule.blocks}
    as_expected = (
        blocking.issuperset(expect.refused)
        and expect.error in (None, type(refusal).__name__)
        and (expect.says or "") in words_of(refusal)
    )
    if not as_expected:
        raise UnexpectedError(f"refused otherwise: {words_of(refusal)}")


def words_of(refusal: Refusal) -> str:
    """Return the refusal as text: its class, what it says, and every rule with its source."""
    rules = refusal.failed if isinstance(refusal, NotEligible) else ()
    return " ".join([f"{type(refusal).__name__}: {refusal}", *map(words_of_rule, rules)])


def words_of_rule(rule: FailedRule) -> str:
    """Return as text what is said of a rule, with its source."""
    return f"{rule.rule} ({rule.severity}) {rule.message_zh} {rule.message_en} {rule.source}"
