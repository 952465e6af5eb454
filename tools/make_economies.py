"""Make the data file of economies: population and GDP of states, each with its year and source.

    npm pack cldr-core && tar xzf cldr-core-*.tgz
    python tools/make_economies.py --cldr package --kiel Country_Summary.csv

Population and GDP at purchasing power parity are those of the Unicode CLDR (npm package
`cldr-core`, supplemental/territoryInfo.json). Nominal GDP is that of the sheet "Country Summary" of
the Ukraine Support Tracker, release 7 of October 2022, which took it from the World Bank. Writes
src/pledgebook/ledger/data/economies.toml, or the file that --into names.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "pledgebook" / "ledger" / "data" / "economies.toml"

HEAD = """\
# Population and GDP of states, by which burden shares are reckoned. Written by
# tools/make_economies.py: run it again rather than edit this.
#
# The measures `population` and `gdp_ppp` are data of the Unicode CLDR, under this notice:
#
"""

MEASURES = """
[measure.population]
title = "population"
unit = "person"
year = "{cldr_year}"
source = "Unicode CLDR {cldr}, territoryInfo, from the World Bank and other public sources"
url = "https://www.npmjs.com/package/cldr-core/v/{package}"
note = "CLDR gives no year for single figures; they were the newest at hand when it was released"

[measure.gdp_ppp]
title = "GDP at purchasing power parity"
unit = "international dollar"
year = "{cldr_year}"
source = "Unicode CLDR {cldr}, territoryInfo, from the World Bank and other public sources"
url = "https://www.npmjs.com/package/cldr-core/v/{package}"
note = "CLDR gives no year for single figures; they were the newest at hand when it was released"

[measure.gdp_nominal]
title = "nominal GDP"
unit = "US dollar"
year = "2020"
source = "World Bank, as given in sheet Country Summary of {kiel}"
url = "https://www.ifw-kiel.de/topics/war-against-ukraine/ukraine-support-tracker/"
note = "the sheet heads them GDP (2021), but they are what the World Bank gave for 2020"
"""

KIEL = "the Ukraine Support Tracker 7, October 2022 (Antezza et al., Kiel Working Paper 2218)"

# The year in which a version of CLDR was released: its data is no newer.
RELEASED = {"46": 2024, "47": 2025, "48": 2025}

# Rows of the sheet that are no state.
NO_STATE = ("EU (Commission and Council)", "Total")


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cldr", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--kiel", type=Path, required=True, help="Country_Summary.csv")
    parser.add_argument("--into", type=Path, default=TARGET)
    wanted = parser.parse_args()
    catalogue = load_catalogue()
    found = territories(wanted.cldr, catalogue)
    for code, value in nominal(wanted.kiel, catalogue).items():
        found.setdefault(code, {})["gdp_nominal"] = value
    package = json.loads((wanted.cldr / "package.json").read_text("utf-8"))["version"]
    notice = (wanted.cldr / "LICENSE").read_text("utf-8").strip().splitlines()
    cldr = package.split(".")[0]
    year = f"up to {RELEASED[cldr]}"
    lines = [HEAD, *(f"# {line}".rstrip() + "\n" for line in notice)]
    lines.append(MEASURES.format(cldr=cldr, package=package, cldr_year=year, kiel=KIEL))
    for code, values in sorted(found.items()):
        lines.append(f'\n[[economy]]\ncode = "{code}"\n')
        lines += [f"{name} = {value}\n" for name, value in values.items()]
    wanted.into.write_text("".join(lines), "utf-8")


def territories(folder: Path, catalogue: Catalogue) -> dict[str, dict[str, int]]:
    """Return population and GDP at purchasing power parity of the states that the catalogue has."""
    supplemental = folder / "supplemental"
    info = _read(supplemental / "territoryInfo.json")["territoryInfo"]
    codes = _read(supplemental / "codeMappings.json")["codeMappings"]
    found = {}
    for short, territory in info.items():
        # CLDR's own code of Kosovo is XKK; most others, and the catalogue, write XKX.
        code = "XKX" if short == "XK" else codes.get(short, {}).get("_alpha3")
        party = catalogue.parties.get(code or "")
        if party is not None and party.kind == "state":
            found[party.code] = {
                "population": int(territory["_population"]),
                "gdp_ppp": int(territory["_gdp"]),
            }
    return found


def nominal(path: Path, catalogue: Catalogue) -> dict[str, int]:
    """Return nominal GDP in whole dollars."""
    found = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in list(csv.reader(lines))[5:]:
            name = row[1].strip()
            party = catalogue.find_party(name) if name and name not in NO_STATE else None
            if party is not None:
                found[party.code] = round(float(row[7]) * 1e9)
    return found


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))["supplemental"]
    return content


if __name__ == "__main__":
    main()
