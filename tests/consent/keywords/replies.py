"""What people answer to a shop's text: refusals in their own words, and replies that refuse nothing.

The patterns were written with TUNED before the eyes; ASIDE was written at the same time and never used to change them.
"""

REFUSALS_TUNED = """
Please stop texting me
stop texting me!!
STOP SENDING ME MESSAGES
can you please stop sending these texts
Would you stop messaging this number
quit texting me
Stop it
please stop
just stop
Stop already
stop spamming me
Stop the texts
stop all messages please
STOP STOP STOP
Remove me from your list
please remove me from your mailing list
remove my number from your database
take me off your list
Take my number off this list please
delete my number
get me off this list
Please take me off.
don't send me any more messages
Do not text me again
don't text me anymore
Please do not contact me
never text this number again
dont message me ever again
do not send me anything else
I don't want these messages
I don't want to receive your texts
i dont want to get any more of these messages
I no longer wish to receive texts from you
I do not want to be contacted
no longer want these
I'd like to unsubscribe
How do I unsubscribe from these?
unsubscribe me please
Please unsubscribe this number
opt me out
I want to opt out
I am opting out of these texts
No more texts
no more messages please
no more
Leave me alone
lose my number
wrong number
You have the wrong number
I revoke my consent
I withdraw my consent to receive marketing
I do not consent to these messages
Cancel my subscription
cancel these texts
I never signed up for this
I didn't sign up for these texts
not interested
I'm not interested, thanks
Go away
fuck off
this is spam
Enough with the texts already
please end these messages
turn off these notifications
Bitte keine SMS mehr
Ich möchte keine Werbung mehr erhalten
Keine Nachrichten mehr, danke
Hört bitte auf mir zu schreiben
Schicken Sie mir nichts mehr
Bitte nehmen Sie mich aus dem Verteiler
Bitte vom Newsletter abmelden
Lasst mich in Ruhe
Kein Interesse
Ne m'envoyez plus de SMS
Arrêtez de m'écrire
Je ne veux plus recevoir vos messages
Désabonnez-moi s'il vous plaît
Plus de pub merci
No me envíen más mensajes
No quiero recibir más publicidad
Dejen de mandarme mensajes
Quiero darme de baja
Não quero mais receber mensagens
Parem de me enviar SMS
Me tirem dessa lista
Non voglio più ricevere messaggi
Smettetela di scrivermi
Cancellatemi dalla lista
Stuur me geen berichten meer
Ik wil geen sms meer ontvangen
Schrijf mij uit
Nie chcę otrzymywać smsów
Proszę mnie wypisać
Jag vill inte ha fler sms
Sluta skicka meddelanden
Jeg vil ikke have flere beskeder
Vennligst slutt å sende meg meldinger
En halua enää viestejä
Nechci už žádné zprávy
Artık mesaj istemiyorum
"""

REFUSALS_ASIDE = """
pls stop txting me
Hey, could you stop sending me stuff
Kindly stop all communication
Stop contacting me.
Stop bothering me with these ads
STOP emailing me
Ok stop now
Make it stop
stop these annoying messages
I said stop
i told you to stop texting me
I want you to stop messaging me immediately
Stop with the spam
quit sending me this crap
Cease all contact
take this number off of your list
please delete my number from your system
remove me
Remove this phone from your marketing list please
Can I be removed from this list?
please remove my number
I want off this list
I want to be taken off your text list
drop me from your mailing list
erase my number
Do not message me
Do not ever contact me again
please don't text this number anymore
don't email me again
Dont send any more texts to this phone
Never contact me again
don't send me any of your offers
please no more
no more promos pls
no more sms thank you
No texts please
I don't want your texts
I don't want texts from you anymore
I don't wish to get your marketing messages
We do not want to receive your newsletter any longer
I don't want to hear from you again
i dont want to be on this list
I would rather not receive these messages
I'm tired of these messages, unsubscribe
I'd like to stop receiving these texts
I need to unsubscribe
How can I opt out?
Please opt me out of all messages
Opt-out please!
I opt out
want to opt-out of your texts
unsubscribe from all
unsub
Please cancel all text alerts
Cancel the newsletter
please discontinue these messages
I hereby withdraw my permission to text me
You do not have my consent to text me
I take back my consent
I did not ask for these messages
never asked for this
I didn't subscribe to this
Who is this? Stop texting me
You've got the wrong person, stop texting
Wrong number, please remove
Not interested anymore
No thanks not interested
leave me be
piss off
Get lost
Quit spamming my phone
stop blowing up my phone
this is spam, remove me
enough already
Ich will keine SMS von euch
Bitte schreiben Sie mir nicht mehr
Bitte löschen Sie meine Nummer
Ich widerrufe meine Einwilligung
Nehmt mich bitte von der Liste
Keine Werbung bitte
Hören Sie auf damit
Merci de ne plus m'envoyer de messages
Veuillez me désinscrire
Stop aux SMS
Laissez-moi tranquille
Por favor no me escriban más
No más mensajes
Bórrenme de su lista
Não me mandem mais mensagens
Quero cancelar minha inscrição
Per favore non mandatemi più sms
Basta messaggi
Stop met deze berichten
Haal me van de lijst
Proszę nie wysyłać mi wiadomości
Przestańcie do mnie pisać
Inga fler meddelanden tack
Stop med at sende mig beskeder
Poistakaa numeroni
Lütfen bana mesaj atmayın
"""

