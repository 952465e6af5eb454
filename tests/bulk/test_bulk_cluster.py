"""Where the work is done: loopback alone without more, and elsewhere by TLS with certificates."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import dask
import psutil
import pytest
from bulk_cases import lines, readings
from distributed import Client, LocalCluster
from distributed.security import Security

from pledgebook.bulk import TlsFiles, read_bulk
from pledgebook.bulk.cluster import connected, dashboard_of, worker_count
from pledgebook.bulk.security import security_for
from pledgebook.errors import BulkError, UsageError


@pytest.mark.parametrize(
    "address",
    [
        "tcp://10.1.2.3:8786",
        "tcp://scheduler.example.org:8786",
        "tcp://0.0.0.0:8786",
        "tcp://[2001:db8::1]:8786",
        "tcp://127.0.0.1.example.org:8786",
        "tcp://127.0.0.1@10.1.2.3:8786",
    ],
)
def test_plain_tcp_to_another_machine_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="run pickles from anybody") as caught:
        security_for(address, None)
    assert "Start the cluster with TLS" in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "http://127.0.0.1:8786", "ucx://127.0.0.1:1", "tcp://127.0.0.1", "tcp://[:1"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a Dask scheduler"):
        security_for(address, None)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://[::1]:1", "tcp://localhost:1"])
def test_loopback_needs_no_certificates(address: str) -> None:
    assert security_for(address, None) is None


def test_tls_needs_all_its_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs certificates"):
        security_for("tls://scheduler.example.org:8786", None)
    missing = TlsFiles(str(tmp_path / "ca"), str(tmp_path / "cert"), str(tmp_path / "key"))
    with pytest.raises(UsageError, match="no such file"):
        security_for("tls://scheduler.example.org:8786", missing)


def test_a_cluster_that_runs_has_its_workers() -> None:
    with pytest.raises(UsageError, match="has its workers"), connected("tcp://127.0.0.1:1", 2):
        pass


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pledgebook.bulk.cluster._WAIT", "1s")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BulkError, match="no Dask scheduler answers there"), connected(address):
            pass


def test_every_part_listens_on_loopback_alone(client: Client) -> None:
    this = psutil.Process()
    listening = {
        connection.laddr.ip
        for process in [this, *this.children(recursive=True)]
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    assert worker_count(client) == 2


def test_no_link_to_a_dashboard_that_is_not_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pledgebook.bulk.cluster.find_spec", lambda _: None)
    assert dashboard_of(client) is None
    monkeypatch.setattr("pledgebook.bulk.cluster.find_spec", lambda _: object())
    link = dashboard_of(client)
    assert link is not None
    assert urlsplit(link).hostname == "127.0.0.1"


@pytest.fixture
def certificates(tmp_path: Path) -> tuple[Security, TlsFiles]:
    """What a cluster and its client know each other by."""
    made = Security.temporary()  # type: ignore[no-untyped-call]
    files = TlsFiles(*(str(tmp_path / name) for name in ("ca.pem", "cert.pem", "key.pem")))
    Path(files.ca).write_text(made.tls_ca_file)
    Path(files.cert).write_text(made.tls_client_cert)
    Path(files.key).write_text(made.tls_client_key)
    return made, files


def test_a_cluster_with_tls_is_used_and_turns_others_away(
    certificates: tuple[Security, TlsFiles], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    security, files = certificates
    (tmp_path / "a.jsonl").write_text(lines(range(12)))
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=1,
        threads_per_worker=1,
        host="tls://127.0.0.1",
        dashboard_address="127.0.0.1:0",
        security=security,
        silence_logs="CRITICAL",
    ) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://127.0.0.1:")
        report = read_bulk(
            tmp_path / "a.jsonl",
            tmp_path / "out",
            cluster=address,
            tls=files,
            batch_documents=5,
        )
        assert (report.documents, report.batches) == (12, 3)
        configured = {
            "distributed.comm.tls.ca-file": files.ca,
            "distributed.comm.tls.client.cert": files.cert,
            "distributed.comm.tls.client.key": files.key,
        }
        with dask.config.set(configured):
            again = read_bulk(tmp_path / "a.jsonl", tmp_path / "out", cluster=address)
        assert again.documents == 12
        # The scheduler speaks to nobody without a certificate of its authority, or in plain text.
        monkeypatch.setattr("pledgebook.bulk.cluster._WAIT", "2s")
        stranger = Security.temporary()  # type: ignore[no-untyped-call]
        own = TlsFiles(*(str(tmp_path / f"other-{name}") for name in ("ca", "cert", "key")))
        for path, text in zip(
            (own.ca, own.cert, own.key),
            (stranger.tls_ca_file, stranger.tls_client_cert, stranger.tls_client_key),
            strict=True,
        ):
            Path(path).write_text(text)
        for cluster_address, tls in ((address, own), (address.replace("tls", "tcp"), None)):
            with (
                pytest.raises(BulkError, match="no Dask scheduler"),
                connected(cluster_address, tls=tls),
            ):
                pass
        parts = urlsplit(address)
        context = ssl.create_default_context(cafile=files.ca)
        context.check_hostname = False
        where = parts.hostname or "", parts.port or 0
        with (
            socket.create_connection(where, timeout=5) as plain,
            context.wrap_socket(plain) as bare,
            pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"),
        ):
            # By TLS 1.3 the one who comes hears only with the first answer that he is refused.
            bare.recv(1)
    assert len(readings(tmp_path / "out")) == 12
