"""A Dask cluster to work on: on the cores of this machine, or one that runs already."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pledgebook.bulk.security import LOOPBACK, TlsFiles, security_for
from pledgebook.errors import BulkError, UsageError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["connected", "dashboard_of", "worker_count"]

_WAIT = "30s"
_HEAL_SECONDS = 2.0
# The worker is one thread: a library with threads of its own would only fight the other workers.
_ENVIRONMENT = {"POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1"}
_CONFIG = {
    # We count deaths ourselves: a death that Dask counts in silence would be one try more.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.admin.tick.limit": "10s",
    # On a machine with much to do a worker takes long to come back.
    "distributed.deploy.lost-worker-timeout": "120s",
    # Dask's own profile looks at every worker a hundred times a second, while it reads.
    "distributed.worker.profile.enabled": False,
    "distributed.comm.timeouts.connect": _WAIT,
}


@contextmanager
def connected(
    cluster: str | None = None, workers: int | None = None, tls: TlsFiles | None = None
) -> Iterator[Client]:
    """Yield a client of a cluster: the one at an address, or one made for the purpose.

    The one that is made has `workers` processes of one thread (as many as there are cores), and
    listens on 127.0.0.1 alone. Raises UsageError for an address that is refused and BulkError
    where nothing answers.
    """
    if cluster is not None and workers is not None:
        raise UsageError(
            "a cluster that runs already has its workers",
            where="--workers",
            mend="Leave out --workers or --cluster",
        )
    if cluster is None:
        yield from _local(workers)
    else:
        yield from _remote(cluster, tls)


def worker_count(client: Client) -> int:
    """Return how many tasks the cluster can do at a time, at least 1."""
    threads: dict[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
    return max(1, sum(threads.values()))


def dashboard_of(client: Client) -> str | None:
    """Return the address of Dask's dashboard; None where it has none (it needs bokeh)."""
    if find_spec("bokeh") is None:
        return None
    link: str | None = client.dashboard_link
    return link or None


def _local(workers: int | None) -> Iterator[Client]:
    import dask
    from distributed import Client, LocalCluster

    count = workers or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else [0])
    if count < 1:
        raise UsageError(f"{workers} workers can do nothing", where="--workers")
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_CONFIG))
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="pledgebook-bulk-"))
        made: Any = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            # Without an address it is the usual port, on all interfaces.
            dashboard_address=f"{LOOPBACK}:0",
            worker_dashboard_address=None,
            local_directory=scratch,
            env=_ENVIRONMENT,
            silence_logs="CRITICAL",
        )
        stack.enter_context(made)
        stack.enter_context(_healed(made, count))
        client: Client = stack.enter_context(Client(made))  # type: ignore[no-untyped-call]
        yield client


@contextmanager
def _healed(cluster: Any, count: int) -> Iterator[None]:  # noqa: ANN401 - it has no types
    """Keep the number of workers up: a nanny gives up where a worker dies while it starts."""
    from distributed import Status

    stop = threading.Event()

    def heal() -> None:
        for name, nanny in list(cluster.workers.items()):
            if nanny.status in (Status.closed, Status.failed):
                del cluster.workers[name]
        if len(cluster.workers) < count:
            cluster.scale(count)

    def watch() -> None:
        while not stop.wait(_HEAL_SECONDS):
            cluster.loop.add_callback(heal)

    watching = threading.Thread(target=watch, name="pledgebook-heal", daemon=True)
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join()


def _remote(cluster: str, tls: TlsFiles | None) -> Iterator[Client]:
    from distributed import Client

    security = security_for(cluster, tls)
    try:
        client = Client(cluster, security=security, timeout=_WAIT)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise BulkError(
            "no Dask scheduler answers there",
            where=cluster,
            mend="Check the address and the certificates, and that it runs",
        ) from error
    with client:
        yield client
