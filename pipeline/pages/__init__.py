"""From one uploaded file to its pages as pictures, with a PDF's text layer and ruled lines."""

from pipeline.pages.material import OpenedMaterial, open_material
from pipeline.pages.page import LayerLine, OpenedPage, PageLimits, PageProblem
from pipeline.pages.picture import crop_quad, encode_picture

__all__ = [
    "LayerLine",
    "OpenedMaterial",
    "OpenedPage",
    "PageLimits",
    "PageProblem",
    "crop_quad",
    "encode_picture",
    "open_material",
]
