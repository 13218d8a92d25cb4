"""Running a network: the only place that knows ONNX Runtime.

Batches are cut into powers of two, so that the runtime only ever sees a handful of shapes and
its memory stays flat however many photos pass. A network that was exported for one batch size
gets batches of that size.

Cores that wait for one another sleep. ONNX Runtime lets them spin, which wins a millisecond on an
idle machine and loses most of the time where anything else wants to run, another session of the
same process included.

The runtime's official builds report to their maker over the network and leave a file with an id in
the temporary folder, from version 1.29 on Linux and macOS, too. Here they do neither, unless the
user has asked for it with ``ORT_DISABLE_TELEMETRY=0``.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

import numpy as np

# It looks only once, when it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

from lookalike.errors import ProviderMissing, WeightsUnreadable
from lookalike.models.store import ready
from lookalike.models.threads import threads_to_use, uses_one_core

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.models.card import Card

#: Short names of what can run a network, best first.
PROVIDERS: Final = {
    "tensorrt": "TensorrtExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
    "cpu": "CPUExecutionProvider",
}

_LARGEST_BATCH: Final = 32

#: Kinds of numbers that a network may want.
_INPUT_KINDS: Final = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
}

#: The shape of an input or output; None where any length will do.
Shape = tuple[int | None, ...]


def available_providers() -> tuple[str, ...]:
    """Return the short names of the providers that this installation has.

    Returns
    -------
    tuple of str
        Best first; ``"cpu"`` is always among them.
    """
    installed = set(onnxruntime.get_available_providers())
    return tuple(short for short, full in PROVIDERS.items() if full in installed)


class OnnxSession:
    """A network on ONNX Runtime, with one input. Safe to share between threads.

    Parameters
    ----------
    graph : Path
        An ONNX file.
    provider : str, default "cpu"
        A short name of `PROVIDERS`. Asked for and absent is an error, never a silent fallback.
    threads : int, optional
        Threads inside one run; all cores by default. A thread that has said `use_one_core` runs
        the network by itself.

    Attributes
    ----------
    provider : str
        What runs the network.
    name : str
        The file's name.
    input_shape : tuple of int or None
        Shape of a batch; None where any length will do.
    output_shapes : tuple of tuple of int or None
        Shapes of the outputs for such a batch.

    Raises
    ------
    ProviderMissing
        If the provider is not available.
    WeightsUnreadable
        If the file is not an ONNX network that can be run, or does not take one array.
    """

    def __init__(self, graph: Path, *, provider: str = "cpu", threads: int | None = None) -> None:
        present = available_providers()
        if provider not in present:
            raise ProviderMissing(
                f"the provider {provider!r} is not available here",
                f"available: {', '.join(present)}; others need another build of onnxruntime",
            )
        threads = threads or threads_to_use()
        self._session = _opened(graph, provider, threads)
        # ONNX Runtime falls back to the CPU without a word if a provider fails to start.
        if self._session.get_providers()[0] != PROVIDERS[provider]:
            raise ProviderMissing(
                f"the provider {provider!r} is installed but does not start",
                "check its driver; lookalike doctor --provider NAME says what runs",
            )
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type not in _INPUT_KINDS or not inputs[0].shape:
            found = ", ".join(f"{one.name}: {one.type} {one.shape}" for one in inputs)
            raise WeightsUnreadable(
                f"{graph.name} takes {found or 'nothing'}, expected one array of numbers"
            )
        self.provider = provider
        self.name = graph.name
        self._graph = graph
        # Other providers do not compute with the threads of the CPU.
        self._alone = None if provider == "cpu" and threads > 1 else self._session
        self._opening = threading.Lock()
        self.input_shape = _lengths(inputs[0].shape)
        self.output_shapes = tuple(_lengths(one.shape) for one in self._session.get_outputs())
        self._input = inputs[0].name
        self._kind = _INPUT_KINDS[inputs[0].type]

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Run the network.

        Parameters
        ----------
        batch : ndarray of shape (n, ...), float32
            What the network takes, with any number of rows.

        Returns
        -------
        tuple of ndarray
            The network's outputs, n rows each.
        """
        if len(batch) == 0:
            # One row tells the shapes of the outputs.
            blank = np.zeros((1, *batch.shape[1:]), np.float32)
            return tuple(output[:0] for output in self.run(blank))
        fixed = self.input_shape[0]
        parts = []
        at = 0
        while at < len(batch):
            size = fixed or min(_LARGEST_BATCH, 1 << ((len(batch) - at).bit_length() - 1))
            parts.append(self._run_once(batch[at : at + size]))
            at += size
        if len(parts) == 1:
            return parts[0]
        return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def _run_once(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        rows = len(batch)
        missing = (self.input_shape[0] or rows) - rows
        if missing:
            batch = np.concatenate([batch, np.zeros((missing, *batch.shape[1:]), batch.dtype)])
        session = self._on_one_core() if uses_one_core() else self._session
        outputs = session.run(None, {self._input: batch.astype(self._kind, copy=False)})
        return tuple(
            output.astype(np.float32) if output.dtype in (np.float16, np.float64) else output
            for output in (one[:rows] if missing else one for one in outputs)
        )

    def _on_one_core(self) -> onnxruntime.InferenceSession:
        """Return the network on one thread, opened when it is first wanted."""
        with self._opening:
            if self._alone is None:
                # A file that is gone by now has been opened all the same.
                there = self._graph.is_file()
                self._alone = _opened(self._graph, self.provider, 1) if there else self._session
            return self._alone


def _opened(graph: Path, provider: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=[PROVIDERS[provider]])
    except Exception as error:  # ONNX Runtime's errors share no narrower public base
        raise WeightsUnreadable(f"{graph.name} cannot be run: {error}") from error


def _lengths(shape: Sequence[object]) -> Shape:
    """Return a shape as ONNX Runtime gives it, with None for names and unknown lengths."""
    return tuple(length if isinstance(length, int) and length > 0 else None for length in shape)


def open_sessions(
    card: Card, *, provider: str = "cpu", threads: int | None = None
) -> dict[str, OnnxSession]:
    """Open all networks of a model, converting them first if need be.

    Parameters
    ----------
    card : Card
        The model.
    provider : str, default "cpu"
        A short name of `PROVIDERS`.
    threads : int, optional
        Threads inside one run; all cores by default.

    Returns
    -------
    dict of str to OnnxSession
        By the names of the model's parts.

    Raises
    ------
    ModelError
        One of its kinds, if the weights or the provider cannot be used.
    """
    return {
        part: OnnxSession(graph, provider=provider, threads=threads)
        for part, graph in ready(card).items()
    }
