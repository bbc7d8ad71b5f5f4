"""German, Dutch, Swedish, Danish and Norwegian refusals."""

from regulars.consent.keywords.refusals.parts import compiled

_GERMAN = compiled(
    {
        "THING": r"sms|nachrichten?|mails?|e ?mails?|werbung|werbe\w+|newsletter\w*|infos?|angebote?|texte?|spam|textnachrichten|reklame",
        "NONE": r"keine?|keinerlei",
        "ANY": r"(?:(?:weitere[nr]?|mehr|solche[nr]?|diese[nr]?|eure|ihre|deine) )*",
        "WANT": r"will|mochte|mocht|mag|wunsche|wollen|mochten|brauche|wunschen",
        "ME": r"mir|mich|uns",
        "NUMBER": r"mich|uns|(?:meine|diese) (?:handy|telefon|mobil)?(?:nummer|adresse|daten|mail|e ?mail)",
        "END": r"(?: (?:bitte|danke|mehr|von euch|von ihnen|von dir|jetzt|sofort|vielen dank|an mich|schicken|senden|zusenden|an diese nummer))*$",
    },
    r"""
    bitte NONE ANYTHINGEND
    ^(?:ich )?NONE ANYTHINGEND
    (?:WANT)(?: \w+){0,3} NONE ANYTHING
    (?:WANT) (?:(?:von euch|von ihnen|bitte|das|sie|diese \w+) )*(?:nichts|nicht) mehr (?:erhalten|bekommen|haben|horen|kontaktiert|angeschrieben)
    ^(?:bitte |jetzt )*(?:hort|hor|horen sie|horn sie|aufhoren)(?: (?:bitte|endlich|sofort|doch|jetzt|damit|mir|mich|auf))*(?: auf)?(?: (?:damit|bitte|ME (?:zu )?\w+|mit .*|zu \w+))*END
    (?:schreib\w*|schick\w*|send\w*|kontaktier\w*|text\w*|belastig\w*)(?: sie)?(?: bitte)? (?:ME)(?: \w+){0,2} (?:nicht mehr|nichts mehr|nie wieder|NONE ANYTHING|nie mehr)
    (?:nehm\w*|nimm|trag\w*|streich\w*|entfern\w*|losch\w*|melde?\w*)(?: sie)?(?: bitte)? (?:NUMBER)(?: \w+){0,3} (?:verteiler|liste|ab|raus|datenbank|system|newsletter|heraus|streichen|austragen|aus)
    ^(?:bitte )?(?:losch\w*|entfern\w*|streich\w*)(?: sie)?(?: bitte)? (?:NUMBER)END
    (?<!nicht )(?:mich|newsletter|THING|vom newsletter|von (?:den|der|dem) \w+)(?: bitte)? (?:abmelden|abbestellen|austragen|abzumelden|abgemeldet werden)
    ^(?:bitte )?(?:abmelden|abbestellen|austragen|abgemeldet werden)(?: bitte)?$
    (?:lass|lasst|lassen sie)(?: bitte)? (?:mich|uns)(?: \w+)? in (?:ruhe|frieden)
    ^(?:ich )?(?:hab\w* )?kein interesse(?: mehr)?END
    ich (?:widerrufe|widerspreche)
    (?:stoppt|stoppen sie|stopp) (?:(?:die|diese|eure|das|mit|bitte) )*THINGEND
    """,
)

