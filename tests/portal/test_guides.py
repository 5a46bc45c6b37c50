"""The guides in the portal: each desk's own, in both languages, and nothing of the repository around them."""

import re
from urllib.parse import unquote

import pytest

from anshou.portal.guides.pages import OF_AGENCIES, OF_MERCHANTS, WRITTEN_FOR
from anshou.portal.guides.shelf import guides_folder, picture, shelf
from tests.cast import Anhe
from tests.portal.visitor import Visitor


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_guide_that_is_written_is_on_the_shelf(language: str) -> None:
    written = {path.name.split(".")[0] for path in guides_folder().glob("*.md")} - {"README"}
    assert set(shelf(language)) == written == set(WRITTEN_FOR)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_link_and_picture_of_a_guide_leads_somewhere(language: str) -> None:
    for guide in shelf(language).values():
        for address in re.findall(r'href="([^"]*)"', guide.html):
            assert address.startswith(("/help", "#", "https://")), (guide.name, address)
            if address.startswith("#"):
                assert unquote(address[1:]) in {chapter.anchor for chapter in guide.chapters}, (guide.name, address)
            if address.startswith("/help/"):
                assert address.removeprefix("/help/").partition("#")[0] in shelf(language), address
        for name in re.findall(r'src="/help/pictures/([^"]*)"', guide.html):
            assert picture(name) is not None, (guide.name, name)


@pytest.mark.parametrize("desk", [OF_AGENCIES, OF_MERCHANTS])
def test_no_guide_leads_to_one_that_its_reader_does_not_have(desk: frozenset[str]) -> None:
    for name in desk:
        for other in re.findall(r'href="/help/([a-z]+)', shelf("zh-CN")[name].html + shelf("en")[name].html):
            assert other in desk, (name, other)


def test_a_chinese_line_goes_on_in_the_next_without_a_space() -> None:
    for guide in shelf("zh-CN").values():
        for paragraph in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", guide.html, re.S):
            assert not re.search(r"[\u4e00-\u9fff，。；：、]\n[\u4e00-\u9fff（“]", paragraph), (guide.name, paragraph)


def test_a_picture_is_looked_up_by_its_name_and_never_by_a_path() -> None:
    for name in ("../service.md", "..%2fservice.md", "service.md", "", ".webp", "a/b.webp"):
        assert picture(name) is None


@pytest.mark.parametrize(
    ("login", "own", "other"),
    [
        ("manager", "service", "merchants"),
        ("finance", "finance", "merchants"),
        ("yunshan-owner", "merchants", "service"),
    ],
)
async def test_each_desk_has_its_own_guides(anhe: Anhe, visitor: Visitor, login: str, own: str, other: str) -> None:
    await visitor.sign_in(login)
    await visitor.go("/help")
    assert f'href="/help/{own}"' in visitor.text
    assert f'href="/help/{other}"' not in visitor.text
    assert (await visitor.client.get(f"/help/{own}")).status_code == 200
    assert (await visitor.client.get(f"/help/{other}")).status_code == 404
    assert (await visitor.client.get("/help/pictures/finance-bench.webp")).headers["content-type"] == "image/webp"
    assert (await visitor.client.get("/help/pictures/nothing.webp")).status_code == 404
