"""dlib's face recognition ResNet with 8-bit integers.

Notes
-----
The pixels of a crop are bytes already and enter the first convolution as they are. The last
layer, a product of 256 averages with a matrix, stays in float32: it takes no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.models.convert import dlib_resnet
from lookalike.models.convert.eight_bits import in_eight_bits

if TYPE_CHECKING:
    from pathlib import Path

#: Between which values each activation lies, by its name in the network of `build_folded`.
#: Made by recipes/eight-bits/measure.py. Other ranges are other vectors: another model.
_RANGES: Final = {
    "input": (0.0, 255.0),
    # 104 faces, and their mirror images.
    "x1": (0.0000, 15.3379),
    "x4": (0.0000, 14.3292),
    "x5": (-15.2113, 10.2518),
    "x7": (0.0000, 14.6458),
    "x9": (0.0000, 11.6808),
    "x10": (-15.6172, 14.6139),
    "x12": (0.0000, 21.0545),
    "x14": (0.0000, 11.2525),
    "x15": (-14.6074, 17.4770),
    "x17": (0.0000, 30.3149),
    "x19": (0.0000, 12.9408),
    "x20": (-8.7777, 10.2189),
    "x21": (0.0000, 19.4374),
    "x24": (0.0000, 17.3868),
    "x26": (0.0000, 7.0012),
    "x27": (-6.0479, 8.6115),
    "x29": (0.0000, 18.1920),
    "x31": (0.0000, 6.0578),
    "x32": (-7.5282, 9.9293),
    "x34": (0.0000, 23.5473),
    "x36": (0.0000, 7.6499),
    "x37": (-7.0856, 8.0656),
    "x39": (0.0000, 22.2182),
    "x41": (0.0000, 6.0956),
    "x42": (-4.5081, 6.7836),
    "x43": (0.0000, 12.9950),
    "x46": (0.0000, 11.5138),
    "x48": (0.0000, 4.5889),
    "x49": (-5.3282, 5.0464),
    "x51": (0.0000, 8.5350),
    "x53": (0.0000, 5.5362),
    "x54": (-5.8971, 5.7927),
    "x56": (0.0000, 9.5526),
    "x58": (0.0000, 5.6422),
    "x59": (-6.2515, 12.5174),
    "x60": (0.0000, 4.7974),
    "x64": (0.0000, 12.5174),
    "x66": (0.0000, 4.4090),
    "x67": (-6.5598, 4.5082),
    "x69": (0.0000, 9.5349),
    "x71": (0.0000, 3.4006),
    "x72": (-3.0489, 2.6017),
    "x74": (0.0000, 8.0863),
    "x76": (0.0000, 4.1064),
    "x77": (-3.0119, 2.1833),
    "x78": (0.0000, 4.4747),
    "x81": (0.0000, 4.8110),
}


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network from dlib's file, and round it.

    Parameters
    ----------
    files : dict of str to Path
        ``"resnet"``: ``dlib_face_recognition_resnet_model_v1.dat``.

    Returns
    -------
    dict of str to bytes
        ``"resnet"``: a serialized ONNX model, float32 (n, 3, 150, 150) RGB 0-255 in whole
        numbers, to (n, 128).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    """
    return {"resnet": in_eight_bits(dlib_resnet.build_folded(files)["resnet"], _RANGES)}
