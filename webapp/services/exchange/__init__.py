"""The port to the other provinces (外省): what is asked of them, and what they answer, by signed messages.

`docs/exchange.md` is the protocol. A message is written in the transaction that made it true, sent until it is taken,
taken once, and handled in one transaction with its effect.
"""
