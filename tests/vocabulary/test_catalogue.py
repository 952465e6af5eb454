from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from pledgebook import vocabulary
from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.statement import Category


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def additions(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_is_loaded_once(catalogue: Catalogue) -> None:
    assert load_catalogue() is catalogue


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://www.whitehouse.gov/articles/2025/02/x/", "USA"),
        ("https://bidenwhitehouse.archives.gov/briefing-room/", "USA"),
        ("https://www.army.mil/article/1", "USA"),
        ("https://www.gov.uk/government/news/x", "GBR"),
        ("https://www.mod.gov.ua/en", "UKR"),
        ("https://ec.europa.eu/commission", "EU"),
        ("https://WWW.NATO.INT:443/cps", "NATO"),
        ("whitehouse.gov/x", "USA"),
        ("https://notwhitehouse.gov.example.org/", None),
        ("https://fakewhitehouse.gov", None),
        ("https://example.org/whitehouse.gov", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_publisher_is_found_on_label_boundaries(
    catalogue: Catalogue, url: str, party: str | None
) -> None:
    assert catalogue.publisher(url) == party


def test_ancestors_climb_the_tree(catalogue: Catalogue) -> None:
    assert catalogue.ancestors("leopard-2a4") == ("leopard-2", "leopard")
    assert catalogue.ancestors("no-such-item") == ()
    assert catalogue.is_within("excalibur", "155mm")
    assert catalogue.is_within("155mm", "155mm")
    assert not catalogue.is_within("155mm", "excalibur")
    assert not catalogue.is_within("152mm", "155mm")


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("155mm", "155mm"),
        ("155 mm", "155mm"),
        ("155-Millimetre", "155mm"),
        ("12.7mm", "12-7mm"),
        ("127mm", "127mm"),
        ("7.62 mm", "7-62mm"),
        ("leopard 2a4", "leopard-2a4"),
        ("Leo 2", "leopard-2"),
        ("Humvees", "humvee"),
        ("f16", "f-16"),
        ("FGM-148 Javelin", "javelin"),
        ("leopard-2a4", "leopard-2a4"),
        ("nothing of the kind", None),
        ("", None),
    ],
)
def test_find_item(catalogue: Catalogue, text: str, item: str | None) -> None:
    found = catalogue.find_item(text)
    assert (found.id if found else None) == item


@pytest.mark.parametrize(
    ("designation", "category"),
    # "Category by designation" of the coding book.
    [
        ("Stinger", "air-defence"),
        ("Strela", "air-defence"),
        ("Igla", "air-defence"),
        ("Piorun", "air-defence"),
        ("Mistral", "air-defence"),
        ("Starstreak", "air-defence"),
        ("Javelin", "anti-tank-weapon"),
        ("NLAW", "anti-tank-weapon"),
        ("TOW", "anti-tank-weapon"),
        ("Milan", "anti-tank-weapon"),
        ("AT4", "anti-tank-weapon"),
        ("Patriot", "air-defence"),
        ("NASAMS", "air-defence"),
        ("S-300", "air-defence"),
        ("HAWK", "air-defence"),
        ("Gepard", "air-defence"),
        ("Harpoon", "missile"),
        ("Neptune", "missile"),
        ("ATACMS", "missile"),
        ("Storm Shadow", "missile"),
        ("AIM-120", "missile"),
        ("HIMARS", "rocket-artillery"),
        ("MLRS", "rocket-artillery"),
        ("GMLRS", "rocket-ammunition"),
        ("HMMWV", "vehicle"),
        ("M113", "armoured-vehicle"),
        ("Mastiff", "armoured-vehicle"),
        ("MaxxPro", "armoured-vehicle"),
        ("35mm", "ammunition"),
        ("30mm", "ammunition"),
        ("7.62mm", "ammunition"),
        ("155mm", "artillery-ammunition"),
        ("120mm", "artillery-ammunition"),
        ("TNT", "mine-explosive"),
        ("Switchblade", "drone"),
        ("Starlink", "radar-electronics"),
        ("Bradley", "infantry-fighting-vehicle"),
        ("Magura V5", "ship"),
    ],
)
def test_categories_follow_the_coding_book(
    catalogue: Catalogue, designation: str, category: str
) -> None:
    item = catalogue.find_item(designation)
    assert item is not None
    assert item.designation == designation
    assert item.category == category


