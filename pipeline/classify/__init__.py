"""Pages of a material → documents with a kind."""

from pipeline.classify.by_hand import group_material
from pipeline.classify.split import split_material

__all__ = ["group_material", "split_material"]
