"""The flood command post in the API, by noun."""

from floodresponse.api.matrix import MatrixView

__all__ = ["MatrixView"]
