"""What answers mean: keywords however they are typed, refusals in people's own words, and replies that refuse nothing."""

import re
import unicodedata

import pytest
from hypothesis import given, strategies as st

from regulars.consent.keywords import Meaning, confirmation, meaning
from regulars.consent.keywords.answers import LANGUAGES
from regulars.consent.keywords.words import HELP, START, STOP, STOP_IF_SPOKEN
from tests.consent.keywords import replies

FCC = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
TWILIO = ("STOPALL", "OPTOUT", "STOP", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE")
AWS = ("ARRET", "OPT-OUT", "OPTOUT", "REMOVE", "TD", "STOP")
ABROAD = (
    *(
        "STOPP",
        "Abmelden",
        "Abbestellen",
        "ARRÊT",
        "Arrêter",
        "Désabonner",
        "Désinscrire",
        "ALTO",
        "BAJA",
        "Cancelar",
        "Parar",
    ),
    *(
        "SAIR",
        "Cancella",
        "Annulla",
        "Disiscrivi",
        "AFMELDEN",
        "Uitschrijven",
        "Wypisz",
        "Rezygnuję",
        "KONIEC",
        "Avsluta",
    ),
    *(
        "Avanmäl",
        "Avregistrera",
        "AFMELD",
        "FRAMELD",
        "AVMELD",
        "SLUTT",
        "Lopeta",
        "Peruuta",
        "Odhlásit",
        "ZRUŠIT",
        "İPTAL",
        "Durdur",
    ),
)
LOOKS = (
    "{}",
    " {}  ",
    "{}.",
    "{}!!!",
    "\n{}\n",
    '"{}"',
    "«{}»",
    "*{}*",
    "({})",
    "{} 🛑",
    "🙏 {} 😡😡",
    "❤️{}❤️",
    "{} please",
    "Please, {}",
    "{}, thanks!",
    "{} {}",
    "{}\u200b",
    "\ufeff{}",
    "{} 12345",
    "{}\n\nSent from my phone",
    "{}\n\nOn Mon, 5 Jan 2026 at 09:12, Kessel & Kraut wrote:\n> Spring is here! Reply HELP for help.",
)
CASES = (str.upper, str.lower, str.title, str.swapcase)


@pytest.mark.parametrize("word", sorted({*FCC, *TWILIO, *AWS, *ABROAD, *STOP}))
def test_a_keyword_counts_however_it_is_typed(word: str) -> None:
    for look in LOOKS:
        for case in CASES:
            text = look.format(*[case(word)] * look.count("{}"))
            assert meaning(text) is Meaning.STOP, text


@pytest.mark.parametrize("word", ["stop", "end", "quit", "cancel", "unsubscribe"])
def test_accents_width_and_spelling_out_change_nothing(word: str) -> None:
    accented = "".join(sign + "\u0301" if sign in "aeiou" else sign for sign in word)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in word.upper())
    for text in (
        accented,
        unicodedata.normalize("NFC", accented),
        wide,
        " ".join(word),
        ".".join(word),
        "-".join(word.upper()),
    ):
        assert meaning(text) is Meaning.STOP, text


@pytest.mark.parametrize("word", sorted(START))
def test_start_words_start(word: str) -> None:
    assert {meaning(text) for text in (word, word.upper() + "!", f" {word.title()} please 🙂")} == {Meaning.START}


@pytest.mark.parametrize("word", sorted(HELP))
def test_help_words_ask_for_help(word: str) -> None:
    assert {meaning(text) for text in (word, word.upper() + "?", f"{word.title()}, please")} == {Meaning.HELP}


def test_a_word_means_one_thing() -> None:
    assert not STOP & START
    assert not STOP & HELP
    assert not START & HELP


def test_yes_starts_nothing() -> None:
    assert {meaning(text) for text in ("Yes", "YES!", "ja", "oui", "Si", "no", "")} == {Meaning.OTHER}


@pytest.mark.parametrize("language", sorted(STOP_IF_SPOKEN))
def test_a_word_of_two_languages_counts_for_those_who_speak_the_one(language: str) -> None:
    for word in STOP_IF_SPOKEN[language] - STOP:
        assert meaning(word.upper()) is Meaning.OTHER, word
        assert meaning(word.upper(), language) is Meaning.STOP


@pytest.mark.parametrize("text", replies.lines(replies.REFUSALS_TUNED))
def test_a_refusal_in_own_words_revokes(text: str) -> None:
    assert meaning(text).is_revocation


