"""What no program should send, at each operation of finance: refused with its place, nothing done, no error of ours."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest

from anshou.people.person import Person
from tests.api.conftest import House
from tests.api.treasures import Treasure, hidden
from tests.billing.bills import papers
from tests.billing.bills.test_bad_input import far
from tests.database import Database
from tests.untouched import rows_of

# JSON as it is written: what Python would not write is written as well.
FEN = ("1280.5", "1280.0", "1.28e3", '"1280"', "true", "null", "NaN", "Infinity", "-5", "0", "1e400", "9" * 400, "[1]")
DAYS = ('"0001-01-01"', '"9999-12-31"', '"2026-02-29"', '"20261120"', '"２０２６-11-20"', "20261120", '"昨天"', "null")
TEXTS = (r'"a\u0000b"', r'"\ud800"', json.dumps("字" * 5_000), "5", '["a"]')
CODES = ('"moon"', '""', "5", "null", '"CNY\\n"')

SHARES = (
    '[{"party": "agency", "basis_points": 6000}, {"party": "merchant", "basis_points": 3999}]',
    '[{"party": "agency", "basis_points": 10001}]',
    '[{"party": "agency", "basis_points": 5000}, {"party": "agency", "basis_points": 5000}]',
    '[{"party": "agency", "basis_points": 10000.0}]',
    '[{"party": "moon", "basis_points": 10000}]',
    '[{"party": "agency", "basis_points": 11000}, {"party": "merchant", "basis_points": -1000}]',
    "[]",
)

CLAUSES = (
    *(f'[{{"number": "1", "cause": "agency", "shares": {one}}}]' for one in SHARES),
    '[{"number": "1", "cause": "moon", "shares": [{"party": "agency", "basis_points": 10000}]}]',
    '[{"number": "1", "cause": "agency", "category": "moon", "shares": [{"party": "agency", "basis_points": 10000}]}]',
    '[{"number": "1", "cause": "agency", "clause": "99.9", "shares": [{"party": "agency", "basis_points": 10000}]}]',
)


def terms(changes: Mapping[str, str]) -> str:
    """Terms of a contract as JSON, with these fields as they are written."""
    given = {"service_items": [{"number": "1", "name": "运营", "standard": "每日"}]}
    whole = {name: json.dumps(one) for name, one in given.items()} | changes
    return "{" + ", ".join(f"{json.dumps(name)}: {one}" for name, one in whole.items()) + "}"


# Who asks, the path, the body that is right, and by field what is wrong.
Case = tuple[str, str, Mapping[str, Any], Mapping[str, tuple[str, ...]]]
CASES: dict[str, Case] = {
    "a cost": (
        "account_manager",
        "/tickets/{number}/costs",
        {"category": "material_licence", "fen": 128_000, "tax_fen": 0, "incurred_on": "2026-11-20", "note": "软件"},
        {
            "fen": FEN,
            "tax_fen": tuple(one for one in FEN if one != "0"),
            "incurred_on": DAYS,
            "note": TEXTS,
            "category": CODES,
            "currency": ('"USD"', '"XTS"', '"cny"', "156"),
            "colour": ('"red"',),
        },
    ),
    "working time": (
        "account_manager",
        "/tickets/{number}/working-time",
        {"work": "labour_overtime", "worked_on": "2026-11-20", "minutes": 90},
        {"minutes": (*(one for one in FEN if one != "null"), "1441"), "worked_on": DAYS, "work": CODES, "note": TEXTS},
    ),
    "a payment": (
        "finance",
        "/merchants/{merchant_id}/payments",
        {"fen": 5_000, "paid_on": "2026-11-20", "reference": "BK-1"},
        {"fen": FEN, "paid_on": (*DAYS, '"2030-01-01"'), "reference": (*TEXTS, '""', '" "')},
    ),
    "a budget": (
        "executive",
        "/budgets",
        {"category": "freight", "day": "2026-11-20", "fen": 1_000},
        {"fen": FEN, "day": DAYS, "per": CODES, "category": ('"moon"', "5"), "merchant": ('"x"', f'"{uuid4()}"')},
    ),
    "a rate": (
        "finance",
        "/labour-rates",
        {"role": "specialist", "fen_per_hour": 6_000, "valid_from": "2026-01-01"},
        {
            "fen_per_hour": tuple(one for one in FEN if one != "null"),
            "valid_from": DAYS,
            "role": ('"merchant_owner"', "5"),
        },
    ),
    "rules of costs": ("finance", "PUT /cost-rules", {}, {"four_eyes_fen": tuple(o for o in FEN if o not in "null0")}),
    "a rule of matching": (
        "finance",
        "PUT /match-rules/bank_cmb",
        {"rule": {"source": "bank_cmb", "against": "costs"}},
        {"write_off_fen": tuple(one for one in FEN if one != "0"), "rule": ("{}", "null", '{"source": "a"}')},
    ),
    "the general rule": (
        "finance",
        "PUT /general-rule",
        {"valid_from": "2026-11-01", "clauses": []},
        {"clauses": tuple(f'[{{"number": "1", "cause": "agency", "shares": {one}}}]' for one in SHARES)},
    ),
    "a contract": (
        "admin",
        "/merchants/{merchant_id}/contracts/{contract_id}/versions",
        {"valid_from": "2027-01-01"},
        {
            "terms": tuple(terms({"cost_clauses": one}) for one in CLAUSES)
            + tuple(terms({"currency": o}) for o in CODES)
        },
    ),
    "a division": (
        "finance",
        "/bill-lines/{line_id}/division",
        {"parts": []},
        {"parts": tuple(f'[{{"fen": {fen}}}, {{"fen": -1}}]' for fen in FEN)},
    ),
    "a match": ("finance", "/matches", {"lines": []}, {"lines": ("[]", '["x"]', f'["{uuid4()}"]', "null", '"x"')}),
    "a run": (
        "finance",
        "/reconciliation/runs",
        {"source": "bank_cmb", "account": "a", "month": "2026-11"},
        {"month": ('"0001-01"', '"9999-12"', '"2026-13"', '"2026-11\\n"', "202611"), "account": (*TEXTS, '""', '" "')},
    ),
    "a voucher setting": (
        "finance",
        "PUT /voucher-targets",
        {"target": "k3", "prepared_by": "方萍", "accounts": {}},
        {"prepared_by": (*TEXTS, '""'), "target": CODES, "accounts": ("[]", '{"1002": {"code": "a b", "name": "x"}}')},
    ),
    "a reopening": ("finance", "/periods/2026-10/reopening", {"reason": "x"}, {"reason": (*TEXTS, '""', '" "')}),
    "a dispute": (
        "owner",
        "/statements/{statement}/lines/1/dispute",
        {"reason": "x"},
        {"reason": (*TEXTS, '""', '" "')},
    ),
}


@pytest.fixture(scope="module")
async def treasure(house: House) -> Treasure:
    return await hidden(house)


def wrongs(right: Mapping[str, Any], wrong: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Every field with something wrong in it, in the body as it is sent."""
    for field, values in wrong.items():
        rest = {name: value for name, value in right.items() if name != field}
        for value in values:
            whole = ", ".join([*(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in rest.items())])
            yield field, f"{{{whole}{', ' if whole else ''}{json.dumps(field)}: {value}}}"


