"""Bring the scripts of others that the app serves: from their npm packages, as they are.

    python tools/vendored.py            fetch the versions named below and write them
    python tools/vendored.py --check    only hold what is there against what the packages hold

npm is needed. The interpreter of Vega's expressions is published as a module that imports from a
bare name, which a browser cannot resolve without a map inside the page; that one line is pointed at
the file beside it, which hands out what Vega itself exports.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src/pledgebook/web/static/vendor"
PACKAGES = {
    "htmx.org@2.0.11": {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"},
    "vega@6.4.0": {"build/vega.min.js": "vega.min.js", "LICENSE": "vega.LICENSE"},
    "vega-lite@6.4.3": {"build/vega-lite.min.js": "vega-lite.min.js",
                        "LICENSE": "vega-lite.LICENSE"},
    "vega-interpreter@2.3.2": {
        "build/vega-interpreter.js": "vega-interpreter.js", "LICENSE": "vega-interpreter.LICENSE",
    },
}  # fmt: skip
BARE, BESIDE = b"from 'vega-util'", b"from './vega-util.js'"
SHIM = """\
// What the interpreter takes from vega-util, which the script of Vega exports with its own.
export const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;
"""


def files_of(package: str, wanted: dict[str, str]) -> dict[str, bytes]:
    """Return the files of a package, by the names that they get here."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True
        )
        [archive] = Path(folder).glob("*.tgz")
        content = archive.read_bytes()
    found = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        for inner, name in wanted.items():
            file = packed.extractfile(f"package/{inner}")
            assert file is not None, f"{package} has no file {inner}"
            kept = [line for line in file.read().splitlines() if b"sourceMappingURL" not in line]
            found[name] = b"\n".join(kept).replace(BARE, BESIDE) + b"\n"
    return found


def main() -> int:
    """Fetch and write, or compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    files = {"vega-util.js": SHIM.encode()}
    for package, wanted in PACKAGES.items():
        files |= files_of(package, wanted)
    different = [
        name
        for name, content in files.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != content
    ]
    if check:
        print(f"other than published: {', '.join(different)}" if different else "as published")
        return int(bool(different))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
    print(f"wrote {len(files)} files, {len(different)} of them new or changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
