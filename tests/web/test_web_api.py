"""The JSON API: answers that open down to their sentences, faults in one shape."""

from __future__ import annotations

from served import Served


def test_status_opens_down_to_the_sentences(served: Served) -> None:
    with served.client() as client:
        table = client.get("/api/v1/status", params={"recipient": "UKR", "item": "tank"}).json()
        assert table["total"] == len(table["rows"]) > 0
        row = table["rows"][0]
        why = client.get(f"/api/v1/why/{row['id']}").json()
        assert why["kind"] == "figure"
        assert [child["id"] for child in why["children"]] == row["commitments"]
        statement = why["children"][0]["children"][0]
        text = client.get(f"/api/v1/documents/{statement['source']['document']}").json()["text"]
        quote = statement["quote"]
        assert text[quote["start"] : quote["end"]] == quote["text"]


def test_lists_come_in_pages(served: Served) -> None:
    with served.client() as client:
        for path, key in (("commitments", "commitments"), ("status", "rows"),
                          ("documents", "documents")):  # fmt: skip
            whole = client.get(f"/api/v1/{path}").json()
            one = client.get(f"/api/v1/{path}", params={"limit": 1, "offset": 1}).json()
            assert one["total"] == whole["total"] > 1
            assert one[key] == whole[key][1:2]


def test_a_commitment_tells_its_stages_apart(served: Served) -> None:
    with served.client() as client:
        found = client.get("/api/v1/commitments").json()["commitments"]
        some = next(one for one in found if len(one["stages"]) > 1)
        again = client.get(f"/api/v1/commitments/{some['id']}").json()
        assert again == some
        assert {link["statement"] for link in some["links"]} == set(some["statements"])


def test_what_a_judgement_changes_can_be_taken_back(own_served: Served) -> None:
    with own_served.client() as client:
        client.headers["x-csrf-token"] = own_served.csrf
        before = client.get("/api/v1/commitments").json()
        statement = before["commitments"][0]["statements"][0]
        body = {"kind": "wrong", "ids": [statement], "note": "not what is said"}
        made = client.post("/api/v1/judgements", json=body)
        assert made.status_code == 201
        assert made.json()["by"] == "tester"
        assert client.get("/api/v1/commitments").json() != before
        (listed,) = client.get("/api/v1/judgements").json()["judgements"]
        assert listed["state"] == "in force"
        back = client.post(f"/api/v1/judgements/{listed['id']}/revocation", json={"note": "mine"})
        assert back.status_code == 201
        assert client.get("/api/v1/commitments").json() == before


def test_judging_by_cookie_needs_the_token(own_served: Served) -> None:
    body = {"kind": "wrong", "ids": ["s1"]}
    with own_served.client() as client:
        assert client.post("/api/v1/judgements", json=body).status_code == 403
        bearer = {"authorization": f"Bearer {own_served.settings.key}"}
        client.cookies.clear()
        assert client.post("/api/v1/judgements", json=body, headers=bearer).status_code == 400


def test_faults_have_one_shape(served: Served) -> None:
    asked = {
        "/api/v1/why/zzz": 404,
        "/api/v1/commitments/c0": 404,
        "/api/v1/documents/d0": 404,
        "/api/v1/status?donor=Atlantis": 404,
        "/api/v1/status?as_of=never": 400,
        "/api/v1/status?limit=0": 422,
        "/api/v1/nothing": 404,
        "/api/v1/forecast?item=155mm&until=soon": 400,
    }
    with served.client() as client:
        for path, status in asked.items():
            answer = client.get(path)
            assert answer.status_code == status, path
            assert answer.json()["error"].keys() == {"what", "where", "mend"}
            assert answer.json()["error"]["what"]