@pytest.mark.parametrize("name", CASES)
async def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_done(
    name: str, house: House, treasure: Treasure, database: Database
) -> None:
    who, path, right, wrong = CASES[name]
    method, _, address = path.rpartition(" ")
    person: Person = getattr(house.anhe, who)
    before, amiss = await rows_of(database, house.tenant), []
    async with house.client(person, **{"content-type": "application/json"}) as client:
        for field, body in wrongs(right, wrong):
            answer = await client.request(
                method or "POST",
                address.format(**treasure.ids),
                content=body.encode(),
                headers={"idempotency-key": uuid4().hex} if not method else {},
            )
            said = answer.json()
            named = any(one.get("pointer", "").startswith(f"/{field}") for one in said.get("errors", ()))
            # JSON that is none has no place to point at; a thing that does not exist is one of a list.
            placeless = said["code"] in (
                "BodyUnreadable",
                "LineNotFound",
                "MonthUnknown",
                "BudgetInvalid",
                "MatchInvalid",
            )
            if not 400 <= answer.status_code < 500 or not (named or placeless):
                amiss.append(f"{body[:120]}: {answer.status_code} {answer.text[:200]}")
    assert not amiss, "\n".join(amiss)
    assert await rows_of(database, house.tenant) == before


FILES = {
    "garbage": ("x.csv", bytes(range(256)) * 40_960, 422),
    "the far corner": ("x.xlsx", far("XFD1048576"), 422),
    "an empty file": ("x.csv", b"", 422),
    "more than is taken": ("x.csv", b"a,b\n" * 6_000_000, 422),
    "a null in its name": ("a\x00.csv", papers.bank([]), 422),
    "markup for a name": ("<b>.csv", b"a,b\n1,2\n", 422),
    "wrong totals": ("x.csv", papers.wechat(("9", *papers.WECHAT_TOTALS[1:])), 422),
    "lost digits": ("x.csv", papers.wechat().replace(b"4200001", b"4.2E+15"), 422),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_bill_is_taken_whole_or_not_at_all(name: str, house: House, database: Database) -> None:
    file, content, status = FILES[name]
    before = await rows_of(database, house.tenant)
    async with house.client(house.anhe.finance) as finance:
        headers = {"idempotency-key": uuid4().hex}
        answer = await finance.post(
            "/bills", headers=headers, files={"file": (file, content)}, data={"account": "基本户"}
        )
    assert answer.status_code == status, answer.text[:500]
    assert answer.json()["detail"]
    assert await rows_of(database, house.tenant) == before


async def test_a_body_of_garbage_is_refused_before_it_is_read_whole(house: House) -> None:
    async with house.client(house.anhe.finance, **{"content-type": "application/json"}) as finance:
        deep = [b'{"a":' * depth + b"1" + b"}" * depth for depth in (900, 990, 5_000, 100_000)]
        garbage = (b"[" * 10_000_000, b'{"a":' * 150_000, b"\xff\xfe" * 1000, b'{"fen": 1' + b"0" * 900_000)
        for content in (*garbage, *deep):
            answer = await finance.post("/budgets", content=content, headers={"idempotency-key": uuid4().hex})
            assert answer.status_code in (400, 413, 422), answer.text[:200]
