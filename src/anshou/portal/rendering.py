"""Jinja, once per language: the words are bound when a template is compiled, not looked up per request."""

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from anshou.language import Language, languages
from anshou.portal import formats
from anshou.portal.asset_list import ICON_SHEET
from anshou.portal.static_files import StaticFiles

TEMPLATES = Path(__file__).parent / "templates"


class IconNotListed(Exception):
    """Raised when a template asks for an icon that `asset_list.ICONS` does not name."""


class Rendering:
    """Templates by language. An undefined name in a template is an error, never an empty string."""

    def __init__(self, static_files: StaticFiles, *, directories: tuple[Path, ...] = (TEMPLATES,)) -> None:
        self._environments = {
            tag: _environment(language, static_files, directories) for tag, language in languages().items()
        }

    def render(self, language: Language, template: str, values: dict[str, object]) -> str:
        """The whole text of a template in a language."""
        return self._environments[language.tag].get_template(template).render(values)


def _environment(language: Language, static_files: StaticFiles, directories: tuple[Path, ...]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(directories),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "language": language,
        "languages": tuple(languages().values()),
        "asset": static_files.address,
        "icon": partial(_icon, static_files.address(ICON_SHEET), frozenset(static_files.manifest.icons)),
    }
    environment.filters |= {
        "instant": formats.instant,
        "minute": formats.minute,
        "day": formats.day,
        "span": partial(formats.span, language=language),
        "yuan": formats.yuan,
        "share": formats.share,
        "figure": formats.figure,
        "size": formats.size,
    }
    return environment


def _icon(sheet: str, listed: frozenset[str], name: str, title: str = "") -> Markup:
    """An icon drawn from the sheet; with a title it speaks, without one it is decoration and silent."""
    if name not in listed:
        raise IconNotListed(name)
    if title:
        return Markup('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>').format(
            title, sheet, name
        )
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(sheet, name)
