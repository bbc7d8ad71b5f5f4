"""English refusals."""

from regulars.consent.keywords.refusals.parts import compiled

_PARTS = {
    # What a shop sends. The bare words for parcels, items and codes are left out on purpose.
    "THING": r"texts?|txts?|text messages?|messages?|msgs?|sms|e ?mails?|mails?|newsletters?|spam|ads?|adverts?|advertising|advertisements?"
    r"|promos?|promotions?|offers?|notifications?|alerts?|communications?|marketing|stuff|crap|junk|shit|campaigns?|coupons?",
    "ANY": r"(?:(?:any|more|of|these|those|this|the|your|ur|all|annoying|stupid|anymore|future|damn|text|marketing|promotional|further|with|other|such|sms|mobile|dumb"
    r"|unwanted|unsolicited|constant) )*",
    "SENDING": r"texting|txting|messaging|sending|emailing|mailing|contacting|spamming|bothering|writing|bugging|harassing|annoying|calling"
    r"|pestering|blowing up|disturbing|communicating",
    "SEND": r"text|txt|message|msg|contact|email|e mail|spam|bother|write to|write|bug|harass|disturb",
    "ME": r"me|us|this number|this phone|my (?:phone|number|cell)",
    "NOT": r"dont|do not|never|wont|will not|no longer|dnt|stop|dont ever|do not ever|please dont",
    "END": r"(?: (?:please|pls|plz|now|thanks|thank you|thx|again|any ?more|any longer|ever|ever again|at all|immediately|already|today|right now|here"
    r"|on this number|at this number|to this number))*$",
    "MY": r"me|us|my (?:cell |mobile |phone |contact )?(?:number|phone|name|info|details|email)|this (?:number|phone|cell)|(?:my )?number",
    "LIST": r"(?:mailing |marketing |contact |contacts |text |texting |sms |email |call |distribution |customer )*"
    r"(?:lists?|database|system|records|contacts|subscriptions?|distribution|texts|messages|subscribers)",
    "OFF": r"off of|off|from|out of|on",
    "STOPPED": r"stop|quit|cease|discontinue|halt|end",
    "MEANT": r"(?<!dont )(?<!not )(?<!never )(?<!didnt )(?<!why was i )(?<!did i )(?<!was i )",
    "UNSUB": r"unsub(?:s?c?r?ibe?)?|unsuscribe|unsubsribe",
    # Words before "stop" that turn it round, or ask about the past.
    "KEPT": r"(?<!dont )(?<!do not )(?<!never )(?<!cant )(?<!cannot )(?<!couldnt )(?<!didnt )(?<!i wont )(?<!dont ever )(?<!did you )(?<!you )(?<!bus )",
}

