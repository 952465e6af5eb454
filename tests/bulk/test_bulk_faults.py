"""Workers and drivers die, disks fill, documents kill: all the rest is read once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from bulk_cases import lines, readings, story
from distributed import Client

from disks import can_mount, mounted
from pledgebook.bulk import BulkFolder, BulkProgress, read_bulk
from pledgebook.bulk.running import run_tasks
from pledgebook.errors import BulkError

_ROOT = Path(__file__).resolve().parent


def undisturbed(client: Client, source: Path, output: Path, **how: object) -> object:
    read_bulk(source, output, client=client, **how)  # type: ignore[arg-type]
    return readings(output)


@contextmanager
def killing(times: Iterable[float]) -> Iterator[list[int]]:
    """Kill a worker process of this process after so many seconds, again and again."""
    stop = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        for seconds in times:
            if stop.wait(seconds):
                return
            workers = [
                one
                for one in psutil.Process().children(recursive=True)
                if "spawn_main" in " ".join(one.cmdline())
            ]
            if workers:
                one = random.choice(workers)
                killed.append(one.pid)
                one.send_signal(signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


@pytest.mark.usefixtures("log")
def test_workers_that_are_killed_cost_nothing(client: Client, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(lines(range(120)))
    how = {"coder": "slow", "batch_documents": 10}
    with killing([0.7, 2.5]) as killed:
        report = read_bulk(source, tmp_path / "out", client=client, **how)  # type: ignore[arg-type]
    assert killed
    assert (report.documents, report.failed, report.problems) == (120, 0, 0)
    assert readings(tmp_path / "out") == undisturbed(client, source, tmp_path / "two", **how)


@pytest.mark.soak
@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("seed", range(10))
def test_workers_killed_again_and_again(client: Client, tmp_path: Path, seed: int) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(lines(range(600)))
    chance = random.Random(seed)
    how = {"coder": "slow", "batch_documents": 10}
    with killing(chance.uniform(1, 8) for _ in range(100)) as killed:
        report = read_bulk(source, tmp_path / "out", client=client, **how)  # type: ignore[arg-type]
        again = read_bulk(source, tmp_path / "out", client=client, **how)  # type: ignore[arg-type]
    assert len(killed) > 2
    assert (again.documents, again.failed, again.problems) == (600, 0, 0)
    assert report.documents <= 600
    assert readings(tmp_path / "out") == undisturbed(client, source, tmp_path / "two", **how)


_DRIVER = """
import sys
from pledgebook.bulk import read_bulk

if __name__ == "__main__":
    source, output = sys.argv[1:]
    read_bulk(source, output, workers=1, batch_documents=5,
              progress=lambda one: print(one.stage, one.done, flush=True))
