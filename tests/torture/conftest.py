from tests.supervision.conftest import _shared_county, county

__all__ = ["_shared_county", "county"]
