"""Every template compiles, and none carries what the content security policy would refuse."""

import re
from pathlib import Path

import pytest

from anshou.portal.rendering import TEMPLATES
from tests.portal.gallery import gallery_app

EVERY = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", EVERY)
def test_a_template_compiles(name: str) -> None:
    rendering = gallery_app().state.portal.rendering
    for environment in rendering._environments.values():
        environment.get_template(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_template_has_no_inline_script_or_style(name: str) -> None:
    source = re.sub(r"\{[#%].*?[#%]\}", "", (TEMPLATES / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"""\s(style|on[a-z]+)=["']""", source)
    # A block of data is no script: nothing runs it.
    assert not re.search(r"""<script(?! type="application/json">)(?![^>]*\bsrc=)|<style|javascript:""", source)


def test_every_form_that_posts_carries_the_token() -> None:
    for path in Path(TEMPLATES).rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", source, re.DOTALL):
            assert "token()" in form, f"{path.name}: {form[:80]}"