_DUTCH = compiled(
    {
        "THING": r"sms\w*|berichten|berichtjes|mails?|e ?mails?|reclame|nieuwsbrie\w+|appjes|spam|aanbiedingen|advertenties",
        "ME": r"me|mij|ons",
        "END": r"(?: (?:alstublieft|alsjeblieft|aub|meer|graag|bedankt|dank je|dank u|nu))*$",
    },
    r"""
    (?:stop|hou op|houd op|kap|stoppen)(?: alsjeblieft| alstublieft| aub| nu)? met (?:\w+ ){0,2}(?:THING|sturen|sms\w*|berichten|schrijven|mailen|appen|lastigvallen)
    (?:stuur|stuurt|sturen|sms|mail|app|bericht)(?: u)? (?:ME)(?: \w+)? (?:geen (?:\w+ )?(?:THING)|niet meer|niets meer|nooit meer)
    (?:wil|wens|willen|hoef)(?: \w+){0,2} geen (?:\w+ )?THING
    (?:wil|wens|willen)(?: \w+){0,2} (?:niets|niet|niks) meer (?:ontvangen|krijgen|horen)
    ^(?:graag )?geen (?:\w+ )?(?:THING)END
    (?:schrijf|meld|haal|verwijder|gooi)(?: u)? (?:ME|mijn nummer|dit nummer)(?: \w+){0,3} (?:uit|af|lijst|bestand|van de lijst)
    ^(?:verwijder|wis) (?:mijn|dit) nummer
    (?:laat) (?:ME) met rust
    ^(?:ik heb )?geen interesse(?: meer)?END
    (?:uitschrijven|afmelden) (?:graag|aub|alstublieft|alsjeblieft|voor|van)
    ^(?:ik )?(?:wil )?(?:me|mij) (?:graag )?(?:uitschrijven|afmelden)
    """,
)

_NORDIC = compiled(
    {
        "THING": r"sms\w*|meddelanden?|meddelelser|beskeder|beskeden|meldinger|mails?|mejl\w*|e ?post\w*|reklam\w*|utskick\w*|nyhetsbrev\w*|nyhedsbrev\w*|erbjudanden|tilbud|tekstmeldinger|spam",
        "NO": r"inga|inte|ingen|ikke|ej|ingen",
        "MORE": r"(?:(?:fler|flere|mer|mere|era|jeres|flera|deres|dessa|disse|sana|langre|ha|faa|fa|modtage|motta|mottage|have|ta emot) )*",
        "ME": r"mig|meg|os|oss|mej",
        "END": r"(?: (?:tack|takk|tak|snalla|nu|na|venligst|vennligst|fran er|fra jer|fra dere|mer|mere|lenger|langre))*$",
    },
    r"""
    (?:vill|onskar|vil|onsker|orkar|gider)(?: \w+)? NO (?:\w+ )?MORE(?:THING)
    (?:vill|onskar|vil|onsker)(?: \w+)? NO (?:langre |lenger |laengere )?(?:bli |blive )?(?:kontakta\w*|kontakte\w*)
    ^(?:snalla )?(?:inga|ingen|ikke) (?:fler|flere|mer|mere) (?:THING)END
    (?:sluta|slut|slutt|stopp|stop)(?: venligst| vennligst| snalla)? (?:(?:med|att|at|a|aa) )*(?:skicka|sende|sms|smsa|sms e|skriva|skrive|kontakta|kontakte|spamma|spamme|plage|stora)
    (?:sluta|slutt|stopp|stop) (?:med )?(?:(?:de|disse|dessa|era|denne|detta|alla|alle) )*(?:THING)END
    (?:send|skicka|skriv|kontakta|kontakt)(?: (?:ME|til mig|til meg))* (?:inte|ikke|aldrig|aldri|inga|ingen) (?:ME |flere |fler |mer |mere |langre |lenger )*(?:THING|igen|mer|mere|lenger|langre)?END
    (?:ta bort|stryk|fjern|slet|slett|radera|avregistrera|avanmal|afmeld|meld|frameld) (?:venligst |vennligst )?(?:ME|mitt nummer|mit nummer|nummeret mitt|numret)(?: \w+){0,3}$
    (?:lamna|lad|la) (?:ME)(?: \w+)? (?:fred|ifred)
    ^(?:jag ar |jeg er |er |ar )*(?:inte|ikke) interess?er\w+END
    """,
)

PATTERNS = (*_GERMAN, *_DUTCH, *_NORDIC)
