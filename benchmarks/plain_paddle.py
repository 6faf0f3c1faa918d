"""PaddleOCR as its own documentation sets it up, on our weights, one thread: what we compare with."""

import os
from typing import Any

import cv2

from pipeline.reading.models import lay_models

DETECTOR = "PP-OCRv6_tiny_det"
TINY, SMALL = "PP-OCRv6_tiny_rec", "PP-OCRv6_small_rec"


def plain_paddle(recogniser: str, **more: Any) -> Any:
    """A `PaddleOCR` with that recogniser; `more` goes to it as it is."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from paddleocr import PaddleOCR

    cv2.setNumThreads(1)
    folders = lay_models(None)
    return PaddleOCR(
        engine="onnxruntime",
        engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1},
        device="cpu",
        text_detection_model_name=DETECTOR,
        text_detection_model_dir=str(folders[DETECTOR]),
        text_recognition_model_name=recogniser,
        text_recognition_model_dir=str(folders[recogniser]),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        text_det_limit_type="max",
        text_det_limit_side_len=1280,
        text_recognition_batch_size=1,
        **more,
    )
