"""What goes wrong with a template, each with a sentence that says where and what to do."""


class Refused(Exception):
    """A template or its data cannot be used; the message is a sentence for whoever wrote it."""


class BadTemplate(Refused):
    """A template is written in a way that cannot be read. line is the line of that part, 0 when it has none."""

    def __init__(self, sentence: str, where: str = "", line: int = 0) -> None:
        place = f"{where}, line {line}" if where and line else where or (f"line {line}" if line else "")
        super().__init__(f"{place}: {sentence}" if place else sentence)
        self.sentence, self.where, self.line = sentence, where, line

    def at(self, where: str) -> "BadTemplate":
        """Return the same trouble, told of a part."""
        return BadTemplate(self.sentence, where, self.line)


class BadData(Refused):
    """The data for a template holds something that templates do not take."""


class TooMuch(Refused):
    """A template asks for more time, memory or output than one message may have."""


def ended(sentence: str) -> str:
    """Return a sentence with its full stop, unless it ends already.

    >>> ended("close it"), ended("did you mean mj-text?")
    ('close it.', 'did you mean mj-text?')
    """
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
