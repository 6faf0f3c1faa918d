"""Pages of a material → documents with a kind."""

from pipeline.classify.split import split_material

__all__ = ["split_material"]
