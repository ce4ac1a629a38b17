"""Pictures are drawn afresh: what was written beside them (place, time, device, comments, other files) is gone."""

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from isva.refusal import Refusal

#: More points than any scan of a page has; a small file can claim to be far larger than a memory.
MOST_POINTS = 40_000_000


def drawn_afresh(content: bytes, kind: str) -> bytes:
    """The picture as its points alone, upright, in the same format. Raises Refusal, in words.

    Only the named format's own reader is asked, whatever the file claims to be.
    """
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise Image.DecompressionBombError
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            clear = kind == "PNG" and ("A" in upright.getbands() or "transparency" in upright.info)
            points = upright.convert("RGBA" if clear else "RGB")
    except Image.DecompressionBombError:
        raise Refusal(_("The picture is too large. Make it smaller and try again")) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refusal(_("The picture could not be read. Save it again and try once more")) from None
    points.info = {}
    drawn = io.BytesIO()
    points.save(drawn, format=kind, **({"quality": 90} if kind == "JPEG" else {"compress_level": 1}))
    return drawn.getvalue()
