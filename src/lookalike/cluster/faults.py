"""What can be wrong with workers."""

from lookalike.errors import ClusterError


class ClusterUnreachable(ClusterError):
    """No scheduler answers at the address, or it has no workers."""


class ClusterLost(ClusterError):
    """The scheduler, or all workers, went away and did not come back in time."""


class ClusterMismatch(ClusterError):
    """Workers have another version of lookalike, other weights, or no lookalike at all."""
