"""QR and PDF417 codes on a page."""

import cv2

from pipeline.model.reading import Code, Quad
from pipeline.reading.engine import Image


def read_codes(image: Image) -> tuple[Code, ...]:
    """Codes on an upload's picture `(H, W, 3) uint8 BGR`, top to bottom; boxes in its pixels."""
    import zxingcpp  # here, not above: it complains aloud when a process that holds it ends

    formats = zxingcpp.BarcodeFormats(
        (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.PDF417)
    )
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    found = []
    for code in zxingcpp.read_barcodes(grey, formats=formats, try_invert=False):
        if not code.valid or not code.text:
            continue
        place = code.position
        box: Quad = (
            (float(place.top_left.x), float(place.top_left.y)),
            (float(place.top_right.x), float(place.top_right.y)),
            (float(place.bottom_right.x), float(place.bottom_right.y)),
            (float(place.bottom_left.x), float(place.bottom_left.y)),
        )
        name = str(code.format).replace(" ", "").replace("-", "").replace("BarcodeFormat.", "")
        found.append(Code(format=name, payload=code.text, box=box))
    return tuple(sorted(found, key=lambda c: (c.box[0][1], c.box[0][0], c.payload)))
