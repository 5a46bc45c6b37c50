"""A ledger is uploaded, its columns and values explained, its rows decided, imported, and undone: without scripts."""

import re
from html import unescape

from litestar import Litestar

from tests.cast import Anhe
from tests.portal.visitor import Visitor
from tests.tickets.importing.ledgers import workbook


async def uploaded(visitor: Visitor, content: bytes, name: str = "台账.xlsx") -> str:
    """Upload a file; answers the address of the import."""
    await visitor.go("/imports")
    data = {"_token": visitor.token()}
    visitor.page = await visitor.client.post("/imports", data=data, files={"file": (name, content)})
    return visitor.path.removesuffix("/columns")


def selected(visitor: Visitor) -> dict[str, str]:
    """What the selects of the page would send, and the hidden fields beside them."""
    sent = {}
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', visitor.text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        sent[name] = unescape(chosen[1]) if chosen else ""
    for name, value in re.findall(r'type="hidden" name="(key\.[^"]+)" value="([^"]*)"', visitor.text):
        sent[unescape(name)] = unescape(value)
    return sent


async def explained(visitor: Visitor, here: str) -> None:
    """Say that columns and values are as suggested, and nobody is who is unknown."""
    await visitor.send(f"{here}/columns", **selected(visitor))
    assert visitor.path == f"{here}/values"
    sent = selected(visitor)
    known = {name: value or "-" if name.endswith(".value") else value for name, value in sent.items()}
    await visitor.send(f"{here}/values", **known)


async def test_a_ledger_is_taken_over_and_undone(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as supervisor:
        await supervisor.sign_in("supervisor")
        here = await uploaded(supervisor, workbook())
        assert supervisor.says("第 3 行为表头")
        assert selected(supervisor)["column.1"] == "registered"
        # A number in a column of days is shown with the day that it says, elsewhere as it is.
        assert supervisor.says("46240 → 2026-08-06")
        assert supervisor.text.count("→ 2026") == 1

        sent = selected(supervisor) | {"column.2": "none"}
        await supervisor.send(f"{here}/columns", **{**sent, "column.1": "none"})
        assert supervisor.status == 422
        await supervisor.go(f"{here}/columns")
        await explained(supervisor, here)
        assert supervisor.path == here
        assert supervisor.says("表格软件的日期序号")
        assert supervisor.says("2026-08-06")

        await supervisor.send(f"{here}/run")
        assert supervisor.status == 409
        await supervisor.go(here)
        await supervisor.send(f"{here}/decisions", deed="accept_all")
        await supervisor.send(f"{here}/run")
        assert supervisor.says("撤销这次导入")
        number = re.search(r"FW2608-\d{5}", supervisor.text)
        assert number
        await supervisor.go(f"/tickets/{number[0]}")
        assert supervisor.says("由台账导入")
        assert supervisor.says("来源编号")

        await supervisor.go(here)
        await supervisor.send(f"{here}/undoing")
        assert supervisor.says("已撤销")
        await supervisor.go(f"/tickets/{number[0]}")
        assert supervisor.status == 404


async def test_a_cell_is_typed_anew_and_a_row_skipped(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as supervisor:
        await supervisor.sign_in("supervisor")
        here = await uploaded(supervisor, workbook())
        await explained(supervisor, here)
        finding = {"field": "amount", "rule": "about", "raw": "约500"}
        await supervisor.send(f"{here}/decisions", deed="retype", value="480", **finding)
        assert not supervisor.says("约500")
        await supervisor.send(f"{here}/decisions", deed="skip_lines", lines="9, 10")
        assert supervisor.says("现在跳过：9、10")


async def test_others_do_not_import(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as agent:
        await agent.sign_in("agent")
        await agent.go("/imports")
        assert agent.status == 403
    async with Visitor(app) as owner:
        await owner.sign_in("owner")
        await owner.go("/imports")
        assert not owner.says("上传表格")