PATTERNS = compiled(
    _PARTS,
    r"""
    KEPT(?:stop|quit|cease) (?:(?:all|your|the|with|this|these|ever) )*SENDING (?:(?:to|up|out) )?(?:ME|ANYTHING|ANYTHING)
    (?:please |would |could |can |will |want |you )+(?:(?:to|please|kindly) )*(?:stop|quit|cease) (?:SENDING) (?:me|us|to me|this|these|it|ANYTHING)
    KEPT(?:stop|quit|cease) SENDINGEND
    KEPT(?:stop|quit|cease) (?:ANYTHING|communicating)(?: with| to) (?:ME)
    make (?:(?:ANYTHING|these|this|it) )stopEND
    (?:THING|these) (?:need|have|got|must|should|to)(?: to)? stopEND
    how (?:do|can|could) (?:i|we) (?:please )?(?:stop|get off|end|turn off|opt out of|block|get rid of) (?:(?:getting|receiving) )?(?:ANYTHING|(?:(?:your|the|this|of|these) )*LIST|these)END
    KEPT(?:STOPPED) ANYTHINGEND
    (?:make it|just|please|ok|okay|pls|plz|i said|i say|said|now|to|the word) stop(?: it)?END
    ^(?:can|could|would|will) (?:you|u)(?: please| pls| just)* stop(?: it)?END
    ^(?:(?:please|pls|just|ok|okay|now) )*(?:stop ?)+(?: it| this| that| these| everything| all| all of)*END
    ^(?:please |pls )*(?:cease|discontinue)(?: and desist| all contact)?END
    ^(?:please )?no contactEND
    ^(?:i |we |hereby |please )+revokeEND
    KEPTstop (?:all )?(?:contact|contacting)
    (?:to|wanna|gonna) stop (?:receiving|getting) ANYTHING
    NOT (?:SEND) (?:ME)(?: ANYTHING)?END
    NOT (?:send|give|show) (?:(?:ME|to) )*ANYTHINGEND
    NOT send (?:(?:ME|to|any) )*ANYTHING to (?:ME)
    NOT send (?:me |us )?(?:any(?:thing|more|thing else| more)|nothing)(?: else| more)?END
    ^(?:please |pls )*NOT (?:contact|text|message|disturb|email)END
    NOT send(?: (?:ME|to))* (?:these|this|those|more)END
    NOT (?:SEND) (?:ME) (?:again|any ?more|ever)
    (?:dont|do not|no longer|not|never|dnt)(?: really| ever)? (?:want|wish|care|like|need|wanna|consent|agree)(?: for| to)?(?: (?:receive|get|see|have|read|getting|receiving|be sent|be getting|accept))? ANYTHING(?: from (?:you|u|your|this).*)?END
    (?:dont|do not|no longer|not|never) (?:want|wish|like|care)(?: to)? (?:be )?(?:hear|contacted|texted|messaged|emailed|hearing)(?: from| by| with| at|END)
    (?:dont|do not|no longer|not|never) (?:want|wish) to (?:receive|get) (?:ANYTHING)
    (?:dont|do not|no longer) (?:want|wish) to be on (?:your|this|the|any) LIST
    no longer (?:want|wish|interested)(?: these| this| them| in (?:receiving |getting )?ANYTHING)?END
    (?:rather|prefer) not (?:to )?(?:receive|get|be) ANYTHING
    ^(?:please |pls |just |kindly |hi |hello |and |also )*(?:remove|take|delete|drop|erase|strike|scrub|clear) (?:MY)(?: (?:please|now|thanks|immediately|off|out|asap|permanently))*$
    MEANT(?:remove|take|delete|drop|erase|strike|scrub|get|pull) (?:MY) (?:OFF) (?:(?:your|ur|the|this|these|all|any|of) )*(?:LIST|ANYTHING)
    MEANT(?:remove|take|get) (?:MY) (?:OFF)(?: this| these)?END
    MEANT(?:be|get) (?:removed|taken|deleted|dropped)(?: off)?(?: (?:OFF) (?:(?:your|the|this|these|all) )*(?:LIST|ANYTHING|this|these))?END
    ^(?:please |pls )*(?:remove|lose|delete|forget) (?:this|my) (?:phone |cell )?(?:number|phone)
    (?:want|like|need)(?: to be| to get)? (?:off|out)(?: of)?(?: (?:this|your|the|these) LIST|END)
    ^(?:(?:please|pls|plz|hi|hello|hey|and|just|kindly|ok) )*(?:UNSUB|unsubscribing)(?: (?:me|us|this|my|from|please|now|this number|all|everything|immediately)\b.*)?END
    (?<!dont )(?<!not )(?:want|like|wish|need|trying|tried|how (?:do|can|could|would) (?:i|we)|how|may i|can i|please|let me) (?:to )?(?:be )?(?:unsubscribed?|unsub|opt(?:ed)? out)(?: (?:of|from) (?:ANYTHING|this|all|everything)| (?:from|of) (?:these|your|them)\b.*)?END
    (?:please|messages|texts|spam) (?:unsubscribe|unsub)(?: me| us)?END
    MEANT(?:UNSUB) (?:us|my number|this number|me(?: from ANYTHING| from (?:this|these|your|all) .*)?END)
    opt (?:me|us|my number|this number) out
    ^(?:i |we |im |i am |please |hereby )*(?:opt|opting) out(?: (?:of|from) (?:ANYTHING|this|these|all|everything))?END
    ^(?:(?:please|ok|enough|and|thanks|hi) )*no more(?: ANYTHING)?(?: from you)?END
    ^(?:(?:please|ok|hi) )*no (?:texts?|txts?|text messages|messages|msgs|sms|spam|e ?mails|marketing|advertising|ads)(?: please| thanks| thank you| to this number| from you)+$
    ^(?:(?:please|ok|hi) )*no (?:text messages|messages|texts|sms|spam)$
    leave (?:me|us) (?:the (?:fuck|hell) )?(?:alone|be)\b
    (?:lose|forget|delete) (?:my|this) number
    ^(?:(?:sorry|hi|you|u|have|has|youve|got|get|the|its|this|is|a|please|ok) )*wrong (?:number|person)END
    (?:revoke|withdraw|rescind|take back|retract) (?:my |our |any |all )*(?:consent|permission)
    (?:consent|permission) (?:is )?(?:revoked|withdrawn)
    (?:do not|dont|no longer|never|not) (?:have|give|gave|given)(?: you)? (?:my |our |any )?(?:consent|permission)(?:END| to (?:text|contact|message|send|e ?mail|call|use my|write))
    (?:do not|dont|no longer|never|didnt|did not) (?:consent|agree)(?: to)? (?:ANYTHING|(?:this|these|receiv\w+)END)
    ^(?:please |pls |i want to |id like to |i would like to |kindly )*cancel (?:my |the |all |this |these )*(?:(?:text|sms|message|email) )?subscriptionEND
    (?:cancel|discontinue|terminate) (?:ANYTHING)(?: subscription)?END
    (?:never|didnt|did not) (?:ask|sign|signed|asked|subscribe|subscribed|agree|agreed|opt|opted|request|requested|register|registered|want|wanted)(?: up| in)?(?: to| for| get| receive)* (?:ANYTHING|this|these|it|any of this)END
    ^(?:(?:sorry|im|i am|we are|were|no|no thanks|no thank you|thanks|but|just|really|hi|please) )*(?:not|no longer) (?:really )?interested(?: in (?:ANYTHING))?END
    ^(?:please )?(?:go away|piss off|get lost|bugger off|buzz off|screw you|knock it off|give it a rest)END
    fuck (?:off|you)
    ^(?:this is |these are |thats |its )*spam(?:mers?)?END
    ^(?:thats |thats quite )?enough(?: already| is enough| with (?:ANYTHING)| of (?:ANYTHING)(?: already)?)?END
    (?:turn|switch) off ANYTHINGEND
    (?:tired|sick) of (?:ANYTHING|receiving .*|getting .*)(?: from you)?END
    (?:had )enough of ANYTHINGEND
    ^(?:i am |im |i will |ill |i )?(?:report|reporting|block|blocking|blocked|reported) (?:you|this|this number|ANYTHING)(?: (?:as|for|to) .*)?END
    report you if you (?:SEND)
    ^(?:this is |you are |stop the )?(?:harassment|harassing me)END
    ^(?:this is |its )?not (?:the|my) (?:right |correct )?(?:number|person)END
    (?:kill|drop) ANYTHINGEND
    turn (?:these|ANYTHING) offEND
    """,
)
