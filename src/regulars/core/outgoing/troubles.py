"""What can go wrong with an outgoing request; the kind says whether the other side may have it."""


class Trouble(Exception):
    """No answer came. The sentence holds no address, header or body; code is one word for tables."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class Forbidden(Trouble):
    """This request may not leave the house; nothing was sent and trying again changes nothing."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "forbidden")


class BeforeSending(Trouble):
    """Looking up the name, connecting or TLS failed: not one byte of the request left."""


class MaybeSent(Trouble):
    """Bytes of the request left and no answer came back: the other side may have acted on it."""
