"""Templates are compiled with their words in them, and escape as Jinja does."""

import gettext
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from anshou.language import CHINESE, ENGLISH, languages
from anshou.portal import assets
from anshou.portal.rendering import Rendering
from anshou.portal.static_files import read_static_files
from anshou.portal.template_code import escaped, saying

Render = Callable[..., str]


@pytest.fixture
def rendered(tmp_path: Path) -> Render:
    """Renders the text of a template, in Chinese unless another language is named."""
    assets.build()
    rendering = Rendering(read_static_files(assets.Places().built), directories=(tmp_path,))

    def render(text: str, tag: str = CHINESE, /, **values: object) -> str:
        name = f"{len(list(tmp_path.iterdir()))}.html"
        (tmp_path / name).write_text(text, encoding="utf-8")
        return rendering.render(languages()[tag], name, values)

    return render


def test_constant_words_are_said_in_the_language_of_the_page(rendered: Render) -> None:
    assert rendered('{{ _("取消") }}') == "取消"
    assert rendered('{{ _("取消") }}', ENGLISH) == "Cancel"
    assert rendered('{% set words = _("取消") %}<b title="{{ words }}">', ENGLISH) == '<b title="Cancel">'
    assert rendered('{{ _("取消") if never else _(label) }}', ENGLISH, never=False, label="取消") == "Cancel"


def test_what_is_put_into_words_is_escaped_and_what_is_markup_is_not(rendered: Render) -> None:
    assert rendered('{{ _("第 %(what)s 版", what=what) }}', what="<1>") == "第 &lt;1&gt; 版"
    assert rendered('{{ _("第 %(what)s 版", what=what) }}', what=Markup("<b>1</b>")) == "第 <b>1</b> 版"


def test_every_value_is_escaped(rendered: Render) -> None:
    text = "{% macro cell(one) %}<td>{{ one }}</td>{% endmacro %}{{ cell(value) }}{{ value }}{{ value | safe }}"
    assert rendered(text, value="<&'\">") == "<td>&lt;&amp;&#39;&#34;&gt;</td>&lt;&amp;&#39;&#34;&gt;<&'\">"


def test_an_undefined_name_is_an_error(rendered: Render) -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nothing }}")


@pytest.mark.parametrize("value", ["<a>", "plain", Markup("<b>"), 3, None, CHINESE], ids=repr)
def test_escaping_is_that_of_markupsafe(value: object) -> None:
    assert escaped(value) == str(escape(value))


def test_a_percent_sign_is_written_twice() -> None:
    say = saying(gettext.NullTranslations())
    assert say("80%%") == "80%"
    assert say("%(share)s%%", share=80) == "80%"
