"""Why workers cannot do it."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class ClusterError(LookalikeError):
    """Work cannot be shared out to other processes or machines."""


class ClusterUnreachable(ClusterError):
    """No scheduler answers at the address, or it has no workers."""


class ClusterLost(ClusterError):
    """The scheduler, or all workers, went away and did not come back in time."""


class ClusterMismatch(ClusterError):
    """Workers have another version of lookalike, other weights, or no lookalike at all."""
