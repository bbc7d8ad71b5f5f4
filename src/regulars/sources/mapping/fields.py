"""The canonical fields of each kind of import: their type, whether they must be there, and the names they go by."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One canonical column: kind is text, id, email, currency, money, signed, number, date, instant or flag."""

    kind: str
    aliases: tuple[str, ...] = ()
    required: bool = False


def _f(kind: str, aliases: str = "", required: bool = False) -> Field:
    return Field(kind, tuple(aliases.split("|")) if aliases else (), required)


ORDERS: Mapping[str, Field] = {
    "order_id": _f("id", "order id|order|order number|order no|order_number|ordernumber|order name|bestellnummer|bestell-nr|auftragsnummer|numero de commande|numéro de commande|commande|numero de pedido|número de pedido|pedido|transaction_id|transaction id"),
    "customer_ref": _f("id", "customer_id|customer id|customer|customerid|customer number|customer_number|kundennummer|kunden-nr|kunde|client_id|id client|client|id cliente|cliente|user_id|user id|buyer_id"),
    "email": _f("email", "e-mail|email address|e-mail address|customer_email|customer email|mail|e-mail-adresse|adresse e-mail|correo|correo electronico|correo electrónico"),
    "phone": _f("id", "telephone|phone number|mobile|telefon|telefonnummer|téléphone|telefono|teléfono"),
    "ordered_at": _f("instant", "date|order date|order_date|ordered at|created_at|created at|purchase date|purchase_date|placed_at|datum|bestelldatum|date de commande|date_commande|fecha|fecha de pedido|order_purchase_timestamp|timestamp", True),
    "total": _f("money", "amount|order total|order_total|grand total|grand_total|total amount|total_amount|revenue|total_price|summe|gesamt|gesamtbetrag|betrag|montant|montant total|importe|total pedido|dollar_value"),
    "amount": _f("signed", "line total|line_total|line amount|line_amount|subtotal line"),
    "quantity": _f("number", "qty|lineitem quantity|menge|anzahl|quantité|quantite|cantidad|number_of_cds"),
    "unit_price": _f("signed", "unitprice|unit price|price|lineitem price|einzelpreis|preis|prix unitaire|precio unitario"),
    "product": _f("id", "sku|product_id|product id|stockcode|stock code|lineitem sku|item|item_id|artikelnummer|référence|referencia"),
    "product_name": _f("text", "product name|product title|lineitem name|item name|description|artikel|bezeichnung|produit|producto"),
    "category": _f("text", "product category|product_category|kategorie|catégorie|categoria|categoría"),
    "refunded": _f("money", "refund|refunds|refunded amount|refund_amount|refund amount|total_refunded|refunded_total|refund_total|order_refund_amount|amount refunded|erstattet|erstattung|remboursé|reembolsado"),
    "refunded_at": _f("instant", "refund date|refund_date|refunded at"),
    "currency": _f("currency", "currency code|currency_code|order_currency|währung|waehrung|devise|moneda"),
    "updated_at": _f("instant", "updated at|modified|modified_at|last modified|date_modified"),
    "cancelled_at": _f("instant", "cancelled at|canceled at|canceled_at|cancellation date"),
    "discount": _f("money", "discount amount|discount_amount|rabatt|remise|descuento"),
    "shipping": _f("money", "shipping amount|shipping_total|shipping cost|versand|versandkosten|livraison|envío|envio"),
    "tax": _f("money", "taxes|tax_total|vat|steuer|mwst|tva|iva"),
    "discount_code": _f("text", "coupon|coupon code|coupon_code|voucher|gutschein|gutscheincode|code promo|cupon|cupón"),
    "country": _f("text", "country code|shipping country|billing country|land|pays|pais|país"),
    "channel": _f("text", "sales channel|source name|source|kanal|canal"),
}  # fmt: skip