@pytest.mark.parametrize("text", replies.lines(replies.NEUTRAL_TUNED + replies.NEUTRAL_ASIDE.lstrip()))
def test_a_reply_that_refuses_nothing_revokes_nothing(text: str) -> None:
    assert not meaning(text).is_revocation


@pytest.mark.parametrize(
    "begging", ["dont {}", "Please don't {}!", "do not {}", "Never {}", "I can't {}", "please dont ever {}"]
)
@pytest.mark.parametrize(
    "wish", ["stop texting me", "stop sending me texts", "stop these messages", "stop sending offers", "stop"]
)
def test_whoever_wants_more_is_not_taken_for_one_who_wants_less(begging: str, wish: str) -> None:
    assert not meaning(begging.format(wish)).is_revocation


def test_of_the_refusals_set_aside_at_least_95_of_100_revoke() -> None:
    told = replies.lines(replies.REFUSALS_ASIDE)
    missed = [text for text in told if not meaning(text).is_revocation]
    assert len(told) == 100
    assert len(missed) <= 5, missed


def test_the_tables_are_as_long_as_they_say() -> None:
    tables = (replies.REFUSALS_TUNED, replies.REFUSALS_ASIDE, replies.NEUTRAL_TUNED, replies.NEUTRAL_ASIDE)
    assert [len(set(replies.lines(table))) for table in tables] == [100] * 4
    assert not set(replies.lines(tables[0])) & set(replies.lines(tables[1]))


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, it arrived!\n\n> You can unsubscribe here\n> Reply STOP to stop",
        "Great\n\nAm 5. Januar 2026 schrieb Kessel & Kraut:\nBitte keine Werbung mehr? Hier abmelden.",
        "Merci\n\nLe lun. 5 janv. 2026 à 09:12, Kessel <a@b.example> a écrit :\nse désabonner",
        "Perfect\n-- \nStop the War Coalition",
        "Yes please\n-----Original Message-----\nFrom: shop\nunsubscribe me",
    ],
)
def test_what_an_answer_by_mail_quotes_is_not_read(text: str) -> None:
    assert meaning(text) is Meaning.OTHER


def test_a_refusal_above_a_quoted_mail_is_read() -> None:
    assert meaning("Please take me off your list.\n\nOn Mon, Ann <ann@shop.example> wrote:\n> Hello").is_revocation


@given(st.text(max_size=3000), st.sampled_from(["", "de", "tr", "xx-YY"]))
def test_every_text_means_something(text: str, language: str) -> None:
    assert meaning(text, language) in Meaning


@given(
    st.lists(
        st.sampled_from(
            [
                "please",
                "stop",
                "dont",
                "send",
                "me",
                "any",
                "more",
                "texts",
                "when",
                "is",
                "the",
                "sale",
                "order",
                "12",
                "?",
                "!",
                "😀",
            ]
        ),
        max_size=30,
    )
)
def test_case_and_emoji_never_change_what_is_meant(parts: list[str]) -> None:
    text = " ".join(parts)
    assert meaning(text) is meaning(text.upper()) is meaning("🛍️ " + text + " ✨")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_is_one_text_without_advertising(language: str) -> None:
    for said in (Meaning.STOP, Meaning.START, Meaning.HELP):
        text = confirmation(said, language, "Kessel & Kraut", "help@kessel.example")
        assert text is not None
        assert text.startswith("Kessel & Kraut")
        assert len(text) <= 160
        assert not re.search(r"https?:|www\.|%|€|\$|\{", text)
    assert confirmation(Meaning.REFUSAL, language, "Kessel") == confirmation(Meaning.STOP, language, "Kessel")
    assert "START" in str(confirmation(Meaning.STOP, language, "Kessel"))


def test_the_words_that_a_confirmation_names_do_what_it_says() -> None:
    wanted = {Meaning.STOP: {Meaning.START}, Meaning.START: {Meaning.STOP, Meaning.HELP}, Meaning.HELP: {Meaning.STOP}}
    for language in LANGUAGES:
        for said, meant in wanted.items():
            text = confirmation(said, language, "shop", "contact") or ""
            named = {meaning(word) for word in re.findall(r"\b[^\W\d_a-zà-ÿ]{4,}\b", text)} - {Meaning.OTHER}
            assert named == meant, (language, text)


def test_an_unknown_language_is_answered_in_english_and_nothing_is_answered_to_the_rest() -> None:
    assert confirmation(Meaning.STOP, "xx", "Kessel") == confirmation(Meaning.STOP, "en", "Kessel")
    assert confirmation(Meaning.OTHER, "en", "Kessel") is None
