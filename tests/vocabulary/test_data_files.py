from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import jsonschema
import pycountry
import pytest

from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.entries import CatalogueFile, catalogue_schema
from pledgebook.vocabulary.files import DATA, data_files, parse_file
from pledgebook.vocabulary.statement import Category

# Type words are no designations: alone they must name no item.
TYPE_WORDS = """
tank tanks howitzer howitzers missile missiles rocket rockets drone drones shell shells round
rounds gun guns mortar mortars rifle rifles radar radars truck trucks ambulance ambulances vehicle
vehicles aircraft jet jets fighter fighters helicopter helicopters ship boat boats generator
generators transformer transformers ammunition mine mines grenade grenades helmet helmets vest
vests fuel diesel petrol battery batteries system systems launcher launchers interceptor
interceptors bomb bombs torpedo torpedoes mrap ifv apc mbt manpads uav ugv
""".split()  # noqa: SIM905
# Capitalised at the head of a sentence or in any text, these are no weapons and no parties.
COMMON_WORDS = """
the a an in on at to of for and or but is are was were be been it its we our us they their he she
his her this that these those with from by as not no may will can would could should has have had
one two three four five six seven eight nine ten more less new first last year month week day
monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december government minister president army navy force defence
defense aid support war peace million billion percent
""".split()  # noqa: SIM905


def files() -> dict[str, CatalogueFile]:
    return {
        path.relative_to(DATA).as_posix(): parse_file(path.name, path.read_bytes())
        for path in data_files()
    }


@pytest.mark.parametrize("path", data_files(), ids=lambda path: path.name)
def test_every_data_file_follows_the_schema(path: Path) -> None:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    assert tables
    jsonschema.validate(tables, catalogue_schema())


def test_the_schema_refuses_what_the_models_refuse() -> None:
    bad = {"item": [{"id": "x", "designation": "X", "category": "tonk"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, catalogue_schema())


def test_the_schema_file_is_current() -> None:
    stored = json.loads((DATA / "catalogue.schema.json").read_text(encoding="utf-8"))
    assert stored == catalogue_schema()


def test_every_iso_state_is_there() -> None:
    listed = {code for code, party in load_catalogue().parties.items() if party.kind == "state"}
    iso = {country.alpha_3 for country in pycountry.countries}
    assert listed - {"XKX"} == iso


def test_donor_states_have_all_their_words() -> None:
    entries = {entry.code: entry for file in files().values() for entry in file.party}
    hosts = Counter(entry.party for file in files().values() for entry in file.publisher)
    people = Counter(entry.party for file in files().values() for entry in file.person)
    donors = "USA GBR DEU FRA ITA ESP NLD NOR SWE DNK FIN POL CZE CAN AUS UKR EST LVA LTU"
    for code in donors.split():
        entry = entries[code]
        assert entry.adjectives, code
        assert entry.people, code
        assert entry.capitals, code
        assert entry.metonyms or code in {"ITA", "CAN"}, code
        assert entry.descriptions, code
        assert hosts[code] >= 2, code
        assert people[code] >= 4, code


def test_numbers_of_entries() -> None:
    catalogue = load_catalogue()
    kinds = Counter(party.kind for party in catalogue.parties.values())
    people = {alias.person for alias in catalogue.party_aliases if alias.person}
    assert len(catalogue.items) >= 5000
    assert kinds["company"] >= 800
    assert kinds["body"] >= 300
    assert {"EU", "NATO", "UN", "G7", "WBG", "IMF", "UDCG", "ALLIES"} <= set(catalogue.parties)
    assert len(people) >= 1000


def test_one_unambiguous_word_means_one_party() -> None:
    claims = defaultdict(set)
    for alias in load_catalogue().party_aliases:
        if not alias.ambiguous:
            claims[alias.text if alias.cased else alias.text.casefold()].add(alias.code)
    assert {text: codes for text, codes in claims.items() if len(codes) > 1} == {}


def test_a_claim_of_several_parties_is_marked_ambiguous() -> None:
    claims = defaultdict(set)
    unmarked = defaultdict(set)
    for alias in load_catalogue().party_aliases:
        if alias.role not in {"person", "description"}:
            claims[alias.text].add(alias.code)
            if not alias.ambiguous:
                unmarked[alias.text].add(alias.code)
    shared = {text for text, codes in claims.items() if len(codes) > 1}
    # One of the claimants may be the usual meaning: the others then carry the mark.
    assert {text for text in shared if len(unmarked[text]) > 1} == set()


def test_one_spelling_means_one_item() -> None:
    claims = defaultdict(set)
    for alias in load_catalogue().item_aliases:
        claims[alias.text if alias.cased else alias.text.casefold()].add(alias.item)
    assert {text: items for text, items in claims.items() if len(items) > 1} == {}


def test_designations_are_unique_within_a_category() -> None:
    found = Counter((item.category, item.designation) for item in load_catalogue().items.values())
    assert {key: count for key, count in found.items() if count > 1} == {}


def test_no_alias_is_a_type_word_or_a_common_word() -> None:
    catalogue = load_catalogue()
    reserved = {*TYPE_WORDS, *COMMON_WORDS}
    texts = {alias.text.casefold() for alias in catalogue.item_aliases}
    assert texts & reserved == set()
    texts = {alias.text for alias in catalogue.party_aliases}
    capitalised = {word.capitalize() for word in COMMON_WORDS}
    assert texts & {*reserved, *capitalised} == set()


def test_no_alias_of_an_item_is_a_number_or_a_single_letter() -> None:
    for alias in load_catalogue().item_aliases:
        assert any(map(str.isalpha, alias.text)), alias
        assert len(alias.text) > 1, alias


def test_every_category_has_a_unit_and_known_ones() -> None:
    catalogue = load_catalogue()
    assert set(catalogue.default_units) == set(Category)
    used = {*catalogue.default_units.values(), *(i.unit for i in catalogue.items.values())}
    assert used <= set(catalogue.units)


def test_a_unit_word_names_one_unit_in_each_category() -> None:
    for category in Category:
        named: dict[str, str] = {}
        for unit in load_catalogue().units.values():
            if not unit.categories or category in unit.categories:
                for word in unit.words:
                    assert named.setdefault(word, unit.name) == unit.name, (word, category)


def test_items_stand_in_the_file_of_their_category_in_order() -> None:
    for name, file in files().items():
        if name.startswith("items/"):
            assert {entry.category for entry in file.item} == {Category(Path(name).stem)}
            keys = [natural(entry.id) for entry in file.item]
            assert keys == sorted(keys), name
        else:
            assert not file.item, name


def test_parties_stand_in_order() -> None:
    for name in ("states", "groups", "bodies"):
        codes = [entry.code.casefold() for entry in files()[f"parties/{name}.toml"].party]
        assert all(one < two for one, two in pairwise(codes)), name
    companies = [entry.name.casefold() for entry in files()["parties/companies.toml"].company]
    assert all(one < two for one, two in pairwise(companies))


def test_calibres_agree_with_their_designations() -> None:
    for item in load_catalogue().items.values():
        named = re.match(r"(\d+(?:\.\d+)?)mm", item.designation)
        if named and item.category in {Category.AMMUNITION, Category.ARTILLERY_AMMUNITION}:
            assert item.calibre == named[0], item


def natural(text: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", text)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