CUSTOMERS: Mapping[str, Field] = {
    "customer_ref": _f("id", "customer_id|customer id|id|customer number|kundennummer|client_id|user_id"),
    "email": _f("email", "e-mail|email address|customer_email|mail"),
    "phone": _f("id", "telephone|phone number|mobile|telefon"),
    "first_name": _f("text", "first name|firstname|vorname|prénom|nombre"),
    "last_name": _f("text", "last name|lastname|surname|nachname|nom|apellido"),
    "country": _f("text", "country code|land|pays|pais|país"),
    "city": _f("text", "town|ort|stadt|ville|ciudad"),
    "postcode": _f("text", "zip|zip code|postal code|postal_code|plz|code postal"),
    "language": _f("text", "locale|sprache|langue|idioma"),
    "timezone": _f("text", "time zone|time_zone|zeitzone"),
    "accepts_email": _f("flag", "accepts email marketing|accepts marketing|email consent|newsletter"),
    "accepts_sms": _f("flag", "accepts sms marketing|sms consent"),
    "tags": _f("text", "labels"),
    "created_at": _f("instant", "created at|date created|registered|registered_at|since"),
}

PRODUCTS: Mapping[str, Field] = {
    "product": _f("id", "sku|product_id|product id|id|stockcode|variant sku|artikelnummer", True),
    "name": _f("text", "product name|product_name|title|bezeichnung|description"),
    "category": _f("text", "product category|product_category|product_category_name|type|kategorie|catégorie"),
    "price": _f("money", "unit price|unit_price|variant price|preis|prix|precio"),
    "unit_cost": _f("money", "cost|cost per item|unit cost|cogs|einkaufspreis|coût|costo"),
    "currency": _f("currency", "currency code|währung|devise|moneda"),
    "replenish_days": _f("number", "replenish days|lasts days|refill days"),
}

COSTS: Mapping[str, Field] = {
    "channel": _f("text", "medium|kanal|canal|platform", True),
    "month": _f("date", "date|monat|mois|mes|period", True),
    "amount": _f("money", "spend|cost|costs|ausgaben|dépenses|gasto", True),
    "currency": _f("currency", "currency code|währung|devise|moneda"),
    "source": _f("text", "acquisition source|acquisition_source|campaign|kampagne"),
}

RATES: Mapping[str, Field] = {
    "day": _f("date", "date|datum|fecha", True),
    "currency": _f("currency", "currency code|from|währung|devise|moneda", True),
    "rate": _f("number", "exchange rate|value|kurs|taux|tasa", True),
}

EVENTS: Mapping[str, Field] = {
    "name": _f("text", "event|event name|event_name|event type|event_type|action|ereignis", True),
    "occurred_at": _f("instant", "occurred at|timestamp|time|date|datetime|happened at|event time|event date|created_at|created at|datum|zeit|zeitpunkt", True),
    "customer_ref": _f("id", "customer_id|customer id|customer|customer number|kundennummer|client_id|user_id|user id|userid|distinct_id"),
    "email": _f("email", "e-mail|email address|customer_email|mail"),
    "phone": _f("id", "telephone|phone number|mobile|telefon"),
    "event_id": _f("id", "event id|eventid|message_id|message id|messageid|insert_id|id"),
}  # fmt: skip

TARGETS: Mapping[str, Mapping[str, Field]] = {
    "orders": ORDERS,
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "costs": COSTS,
    "events": EVENTS,
    "rates": RATES,
}


def needed(target: str) -> tuple[str, ...]:
    """Return the fields without which no file of this kind can be read."""
    more = {"orders": ("total", "order_id"), "customers": ("customer_ref",)}.get(target, ())
    return (*(name for name, field in TARGETS[target].items() if field.required), *more)


SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "id": "VARCHAR",
    "email": "VARCHAR",
    "currency": "VARCHAR",
    "money": "DECIMAL(18,4)",
    "signed": "DECIMAL(18,4)",
    "number": "DECIMAL(18,9)",
    "date": "DATE",
    "instant": "TIMESTAMP WITH TIME ZONE",
    "flag": "BOOLEAN",
}
