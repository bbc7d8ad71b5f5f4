"""What a short answer asks for: stop, start, help, or something that somebody has to read."""

import unicodedata
from enum import StrEnum


class Answer(StrEnum):
    """What somebody wants who answered."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"


# Whole answers only. The words of the FCC's rule of 2025, of Twilio and AWS, and what other languages use instead.
STOPS = (
    "stop, quit, end, revoke, optout, opt out, cancel, unsubscribe, stopall, stop all, remove, remove me, "
    "arret, arreter, td, desabonner, desinscrire, alto, baja, cancelar, parar, sair, stopp, abmelden, abbestellen, stoppen, "
    "afmelden, uitschrijven, basta, annulla, disiscrivi, rezygnuje"
)
STARTS = "start, unstop, yes, resume, subscribe, opt in, optin, anmelden"
HELPS = "help, info, hilfe, aide, ayuda, aiuto, ajuda"
ANSWERS = {
    word: answer
    for words, answer in ((STOPS, Answer.STOP), (STARTS, Answer.START), (HELPS, Answer.HELP))
    for word in words.split(", ")
}


def answer_of(text: str) -> Answer:
    """Return what a whole answer asks for, whatever its case, accents, punctuation and pictures.

    >>> [str(answer_of(text)) for text in (" Stop! ", "ARRÊT", "opt-out", "S T O P", "Stop by tomorrow?", "HELP 🙏", "")]
    ['stop', 'stop', 'stop', 'stop', 'other', 'help', 'other']
    """
    words = _words(text[:200])
    return ANSWERS.get(words) or ANSWERS.get(words.replace(" ", "")) or Answer.OTHER


def _words(text: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare.casefold()).split())
