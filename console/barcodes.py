"""QR codes as the path of an SVG: no picture file, no style."""

from typing import Any

import zxingcpp


def qr_path(text: str) -> tuple[int, str]:
    """Side in modules, and the `d` of a path that draws the dark ones, quiet zone included."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    image: Any = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=True)
    rows: Any = memoryview(image).tolist()
    dark = (
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
        if not value
    )
    return len(rows), "".join(dark)
