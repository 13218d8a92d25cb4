"""Step 1 of the flow: a photo in any shape becomes an upright RGB `Image`.

`read` is the only door. What the bytes are is decided by the bytes, never by the file's name;
size limits are checked before anything is decoded; and whatever is wrong with a photo comes out
as an `ImageError` with a hint.
"""

from lookalike.images.limits import KEPT, Limits
from lookalike.images.read import buffered, read, read_bytes
from lookalike.images.write import encode_jpeg

__all__ = ["KEPT", "Limits", "buffered", "encode_jpeg", "read", "read_bytes"]