NEUTRAL_TUNED = """
can you stop by?
when does the sale end?
don't stop!
I will cancel my order
Can I stop by the shop tomorrow?
I can't stop laughing
don't stop sending these, I love them
Please cancel my order
How do I cancel order 1234?
Does the offer end today?
The end of the month works for me
Where does the bus stop near your shop?
I want to quit smoking, do you sell patches?
Remove the blue one from my order please
please remove item 3 from my cart
Did you stop selling the green tea?
When did you stop making this?
why did you stop sending the catalogue?
I don't want the blue one
I don't want to miss the sale
Don't send me the wrong size again please
Don't send it to my old address
Do not deliver on Monday
please don't ship before Friday
I never received my package
I didn't get your message
I did not receive the text with the code
I haven't got any messages from DHL
Your email went to spam
it landed in my spam folder
Is this spam?
Please text me when it is ready
Send me more info
call me, don't text
Can you send it again?
Yes
No
ok
thanks
Thank you so much!
What are your opening hours?
Is this still in stock?
Do you ship to Canada?
How much is delivery?
My order has not arrived
Where is my order?
I would like to return this
wrong size
You sent me the wrong item
wrong colour, can I exchange it?
I'm interested
Not sure yet
I'm not interested in the red one but do you have blue?
I want to unsubscribe from the coffee plan but keep the tea
I don't want to unsubscribe
I accidentally unsubscribed, please add me back
Please resubscribe me
Why was I removed from the list?
add me to your list
Take me off the waiting list for the blue mug
No more sugar in the recipe?
Are there no more of these in stock?
no more blue ones?
Leave the parcel at the door
leave it with my neighbour
I'll be alone at home
Please end the chat
What time do you close?
I changed my mind, keep my order
Red
The last stop is fine
non-stop service, wow
It stopped working after two days
the machine stops after a minute
how do I stop the machine from leaking?
How do I turn off the milk frother?
Please stop the shipment
stop my order if it has not shipped
Could you cancel the delivery for Tuesday?
Can I opt out of plastic packaging?
Opt for the large one
I agree
I consent
Sounds good, see you then
Wann endet der Sale?
Wann hört die Aktion auf?
Ich habe keine SMS bekommen
Ich habe noch keine Nachricht erhalten
Ich bekomme keine Mails mehr, warum?
Bitte nicht aufhören!
Ich möchte meine Bestellung stornieren
Je n'ai pas reçu de SMS
Je ne veux plus de cette commande
No he recibido ningún mensaje
Quiero cancelar mi pedido
Não recebi a mensagem
Non ho ricevuto il messaggio
Ik heb geen bericht ontvangen
Nie dostałem wiadomości
Jag har inte fått något sms
"""

NEUTRAL_ASIDE = """
Could I stop in on Saturday?
I'll stop at the store after work
We couldn't stop eating those cookies
never stop making this coffee
Please don't ever stop sending me coupons
hope you don't stop the newsletter
Is there a stop near you?
does your promo end tonight or tomorrow
At the end I chose the dark roast
to what end?
I need to cancel an item
how can I cancel?
can i cancel my appointment for tuesday
If it is late I will cancel it
cancelled order 8812 still charged
My subscription box did not come
Can I change my subscription to monthly?
I quit my job so I have time now
I'm done, it works now
please take the gift wrap off my order
take 10% off?
Remove the discount code I used
Delete the second item, thanks
can you delete my old address from the account
Is my number on your list?
am I on the list for the tasting?
I want to be on the list
Am I subscribed?
did I subscribe to the club?
I didn't sign up for express shipping
I never asked for gift wrap
I didn't ask for a refund, I want an exchange
Please don't call before 9
Don't text my husband about the gift please, it is a surprise
do not leave it with the neighbour
don't send a replacement
I don't want a refund
I don't need the receipt
We don't want milk in it
I don't like the new packaging
i do not want to wait any longer
never mind
never got the text about pickup
I did not get any more messages after that, what happened to my parcel?
I stopped getting your texts, can you check?
Why am I not receiving your messages anymore?
Text me the address
Could you message me the tracking link?
please contact me about order 55
please email me the invoice
Send me a text when you have it again
I got your message, thanks
Your texts are great
love these texts
Check your spam please
I replied to your email twice
Is this number for support?
is this the right number?
Who is this?
Wrong address on my order
I think I ordered the wrong thing
The wrong one arrived
not interested in shipping, I will pick up
Interested! How much?
no thanks
No thank you
not today
I'm good
Nope
Sure
Absolutely
Great, thanks!
👍
😂😂
❤️
12345
tomorrow at 5
Tuesday
Large please
2 bags of the house blend
no more than 2 please
There's no more coffee in the house, help!
No message on the gift card please
Please put no ads in the parcel
Leave me a voucher lol
Please go away from plastic packaging
I want out of the long queue, is there a faster line?
the bag got lost
My parcel got lost
enough for 4 people?
Is one bag enough?
Kann ich morgen vorbeikommen?
Bitte keine Zwiebeln
Keine Ahnung
C'est quand la fin des soldes ?
Où est l'arrêt de bus ?
¿Hasta cuándo es la oferta?
Quando termina la promozione?
När slutar rean?
Mesajınızı aldım, teşekkürler
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()
