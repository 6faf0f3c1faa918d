"""From an opened page to its reading: text layer where it can be trusted, PaddleOCR elsewhere."""

from pipeline.reading.engine import Engine, Strength, engine_name
from pipeline.reading.material import STAGE_VERSION, read_material, read_opened, reading_version
from pipeline.reading.models import lay_models, model_hashes

__all__ = [
    "STAGE_VERSION",
    "Engine",
    "Strength",
    "engine_name",
    "lay_models",
    "model_hashes",
    "read_material",
    "read_opened",
    "reading_version",
]
