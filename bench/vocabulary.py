"""What people of the trade write on tickets: titles, sentences and files' names of a varied vocabulary, from a seed.

A word of `COMMON` stands in a tenth of the tickets or more, one of `RARE` in about fifty of a million, so that searches
for both kinds can be asked for.
"""

import random
from collections.abc import Sequence

COMMON = ("退款", "发货", "活动", "主图", "物流", "客服", "商品", "订单")
RARE = ("榫卯", "藕荷", "玳瑁", "蓑衣", "砗磲", "箜篌", "缂丝", "螺钿", "糌粑", "鹿茸", "竹篾", "靛蓝")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SUBJECTS = _words(
    "详情页 主图 首屏海报 商品标题 规格参数 尺码表 直通车 活动报名 满减设置 优惠券 会员价 预售页面 "
    "直播间 短视频 买家秀 客服话术 自动回复 退款审核 售后单 换货单 补发单 发货时效 物流单号 快递面单 "
    "赠品 库存同步 价格设置 店铺首页 类目导航 关键词投放 推广计划 站外引流 大促预热 秒杀活动 品牌专区 "
    "评价回复 差评处理 店铺评分 访客数 浏览量 转化率 支付订单 退款率 客单价 收藏加购 投产比 曝光量 "
    "点击率 跳失率 合同条款 服务费 结算单 对账明细 佣金扣点 保证金 发票 排期表 运营周报 月度总结 需求单 "
    "拍摄样片 模特图 包装设计 质检报告 授权书 "
)
_PROBLEMS = _words(
    "与需求不符 上线延误 未按约定执行 数据骤降 连续三天下滑 无人跟进 响应太慢 被平台下架 设置错误 漏发 "
    "错发 重复扣费 金额不一致 迟迟没有答复 效果不及预期 显示异常 打不开 同步失败 统计口径不一 被买家投诉 "
    "收到差评 超时未处理 多次修改仍不对 缺少确认 提前结束 没有通知 与合同约定有出入 需要重新核对 "
    "请尽快更换 要求说明原因 要求补偿 需要复盘 未达到保底 被竞品超过 遭到恶意退款 违规扣分 缺货未下架 "
    "价格低于成本 图片模糊 文案有错别字 "
)
_GOODS = _words(
    "冲锋衣 登山鞋 羽绒服 保温杯 空气炸锅 扫地机 蚕丝被 乳胶枕 儿童书包 婴儿推车 坚果礼盒 有机大米 "
    "橄榄油 手冲咖啡 龙井茶 白酒 面膜 精华液 防晒霜 牙刷 蓝牙耳机 充电宝 机械键盘 显示器 电动车 "
    "行车记录仪 汽车脚垫 猫粮 狗窝 鱼缸 办公椅 书桌 窗帘 地毯 台灯 灯泡 插座 花洒 马桶盖 拉杆箱 双肩包 "
    "皮带 手表 项链 运动鞋 瑜伽垫 跑步机 钓鱼竿 帐篷 睡袋 相机包 三脚架 毛笔 宣纸 拼图 积木 绘本 汉服 "
    "旗袍 衬衫 西装 牛仔裤 袜子 内衣 "
)
_PLACES = _words(
    "杭州 上海 广州 深圳 成都 武汉 西安 郑州 长沙 苏州 宁波 厦门 青岛 沈阳 哈尔滨 昆明 贵阳 南宁 兰州 "
    "乌鲁木齐 拉萨 合肥 南昌 石家庄 "
)
_CARRIERS = _words("顺丰 中通 圆通 申通 韵达 极兔 京东 邮政 德邦 跨越 ")
_PEOPLE = _words(
    "运营同事 美工 客服主管 仓库 技术同事 推广专员 财务 摄影师 店长 数据分析师 商家老板 采购 主播 平台小二"
)
_TIMES = _words(
    "今天上午 昨天下午 上周五 周末两天 双十一当天 大促预热期 月初 凌晨两点 三天前 晚高峰 本月中旬 春节前 "
    "周一早会后 活动结束前 "
)
_DEEDS = _words(
    "已经核对过后台记录 把截图发在群里 重新提交了审核 按需求单逐项比对 联系平台小二申诉 先恢复到上一版 "
    "补投了一周流量 安排仓库加急发货 给买家补了优惠券 把差额退回 重新拍摄样片 调整了投放人群 "
    "拦截了问题包裹 导出了明细表 约了电话会议 更新了排期 改好了文案 下架了有问题的商品 请商家确认新稿 "
    "登记了赔付金额 追回了货款 通知各部门配合 "
)
_WISHES = _words(
    "希望今天内给出方案 请尽快换回确认稿 需要书面说明 要求按合同赔付 下次提前一天通知 麻烦把原始数据发来 "
    "请安排专人跟进 先暂停投放 恢复原来的价格 请财务一起核对 尽量不要影响大促 先给买家一个答复 "
    "按约定的频次反馈 请补发并承担运费 把责任写清楚 月底前结清 请主管回电 改好后再上线 "
)
_FILES = _words(
    "转账回单 聊天记录 后台截图 需求单 合同扫描件 质检报告 物流轨迹 对账明细 拍摄样片 活动排期 退款凭证 "
    "数据导出 主图定稿 仓库照片 授权书 会议纪要 "
)
_ENDINGS = ("pdf", "png", "xlsx", "jpg", "docx")


def title_beginnings() -> list[str]:
    """What a title is about."""
    return [f"{goods}{subject}" for subject in _SUBJECTS for goods in ("", *_GOODS[::4])]


def title_endings() -> list[str]:
    """What is wrong with it."""
    return [f"{before}{problem}" for before in ("", "，", " ") for problem in _PROBLEMS]


def sentences(seed: int, count: int) -> list[str]:
    """Sentences of descriptions and messages, words like people use them: few often, most seldom."""
    chance = random.Random(seed)
    return [_sentence(chance) for _ in range(count)]


def file_names(seed: int, count: int) -> list[str]:
    """Names of attachments."""
    chance = random.Random(seed)
    return [
        f"{_often(chance, _FILES)}-{chance.choice(_GOODS)}-{chance.randint(1, 1231):04}.{chance.choice(_ENDINGS)}"
        for _ in range(count)
    ]


def _sentence(chance: random.Random) -> str:
    goods, subject, problem = chance.choice(_GOODS), _often(chance, _SUBJECTS), _often(chance, _PROBLEMS)
    order = f"{chance.randint(10**13, 10**14)}"
    match chance.randrange(6):
        case 0:
            return f"{chance.choice(_TIMES)}发现{goods}的{subject}{problem}，{_often(chance, _WISHES)}。"
        case 1:
            return f"{chance.choice(_PEOPLE)}{_often(chance, _DEEDS)}，{subject}仍然{problem}。"
        case 2:
            return f"订单{order}由{chance.choice(_CARRIERS)}发往{chance.choice(_PLACES)}，买家要求退款，商品是{goods}。"
        case 3:
            return f"您好，{_often(chance, _DEEDS)}，预计{chance.randint(1, 48)}小时内有结果，请查收。"
        case 4:
            return (
                f"活动期间{subject}从{chance.randint(500, 90000)}变成{chance.randint(10, 5000)}，"
                f"客服反映{problem}，{_often(chance, _WISHES)}。"
            )
        case _:
            return f"SKU {chance.choice('ABCDX')}{chance.randint(100, 9999)}（{goods}）{problem}，主图也要一起改。"


def _often(chance: random.Random, words: Sequence[str]) -> str:
    """The first words much more often than the last."""
    return words[int(len(words) * chance.random() ** 2)]
