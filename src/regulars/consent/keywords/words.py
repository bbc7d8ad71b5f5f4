"""The keywords, in plain form: what carriers, the FCC and the providers name, and the words of thirteen languages.

A word counts when it is the whole answer, politeness aside. Words that mean something else in another language count only for somebody
whose language is known: RED is Turkish for a refusal and English for a colour.
"""

# 47 CFR 64.1200(a)(10), in force since 2025-04-11, names seven words; Twilio and AWS act upon the others by themselves.
_FCC = "stop, quit, end, revoke, opt out, cancel, unsubscribe"
_PROVIDERS = "stopall, stop all, optout, arret, arrete, arrett, remove, td, cancelall, unsub"
_MISTYPED = "st0p, stpo, sotp, tsop, stopp, stopt, unsubcribe, unsuscribe, unsubscibe, unsubsribe, unsubscribed, cancle"

_STOP = {
    "de": "stopp, abmelden, abmeldung, abbestellen, austragen, beenden, ende, storno, kundigen, loschen, stoppen, widerruf",
    "fr": "arreter, arretez, desabonner, desabonnement, desinscrire, desinscription, desabonnez, desinscrivez, stop sms, stop pub, fin",
    "es": "alto, baja, dar de baja, darme de baja, parar, detener, cancelar, anular, eliminar, desuscribir, salir",
    "pt": "parar, sair, cancelar, remover, descadastrar, desinscrever, interromper",
    "it": "ferma, fermare, annulla, annullare, cancella, cancellami, disiscrivi, disiscrivimi, disiscrizione, basta, stop sms",
    "nl": "afmelden, afmeld, uitschrijven, stoppen, opzeggen, stopzetten, afmelding",
    "pl": "wypisz, wypisz mnie, rezygnuje, rezygnacja, koniec, anuluj, zatrzymaj, wyrejestruj",
    "sv": "stopp, stoppa, avsluta, avregistrera, avanmal, avanmalan, sluta, avbryt",
    "da": "afmeld, frameld, afslut, stands, afmeld sms, annuller",
    "no": "stopp, avmeld, avslutt, slutt, stans, meld av",
    "fi": "lopeta, peruuta, poistu, lopetus, stoppi, peru tilaus, lopettaa",
    "cs": "odhlasit, odhlaste, zrusit, ukoncit, konec, zastavit, odhlaseni",
    "tr": "iptal, durdur, cikis, dur, listeden cik, abonelikten cik",
}
_STOP_IF_SPOKEN = {
    "es": "para, pare, fin",
    "pt": "pare, para, fim",
    "it": "alt, fine, esci",
    "fi": "seis, peru, pois",
    "tr": "red, ret",
    "pl": "stoj",
    "cs": "stuj",
}
_START = {
    "en": "start, unstop, subscribe, resubscribe, optin, opt in, resume, opt me in",
    "de": "anmelden, starten, wieder anmelden",
    "fr": "reprendre, abonner, sinscrire, reabonner",
    "es": "alta, iniciar, empezar, suscribir, inicio",
    "pt": "iniciar, comecar, retomar, voltar",
    "it": "inizia, iscrivi, iscrivimi, riprendi, attiva",
    "nl": "aanmelden, beginnen, hervatten, inschrijven",
    "pl": "zapisz, wznow, zapisz mnie",
    "sv": "starta, anmal, borja",
    "da": "tilmeld, begynd, genoptag",
    "no": "meld pa, pamelding, gjenoppta",
    "fi": "aloita, jatka, tilaa",
    "cs": "prihlasit, zacit, obnovit",
    "tr": "basla, baslat, katil",
}
_HELP = {
    "en": "help, info, helpme, help me, information",
    "de": "hilfe",
    "fr": "aide",
    "es": "ayuda",
    "pt": "ajuda",
    "it": "aiuto",
    "nl": "hulp",
    "pl": "pomoc",
    "sv": "hjalp",
    "da": "hjaelp",
    "no": "hjelp",
    "fi": "apua, ohje, ohjeet",
    "cs": "pomoc, napoveda",
    "tr": "yardim, bilgi",
}
_POLITE = """
please pls plz thanks thank you thx ty now immediately sir hi hello hey ok okay
bitte danke jetzt sofort s il vous plait svp stp sil merci maintenant por favor gracias ahora ya obrigado obrigada agora
per favore grazie subito ora alstublieft alsjeblieft aub nu dank je u prosze dziekuje teraz
tack snalla tak venligst takk vaer vennlig kiitos ole hyva prosim dekuji hned lutfen tesekkurler hemen
"""


def _read(*lists: str) -> frozenset[str]:
    return frozenset(word.strip() for words in lists for word in words.split(","))


STOP = _read(_FCC, _PROVIDERS, _MISTYPED, *_STOP.values())
STOP_IF_SPOKEN = {language: _read(words) for language, words in _STOP_IF_SPOKEN.items()}
START = _read(*_START.values())
HELP = _read(*_HELP.values())
POLITE = frozenset(_POLITE.split())
