"""What somebody wrote is found in what their mail client sends, whatever it quotes below."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshou.notifying.replies.plain import plain_text
from anshou.notifying.replies.quoting import own_words
from anshou.notifying.replies.reading import Reply, is_forged, read_reply

OWN = "主图已经换好了，请看一下。\n\n另外运费怎么算？"

QUOTED = {
    "QQ": """


------------------ 原始邮件 ------------------
发件人: "安和电商" <notices@anhe.test>;
发送时间: 2026年11月22日(星期天) 上午10:00
收件人: "云飞" <yun@qq.test>;
主题: 工单 FW2611-00001 有新的事项

您好：""",
    "163": """

---- 回复的原邮件 ----
| 发件人 | 安和电商<notices@anhe.test> |
| 日期 | 2026年11月22日 10:00 |
""",
    "163 web": """


在 2026-11-22 10:00:00，"安和电商" <notices@anhe.test> 写道：

>您好：
>工单""",
    "Foxmail": """


发件人： 安和电商
发送时间： 2026-11-22 10:00
收件人： 云飞
主题： 工单 FW2611-00001
您好：""",
    "Outlook": """

________________________________
发件人: 安和电商 <notices@anhe.test>
发送时间: 2026年11月22日 10:00
收件人: 云飞 <yun@qq.test>
主题: 工单

您好：""",
    "Outlook in English": """

From: Anhe <notices@anhe.test>
Sent: Sunday, November 22, 2026 10:00 AM
To: Yun <yun@qq.test>
Subject: Ticket

Hello""",
    "Outlook of old": """

-----邮件原件-----
发件人: 安和 [mailto:notices@anhe.test]
""",
    "Apple": """

发自我的 iPhone

在 2026年11月22日，上午10:00，安和电商 <notices@anhe.test> 写道：

> 您好：""",
    "Gmail": """

安和电商 <notices@anhe.test> 于2026年11月22日周日 10:00写道：

> 您好：
""",
    "Gmail in English, over two lines": """

On Sun, Nov 22, 2026 at 10:00 AM Anhe E-Commerce
<notices@anhe.test> wrote:

> Hello
""",
    "a signature": """

--
云飞
云杉户外""",
    "nothing but quoted lines": """

> 您好：
> 工单 FW2611-00001 有新的事项""",
}


@pytest.mark.parametrize("client", QUOTED)
def test_the_quotation_of_a_client_is_cut_off(client: str) -> None:
    assert own_words(OWN + QUOTED[client]) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "发件人：这一栏我填错了，请改成云杉。",
        "在昨天的会上，经理写道：要退款",
        "请看 a -> b 的价格\n> 不对\n应该是 30 元",
        "From: 我们这边没有问题",
        "2026 年 11 月起\n----\n按新价格",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text: str) -> None:
    assert own_words(text) == text


@given(st.text(max_size=400))
def test_any_text_is_read_and_reading_it_again_changes_nothing(text: str) -> None:
    once = own_words(text)
    assert own_words(once) == once


def mail(body: str = OWN, **headers: str) -> bytes:
    made = EmailMessage()
    for name, value in {"From": "云飞 <Yun@QQ.test>", "To": "reply@anhe.test", "Message-ID": "<1@qq.test>"}.items():
        made[name] = headers.pop(name, value)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made.as_bytes()


def raw(charset: str, declared: str, body: str = OWN) -> bytes:
    head = f"From: yun@qq.test\r\nTo: r@anhe.test\r\nContent-Type: text/plain; charset={declared}\r\n"
    return head.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body.encode(charset)


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("gb18030", "gb18030"), ("gbk", "GBK"), ("gb18030", "gb2312"), ("utf-8", "utf-8"), ("gb18030", "unknown-8bit")],
)
def test_chinese_character_sets_are_read_also_when_they_are_called_by_a_smaller_name(
    charset: str, declared: str
) -> None:
    # 镕 is not in GB 2312.
    assert read_reply(raw(charset, declared, "朱镕的订单" * 3)).text == "朱镕的订单" * 3


def test_html_alone_becomes_text_without_its_quotation_scripts_and_pictures() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><div>主图已经换好了，<b>请看</b>一下。</div>"
        "<div><br></div><p>另外&nbsp;运费 &lt;怎么算&gt;？</p><script>alert(1)</script><img src='https://evil.test/x.png'>"
        "<blockquote>您好：工单</blockquote><div class='gmail_quote'>On … wrote:</div></body></html>"
    )
    made = EmailMessage()
    made["From"] = "yun@qq.test"
    made.set_content(html, subtype="html")
    assert read_reply(made.as_bytes()).text == "主图已经换好了，请看一下。\n\n另外 运费 <怎么算>？"


@given(st.text(alphabet="<>/ab=\"' &;#x1q", max_size=200))
def test_broken_html_is_read_as_far_as_it_goes(html: str) -> None:
    assert "\0" not in plain_text(html)


def test_files_come_along_and_pictures_of_the_signature_do_not() -> None:
    made = EmailMessage()
    made["From"] = "yun@qq.test"
    made.set_content("见附件")
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="检测报告.pdf")
    made.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", filename="logo.png", cid="<logo>", disposition="inline"
    )
    [file] = read_reply(made.as_bytes()).files
    assert (file.name, file.content) == ("检测报告.pdf", b"%PDF-1.7")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@qq.test"},
        {"List_Id": "<all.qq.test>"},
    ],
)
def test_robots_are_recognised(headers: dict[str, str]) -> None:
    assert read_reply(mail(**headers)).automatic


def test_a_persons_mail_is_no_robots() -> None:
    reply = read_reply(mail(Auto_Submitted="no", Return_Path="<yun@qq.test>"))
    assert not reply.automatic
    assert (reply.sender, reply.message_id) == ("yun@qq.test", "<1@qq.test>")


def test_a_mail_of_two_senders_has_none() -> None:
    assert read_reply(mail(From="a@qq.test, b@qq.test")).sender == ""


def answered(*results: str) -> Reply:
    return Reply(message_id="", sender="yun@qq.test", told_to=(), text="", files=(), automatic=False, results=results)


@pytest.mark.parametrize(
    ("results", "authority", "forged"),
    [
        ((), "", False),
        (("mx.anhe.test; dmarc=fail header.from=qq.test",), "", True),
        (("mx.anhe.test; dmarc=pass header.from=qq.test",), "", False),
        # Where the agency's own server speaks, only it does, and silence is no proof.
        ((), "mx.anhe.test", True),
        (("evil.test; dmarc=pass header.from=qq.test",), "mx.anhe.test", True),
        (("mx.anhe.test; dmarc=pass header.from=qq.test",), "mx.anhe.test", False),
        (("mx.anhe.test; dmarc=none; dkim=pass header.d=qq.test",), "mx.anhe.test", False),
        (("mx.anhe.test; dmarc=none; dkim=pass header.d=evil.test",), "mx.anhe.test", True),
        (("mx.anhe.test; dmarc=none; dkim=pass header.d=notqq.test",), "mx.anhe.test", True),
        (("mx.anhe.test; spf=pass smtp.mailfrom=yun@qq.test",), "mx.anhe.test", False),
        (("mx.anhe.test; spf=pass smtp.mailfrom=qq.test.evil.test",), "mx.anhe.test", True),
    ],
)
def test_what_the_receiving_server_found_is_believed_and_nothing_else(
    results: tuple[str, ...], authority: str, forged: bool
) -> None:
    assert is_forged(answered(*results), authority) is forged


@given(st.binary(max_size=600))
def test_whatever_bytes_come_they_are_read(content: bytes) -> None:
    read_reply(content)
