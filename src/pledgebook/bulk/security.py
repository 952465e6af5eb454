"""Who may be listened to: loopback without more, any other machine by TLS with certificates only.

Dask sends pickles, and whoever can send a pickle to a process can run what he likes in it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pledgebook.errors import UsageError

if TYPE_CHECKING:
    from distributed.security import Security

__all__ = ["LOOPBACK", "TlsFiles", "security_for"]

LOOPBACK = "127.0.0.1"
_CONFIG = ("ca-file", "client.cert", "client.key")


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Paths of PEM files for a cluster elsewhere: who vouches for it, and who we are to it."""

    ca: str
    cert: str
    key: str


def security_for(cluster: str, tls: TlsFiles | None) -> Security | None:
    """Return what a connection to a scheduler has to fulfil; None on loopback, by plain TCP.

    `tcp://` is for loopback addresses alone. `tls://` needs certificates, given here or in Dask's
    own configuration. Raises UsageError for anything else.
    """
    try:
        parts = urlsplit(cluster)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in ("tcp", "tls") or host is None or port is None:
        raise UsageError(
            f"{cluster!r} is no address of a Dask scheduler",
            where="--cluster",
            mend="Give one such as tcp://127.0.0.1:8786 or tls://scheduler.example.org:8786",
        )
    if scheme == "tls":
        return _with_certificates(cluster, tls)
    if not _is_loopback(host):
        raise UsageError(
            f"{cluster} is not on this machine, and Dask would take and run pickles from anybody"
            " who reaches it",
            where="--cluster",
            mend="Start the cluster with TLS and give tls://, with --tls-ca, --tls-cert and"
            " --tls-key",
        )
    return None


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_certificates(cluster: str, tls: TlsFiles | None) -> Security:
    import dask
    from distributed.security import Security

    configured = [dask.config.get(f"distributed.comm.tls.{name}", None) for name in _CONFIG]
    ca, cert, key = (tls.ca, tls.cert, tls.key) if tls is not None else configured
    if not (ca and cert and key):
        raise UsageError(
            f"{cluster} needs certificates: whose signature is trusted, and our own",
            where="--cluster",
            mend="Give --tls-ca, --tls-cert and --tls-key, or set them in Dask's configuration",
        )
    for path in (ca, cert, key):
        # Dask takes the text of a certificate too.
        if "\n" not in path and not Path(path).is_file():
            raise UsageError("there is no such file", where=path, mend="Check the path")
    return Security(  # type: ignore[no-untyped-call]
        tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True
    )
