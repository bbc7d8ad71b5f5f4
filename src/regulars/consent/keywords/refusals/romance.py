"""French, Spanish, Portuguese and Italian refusals."""

from regulars.consent.keywords.refusals.parts import compiled

_FRENCH = compiled(
    {
        "THING": r"sms|messages?|mails?|e ?mails?|courriels?|pubs?|publicites?|textos?|offres?|promos?|promotions?|newsletters?|notifications?|spams?|sollicitations?",
        "OF": r"(?:(?:de|des|d|les|la|vos|ces|votre|cette|ce|tous|aux|au|aucun|aucune|me|avec|a|vos) )*",
        "WRITE": r"envoy\w+|contact\w+|ecri\w+|spam\w*|harcel\w+|embet\w+|derang\w+|importun\w+|solicit\w+|sollicit\w+|relanc\w+",
        "END": r"(?: (?:svp|stp|merci|s il vous plait|sil vous plait|s il te plait|maintenant|immediatement|de votre part|a ce numero))*$",
    },
    r"""
    (?:ne|n) (?:(?:me|m|nous|pas|plus) ?)*(?:WRITE) (?:plus|pas|aucun\w*)(?: (?:OF)(?:THING|rien))?END
    ne plus (?:(?:me|m|nous|etre|jamais|recevoir) ?)*(?:WRITE|OFTHING)
    (?:arrete\w*|cesse[zr]?|stoppe[zr]?) (?:(?:de|d|svp) )*(?:(?:me|m|nous) ?)*(?:WRITE)
    (?:arrete\w*|cesse\w*|stoppe\w*|stop) OF(?:THING)END
    (?:ne )?(?:veux|souhaite|desire|voulons|souhaitons) (?:plus|pas|aucun\w*) (?:(?:recevoir|avoir|etre|de) )*(?:OF(?:THING)|contact\w+|sollicite\w*)
    ^(?:merci )?plus (?:de |d )?(?:aucun\w* )?(?:THING)END
    (?:desabonne\w*|desinscri\w*|retire\w*|supprime\w*|enleve\w*|radie\w*|efface\w*) (?:moi|nous|mon numero|ce numero)
    (?:me|m|mon numero) ?(?:desabonner|desinscrire|retirer|supprimer|radier|enlever)
    (?:laisse\w*|fiche\w*|foute\w*)(?: moi| nous)? (?:tranquille|la paix)
    ^(?:je (?:ne )?suis |desole )*pas interesse\w*END
    (?:retire|revoque|annule) mon (?:consentement|accord|abonnement)
    """,
)

_SPANISH = compiled(
    {
        "THING": r"mensajes?|mensajitos?|sms|correos?|emails?|publicidad|promociones|promos?|ofertas?|spam|textos?|notificaciones|boletin\w*|anuncios?",
        "OF": r"(?:(?:mas|sus|tus|estos|esos|los|las|esta|esa|la|de|ningun|ninguna|con|tantos) )*",
        "WRITE": r"envi\w+|mand\w+|escrib\w+|contact\w+|molest\w+|textee\w*|spame\w*",
        "END": r"(?: (?:por favor|gracias|ya|mas|nunca|jamas|nada|a este numero|de ustedes))*$",
    },
    r"""
    no (?:me|nos) (?:vuelvan? a )?(?:WRITE)(?: (?:OF)(?:THING)| mas| nada)END
    no (?:quiero|deseo|queremos|deseamos|me interesa)(?: (?:recibir|seguir recibiendo|que me \w+))? (?:OF)(?:THING)
    (?:deje\w*|deja|paren?|para|basta|cesen) (?:ya )?de (?:(?:WRITE)|enviarme|mandarme|escribirme|molestarme|contactarme)
    (?:paren?|para|basta|detengan|alto) (?:ya )?(?:con |de )?OF(?:THING)END
    (?:dar|dan|darme|den|denme|deme|dame|darse|damos|dadme)(?: me)? de baja
    (?:quit|borr|elimin|sac|remuev|retir)(?:enme|eme|ame|arme|en|a|e)(?: mi numero| este numero)?(?: \w+)? (?:su|la|esta|tu|sus|lista|base)
    ^(?:por favor )?(?:borren?|eliminen?|quiten?) (?:mi|este) numero
    ^(?:por favor |ya )?no mas (?:THING)END
    (?:dejenme|dejeme|dejame) en paz
    ^(?:no gracias )?no (?:me interesa|estoy interesad[oa])END
    (?:revoco|retiro|cancelo) mi (?:consentimiento|suscripcion)
    (?:cancelar|anular|cancelen) (?:mi |la )?suscripcionEND
    """,
)

