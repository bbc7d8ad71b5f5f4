"""The one message that confirms a revocation, and the ones that answer START and HELP: no advertising, in the recipient's language."""

from regulars.consent.keywords.meaning import Meaning

# 47 CFR 64.1200(a)(12) allows one confirmation, without marketing; it names the shop and says how to come back, no more.
_STOPPED = {
    "en": "{shop}: You are unsubscribed and will get no more messages from this number. Reply START to get them again.",
    "de": "{shop}: Sie sind abgemeldet und erhalten keine weiteren Nachrichten von dieser Nummer. Mit START melden Sie sich wieder an.",
    "fr": "{shop} : Vous êtes désabonné et ne recevrez plus de messages de ce numéro. Répondez START pour les recevoir à nouveau.",
    "es": "{shop}: Se ha dado de baja y no recibirá más mensajes de este número. Responda START para volver a recibirlos.",
    "pt": "{shop}: A sua inscrição foi cancelada e não receberá mais mensagens deste número. Responda START para voltar a recebê-las.",
    "it": "{shop}: La sua iscrizione è annullata e non riceverà altri messaggi da questo numero. Risponda START per riceverli di nuovo.",
    "nl": "{shop}: U bent afgemeld en ontvangt geen berichten meer van dit nummer. Antwoord START om ze weer te ontvangen.",
    "pl": "{shop}: Wypisano z listy. Ten numer nie będzie już wysyłać wiadomości. Odpowiedz START, aby znów je otrzymywać.",
    "sv": "{shop}: Du är avanmäld och får inga fler meddelanden från det här numret. Svara START för att få dem igen.",
    "da": "{shop}: Du er afmeldt og får ikke flere beskeder fra dette nummer. Svar START for at få dem igen.",
    "no": "{shop}: Du er avmeldt og får ingen flere meldinger fra dette nummeret. Svar START for å få dem igjen.",
    "fi": "{shop}: Tilauksesi on peruttu, etkä saa enää viestejä tästä numerosta. Vastaa START, jos haluat niitä taas.",
    "cs": "{shop}: Odběr je zrušen a z tohoto čísla už nedostanete žádné zprávy. Odpovědí START je obnovíte.",
    "tr": "{shop}: Aboneliğiniz iptal edildi; bu numaradan artık mesaj almayacaksınız. Yeniden almak için START yazın.",
}
_STARTED = {
    "en": "{shop}: You are subscribed again. Reply STOP to unsubscribe, HELP for help.",
    "de": "{shop}: Sie sind wieder angemeldet. Mit STOP melden Sie sich ab, mit HILFE erhalten Sie Hilfe.",
    "fr": "{shop} : Vous êtes de nouveau abonné. Répondez STOP pour vous désabonner, AIDE pour obtenir de l'aide.",
    "es": "{shop}: Vuelve a estar suscrito. Responda STOP para darse de baja, AYUDA para obtener ayuda.",
    "pt": "{shop}: Está novamente inscrito. Responda STOP para cancelar, AJUDA para obter ajuda.",
    "it": "{shop}: È di nuovo iscritto. Risponda STOP per annullare, AIUTO per ricevere aiuto.",
    "nl": "{shop}: U bent weer aangemeld. Antwoord STOP om u af te melden, HULP voor hulp.",
    "pl": "{shop}: Subskrypcja została wznowiona. Odpowiedz STOP, aby się wypisać, POMOC, aby uzyskać pomoc.",
    "sv": "{shop}: Du är anmäld igen. Svara STOPP för att avanmäla dig, HJÄLP för hjälp.",
    "da": "{shop}: Du er tilmeldt igen. Svar STOP for at afmelde dig, HJÆLP for hjælp.",
    "no": "{shop}: Du er påmeldt igjen. Svar STOPP for å melde deg av, HJELP for hjelp.",
    "fi": "{shop}: Tilauksesi on taas voimassa. Vastaa LOPETA, jos haluat perua sen, APUA, jos tarvitset apua.",
    "cs": "{shop}: Odběr je obnoven. Odpovědí STOP jej zrušíte, odpovědí POMOC získáte pomoc.",
    "tr": "{shop}: Aboneliğiniz yeniden başladı. İptal için IPTAL, yardım için YARDIM yazın.",
}
_HELPED = {
    "en": "{shop}: For help write to {contact}. Reply STOP to unsubscribe.",
    "de": "{shop}: Hilfe erhalten Sie unter {contact}. Mit STOP melden Sie sich ab.",
    "fr": "{shop} : Pour obtenir de l'aide, écrivez à {contact}. Répondez STOP pour vous désabonner.",
    "es": "{shop}: Para obtener ayuda escriba a {contact}. Responda STOP para darse de baja.",
    "pt": "{shop}: Para obter ajuda escreva para {contact}. Responda STOP para cancelar.",
    "it": "{shop}: Per ricevere aiuto scriva a {contact}. Risponda STOP per annullare.",
    "nl": "{shop}: Schrijf voor hulp naar {contact}. Antwoord STOP om u af te melden.",
    "pl": "{shop}: Aby uzyskać pomoc, napisz na {contact}. Odpowiedz STOP, aby się wypisać.",
    "sv": "{shop}: Skriv till {contact} för hjälp. Svara STOPP för att avanmäla dig.",
    "da": "{shop}: Skriv til {contact} for hjælp. Svar STOP for at afmelde dig.",
    "no": "{shop}: Skriv til {contact} for hjelp. Svar STOPP for å melde deg av.",
    "fi": "{shop}: Apua saat osoitteesta {contact}. Vastaa LOPETA, jos haluat perua tilauksesi.",
    "cs": "{shop}: Pomoc získáte na {contact}. Odpovědí STOP odběr zrušíte.",
    "tr": "{shop}: Yardım için {contact} adresine yazın. İptal için IPTAL yazın.",
}
_TEXTS = {Meaning.STOP: _STOPPED, Meaning.REFUSAL: _STOPPED, Meaning.START: _STARTED, Meaning.HELP: _HELPED}
LANGUAGES = tuple(_STOPPED)


def confirmation(said: Meaning, language: str, shop: str, contact: str = "") -> str | None:
    """Return what to answer, in English where the language is not known; None where nothing was asked. contact is an address for help.

    It is sent once per revocation, whatever else the person writes.

    >>> confirmation(Meaning.STOP, "en-US", "Kessel & Kraut")
    'Kessel & Kraut: You are unsubscribed and will get no more messages from this number. Reply START to get them again.'
    >>> confirmation(Meaning.OTHER, "de", "Kessel & Kraut") is None
    True
    """
    texts = _TEXTS.get(said)
    if texts is None:
        return None
    wanted = language[:2].lower()
    return texts[wanted if wanted in texts else "en"].format(shop=shop, contact=contact)
