"""Getting workers: a few of one's own, or those behind a scheduler."""

from __future__ import annotations

import contextlib
import logging
import signal
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Final

import dask
from distributed import Client, LocalCluster, Security

from lookalike import __version__
from lookalike.cluster.looking import version
from lookalike.errors import ClusterMismatch, ClusterUnreachable, OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.cluster.options import ClusterOptions

#: Nothing of a photo goes to disk; and of one's own workers, two that end with a task are enough.
#: Nobody sees what workers would note a hundred times a second of what they are doing.
_SETTINGS: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.scheduler.allowed-failures": 1,
    # One's own cluster forgets a worker that is not back by then; ours are started again for ever.
    "distributed.deploy.lost-worker-timeout": "3650 days",
    "distributed.admin.tick.limit": "60s",
    "distributed.comm.timeouts.connect": "10s",
}


@contextlib.contextmanager
def hired(options: ClusterOptions) -> Iterator[Client]:
    """Have workers while the block runs; one's own go when it ends.

    Parameters
    ----------
    options : ClusterOptions
        Where they are.

    Yields
    ------
    Client
        Dask's, connected, with workers that run this version of lookalike.

    Raises
    ------
    ClusterUnreachable
        If there is no scheduler, or it has no workers.
    ClusterMismatch
        If workers have another lookalike, or none.
    """
    with dask.config.set(_SETTINGS), contextlib.ExitStack() as stack:
        if options.local:
            # What ends is said in our own words; Dask's would come between the progress bar.
            with _ctrl_c_for_this_thread_only():
                cluster = LocalCluster(
                    n_workers=options.local,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    # Without an address its pages would be open to the network.
                    scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                    memory_limit=0,
                    silence_logs=logging.CRITICAL,
                )
                stack.enter_context(cluster)
            client = stack.enter_context(Client(cluster, set_as_default=False))
        else:
            client = stack.enter_context(connected(options))
        await_workers(client, options, max(options.local, 1))
        require_same_version(client)
        yield client


@contextlib.contextmanager
def _ctrl_c_for_this_thread_only() -> Iterator[None]:
    """Let threads that start meanwhile, and processes that they start, not hear Ctrl-C.

    A terminal sends it to all of them, but only the command knows what to do about it. It waits
    until the block ends.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # When it starts, it lets the thread that starts it hear Ctrl-C again; so it starts before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def connected(options: ClusterOptions) -> Client:
    """Connect to a scheduler.

    Parameters
    ----------
    options : ClusterOptions
        Its address, and the certificates.

    Returns
    -------
    Client
        Dask's.

    Raises
    ------
    ClusterUnreachable
        If nobody answers.
    OptionError
        If the address is none.
    """
    try:
        return Client(
            options.scheduler,
            timeout=options.patience_s,
            security=security(options),
            set_as_default=False,
        )
    except (OSError, RuntimeError) as error:
        raise ClusterUnreachable(
            f"no scheduler answers at {options.scheduler}: {error}",
            "start one with: dask scheduler",
        ) from error
    except (ValueError, TypeError) as error:
        raise OptionError(
            f"{options.scheduler} is no address of a scheduler: {error}",
            "for example tcp://host:8786",
        ) from error


def security(options: ClusterOptions) -> Security:
    """Return how connections are encrypted.

    Parameters
    ----------
    options : ClusterOptions
        The folder of certificates, if there is one.

    Returns
    -------
    Security
        Dask's; without a folder, what Dask's configuration says.

    Raises
    ------
    OptionError
        If a file is not there.
    """
    if options.tls is None:
        return Security()
    files = {name: options.tls / f"{name}.pem" for name in ("ca", "cert", "key")}
    for path in files.values():
        if not path.is_file():
            raise OptionError(f"there is no {path}", "ca.pem, cert.pem and key.pem are needed")
    return Security(
        tls_ca_file=str(files["ca"]),
        tls_client_cert=str(files["cert"]),
        tls_client_key=str(files["key"]),
        require_encryption=True,
    )


def await_workers(client: Client, options: ClusterOptions, count: int = 1) -> None:
    """Wait until there are workers.

    Parameters
    ----------
    client : Client
        Connected.
    options : ClusterOptions
        Where, and how long to wait.
    count : int, default 1
        How many are enough.

    Raises
    ------
    ClusterUnreachable
        If none comes.
    """
    try:
        client.wait_for_workers(count, timeout=options.patience_s)
    except (TimeoutError, OSError) as error:
        where = options.scheduler or "this machine"
        raise ClusterUnreachable(
            f"no workers came within {options.patience_s:g} s at {where}",
            "start some with: dask worker ADDRESS --nthreads 1",
        ) from error


def require_same_version(client: Client) -> None:
    """Refuse workers with another lookalike.

    Parameters
    ----------
    client : Client
        Connected.

    Raises
    ------
    ClusterMismatch
        If there is one.
    """
    hint = f"install lookalike {__version__} on all machines, in the same Python"
    try:
        versions = client.run(version)
    except (ImportError, AttributeError) as error:
        raise ClusterMismatch(f"workers cannot load lookalike: {error}", hint) from error
    others = {where: one for where, one in versions.items() if one != __version__}
    if others:
        where, other = next(iter(others.items()))
        raise ClusterMismatch(f"{where} runs lookalike {other}, this is {__version__}", hint)
