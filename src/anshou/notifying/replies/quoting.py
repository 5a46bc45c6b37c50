"""What somebody wrote themselves: a reply without the mail it quotes, its signature and the client's own line.

By the lines that mail clients put before a quotation: QQ 邮箱, 163, Foxmail, Outlook, Apple Mail, Gmail, in Chinese and
English. Whatever follows such a line is quotation, whoever wrote below it: an answer between the lines is lost, and the
timeline has what it answers.
"""

import re

_RULED = re.compile(
    r"^\s*-{2,}\s*(原始邮件|原邮件|回复的原邮件|转发邮件信息|转发的邮件|邮件原件|Original Message|Forwarded message|"
    r"Original Email|Replied Message)\s*-{2,}",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*(在|于|On\b|[^\n]{0,80}<[^<>@\s]+@[^<>\s]+>\s*(于|在)).{0,200}(写道|写到|wrote)\s*[:：]\s*$", re.DOTALL
)
_FROM = re.compile(r"^\s*[*]?(发件人|寄件者|From)[*]?\s*[:：]", re.IGNORECASE)
_HEADER = re.compile(
    r"^\s*[*]?(发送时间|发送日期|日期|时间|收件人|主题|抄送|Sent|Date|To|Subject|Cc)[*]?\s*[:：]", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- ?$")
_BY_CLIENT = re.compile(
    r"^\s*(发自我的|从我的.{1,20}发送|来自.{1,12}邮箱|Sent from my |Get Outlook for |获取 Outlook)", re.I
)
_RULE = re.compile(r"^\s*[_—-]{8,}\s*$")

# A line that names the writer can be broken over so many lines.
_BROKEN_OVER = 3


def own_words(text: str) -> str:
    """The text without quotation and signature, with at most one blank line in a row."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")]
    kept = lines[: _end(lines)]
    while kept and (not kept[-1].strip() or _BY_CLIENT.match(kept[-1]) or _RULE.match(kept[-1]) or _quoted(kept[-1])):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _end(lines: list[str]) -> int:
    for place, line in enumerate(lines):
        if _RULED.match(line) or _SIGNATURE.match(line) or _begins_header(lines, place) or _begins_quote(lines, place):
            return place
    return len(lines)


def _begins_header(lines: list[str], place: int) -> bool:
    """发件人：… with 发送时间, 收件人 or 主题 close below; 发件人 alone may be what somebody writes about."""
    following = [line for line in lines[place + 1 : place + 6] if line.strip()]
    return bool(_FROM.match(lines[place])) and sum(bool(_HEADER.match(line)) for line in following) >= 2


def _begins_quote(lines: list[str], place: int) -> bool:
    return any(
        _WROTE.match("\n".join(lines[place : place + many])) for many in range(1, _BROKEN_OVER + 1)
    ) and not _quoted(lines[place])


def _quoted(line: str) -> bool:
    return line.lstrip().startswith(">")
