from matters.models.draft import GuideDraft
from matters.models.file import GuideFile
from matters.models.matter import Matter, MatterVersion
from matters.models.parts import Condition, LegalBasis, Material, Step
from matters.models.timeout import TimeoutPolicy

__all__ = [
    "Condition",
    "GuideDraft",
    "GuideFile",
    "LegalBasis",
    "Material",
    "Matter",
    "MatterVersion",
    "Step",
    "TimeoutPolicy",
]
