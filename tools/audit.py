"""List the dependencies, and look up what is known against them.

    python tools/audit.py --sbom dist/sbom.json    a bill of materials (CycloneDX, JSON)
    python tools/audit.py                          what pip-audit knows of the locked versions

Both take what `uv.lock` holds for a user with all extras: not the tools for tests and
documentation. Exit status of the audit: 0 nothing known, 1 something is known, 2 the data of
known faults could not be had, so that nothing was audited.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import ROOT, find_uv

BIN = ROOT / ".venv-audit" / "bin"
_NO_DATA = "Try again where the package index answers questions about known faults."


def main() -> int:
    """Do what the command line asks for; return the exit status."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--sbom", type=Path, metavar="FILE", help="write the bill of materials")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "requirements.txt"
        export = [find_uv(), "export", "--quiet", "--frozen", "--no-default-groups",
                  "--all-extras", "--no-emit-project", "--output-file", str(listing)]  # fmt: skip
        if subprocess.run(export, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode:
            return 2
        return bill(listing, asked.sbom) if asked.sbom else audit(listing)


def bill(listing: Path, target: Path) -> int:
    """Write the bill of materials of the listed packages."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [str(BIN / "cyclonedx-py"), "requirements", str(listing), "--pyproject",
               str(ROOT / "pyproject.toml"), "--output-reproducible", "--of", "JSON",
               "--output-file", str(target)]  # fmt: skip
    made = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if made.returncode:
        print(f"The bill of materials was not written: {last_line(made.stderr)}")
        return 2
    held = json.loads(target.read_text(encoding="utf-8"))
    print(f"{target}: {len(held['components'])} packages, CycloneDX {held['specVersion']}")
    return 0


def audit(listing: Path) -> int:
    """Look the listed packages up, and print what is known against them."""
    command = [str(BIN / "pip-audit"), "--requirement", str(listing), "--require-hashes",
               "--disable-pip", "--progress-spinner", "off", "--format", "json"]  # fmt: skip
    made = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    try:
        packages = json.loads(made.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print(f"Nothing was audited: {last_line(made.stderr)}. {_NO_DATA}")
        return 2
    skipped = [one for one in packages if "skip_reason" in one]
    found = [(one, fault) for one in packages for fault in one.get("vulns", ())]
    for one, fault in found:
        mend = ", ".join(fault["fix_versions"]) or "none yet"
        print(f"{one['name']} {one['version']}: {fault['id']}; mended in: {mend}")
    if len(skipped) == len(packages):
        print(f"Nothing was audited: no package is known to the source of known faults. {_NO_DATA}")
        return 2
    for one in skipped:
        print(f"{one['name']}: not audited ({one['skip_reason']})")
    print(f"{len(packages) - len(skipped)} packages audited, {len(found)} known faults")
    return 1 if found else 0


def last_line(told: str) -> str:
    """Return the last line that says something."""
    return next((line.strip() for line in reversed(told.splitlines()) if line.strip()), "no reason")


if __name__ == "__main__":
    sys.exit(main())