"""


def _driver(source: Path, output: Path, script: Path) -> subprocess.Popen[str]:
    script.write_text(_DRIVER)
    return subprocess.Popen(
        [sys.executable, script, source, output],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )


def test_a_driver_that_is_killed_takes_up_where_it_was(client: Client, tmp_path: Path) -> None:
    """Driver, scheduler and nannies are one process here: all of them die at one stroke."""
    source, output = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text(lines(range(250)))
    running = _driver(source, output, tmp_path / "driver.py")
    assert running.stdout is not None
    family: list[psutil.Process] = []
    for line in running.stdout:
        stage, done = line.split()
        # Manifests are written every two seconds: late enough that something is confirmed.
        if stage == "reading" and int(done) >= 1 and list((output / "manifest").iterdir()):
            family = psutil.Process(running.pid).children(recursive=True)
            running.kill()
            break
    running.wait()
    running.stdout.close()
    assert family
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive, "workers outlive their driver"
    report = read_bulk(source, output, client=client, batch_documents=5)
    assert report.documents == 250
    assert readings(output) == undisturbed(client, source, tmp_path / "two", batch_documents=5)
    kept = {path.stem for path in (output / "documents").rglob("*.parquet")}
    assert kept == {part.part for part in BulkFolder.open(str(output)).parts}
    assert not [path for path in output.rglob("*") if path.name.endswith(".part")]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(15))
def test_a_driver_killed_again_and_again(client: Client, tmp_path: Path, seed: int) -> None:
    source, output = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text(lines(range(600)))
    chance = random.Random(seed)
    for _ in range(4):
        running = _driver(source, output, tmp_path / "driver.py")
        time.sleep(chance.uniform(2, 9))
        running.kill()
        running.communicate()
    report = read_bulk(source, output, client=client, batch_documents=5)
    assert report.documents == 600
    assert readings(output) == undisturbed(client, source, tmp_path / "two", batch_documents=5)


def test_a_scheduler_that_dies_is_told_and_another_goes_on(client: Client, tmp_path: Path) -> None:
    source, output = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text(lines(range(120)))
    script = (
        "import time\nfrom distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    made = LocalCluster(n_workers=1, threads_per_worker=1, host='127.0.0.1',\n"
        "        dashboard_address='127.0.0.1:0', silence_logs='CRITICAL')\n"
        "    print(made.scheduler_address, flush=True)\n    time.sleep(600)\n"
    )
    (tmp_path / "scheduler.py").write_text(script)
    scheduler = subprocess.Popen(
        [sys.executable, tmp_path / "scheduler.py"], stdout=subprocess.PIPE, text=True
    )
    assert scheduler.stdout is not None
    address = scheduler.stdout.readline().strip()
    told: list[BulkProgress] = []

    def hear(progress: BulkProgress) -> None:
        told.append(progress)
        if progress.stage == "reading" and progress.done == 2:
            scheduler.kill()

    try:
        with pytest.raises(BulkError, match="the cluster is gone"):
            read_bulk(source, output, cluster=address, batch_documents=5, progress=hear)
    finally:
        scheduler.kill()
        scheduler.wait()
        scheduler.stdout.close()
    done = next(one for one in reversed(told) if one.stage == "reading").done
    report = read_bulk(source, output, client=client, batch_documents=5)
    assert report.kept >= done >= 2
    assert report.documents == 120
    assert readings(output) == undisturbed(client, source, tmp_path / "two", batch_documents=5)


def test_poison_is_isolated_and_the_rest_is_read_once(
    client: Client, log: Path, tmp_path: Path
) -> None:
    source, output = tmp_path / "a.jsonl", tmp_path / "out"
    made = [json.loads(line) for line in lines(range(40)).splitlines()]
    made[3]["text"] = " ".join(story(number) for number in range(50, 58)) + "\nCRASHWORD"
    made[7]["text"] = made[7]["text"].replace("said", "said HANGWORD", 1)
    # A near-copy of what cannot be read, a day later: it is read in its place.
    made[30]["text"] = made[3]["text"].replace("CRASHWORD", "By our own staff")
    made[30]["date"] = "2023-01-05"
    source.write_text("".join(json.dumps(one) + "\n" for one in made))
    how = {"coder": "misbehaving", "batch_documents": 10, "document_seconds": 2.0}
    report = read_bulk(source, output, client=client, **how)  # type: ignore[arg-type]
    assert (report.documents, report.copies, report.failed, report.errors) == (40, 0, 2, 2)
    problems = BulkFolder.open(str(output)).problems().collect().sort("source")
    assert problems.select("code", "source").rows() == [
        ("reader-crashed", f"{source}:4"),
        ("reader-hung", f"{source}:8"),
    ]
    assert {one.code for one in report.told} == {"reader-hung", "reader-crashed"}
    rows = BulkFolder.open(str(output)).documents().collect()
    assert set(rows.filter(rows["state"] == "failed")["name"]) == {"n3", "n7"}
    found = readings(output)
    assert {one.document.name for one in found.values()} == {f"n{n}" for n in range(40)} - {
        "n3",
        "n7",
    }
    # Again: what is known to be poison is not touched.
    seen = Counter(log.read_text().split())
    again = read_bulk(source, output, client=client, **how)  # type: ignore[arg-type]
    assert (again.batches, again.failed) == (0, 2)
    assert Counter(log.read_text().split()) == seen
    assert not set(problems["document"]) & seen.keys()


def _identity(number: int) -> int:
    return number


def _refuse(number: int) -> int:
    raise BulkError(f"number {number} is refused", where="here", mend="Give another")


def test_no_more_than_a_window_is_under_way(client: Client) -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(30):
            taken += 1
            yield number

    done = 0
    for _, result in run_tasks(client, _identity, numbers(), window=3):
        done += 1
        assert isinstance(result, int)
        assert taken <= done + 3
    assert done == 30


def test_what_a_task_raises_is_raised(client: Client) -> None:
    with pytest.raises(BulkError, match="here: number 1 is refused") as caught:
        list(run_tasks(client, _refuse, [1]))
    assert caught.value.mend == "Give another"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if not can_mount(tmp_path):
        pytest.skip("a small file system cannot be mounted here")
    with mounted(tmp_path / "small", 1024) as folder:
        yield folder


def test_a_full_disk_is_told_and_loses_nothing(
    client: Client, small_disk: Path, tmp_path: Path
) -> None:
    source, output = tmp_path / "a.jsonl", small_disk / "out"
    source.write_text(lines(range(60)))
    ballast = small_disk / "ballast"
    told: list[BulkProgress] = []

    def hear(progress: BulkProgress) -> None:
        told.append(progress)
        if progress.stage == "reading" and progress.done == 2 and not ballast.exists():
            with ballast.open("wb") as out:
                try:
                    while True:
                        out.write(bytes(4096))
                        out.flush()
                except OSError:
                    pass

    with pytest.raises(BulkError, match=r"no room left to write it.*Free some"):
        read_bulk(source, output, client=client, batch_documents=5, progress=hear)
    assert not [path for path in output.rglob("*") if path.name.endswith(".part")]
    ballast.unlink()
    report = read_bulk(source, output, client=client, batch_documents=5)
    assert report.documents == 60
    assert readings(output) == undisturbed(client, source, tmp_path / "two", batch_documents=5)


def test_a_folder_that_cannot_be_written_is_told(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(range(3)))
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BulkError, match="cannot be written"):
        read_bulk(tmp_path / "a.jsonl", tmp_path / "out", client=client)


def test_memory_of_a_worker_is_bounded(client: Client, tmp_path: Path) -> None:
    """A smoke test of the bound; benchmarks/bulk.py measures it over a long run."""
    source = tmp_path / "a.jsonl"
    source.write_text(lines(range(200)))
    read_bulk(source, tmp_path / "out", client=client, batch_documents=20)
    for used in client.run(lambda: psutil.Process().memory_info().rss).values():
        assert used < 500_000_000