def test_a_platform_names_its_ammunition(catalogue: Catalogue) -> None:
    launcher = catalogue.item_for(Category.ROCKET_ARTILLERY, "HIMARS")
    rockets = catalogue.item_for(Category.ROCKET_AMMUNITION, "HIMARS")
    assert launcher is not None
    assert rockets is not None
    assert (launcher.id, rockets.id) == ("himars", "himars-ammunition")
    assert (launcher.unit, rockets.unit) == ("item", "round")
    assert catalogue.item_for(Category.TANK, "HIMARS") is None
    assert catalogue.item_for(Category.TANK, None) is None
    assert catalogue.is_within("pac-3-mse", "patriot-ammunition")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NOR", "NOR"),
        ("norway", "NOR"),
        ("Norwegian", "NOR"),
        ("Oslo", "NOR"),
        ("the Pentagon", None),
        ("Pentagon", "USA"),
        ("The UK", "GBR"),
        ("U.S.", "USA"),
        ("Kiev", "UKR"),
        ("DR Congo", "COD"),
        ("Türkiye", "TUR"),
        ("Volodymyr Zelenskyy", "UKR"),
        ("European Commission", "EU"),
        ("World Bank", "WBG"),
        ("Ramstein group", "UDCG"),
        ("Krauss-Maffei Wegmann", "KNDS Deutschland"),
        ("Brussels", None),
        ("Congolese", None),
        ("the Nordic country", None),
        ("Atlantis", None),
    ],
)
def test_find_party_takes_unambiguous_words_only(
    catalogue: Catalogue, text: str, code: str | None
) -> None:
    found = catalogue.find_party(text)
    assert (found.code if found else None) == code


def test_suggestions_are_near_and_few(catalogue: Catalogue) -> None:
    assert catalogue.suggest_item("Leopart 2A4")[0] == "Leopard 2A4"
    assert catalogue.suggest_party("Norwaii")[0] == "NOR"
    assert len(catalogue.suggest_item("Leopart", limit=2)) == 2
    assert catalogue.suggest_item("zzzzqqqq") == ()


def test_a_person_stands_for_a_party_while_in_office(catalogue: Catalogue) -> None:
    rutte = [alias for alias in catalogue.party_aliases if alias.text == "Mark Rutte"]
    assert all(alias.ambiguous for alias in rutte)
    in_office = defaultdict(set)
    for alias in rutte:
        assert alias.person is not None
        for year in (2015, 2025):
            if alias.person.holds_office_in(year):
                in_office[year].add(alias.code)
    assert in_office == {2015: {"NLD"}, 2025: {"NATO"}}


def test_short_and_common_words_match_as_written(catalogue: Catalogue) -> None:
    cased = {alias.text: alias.cased for alias in catalogue.item_aliases}
    for text in ("TOW", "HARM", "MARS", "K9", "Leopard", "Hawk", "Bradley", "AS 90"):
        assert cased[text], text
    for text in ("155mm", "HIMARS", "F-16", "Leopard 2", "Stinger", "javelin anti-tank"):
        assert not cased.get(text, False), text
    assert "A 10" not in cased
    assert "An 26" not in cased
    roles = {(alias.text, alias.role): alias.cased for alias in catalogue.party_aliases}
    assert roles["US", "name"]
    assert not roles["the Nordic country", "description"]
    assert not roles["Western allies", "phrase"]


def test_dangerous_words_need_context(catalogue: Catalogue) -> None:
    needs = {alias.text: alias.needs for alias in catalogue.item_aliases}
    for text in ("Hawk", "Caesar", "Grad", "Osa", "Viking", "Spike", "Arrow", "Eagle", "Tiger"):
        assert needs[text], text
    for text in ("Arrow 3", "CV90", "Patriot", "Leopard 2"):
        assert needs[text] == (), text


def test_a_name_in_capitals_that_is_no_short_word_needs_no_context(catalogue: Catalogue) -> None:
    needs = {alias.text: alias.needs for alias in catalogue.item_aliases}
    assert needs["CAESAR"] == needs["CAESARs"] == ()
    assert needs["Caesar"]
    assert needs["MILAN"]


@pytest.mark.parametrize(
    ("variant", "base"),
    [("Mi-24V", "mi-24"), ("J-10C", "j-10"), ("Igla-S", "igla"), ("GBU-12", "paveway")],
)
def test_a_variant_is_an_item_of_its_own_under_its_base(
    catalogue: Catalogue, variant: str, base: str
) -> None:
    item = catalogue.find_item(variant)
    assert item is not None
    assert item.designation == variant
    assert base in catalogue.ancestors(item.id)


