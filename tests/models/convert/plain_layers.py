"""The layers of networks in plain NumPy, after their formulas: slow, and hard to get wrong.

Arrays are (n, channels, rows, columns). Nothing here knows ONNX or the converters.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def framed(x, pad, value=0.0):
    rows, columns = pad
    return np.pad(x, ((0, 0), (0, 0), (rows, rows), (columns, columns)), constant_values=value)


def windows(x, kernel, stride):
    """Return all windows, shape (n, channels, rows, columns, *kernel)."""
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::stride, ::stride]


def conv(x, filters, bias=None, *, stride=1, pad=(0, 0)):
    seen = windows(framed(x, pad), filters.shape[2:], stride)
    y = np.tensordot(seen, filters, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
    return y if bias is None else y + bias[:, None, None]


def batch_norm(x, gain, bias, mean, variance, epsilon):
    shape = (1, -1) + (1,) * (x.ndim - 2)
    gain, bias, mean, variance = (part.reshape(shape) for part in (gain, bias, mean, variance))
    return (x - mean) / np.sqrt(variance + epsilon) * gain + bias


def join(parts):
    return np.concatenate(parts, axis=1)


def relu(x):
    return np.maximum(x, 0)


def max_pool(x, kernel, stride, pad=(0, 0)):
    return windows(framed(x, pad, -np.inf), (kernel, kernel), stride).max(axis=(4, 5))
