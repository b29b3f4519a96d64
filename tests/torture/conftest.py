from tests.supervision.conftest import county

__all__ = ["county"]
