"""The files in which a gazette arrives, made into the plain text that the parser reads: pure."""

from gazette.sources.kinds import read_text

__all__ = ["read_text"]
