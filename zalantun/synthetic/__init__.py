"""Invented records for tests at scale, marked as such and removable."""

from zalantun.synthetic.generating import Wanted, generate
from zalantun.synthetic.removing import remove_synthetic
from zalantun.synthetic.wording import MARK, SOURCE

__all__ = ["MARK", "SOURCE", "Wanted", "generate", "remove_synthetic"]
