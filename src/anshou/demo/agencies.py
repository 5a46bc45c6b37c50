"""The two demo agencies: who works there, whom they serve and what was agreed. All names are invented."""

from dataclasses import dataclass

from anshou.people.roles import Department, Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person of an agency or of a merchant; `login` is unique within the agency."""

    login: str
    name: str
    title: str
    roles: tuple[tuple[Role, Department | None], ...]
    locale: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop on a platform."""

    platform: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoMerchant:
    """A merchant with its shops, its own people and who looks after it; `strict` contracts tighten the time limits."""

    name: str
    short_name: str
    trade: str
    shops: tuple[DemoShop, ...]
    people: tuple[DemoPerson, ...]
    account_manager: str
    service_agent: str
    strict: bool = False


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """An agency: its sign-in code, its people and its merchants."""

    code: str
    name: str
    people: tuple[DemoPerson, ...]
    merchants: tuple[DemoMerchant, ...]


def _staff(prefix: str, names: tuple[str, ...]) -> tuple[DemoPerson, ...]:
    """The usual posts of an agency, filled with these names in this order."""
    posts: tuple[tuple[str, str, tuple[tuple[Role, Department | None], ...]], ...] = (
        ("manager", "客户经理", ((Role.ACCOUNT_MANAGER, None),)),
        ("manager2", "客户经理", ((Role.ACCOUNT_MANAGER, None),)),
        ("agent", "售后客服", ((Role.SERVICE_AGENT, None),)),
        ("agent2", "售后协调专员", ((Role.SERVICE_AGENT, None),)),
        ("operations", "运营专员", ((Role.SPECIALIST, Department.OPERATIONS),)),
        ("technical", "技术支持工程师", ((Role.SPECIALIST, Department.TECHNICAL_SUPPORT),)),
        ("quality", "质量专员", ((Role.SPECIALIST, Department.QUALITY),)),
        ("coordination", "运营管理专员", ((Role.SPECIALIST, Department.OPERATIONS_MANAGEMENT),)),
        ("supervisor", "运营主管", ((Role.SUPERVISOR, Department.OPERATIONS),)),
        ("techlead", "技术主管", ((Role.SUPERVISOR, Department.TECHNICAL_SUPPORT),)),
        ("servicelead", "售后主管", ((Role.SUPERVISOR, Department.AFTER_SALES_SERVICE),)),
        ("finance", "财务专员", ((Role.FINANCE, None),)),
        ("executive", "总经理", ((Role.EXECUTIVE, None),)),
        ("auditor", "内审专员", ((Role.AUDITOR, None),)),
        ("admin", "系统管理员", ((Role.AGENCY_ADMIN, None),)),
        ("finance2", "财务主管", ((Role.FINANCE, None),)),
    )
    return tuple(
        DemoPerson(f"{prefix}{login}", name, title, roles)
        for (login, title, roles), name in zip(posts, names, strict=True)
    )


def _owner(login: str, name: str) -> DemoPerson:
    return DemoPerson(login, name, "店主", ((Role.MERCHANT_OWNER, None),))


def _member(login: str, name: str) -> DemoPerson:
    return DemoPerson(login, name, "店铺助理", ((Role.MERCHANT_MEMBER, None),))


XINGFAN = DemoAgency(
    code="xingfan",
    name="星帆电商代运营",
    people=_staff(
        "",
        (
            "林书瑶",
            "周砚秋",
            "何小满",
            "沈知行",
            "陆景川",
            "顾一鸣",
            "韩雪松",
            "唐念安",
            "江屿",
            "程牧之",
            "白露",
            "宋清和",
            "叶承宇",
            "许闻溪",
            "罗子衿",
            "温如故",
        ),
    ),
    merchants=(
        DemoMerchant(
            "青禾家居用品有限公司",
            "青禾家居",
            "家居日用",
            (DemoShop("pinduoduo", "青禾家居官方旗舰店"), DemoShop("tmall", "青禾家居旗舰店")),
            (_owner("qinghe", "方晴"), _member("qinghe.assistant", "苗青")),
            "manager",
            "agent",
            strict=True,
        ),
        DemoMerchant(
            "麦浪食品有限公司",
            "麦浪食品",
            "休闲食品",
            (DemoShop("tmall", "麦浪食品旗舰店"), DemoShop("douyin", "麦浪零食铺")),
            (_owner("mailang", "魏麦"), _member("mailang.assistant", "丁香")),
            "manager",
            "agent2",
        ),
        DemoMerchant(
            "晨光数码科技有限公司",
            "晨光数码",
            "数码配件",
            (DemoShop("jd", "晨光数码京东自营店"), DemoShop("pinduoduo", "晨光数码专营店")),
            (_owner("chenguang", "董辰"),),
            "manager2",
            "agent",
        ),
        DemoMerchant(
            "云裳服饰有限公司",
            "云裳服饰",
            "女装",
            (DemoShop("douyin", "云裳女装直播间"), DemoShop("taobao", "云裳衣橱")),
            (_owner("yunshang", "纪云"), _member("yunshang.assistant", "阮棠")),
            "manager2",
            "agent2",
        ),
        DemoMerchant(
            "小鹿母婴用品有限公司",
            "小鹿母婴",
            "母婴",
            (DemoShop("pinduoduo", "小鹿母婴旗舰店"),),
            (_owner("xiaolu", "陶然"),),
            "manager",
            "agent",
            strict=True,
        ),
    ),
)

LANTU = DemoAgency(
    code="lantu",
    name="蓝图网络运营",
    people=_staff(
        "",
        (
            "施若愚",
            "秦朗",
            "贾若溪",
            "孟星河",
            "夏知秋",
            "石磊",
            "卢婉清",
            "汪洋",
            "龚远航",
            "邱明远",
            "谭静好",
            "尹素心",
            "包亦舒",
            "严守正",
            "葛天逸",
            "苏慕白",
        ),
    ),
    merchants=(
        DemoMerchant(
            "山泉茶业有限公司",
            "山泉茶业",
            "茶叶",
            (DemoShop("tmall", "山泉茶业旗舰店"), DemoShop("jd", "山泉茶叶专营店")),
            (_owner("shanquan", "毛尖"),),
            "manager",
            "agent",
        ),
        DemoMerchant(
            "暖阳家纺有限公司",
            "暖阳家纺",
            "家纺",
            (DemoShop("pinduoduo", "暖阳家纺官方店"),),
            (_owner("nuanyang", "温如玉"), _member("nuanyang.assistant", "齐羽")),
            "manager2",
            "agent2",
        ),
        DemoMerchant(
            "极速户外装备有限公司",
            "极速户外",
            "户外运动",
            (DemoShop("douyin", "极速户外旗舰店"), DemoShop("jd", "极速户外京东店")),
            (_owner("jisu", "马奔"),),
            "manager",
            "agent2",
        ),
    ),
)

AGENCIES = (XINGFAN, LANTU)
