from matters.models.apart import MattersApart
from matters.models.bundle import Bundle
from matters.models.closing import MatterClosing
from matters.models.draft import GuideDraft
from matters.models.file import GuideFile
from matters.models.hall_promise import HallPromise
from matters.models.lint import LintReport
from matters.models.local import HallMatter
from matters.models.matter import Matter, MatterVersion
from matters.models.parts import Condition, LegalBasis, Material, Step
from matters.models.sameness import SamenessReport
from matters.models.timeout import TimeoutPolicy
from matters.models.tryout import GuideScenario, Tryout

__all__ = [
    "Bundle",
    "Condition",
    "GuideDraft",
    "GuideFile",
    "GuideScenario",
    "HallMatter",
    "HallPromise",
    "LegalBasis",
    "LintReport",
    "Material",
    "Matter",
    "MatterClosing",
    "MatterVersion",
    "MattersApart",
    "SamenessReport",
    "Step",
    "TimeoutPolicy",
    "Tryout",
]
