"""Every text that people read is there in English too, with the same placeholders."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

HERE = Path(__file__).parents[2]
CATALOGUE = HERE / "src" / "anshou" / "portal" / "locale" / "en" / "LC_MESSAGES" / "anshou.po"
ROOMS = ("src", "tenants", "billing", "confidentiality")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "say": (1,)}


def _marked() -> set[str]:
    with (HERE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = set()
    for room in ROOMS:
        for _, _, message, _, _ in extract_from_dir(
            str(HERE / room), method_map=methods, options_map=options, keywords=KEYWORDS
        ):
            found.add(message)
    return {message for message in found if isinstance(message, str) and message}


def test_every_marked_text_has_its_english() -> None:
    with CATALOGUE.open("rb") as file:
        english = {message.id: message.string for message in read_po(file, locale="en") if message.id}
    assert sorted(_marked() - {text for text, said in english.items() if said}) == []


def test_a_translation_keeps_the_placeholders() -> None:
    with CATALOGUE.open("rb") as file:
        different = [
            message.id
            for message in read_po(file, locale="en")
            if message.id and _placeholders(message.id) != _placeholders(message.string)
        ]
    assert different == []


def _placeholders(text: object) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", str(text)))
