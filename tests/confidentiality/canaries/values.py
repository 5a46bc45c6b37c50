"""The canaries: invented values of every confidential kind, and the eye that recognises them however they are written.

No person, number or account is anybody's. Each stands nowhere else, so that whoever meets one has met a leak.
"""

import base64
import html
import json
import zlib
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote, quote_plus, unquote_plus
from zipfile import BadZipFile, ZipFile

# What only masks may show of these is left out: the first sign of a name, the beginning and end of a number, the town.
CANARIES = {
    "name": "龘靐齉",
    "phone": "10073519284",
    "region": "广东省深圳市南山区",
    "address": "纸鸢巷七百零三号丁座",
    "order_number": "KNR-5081-774913",
    "product": "蓝羽私语按摩仪",
    "specification": "雾紫加长款",
    "usage": "每晚睡前偷用两刻钟",
    "happened": "半夜突然自己震醒全家",
    "bank_account": "6200004401883756019",
    "identity_number": "11010019000230173X",
    "amount": "90418837.06",
    "title": "翡翠渠道底价被谁泄出",
    "said": "竞品手里有我们的鹦鹉表",
    "wanted": "查清谁把鹦鹉表带走",
    "message": "昨夜在茶楼交给了独眼人",
    "note": "怀疑内线代号夜枭",
    "file_name": "鹦鹉表终稿.pdf",
    "file_content": "朱鹮计划第三页底价四万二",
    "asker": "麤鱻犇",
    "contact": "麤府信箱五五零九",
    "wish": "请删去我买私语仪的往事",
    "holder": "鸑鷟貘貅商行",
    "account_number": "6200107735520198346",
    "account_identity": "110100190002317759",
    "cap": "90427351.86",
    "document_name": "獬豸条款附本.pdf",
    "document_content": "獬豸计划第九条保底七万六",
    "marked_later": "雪豹清单落在对家桌上",
}

# The parts that would tell as much as the whole; the region is shown in masks.
TOLD_BY = {name: (value,) for name, value in CANARIES.items() if name != "region"} | {
    "phone": ("10073519284", "73519284", "7351928"),
    "name": ("龘靐齉", "靐齉"),
    "address": ("纸鸢巷", "七百零三号"),
    "order_number": ("KNR-5081-774913", "KNR5081774913", "774913"),
    "product": ("蓝羽私语按摩仪", "蓝羽私语"),
    "bank_account": ("6200004401883756019", "44018837560"),
    "identity_number": ("11010019000230173X", "19000230173"),
    "file_name": ("鹦鹉表终稿",),
    "contact": ("麤府信箱",),
    "asker": ("麤鱻犇", "鱻犇"),
    "holder": ("鸑鷟貘貅商行", "鷟貘貅"),
    "account_number": ("6200107735520198346", "10773552019"),
    "account_identity": ("110100190002317759", "1900023177"),
    # In fen, as it is counted; in yuan, grouped by thousands as we and others write it, or by ten thousands.
    "cap": (
        *("9042735186", "90427351.86", "90427351.9", "9.042735186", "9042.735186"),
        *("90,427,351", "90，427，351", "90 427 351", "90\N{NO-BREAK SPACE}427", "90\N{THIN SPACE}427", "9042,7351"),
    ),
    "document_name": ("獬豸条款附本",),
}


def _written(text: str) -> Iterator[bytes]:
    """The text as it would stand in some place."""
    plain = text.encode()
    yield plain
    yield text.encode("utf-16-le")
    yield text.encode("gb18030")
    yield plain.hex().encode()
    yield quote(text).encode()
    yield quote_plus(text).encode()
    yield json.dumps(text)[1:-1].encode()
    yield text.encode("ascii", "xmlcharrefreplace")
    yield text.encode("ascii", "backslashreplace")
    yield repr(plain)[2:-1].encode()
    # Base64 of something longer: its inner part is the same at each of three offsets.
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        inner = coded[(0, 2, 3)[offset] : len(coded) // 4 * 4 - 4]
        if len(inner) >= 8:
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")


# Compared in one case, because hexadecimal and percent escapes are written in either.
_KNOWN = {name: {one.lower() for part in parts for one in _written(part)} for name, parts in TOLD_BY.items()}


def canaries_in(told: bytes | str) -> set[str]:
    """The names of the canaries that stand in it, in whatever spelling."""
    seen = told.encode("utf-8", "surrogateescape") if isinstance(told, str) else told
    found = _named_in(seen)
    for packed in _unpacked(seen):
        found |= canaries_in(packed)
    if b"%" in seen or b"&" in seen:
        found |= _named_in(html.unescape(unquote_plus(seen.decode("utf-8", "replace"))).encode("utf-8", "replace"))
    return found


def _unpacked(seen: bytes) -> Iterator[bytes]:
    """What lies compressed in it: the parts of a spreadsheet or an archive, or one packed stream."""
    if b"PK\x03\x04" in seen:
        try:
            archive = ZipFile(BytesIO(seen))
        except BadZipFile:
            return
        for part in archive.namelist():
            yield part.encode() + b"\n" + archive.read(part)
    if (start := seen.find(b"\x1f\x8b\x08")) >= 0:
        try:
            yield zlib.decompressobj(wbits=31).decompress(seen[start:])
        except zlib.error:
            return


def _named_in(seen: bytes) -> set[str]:
    low = seen.lower()
    return {name for name, forms in _KNOWN.items() if any(form in low for form in forms)}


CONSUMER = {
    "name": CANARIES["name"],
    "phone": CANARIES["phone"],
    "region": CANARIES["region"],
    "address": CANARIES["address"],
    "order_number": CANARIES["order_number"],
    "product": CANARIES["product"],
    "specification": CANARIES["specification"],
    "usage": f"{CANARIES['usage']}，打款到 {CANARIES['bank_account']}",
    "happened": f"{CANARIES['happened']}，证件 {CANARIES['identity_number']}",
}

REPORT = {
    "title": CANARIES["title"],
    "description": f"{CANARIES['said']}，合同金额 {CANARIES['amount']} 元",
    "request": CANARIES["wanted"],
}

# Larger than what is kept in memory of an upload, so that it passes through a temporary file.
FILE = b"%PDF-1.4\n" + (CANARIES["file_content"] + "\n").encode() * 40_000 + b"%%EOF\n"

DOCUMENT = b"%PDF-1.7\n1 0 obj <<>> endobj\n% " + CANARIES["document_content"].encode() + b"\n%%EOF\n"

ACCOUNT = {
    "bank": "招商银行深圳分行",
    "holder": CANARIES["holder"],
    "number": CANARIES["account_number"],
    "identity_number": CANARIES["account_identity"],
}

ASKING = {
    "asks_for": "copy",
    "channel": "phone",
    "asker": CANARIES["asker"],
    "contact": CANARIES["contact"],
    "wish": CANARIES["wish"],
}