_PORTUGUESE = compiled(
    {
        "THING": r"mensage[nm]s?|msgs?|sms|e ?mails?|publicidade|propagandas?|promoc\w+|ofertas?|spam|textos?|notificac\w+|anuncios?",
        "OF": r"(?:(?:mais|suas|essas|estas|as|os|de|com|nenhuma|receber|esses) )*",
        "WRITE": r"envi\w+|mand\w+|escrev\w+|contact\w+|contat\w+|incomod\w+|perturb\w+",
        "END": r"(?: (?:por favor|obrigad[oa]|mais|ja|agora|nunca mais|pra mim))*$",
    },
    r"""
    nao (?:me )?(?:WRITE)(?: me)? (?:mais|nada|OF(?:THING))
    nao (?:quero|desejo|queremos|gostaria de)(?: mais)?(?: (?:receber|continuar recebendo))? OF(?:THING)
    (?:pare|parem|para|deixe|deixem|chega) (?:ja )?de (?:me )?(?:WRITE|enviar\w*|mandar\w*)
    ^(?:chega|basta|parem|pare) (?:de |com )?OF(?:THING)END
    (?:me )?(?:remov\w+|retir\w+|tir\w+|exclu\w+|descadastr\w+|apagu\w+)(?: me)?(?: \w+){0,3} (?:lista|cadastro|numero|contato|contatos|base)
    (?:me )?(?:descadastr\w+|desinscrev\w+)
    cancelar (?:a |minha |a minha )?(?:inscricao|assinatura|subscricao)END
    (?:deixe|deixem)(?: me)? em paz
    ^nao (?:tenho interesse|estou interessad[oa])END
    (?:revogo|retiro) (?:o )?(?:meu )?consentimento
    """,
)

_ITALIAN = compiled(
    {
        "THING": r"messagg\w+|sms|e ?mail|mail|pubblicita|promozioni|offerte|spam|newsletter|notifiche|comunicazioni",
        "OF": r"(?:(?:piu|i|gli|le|vostri|vostre|questi|queste|di|con|altri|altre|nessun|la|questa) )*",
        "WRITE": r"mand\w+|invi\w+|scriv\w+|contatt\w+|disturb\w+|spamm\w+",
        "END": r"(?: (?:per favore|grazie|piu|mai piu|subito|ora|a questo numero))*$",
    },
    r"""
    non (?:mi |ci )?(?:WRITE) (?:piu|OF(?:THING)|niente|nulla)
    non (?:voglio|desidero|vogliamo|intendo)(?: piu)?(?: (?:ricevere|avere|essere))? (?:OF(?:THING)|contattat\w+|disturbat\w+)
    smett\w+ di (?:WRITE)
    ^basta(?: con)? OF(?:THING)END
    ^(?:niente|nessun|non) (?:piu |altri )?(?:THING)END
    (?:cancella|toglie|rimuove|elimina|disiscrive|togli|rimuovi|disiscrivi|leva|levate)(?:te)?mi
    (?:cancell\w+|rimuov\w+|togli\w+|elimin\w+) (?:il mio|questo) numero
    (?:lasciate|lascia)mi in pace
    ^(?:no grazie )?non (?:mi interessa|sono interessat[oa])END
    (?:revoco|ritiro) (?:il )?(?:mio )?consenso
    """,
)

PATTERNS = (*_FRENCH, *_SPANISH, *_PORTUGUESE, *_ITALIAN)
