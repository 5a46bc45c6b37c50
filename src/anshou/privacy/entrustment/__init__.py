"""Processing on a merchant's behalf (委托处理): what was entrusted, to whom it may be passed on, and how it ends.

PIPL arts. 21 and 59; 网络数据安全管理条例 art. 12: purpose, duration, method, kinds of data and protective measures are
agreed and recorded; nothing is passed on without the merchant's consent; at the end everything is returned or deleted,
and a certificate says what went and what a law keeps.
"""
