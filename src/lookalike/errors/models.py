"""Why a network cannot be used."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class ModelError(LookalikeError):
    """A network cannot be used."""


class CardError(ModelError):
    """A model card lacks a field or has a wrong one."""


class WeightsMissing(ModelError):
    """The weights file is not where the card says."""


class ChecksumMismatch(ModelError):
    """The weights file is not the one that the card names."""


class DownloadFailed(ModelError):
    """None of the addresses gave the weights file."""


class Offline(ModelError):
    """A download is needed, and downloads have been forbidden."""


class WeightsUnwritable(ModelError):
    """A file of a model cannot be written: the disk is full, or the folder is read-only."""


class WeightsUnreadable(ModelError):
    """The weights file does not hold the network that its card names."""


class LicenceNotAccepted(ModelError):
    """The weights are not free for every use and nobody has accepted their terms."""


class ProviderMissing(ModelError):
    """The accelerator that was asked for is not available."""
