"""Documents in other languages: kinds, status, scope, actors, lists, and what is left out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from making import document
from pledgebook.reading import coder
from pledgebook.reading.languages.tables import READ
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

CATALOGUE = load_catalogue()
DATA = Path(__file__).parent / "data"
DAY = "2023-09-20"

# Each text says the same in its three languages; the recipient is named once in each.
SAME = {
    "pledge": {
        "de": "Polen wird der Ukraine 14 Panzer liefern.",
        "fr": "La Pologne livrera 14 chars à l’Ukraine.",
        "uk": "Польща передасть Україні 14 танків.",
    },
    "delivery": {
        "de": "Polen hat der Ukraine 14 Panzer geliefert.",
        "fr": "La Pologne a livré 14 chars à l’Ukraine.",
        "uk": "Польща передала Україні 14 танків.",
    },
    "contract": {
        "de": "Polen hat 14 Panzer bestellt. Die Ukraine grenzt an Polen.",
        "fr": "La Pologne a commandé 14 chars. L’Ukraine est voisine.",
        "uk": "Польща замовила 14 танків. Україна поруч.",
    },
    "refusal": {
        "de": "Polen lehnt es ab, der Ukraine 14 Panzer zu liefern.",
        "fr": "La Pologne refuse de livrer 14 chars à l’Ukraine.",
        "uk": "Польща відмовилася передавати Україні 14 танків.",
    },
}


def read(lang: str, text: str, date: str = DAY) -> list[Statement]:
    made = document(text, date=date, lang=lang)
    return coder().read(made, CATALOGUE)


def brief(found: list[Statement]) -> list[tuple[str, str, str, float | None]]:
    return [
        (s.kind.value, " ".join(s.actors), s.item.category.value,
         s.quantity.low if s.quantity else None)
        for s in found
    ]  # fmt: skip


@pytest.mark.parametrize("lang", READ)
@pytest.mark.parametrize("kind", sorted(SAME))
def test_one_sentence_in_three_languages(kind: str, lang: str) -> None:
    assert brief(read(lang, SAME[kind][lang])) == [(kind, "POL", "tank", 14)]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "Die Ukraine benötigt 300 Panzer.", ("request", "UKR", "tank", 300)),
        ("fr", "L’Ukraine a besoin de 300 chars.", ("request", "UKR", "tank", 300)),
        ("uk", "Україна потребує 300 танків.", ("request", "UKR", "tank", 300)),
        ("de", "Rheinmetall produziert 400.000 Granaten pro Jahr. Die Ukraine wartet.",
         ("production", "Rheinmetall", "artillery-ammunition", 400000)),
        ("fr", "Rheinmetall produit 400 000 obus par an. L’Ukraine attend.",
         ("production", "Rheinmetall", "artillery-ammunition", 400000)),
        ("uk", "Rheinmetall виробляє 400 000 снарядів на рік. Україна чекає.",
         ("production", "Rheinmetall", "artillery-ammunition", 400000)),
        ("de", "Die Ukraine verschießt täglich 7.000 Granaten.",
         ("expenditure", "UKR", "artillery-ammunition", 7000)),
        ("fr", "L’Ukraine tire 7 000 obus par jour.",
         ("expenditure", "UKR", "artillery-ammunition", 7000)),
        ("uk", "Україна витрачає 7 тисяч снарядів на день.",
         ("expenditure", "UKR", "artillery-ammunition", 7000)),
        ("de", "Frankreich bildet 2.000 ukrainische Soldaten aus.",
         ("training", "FRA", "training-service", 2000)),
        ("fr", "Paris va former 2 000 soldats ukrainiens.",
         ("training", "FRA", "training-service", 2000)),
        ("uk", "Франція підготувала 2000 українських військових.",
         ("training", "FRA", "training-service", 2000)),
        ("de", "Die Bundeswehr verfügt noch über 300 Panzer. Die Ukraine fragt an.",
         ("stock", "DEU", "tank", 300)),
        ("fr", "La France dispose de 200 chars. L’Ukraine attend.", ("stock", "FRA", "tank", 200)),
        ("uk", "Польща має на озброєнні 300 танків. Україна чекає.", ("stock", "POL", "tank", 300)),
    ],
)  # fmt: skip
def test_other_kinds(lang: str, text: str, expected: tuple[str, str, str, float]) -> None:
    assert expected in brief(read(lang, text))


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        ("de", "Spanien prüft, ob es der Ukraine 6 Panzer liefern kann.", "tentative"),
        ("de", "Spanien könnte der Ukraine 6 Panzer liefern.", "tentative"),
        ("de", "Spanien sagt der Ukraine 6 Panzer zu.", "firm"),
        ("fr", "L’Espagne envisage de livrer 6 chars à l’Ukraine.", "tentative"),
        ("fr", "L’Espagne pourrait livrer 6 chars à l’Ukraine.", "tentative"),
        ("fr", "L’Espagne promet 6 chars à l’Ukraine.", "firm"),
        ("uk", "Іспанія розглядає можливість передати Україні 6 танків.", "tentative"),
        ("uk", "Іспанія може передати Україні 6 танків.", "tentative"),
        ("uk", "Іспанія пообіцяла Україні 6 танків.", "firm"),
    ],
)
def test_status(lang: str, text: str, status: str) -> None:
    assert [(s.kind.value, s.status.value) for s in read(lang, text)] == [("pledge", status)]


@pytest.mark.parametrize(
    ("lang", "text", "scope"),
    [
        ("de", "Seit Februar 2022 hat Polen der Ukraine 240 Panzer geliefert.", "total"),
        ("de", "Insgesamt hat Polen der Ukraine 240 Panzer geliefert.", "total"),
        ("de", "Im Januar hatte Polen der Ukraine 14 Panzer zugesagt.", "background"),
        ("fr", "Au total, la Pologne a livré 240 chars à l’Ukraine.", "total"),
        ("fr", "La Pologne avait promis 14 chars à l’Ukraine.", "background"),
        ("uk", "Загалом Польща передала Україні 240 танків.", "total"),
        ("uk", "Торік Польща пообіцяла Україні 14 танків.", "background"),
    ],
)
def test_scope(lang: str, text: str, scope: str) -> None:
    assert [s.scope.value for s in read(lang, text)] == [scope]


@pytest.mark.parametrize(
    ("lang", "text", "actors"),
    [
        ("de", "Dänemark und die Niederlande liefern der Ukraine 14 Panzer.", "DNK NLD"),
        ("de", "Gemeinsam mit Norwegen liefert Deutschland der Ukraine 14 Panzer.", "DEU NOR"),
        ("de", "Die von Polen gelieferten 14 Panzer sind in der Ukraine eingetroffen.", "POL"),
        ("de", "Die Ukraine erhielt 14 Panzer aus Polen.", "POL"),
        ("fr", "Le Danemark et les Pays-Bas livreront 14 chars à l’Ukraine.", "DNK NLD"),
        ("fr", "14 chars ont été livrés à l’Ukraine par la Pologne.", "POL"),
        ("uk", "Данія та Нідерланди передадуть Україні 14 танків.", "DNK NLD"),
        ("uk", "Україна отримала від Польщі 14 танків.", "POL"),
    ],
)
def test_actors(lang: str, text: str, actors: str) -> None:
    assert [" ".join(s.actors) for s in read(lang, text)] == [actors]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Das Hilfspaket aus Polen für die Ukraine umfasst:\n- 14 Panzer\n- 20 Haubitzen"),
        ("fr", "Le paquet de la Pologne pour l’Ukraine comprend :\n- 14 chars\n- 20 obusiers"),
        ("uk", "До пакета допомоги Україні від Польщі входять:\n- 14 танків\n- 20 гаубиць"),
    ],
)
def test_lists_inherit_their_head(lang: str, text: str) -> None:
    assert brief(read(lang, text)) == [
        ("pledge", "POL", "tank", 14), ("pledge", "POL", "artillery", 20)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Beiträge für die Ukraine:\n- Polen: 14 Panzer\n- Norwegen: 8 Haubitzen"),
        ("fr", "Contributions pour l’Ukraine :\n- Pologne : 14 chars\n- Norvège : 8 obusiers"),
        ("uk", "Внески для України:\n- Польща: 14 танків\n- Норвегія: 8 гаубиць"),
    ],
)
def test_lines_name_their_givers(lang: str, text: str) -> None:
    assert brief(read(lang, text)) == [
        ("pledge", "POL", "tank", 14), ("pledge", "NOR", "artillery", 8)
    ]  # fmt: skip


def test_rows_of_a_table() -> None:
    text = (
        "Hilfe für die Ukraine\n\n| Land | System | Anzahl | Status |\n"
        "| Polen | Leopard 2A4 | 14 | geliefert |\n| Spanien | Leopard 2A4 | 6 | zugesagt |\n"
    )
    assert brief(read("de", text)) == [
        ("delivery", "POL", "tank", 14), ("pledge", "ESP", "tank", 6)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "de",
            "Die Luftabwehr der Ukraine hat 44 Raketen abgeschossen. Russland verlor 14 Panzer.",
        ),
        ("de", "Der deutsche Verteidigungshaushalt steigt auf 53 Milliarden Euro."),
        ("de", "Deutschland steht an der Seite der Ukraine, sagte Kanzler Scholz."),
        ("fr", "La défense de l’Ukraine a abattu 44 missiles. La Russie a perdu 14 chars."),
        ("fr", "Le budget de la défense français atteindra 69 milliards d’euros."),
        ("fr", "La France soutiendra l’Ukraine, a répété Emmanuel Macron."),
        ("uk", "Сили ППО України збили 44 ракети. Росія втратила 14 танків."),
        ("uk", "Оборонний бюджет Польщі сягне 118 мільярдів злотих."),
        ("uk", "Німеччина підтримуватиме Україну, заявив канцлер Шольц."),
        ("de", "Laut einer Umfrage lehnen viele Deutsche die Lieferung von 14 Panzern ab."),
    ],
)
def test_what_is_left_out(lang: str, text: str) -> None:
    assert read(lang, text) == []


def coded(lang: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / f"{lang}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def documents(lang: str) -> Iterator[Document]:
    for one in coded(lang):
        yield document(one["text"], date=one["date"], lang=lang)


@pytest.mark.parametrize("lang", READ)
def test_evidence_is_a_slice_and_reading_is_deterministic(lang: str) -> None:
    for one in documents(lang):
        found = coder().read(one, CATALOGUE)
        assert found == coder().read(one, CATALOGUE)
        for statement in found:
            evidence = statement.evidence
            assert one.text[evidence.start : evidence.end] == evidence.quote
            assert evidence.document == one.id


@pytest.mark.parametrize("lang", READ)
def test_coded_documents_are_read_to_a_useful_level(lang: str) -> None:
    """Two thirds of what a person coded is found, and little else."""
    right = wanted = made = 0
    for one, gold in zip(documents(lang), coded(lang), strict=True):
        found = [
            (s.kind.value, s.item.category.value, s.actors) for s in coder().read(one, CATALOGUE)
        ]
        made += len(found)
        wanted += len(gold["statements"])
        assert gold["statements"] or len(found) <= 1
        for statement in gold["statements"]:
            key = (
                statement["kind"],
                statement["item"]["category"],
                tuple(sorted(statement["actors"])),
            )
            if key in found:
                found.remove(key)
                right += 1
    assert right / wanted > 0.66
    assert right / made > 0.66


@pytest.mark.parametrize("lang", READ)
def test_any_text_is_read(lang: str) -> None:
    for text in (
        "",
        "\n\n",
        "...",
        "« » „“",
        "1 2 3",
        "€ €",
        "14",
        "- \n- \n",
        "'",
        "l'",
        "x" * 999,
    ):
        assert read(lang, text) == []


def test_work_grows_with_the_text_alone() -> None:
    """A sentence without an end is cut; the statements in it are found all the same."""
    text = "Polen hat der Ukraine 14 Panzer geliefert, " * 400
    made = document(text, date=DAY, lang="de")
    assert made.date == dt.date.fromisoformat(DAY)
    assert brief(coder().read(made, CATALOGUE)) == [("delivery", "POL", "tank", 14)]