def test_additions_are_read_beside_the_package(tmp_path: Path, catalogue: Catalogue) -> None:
    path = additions(
        tmp_path,
        """
[[item]]
id = "leopard-2a4-special"
designation = "Leopard 2A4 Special"
category = "tank"
parent = "leopard-2a4"

[[company]]
name = "Example Arms"
country = "NOR"

[[party]]
code = "EX"
name = "Example Fund"

[[person]]
name = "Example Person"
party = "EX"
office = "director"

[[publisher]]
host = "fund.example"
party = "EX"
""",
    )
    more = load_catalogue(path)
    assert more.ancestors("leopard-2a4-special") == ("leopard-2a4", "leopard-2", "leopard")
    assert more.publisher("https://www.fund.example/") == "EX"
    company = more.find_party("Example Arms")
    assert company is not None
    assert (company.kind, company.country) == ("company", "NOR")
    person = more.find_party("Example Person")
    assert person is not None
    assert person.code == "EX"
    assert catalogue.find_item("Leopard 2A4 Special") is None


def test_digest_names_the_content(tmp_path: Path, catalogue: Catalogue) -> None:
    text = '[[company]]\nname = "Example Arms"\n'
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = load_catalogue(additions(tmp_path / "one", text)).digest
    two = load_catalogue(additions(tmp_path / "two", text)).digest
    other = load_catalogue(additions(tmp_path / "one", text + "# a note\n")).digest
    assert len(catalogue.digest) == 64
    assert one == two
    assert len({catalogue.digest, one, other}) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[item]\n", "no TOML"),
        ('[[item]]\nid = "x"\ndesignation = "X"\n', "(x): category"),
        ('[[item]]\nid = "X Y"\ndesignation = "X"\ncategory = "tank"\n', "(X Y): id"),
        ('[[item]]\nid = "x"\ndesignation = "X"\ncategory = "tonk"\n', "category"),
        ('[[item]]\nid = "x"\ndesignation = "X"\ncategory = "tank"\ncolour = "red"\n', "colour"),
        ('[[item]]\nid = "f-16"\ndesignation = "X"\ncategory = "tank"\n', "given twice"),
        ('[[item]]\nid="x"\ndesignation="X"\ncategory="tank"\nparent="y"\n', "'y' is no item"),
        ('[[item]]\nid="x"\ndesignation="X"\ncategory="tank"\nparent="f-16"\n', "of category"),
        (
            """
[[item]]
id = "x"
designation = "X"
category = "tank"
parent = "y"

[[item]]
id = "y"
designation = "Y"
category = "tank"
parent = "x"
""",
            "circle",
        ),
        ('[[item]]\nid="x"\ndesignation="X"\ncategory="tank"\nunit="furlong"\n', "furlong"),
        ('[[item]]\nid="x"\ndesignation="X"\ncategory="tank"\nwikidata="F16"\n', "wikidata"),
        ('[[party]]\ncode = "NOR"\nname = "Norge"\n', "given twice"),
        ('[[party]]\ncode = "EX"\nname = "Ex"\nambiguous = ["Other"]\n', "none of its words"),
        ('[[company]]\nname = "Ex"\nambiguous = ["Other"]\n', "none of its names"),
        ('[[company]]\nname = "Ex"\ncountry = "ZZZ"\n', "'ZZZ' is unknown"),
        ('[[person]]\nname = "A B"\nparty = "ZZZ"\noffice = "king"\n', "'ZZZ' is unknown"),
        ('[[person]]\nname="A B"\nparty="NOR"\noffice="king"\nfrom=2020\nto=2019\n', "ends before"),
        ('[[publisher]]\nhost = "x.example"\nparty = "ZZZ"\n', "'ZZZ' is unknown"),
        ('[[publisher]]\nhost = "https://x.example"\nparty = "NOR"\n', "host"),
        ('[[default_unit]]\ncategory = "tank"\nunit = "furlong"\n', "furlong"),
        ('[[thing]]\nname = "x"\n', "thing"),
        ('item = "x"\n', "item"),
        ('item = ["x"]\n', "item"),
    ],
)
def test_a_bad_addition_is_named_with_file_and_mend(tmp_path: Path, text: str, said: str) -> None:
    path = additions(tmp_path, text)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.mend


def test_additions_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_catalogue(tmp_path / "absent.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes('[[company]]\nname = "Dörre"\n'.encode("latin-1"))
    with pytest.raises(CatalogueError, match="no UTF-8"):
        load_catalogue(path)


def test_the_room_offers_its_types() -> None:
    for name in vocabulary.__all__:
        assert getattr(vocabulary, name).__doc__, name
        assert name in dir(vocabulary)
    assert vocabulary.load_catalogue is load_catalogue
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        vocabulary.absent  # noqa: B018
