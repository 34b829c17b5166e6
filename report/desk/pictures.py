"""The pictures of an imported file, as PNG or JPEG, which the report can use."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from report.limits import USUAL

_READABLE = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_ENOUGH = 3000
"""As many pixels are enough for the width of a page."""


def usable(data: bytes) -> tuple[str, bytes] | None:
    """The suffix and the bytes of a picture as PNG or JPEG; None when it cannot be read.

    PNG and JPEG stay as they are, unless they have more pixels than a page can show.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns of many pixels; they are counted here.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_READABLE) as picture:
                if picture.width * picture.height > USUAL.picture_pixels:
                    return None
                picture.load()
                return _converted(picture, data)
    # Pillow raises many kinds of errors for damaged files, struct.error among them.
    except Exception:
        return None


def _converted(picture: Image.Image, data: bytes) -> tuple[str, bytes]:
    fits = max(picture.size) <= _ENOUGH
    if fits and picture.format == "PNG":
        return ".png", data
    if fits and picture.format == "JPEG" and picture.mode in ("L", "RGB"):
        return ".jpg", data
    made: Image.Image = picture
    photograph = picture.format == "JPEG"
    if photograph or picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        made = picture.convert("RGB")
    if not fits:
        made = made.convert("RGB" if photograph else "RGBA")
        made.thumbnail((_ENOUGH, _ENOUGH))
    written = io.BytesIO()
    made.save(written, "JPEG" if photograph else "PNG", quality=90)
    return (".jpg" if photograph else ".png"), written.getvalue()
