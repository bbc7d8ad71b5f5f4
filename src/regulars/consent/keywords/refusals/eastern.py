"""Polish, Czech, Finnish and Turkish refusals."""

from regulars.consent.keywords.refusals.parts import compiled

_POLISH = compiled(
    {
        "THING": r"sms\w*|esemes\w*|wiadomosci\w*|mail\w*|e ?mail\w*|reklam\w*|newsletter\w*|powiadomien\w*|ofert|spamu?|promocji",
        "WRITE": r"wysyla\w+|przysyla\w+|pisa\w+|pisz\w*|kontaktowa\w+|spamowa\w+|dzwoni\w+|nekac|wysylajcie|przysylajcie",
        "MORE": r"(?:(?:wiecej|juz|mi|do mnie|mnie|zadnych|waszych|tych|ze mna|dalszych|od was) )*",
        "END": r"(?: (?:prosze|dziekuje|juz|wiecej|mi|od was))*$",
    },
    r"""
    nie (?:chce|chcemy|zycze sobie|zyczymy sobie) MORE(?:otrzymywac|dostawac|waszych|THING)(?: MORE(?:THING))?
    (?:prosze|prosimy) (?:mi |juz |do mnie |wiecej )*(?:nie|przestac) MORE(?:WRITE)
    ^(?:prosze )?nie (?:WRITE)(?: wiecej| juz| mi| do mnie| zadnych| tych| nigdy)*(?: THING)?END
    (?:przestancie|przestan|skonczcie) MORE(?:WRITE|z)
    (?:wypiszcie|wypisz|usuncie|usun|wykreslcie|skreslcie|prosze(?: \w+)? (?:wypisac|usunac|wykreslic))(?: \w+)? ?(?:mnie|moj numer|ten numer|numer|z listy)?END
    (?:wypiszcie|wypisz|usuncie|usun|wykreslcie|prosze (?:mnie )?(?:wypisac|usunac)) (?:mnie|moj numer|ten numer|z)
    ^(?:koniec|dosc|zadnych|bez)(?: juz)?(?: z)?(?: tych| tymi| wiecej| tej)? (?:THING)END
    dajcie (?:mi )?(?:swiety )?spokoj
    (?:rezygnuje|zrezygnowac|wypisac sie|wypisuje sie) z (?:THING|subskrypcji|listy)
    ^nie jestem (?:juz )?zainteresowan[ya]END
    (?:wycofuje|cofam) (?:moja )?zgode
    """,
)

_CZECH = compiled(
    {
        "THING": r"sms\w*|zprav\w*|mail\w*|e ?mail\w*|reklam\w*|newsletter\w*|nabid\w*|spam\w*|obchodni sdeleni",
        "MORE": r"(?:(?:uz|dalsi|zadne|zadnou|mi|vase|tyto|od vas|dostavat|vic|vice|si|me|nam) )*",
        "END": r"(?: (?:prosim|dekuji|diky|uz|vic))*$",
    },
    r"""
    (?:nechci|nechceme|neprejeme si|nepreji si|nepreju si|nemam zajem o) MORE(?:THING)
    (?:neposilejte|neposilej|nepiste|nepis|nekontaktujte|neotravujte|nezasilejte)(?: mi| me| uz| dalsi| zadne| nic)*(?: THING)?END
    (?:prestante|prestan) (?:mi |me |s |nam |uz )*(?:posilat|psat|otravovat|kontaktovat|spamovat|tim|zasilat)
    (?:odhlaste|odhlas|vymazte|vyradte|odstrante|smazte|vyskrtnete)(?: prosim)? (?:me|mne|moje cislo|toto cislo|mou adresu)
    ^(?:prosim )?(?:uz )?zadne (?:dalsi )?(?:THING)END
    (?:dejte mi|nechte me) (?:uz )?(?:pokoj|na pokoji|byt)
    ^(?:nemam|uz nemam) zajemEND
    (?:odvolavam|beru zpet) (?:svuj )?souhlas
    (?:chci se|prosim) odhlasit
    """,
)

_FINNISH = compiled(
    {
        "THING": r"viest\w+|tekstivie\w+|sms\w*|mainok\w+|mainontaa|markkinointi\w*|sahkopost\w+|uutiskirj\w+|roskapost\w+",
        "MORE": r"(?:(?:enaa|lisaa|mitaan|teidan|naita|teilta|vastaanottaa|saada|minulle) )*",
        "END": r"(?: (?:kiitos|enaa|pliis|ole hyva|minulle))*$",
    },
    r"""
    en (?:halua|tahdo|toivo) MORE(?:THING)
    (?:alkaa|ala|alka) (?:enaa |minulle )*(?:lahet\w+|viest\w+|ottako\w*|laitta\w+)
    (?:lopettakaa|lopeta|lopettakaapa) (?:\w+ )?(?:THING|lahet\w+|hairin\w+)
    (?:poistakaa|poista|poistakaapa) (?:minut|numeroni|numero|tama numero|yhteystietoni)
    ^ei (?:enaa )?(?:MORE)(?:THING)END
    (?:jattakaa|jata) minut rauhaan
    ^(?:en ole|ei) kiinnosta\w*END
    (?:peruutan|perun) (?:suostumukseni|tilaukseni|tilauksen)END
    """,
)

_TURKISH = compiled(
    {
        "THING": r"mesaj\w*|sms\w*|reklam\w*|ileti\w*|bildirim\w*|e ?posta\w*|kampanya\w*",
        "STOPS": r"istemiyor\w*|atmay\w*|gondermey\w*|yollamay\w*|yazmay\w*|almak istemiyor\w*|atma|gonderme|yollama|yazma|kesin",
    },
    r"""
    (?:THING) (?:\w+ )?(?:STOPS)
    (?:bana|beni) (?:\w+ )?(?:bir daha |artik )?(?:yazmay\w*|aramay\w*|rahatsiz etmey\w*)
    (?:beni|numarami|bu numarayi)(?: \w+)? (?:liste\w*|rehber\w*|sistem\w*) (?:cikar\w*|sil\w*)
    (?:numarami|beni) (?:silin|cikarin|siliniz|cikariniz)
    (?:rahat|huzur\w*) birak\w*
    abonelig\w+ (?:iptal|sonlandir\w*)
    ^ilgilenmiyorum$
    """,
)

PATTERNS = (*_POLISH, *_CZECH, *_FINNISH, *_TURKISH)
