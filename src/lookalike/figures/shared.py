"""A finished share card: pixels, words for those who cannot see them, and a file with both."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from xml.sax.saxutils import escape

from lookalike.errors import OptionError
from lookalike.figures.saving import write_figure

if TYPE_CHECKING:
    import os

    import numpy as np
    from numpy.typing import NDArray

#: EXIF's numbers for what a picture shows, who has rights in it, and what made it.
_DESCRIPTION: Final = 0x010E
_COPYRIGHT: Final = 0x8298
_SOFTWARE: Final = 0x0131

#: Alternative text has a field of its own since IPTC 2021; programs for web sites read it.
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">{alt}</rdf:li></rdf:Alt>
</Iptc4xmpCore:AltTextAccessibility>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{alt}</rdf:li></rdf:Alt></dc:description>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{credit}</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

_FORMATS: Final[dict[str, str]] = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
}


@dataclass(frozen=True, slots=True, eq=False)
class SharedCard:
    """A finished share card.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB.
    alt : str
        What it shows, for those who cannot see it.
    credit : str
        Whom the portrait is by, its licence and where it was published; empty if none is shown.
    """

    pixels: NDArray[np.uint8]
    alt: str
    credit: str

    def png(self) -> bytes:
        """Return the card as a PNG file.

        Returns
        -------
        bytes
            With `alt` and `credit` in its text chunks.
        """
        file = io.BytesIO()
        self._write(file, "PNG")
        return file.getvalue()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the card to a file, wholly or not at all.

        Parameters
        ----------
        path : str or path-like
            Its suffix chooses the format: png, jpg or webp. All carry `alt` and `credit`.

        Raises
        ------
        OptionError
            If the suffix is unknown or the file cannot be written.
        """
        path = Path(path)
        form = _FORMATS.get(path.suffix.lower())
        if form is None:
            raise OptionError(
                f"cannot tell the format of a card from {path.name!r}",
                "end the file name in one of: png, jpg, webp",
            )
        write_figure(path, lambda file: self._write(file, form))

    def _write(self, file: BinaryIO, form: str) -> None:
        from PIL import Image as Pictures
        from PIL.PngImagePlugin import PngInfo

        picture = Pictures.fromarray(self.pixels)
        xmp = _XMP.format(alt=escape(self.alt), credit=escape(self.credit))
        options: dict[str, Any] = {}
        if form == "PNG":
            # Names come in every script, which only this kind of chunk can hold.
            chunks = PngInfo()
            chunks.add_itxt("Description", self.alt, lang="en", tkey="Description")
            chunks.add_itxt("Copyright", self.credit, tkey="Copyright")
            chunks.add_itxt("Software", "lookalike", tkey="Software")
            chunks.add_itxt("XML:com.adobe.xmp", xmp)
            options = {"pnginfo": chunks, "compress_level": 6}
        else:
            exif = Pictures.Exif()
            exif[_DESCRIPTION] = self.alt.encode("utf-8")
            exif[_COPYRIGHT] = self.credit.encode("utf-8")
            exif[_SOFTWARE] = "lookalike"
            options = {"exif": exif.tobytes(), "xmp": xmp.encode("utf-8"), "quality": 92}
        picture.save(file, form, **options)
