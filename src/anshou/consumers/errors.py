"""What goes wrong with consumer records. No message holds what somebody typed about a consumer."""

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class ConsumerRecordNotFound(NotFound):
    """Raised when the ticket has no such consumer record, or it was removed."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条消费者记录。"))


class RecordSuperseded(Conflict):
    """Raised when somebody else corrected or removed the record in the meantime."""

    def __init__(self) -> None:
        super().__init__(N_("这条消费者记录刚被别人更正过，请重新打开后再改。"))


class NothingCorrected(Invalid):
    """Raised when a correction says nothing new."""

    def __init__(self) -> None:
        super().__init__(N_("没有填写要更正的内容。"))


class RecordLeftEmpty(Invalid):
    """Raised when a correction would leave a record that says nothing of the consumer's case."""

    def __init__(self, expected: Message) -> None:
        super().__init__(expected.msgid, {"clear": expected})


class RecordDamaged(Conflict):
    """Raised when a field that would be carried over does not open, because its bytes were changed."""

    def __init__(self) -> None:
        super().__init__(N_("有一项的密文已受损，无法原样保留：请把它一并重新填写或清空。"))


class NothingSought(Invalid):
    """Raised when neither a phone number nor an order number to look for was given."""

    def __init__(self) -> None:
        expected = N_("请填写电话、电话后四位或订单号")
        super().__init__(expected, {"phone": expected})


class TooManyRecords(Invalid):
    """Raised when a ticket already carries as many consumer records as one matter can have."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("一个工单最多登记 %(most)s 条消费者记录。"), most=most)


class PrivateRuleNotFound(NotFound):
    """Raised when the merchant has no such rule about private products."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条私密产品设置。"))


class PrivateRuleKnown(Conflict):
    """Raised when the shop or the word is already kept as private."""

    def __init__(self) -> None:
        super().__init__(N_("这个店铺或品类已经设为私密。"))


class PrivateRuleEmpty(Invalid):
    """Raised when a rule names neither a shop nor a word."""

    def __init__(self) -> None:
        expected = N_("请选择店铺，或填写品类词")
        super().__init__(expected, {"word": expected})
