"""What the demo merchants' customers bought and what went wrong with it. Everybody and everything is invented."""

from dataclasses import dataclass

from anshou.consumers.solutions import Solution


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One consumer's case."""

    product: str
    specification: str
    happened: str
    usage: str
    wanted: Solution


SURNAMES = "柳苏梅楚祝卓岑喻边云桑燕姬蓝丛舒连霍骆莫"
GIVEN = (
    "如丝",
    "念",
    "听澜",
    "小满",
    "清越",
    "一诺",
    "晚舟",
    "明溪",
    "知夏",
    "若初",
    "远",
    "南星",
    "青禾",
    "云起",
    "辞",
)

REGIONS = (
    "广东省深圳市南山区",
    "浙江省杭州市西湖区",
    "四川省成都市武侯区",
    "江苏省苏州市吴中区",
    "湖北省武汉市洪山区",
    "山东省青岛市崂山区",
    "上海市浦东新区",
    "北京市朝阳区",
    "福建省厦门市思明区",
    "陕西省西安市雁塔区",
)
STREETS = ("松风路", "听雨巷", "云水街", "白鹭大道", "知春里", "梧桐弄", "海棠路", "半山园")

# Numbers that begin with 100 are given to no subscriber.
PHONE_BEGINS = "100"

# A merchant's trade -> its customers' cases.
CASES: dict[str, tuple[DemoCase, ...]] = {
    "家居日用": (
        DemoCase("可折叠收纳箱", "66L 米白 两只装", "收到时一只箱体裂了口", "尚未使用", Solution.REISSUE),
        DemoCase("竹纤维浴巾", "70×140 浅灰", "洗了两次开始掉毛", "按说明手洗两次", Solution.RETURN_REFUND),
        DemoCase("智能感应垃圾桶", "12L 象牙白", "盖子合不上，一直响", "用了一周", Solution.EXCHANGE),
    ),
    "休闲食品": (
        DemoCase("每日坚果礼盒", "750g 30 包", "其中五包漏气受潮", "拆开六包", Solution.REFUND_ONLY),
        DemoCase("手撕牛肉干", "原味 500g", "收到时离保质期只剩十天", "未拆封", Solution.RETURN_REFUND),
        DemoCase("蛋黄酥", "12 枚装", "压碎了一半，照片已经发给客服", "未食用", Solution.COMPENSATION),
    ),
    "数码配件": (
        DemoCase("氮化镓充电器", "65W 黑色", "给笔记本充电时烫手，十分钟后断开", "用了三天", Solution.EXCHANGE),
        DemoCase("磁吸无线充电宝", "10000mAh", "电量显示不准，充满只能用一次", "用了一个月", Solution.REPAIR),
        DemoCase("降噪耳机", "曜石黑", "左耳没有声音", "每天通勤使用", Solution.REPAIR),
    ),
    "女装": (
        DemoCase("羊毛双面呢大衣", "驼色 M", "袖子里衬没有缝合", "试穿一次", Solution.EXCHANGE),
        DemoCase("高腰阔腿裤", "黑色 S", "尺码比标注小一码", "试穿一次", Solution.RETURN_REFUND),
        DemoCase("真丝衬衫", "月白 L", "领口有一处勾丝", "未穿", Solution.COMPENSATION),
    ),
    "母婴": (
        DemoCase("电动吸奶器", "双边 静音款", "右侧没有吸力", "产后第二周开始用，每天六次", Solution.EXCHANGE),
        DemoCase("产褥护理垫", "XL 30 片", "包装破损，担心不卫生", "未使用", Solution.RETURN_REFUND),
        DemoCase("婴儿恒温水壶", "1.2L", "温度升到七十度就停", "用了五天", Solution.REPAIR),
    ),
    "茶叶": (
        DemoCase("明前龙井", "礼盒 250g", "香气与样品差别大", "冲泡两次", Solution.RETURN_REFUND),
        DemoCase("陈年普洱饼", "357g", "外包装受潮有霉点", "未冲泡", Solution.RETURN_REFUND),
    ),
    "家纺": (
        DemoCase("成人护理床垫", "60×90 50 片", "吸水层起团", "老人夜间使用三天", Solution.EXCHANGE),
        DemoCase("全棉四件套", "1.8 米 雾蓝", "枕套少了一只", "未使用", Solution.REISSUE),
        DemoCase("蚕丝被", "3 斤 冬被", "有明显异味，晾了两天没有散", "未使用", Solution.RETURN_REFUND),
    ),
    "户外运动": (
        DemoCase("碳纤维登山杖", "三节 一对", "锁扣打滑，下坡时缩短", "一次徒步", Solution.EXCHANGE),
        DemoCase("三季帐篷", "双人 军绿", "外帐接缝渗水", "露营一晚", Solution.REPAIR),
    ),
}

# Words by which a trade's products are private.
PRIVATE_WORDS: dict[str, tuple[str, ...]] = {"母婴": ("吸奶器", "产褥"), "家纺": ("成人护理",)}
