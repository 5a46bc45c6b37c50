"""Group robots of WeCom, DingTalk and Feishu: they say in a group chat that something waits.

What they are told is a number, a kind of event and a link; whoever follows it signs in. The seam is `talking.Robot`.
"""
