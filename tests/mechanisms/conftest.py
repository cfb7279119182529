"""The street of the mechanisms' stories."""

from tests.mechanisms.street import street

__all__ = ["street"]
