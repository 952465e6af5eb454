"""IATI activities: what transactions say, from one end only, and files that mean harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from releases_read import CATALOGUE, DATA, SHARED, codes, every, statements

from pledgebook.errors import SourceError
from pledgebook.exchange.iati import importer
from pledgebook.exchange.intake import data_table
from pledgebook.exchange.rows import Release
from pledgebook.vocabulary.statement import Statement

SAMPLES = SHARED / "exchange"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.fixture(scope="module")
def release() -> Release:
    return importer.read(DATA / "iati-activities.xml", CATALOGUE)


def the(release: Release, key: str) -> Statement:
    (said,) = statements(release)[key]
    return said


def money(said: Statement) -> tuple[float | None, str]:
    assert said.money is not None
    return said.money.high, said.money.currency


def transaction(code: str = "2", value: str = "10", **more: str) -> str:
    return (
        f'<transaction><transaction-type code="{code}"/><transaction-date iso-date="2024-01-01"/>'
        f'<value currency="EUR" value-date="2024-01-01">{value}</value>{more.get("inside", "")}'
        "</transaction>"
    )


def activity(id_: str, inside: str, reporter: str = "Norway") -> str:
    return (
        f"<iati-activity><iati-identifier>{id_}</iati-identifier>"
        f'<reporting-org ref="X" type="10"><narrative>{escape(reporter)}</narrative>'
        f'</reporting-org><recipient-country code="UA"/>{inside}</iati-activity>'
    )


def read(folder: Path, *activities: str, version: str = "2.03", head: str = HEAD) -> Release:
    path = folder / "iati.xml"
    inner = "".join(activities)
    path.write_text(
        f'{head}<iati-activities version="{version}">{inner}</iati-activities>', "utf-8"
    )
    return importer.read(path, CATALOGUE)


def test_a_pledge_of_the_reporter_in_the_currency_of_the_activity(release: Release) -> None:
    said = the(release, "NO-BRC-1-AAA/12/T1")
    assert (said.kind, said.actors, said.recipient) == ("pledge", ("NOR",), "UKR")
    assert (money(said), said.when) == ((2_500_000.5, "NOK"), "2024-01-02")
    assert said.item.category == "humanitarian-aid"
    assert "Transaction type: 12 Outgoing Pledge" in said.evidence.quote
    # It is the reporter who must be meant: what says so stands outside the evidence.
    assert {ground.field for ground in said.grounds} == {"actors", "speaker"}


def test_a_commitment_names_its_own_provider_country_and_currency(release: Release) -> None:
    said = next(one for one in every(release) if one.recipient == "MDA")
    assert (said.kind, said.actors, money(said)) == ("pledge", ("NOR",), (100_000, "USD"))
    assert said.evidence.quote.startswith("Provider: A ministry (XM-DAC-8)\n")


def test_a_disbursement_is_a_delivery_and_an_expenditure_is_spent(release: Release) -> None:
    said = [one for one in every(release) if one.money and one.money.currency == "NOK"]
    assert [(one.kind, one.money and one.money.high) for one in said] == [
        ("pledge", 2_500_000.5),
        ("delivery", 40_000),
        ("expenditure", 77),
    ]


def test_each_gift_speaks_from_one_end(release: Release) -> None:
    found = statements(release)
    # Norway's own activity reports the 40,000 kroner that the charity took in.
    assert found["XX-ORG-BBB/1/2024-03-04 Norway"] == []
    # Germany's commitment is at hand from the receiver only, who passes 8,000 on.
    german = the(release, "XX-ORG-BBB/11/2024-04-05 Germany")
    assert (german.kind, german.actors, german.item.category) == (
        "pledge",
        ("DEU",),
        "financial-aid",
    )
    assert found["XX-ORG-BBB/2/2024-04-06 Local body"] == []
    notes = "\n".join(release.notes)
    assert "for they are the other end of what a giver's activity reports: 1" in notes
    assert "for they pass on what their activity took in: 1" in notes


def test_what_is_below_zero_or_of_no_kind_is_told_with_its_sum(release: Release) -> None:
    notes = "\n".join(release.notes)
    assert "transactions below zero come to -1,000.00 NOK" in notes
    assert "they are of the type 6, Loan Repayment: 1" in notes
    assert "activities without transactions, which make no row: 1" in notes
    assert "budgets and planned disbursements, which make no row: 1" in notes
    assert len(release.rows) == 13


def test_unknown_codes_and_currencies_are_reported_and_nothing_is_zero(release: Release) -> None:
    assert codes(release) == [
        *("unknown-type", "no-currency", "value", "unknown-currency"),
        *("unknown-country", "unknown-party"),
    ]
    bare = [one for one in every(release) if one.money is None]
    assert [(one.kind, one.when) for one in bare] == [
        ("expenditure", "2024-04-07"),
        ("expenditure", None),
    ]
    where = release.problems[0]
    assert where.place == "activity NO-BRC-1-AAA, transaction 8"


def test_narratives_are_english_where_there_is_one(release: Release) -> None:
    first = release.rows[0]
    assert (first.title, first.url) == ("Winter help", "https://example.org/aaa")
    assert (release.dataset, release.name) == ("iati-activities", "2024-05-06")
    assert str(release.published) == "2024-05-06"


@pytest.mark.parametrize(("code", "entry"), data_table("iati")["transaction"].items())
def test_every_type_of_the_standard_is_known(
    code: str, entry: dict[str, str], tmp_path: Path
) -> None:
    inside = "<provider-org><narrative>Sweden</narrative></provider-org>"
    release = read(tmp_path, activity("A", transaction(code, inside=inside)))
    assert codes(release) == []
    assert [said.kind for said in every(release)] == ([entry["kind"]] if entry["kind"] else [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('ref="XM-DAC-5-52"', "DEU"),
        ('ref="XM-DAC-918"', "EU"),
        ('ref="XM-DAC-41114"', "UN"),
        ('ref="44000"', "WBG"),
        ('ref="GB-GOV-1"', "GBR"),
        ('ref="SE-0"', "SWE"),
        ('ref="ES-DIR3-E0458" type="10"', "ESP"),
        ('ref="ES-DIR3-E0458" type="22"', "A body"),
        ('ref="NL-KVK-1234"', "A body"),
        ('ref="XM-DAC-99999"', "A body"),
    ],
)
def test_identifiers_tell_whose_body_it_is(body: str, code: str, tmp_path: Path) -> None:
    inside = f"<provider-org {body}><narrative>A body</narrative></provider-org>"
    release = read(tmp_path, activity("A", transaction(inside=inside)))
    assert every(release)[0].actors == (code,)


def test_a_reporter_of_others_is_no_giver(tmp_path: Path) -> None:
    secondary = activity("A", transaction()).replace('type="10"', 'secondary-reporter="1"')
    release = read(tmp_path, secondary)
    assert every(release)[0].actors == ()
    assert codes(release) == ["no-provider"]
    funder = '<participating-org role="1"><narrative>Sweden</narrative></participating-org>'
    release = read(tmp_path, secondary.replace("<transaction>", f"{funder}<transaction>", 1))
    assert every(release)[0].actors == ("SWE",)


def test_what_came_in_is_not_counted_again_when_it_goes_out(tmp_path: Path) -> None:
    inside = "<provider-org{}><narrative>{}</narrative></provider-org>"
    outgoing = transaction("3", "80")
    strange = transaction("1", "100", inside=inside.format("", "Sweden"))
    release = read(tmp_path, activity("A", outgoing + strange))
    assert [(said.actors, money(said)) for said in every(release)] == [(("SWE",), (100, "EUR"))]
    # The same, told by the giver: what the receiver took in, and passes on, is silent.
    other = transaction("1", "100", inside=inside.format(' provider-activity-id="S"', "Sweden"))
    giver = activity("S", transaction("3", "100"), reporter="Sweden")
    release = read(tmp_path, giver, activity("A", outgoing + other))
    assert [(said.actors, money(said)) for said in every(release)] == [(("SWE",), (100, "EUR"))]
    # From one pocket to the other is no gift: what goes out is.
    pocket = transaction("1", "100", inside=inside.format("", "Norway"))
    release = read(tmp_path, activity("A", outgoing + pocket))
    assert [(said.actors, money(said)) for said in every(release)] == [(("NOR",), (80, "EUR"))]


def test_money_at_two_levels_is_pointed_out(tmp_path: Path) -> None:
    above = '<related-activity type="1" ref="A"/>'
    release = read(tmp_path, activity("A", transaction()), activity("B", above + transaction()))
    assert codes(release) == ["two-levels"]


@pytest.mark.parametrize(
    ("version", "code"), [("2.01", []), ("2.04", ["version"]), ("", ["version"])]
)
def test_versions_are_named(version: str, code: list[str], tmp_path: Path) -> None:
    assert codes(read(tmp_path, activity("A", transaction()), version=version)) == code


def test_version_1_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"IATI version 1\.05"):
        read(tmp_path, activity("A", transaction()), version="1.05")


BILLION = (
    '<!DOCTYPE iati-activities [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {y} "{f"&{x};" * 8}">' for x, y in zip("bcdefgh", "cdefghi", strict=True))
    + "]>"
)


def test_no_entity_is_ever_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret", encoding="utf-8")
    outside = f'<!DOCTYPE iati-activities [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    dtd = '<!DOCTYPE iati-activities SYSTEM "http://127.0.0.1:9/x.dtd">'
    for prolog, name in ((outside, "&x;"), (BILLION, "&i;"), (dtd, "x"), (f"<!-- --> {dtd}", "x")):
        with pytest.raises(SourceError, match="declares a document type"):
            read(
                tmp_path,
                activity("A", f"<title><narrative>{name}</narrative></title>"),
                head=prolog,
            )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_no_encoding_hides_a_document_type(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "iati.xml"
    declared = encoding.removesuffix("-sig").removesuffix("-le")
    inner = f"{BILLION}<iati-activities>&i;</iati-activities>"
    text = f'<?xml version="1.0" encoding="{declared}"?>{inner}'
    path.write_bytes(text.encode(encoding))
    with pytest.raises(SourceError):
        importer.read(path, CATALOGUE)


@pytest.mark.parametrize(
    "text",
    [
        *("", "no xml", "<iati-activities", "\x00\x00", "<a>", "<!--", "<?xml version='1.0'?>"),
        "<iati-organisations version='2.03'/>",
        "<iati-activities version='2.03'><iati-activity>&nope;</iati-activity></iati-activities>",
        "<iati-activities version='2.03'><iati-activity></iati-activities>",
        "<iati-activities>" + "<d>" * 1000 + "</d>" * 1000 + "</iati-activities>",
    ],
)
def test_what_is_no_file_of_activities_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "iati.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        importer.read(path, CATALOGUE)


def test_a_file_that_ends_early_is_no_release(tmp_path: Path) -> None:
    path = tmp_path / "iati.xml"
    whole = (DATA / "iati-activities.xml").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="broken XML"):
        importer.read(path, CATALOGUE)


def test_a_file_without_activities_is_an_empty_release(tmp_path: Path) -> None:
    release = read(tmp_path)
    assert (release.rows, codes(release)) == ([], ["no-transactions"])


PEAK = """
import sys
from pathlib import Path
from pledgebook.exchange.iati import importer
from pledgebook.vocabulary.catalogue import load_catalogue
importer.read(Path(sys.argv[1]), load_catalogue())
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="it asks Linux for the peak")
def test_memory_does_not_grow_with_what_no_row_holds(tmp_path: Path) -> None:
    """Results and the like are most of a real file: they are dropped as they pass."""
    filler = "<result><title><narrative>" + "x" * 4000 + "</narrative></title></result>"
    peaks = []
    for count in (10, 12_000):
        path = tmp_path / f"{count}.xml"
        inner = "".join(activity(f"A{n}", filler) for n in range(count))
        path.write_text(f'<iati-activities version="2.03">{inner}</iati-activities>', "utf-8")
        done = subprocess.run([sys.executable, "-c", PEAK, path], capture_output=True, check=True)
        peaks.append(int(done.stdout))
    # The larger file has 50 MB more; as a tree it would take several times that.
    assert peaks[1] < peaks[0] + 20_000, f"{peaks} KB"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [("iati-example-203.xml", 72, 61), ("iati-maec-indonesia.xml", 216, 77)],
)
def test_published_files_are_read_whole(name: str, rows: int, said: int) -> None:
    from lxml import etree  # type: ignore[import-untyped]

    release = importer.read(SAMPLES / name, CATALOGUE)
    root = etree.parse(str(SAMPLES / name)).getroot()
    assert len(release.rows) == len(root.findall("iati-activity/transaction")) == rows
    assert len(every(release)) == said
    above = sum(float(one.money.high or 0) for one in every(release) if one.money)
    values = [float(value.text) for value in root.findall("iati-activity/transaction/value")]
    assert above == pytest.approx(sum(value for value in values if value > 0))
