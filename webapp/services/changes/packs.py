"""Under which rule packs a school stands (规则包), the most specific first: its own, or by region and stage."""

from collections.abc import Mapping

from models import Office
from webapp import errors
from workflows.decisions import DecisionTable


def rule_packs(tables: Mapping[str, DecisionTable], school: Office) -> tuple[str, ...]:
    """Return the packs that a school stands under, the most specific first: its own, or by region and stage."""
    if school.rule_pack is None:
        return regional_packs(tables, school.division_code[:2], stage_of(school))
    return _lineage(tables, school.rule_pack)


def regional_packs(tables: Mapping[str, DecisionTable], province: str, stage: str) -> tuple[str, ...]:
    """Return the packs of a province's schools of a stage, the most specific first."""
    chosen = tables["rule_pack"].decide({"province": province, "stage": stage}) or {}
    return _lineage(tables, str(chosen["pack"]))


def stage_of(school: Office) -> str:
    """Return a school's stage as the tables name it."""
    if school.stage is None:
        raise errors.NoSuchSchool
    return school.stage.value


def _lineage(tables: Mapping[str, DecisionTable], pack: str) -> tuple[str, ...]:
    return tuple(str(hit.outputs["member"]) for hit in tables["pack_lineage"].hits({"pack": pack}))
