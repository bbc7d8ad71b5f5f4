"""Who the customers are: how they buy, what they like, where they live, how they first came."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from regulars.simulator.plan import Plan, Process
from regulars.simulator.seasons import Clock
from regulars.simulator.world import trade
from regulars.simulator.world.shelves import Floats, Ints, Texts, places, plain, products

BREADTH = 2.4  # small: each customer likes few categories
LIKED = np.array([1.5, 1.3, 1.5, 1.2, 1.1, 0.7, 0.6, 0.5])  # how the categories are liked, in their order


@dataclass(frozen=True)
class Traits:
    """One entry per customer, in the order of their first day. rate is orders per day of the shop's clock while active;
    stays is the chance to stay after an order, first_stays that after the very first; interests are cumulated."""

    first_day: Ints
    rate: Floats
    regularity: Ints
    stays: Floats
    first_stays: Floats
    channel: Ints
    first_product: Ints
    with_code: Ints
    interests: Floats
    lines: Floats
    place: Ints
    responsiveness: Floats


def traits(plan: Plan, clock: Clock) -> Traits:
    """Draw the customers."""
    rng = np.random.default_rng([plan.seed, 1])
    return _traits(rng, plan.process, _first_days(rng, plan, clock))


def newcomers(plan: Plan, clock: Clock, until: int) -> Traits:
    """Draw the customers who first come after the end of trade and before a day, as many a day as came at its end."""
    rng, day = np.random.default_rng([plan.seed, 7]), np.arange(plan.days, until)
    each = plan.customers * plan.process.growth / _weights(plan, clock).sum()
    return _traits(rng, plan.process, np.repeat(day, rng.poisson(each * clock.pace[day])).astype(np.int64))


def joined(found: Traits, more: Traits) -> Traits:
    """Return both, one behind the other."""
    return Traits(**{name: np.concatenate([column, getattr(more, name)]) for name, column in vars(found).items()})


def _traits(rng: np.random.Generator, process: Process, first_day: Ints) -> Traits:
    n = first_day.size
    interests = _interests(rng, n)
    first_product = picked(rng, interests, np.arange(n))
    channel = drawn(rng, [one.first for one in trade.CHANNELS], n)
    with_code = (rng.random(n) < trade.CODES[trade.WELCOME].taken).astype(np.int64)
    stays = rng.beta(process.stay_a, process.stay_b, n)
    first_stays = process.first_stay * np.array([one.stays for one in trade.CHANNELS])[channel]
    first_stays *= products().stays[first_product]
    first_stays *= np.where(with_code, trade.Service().keeps_first_with_code, 1.0)
    return Traits(
        first_day=first_day,
        rate=rng.gamma(process.rate_shape, 1.0 / (process.rate_shape * process.rate_days), n),
        regularity=np.where(rng.random(n) < process.regular_share, process.regularity, 1),
        stays=stays,
        first_stays=first_stays,
        channel=channel,
        first_product=first_product,
        with_code=with_code,
        interests=interests,
        lines=np.minimum(rng.gamma(2.0, 0.55, n), 5.0),
        place=drawn(rng, [one.share for one in places()], n),
        responsiveness=rng.gamma(4.0, 0.25, n),
    )


@dataclass(frozen=True)
class Persons:
    """What the shop knows of its customers, as texts and yes (1) or no (0)."""

    reference: Texts
    email: Texts
    phone: Texts
    first_name: Texts
    last_name: Texts
    country: Texts
    city: Texts
    postcode: Texts
    language: Texts
    timezone: Texts
    accepts_email: Ints
    accepts_sms: Ints


def persons(plan: Plan, found: Traits, known: int = 0) -> Persons:
    """Give each customer a name, an address that no mail reaches, and a number in a country that does not exist.

    known is how many customers have theirs already.
    """
    rng, n = np.random.default_rng([plan.seed, 8 if known else 2]), found.first_day.size
    columns = {
        name: np.full(n, "", dtype=object)
        for name in ("first_name", "last_name", "city", "postcode", "language", "country", "timezone", "address")
    }
    for number, place in enumerate(places()):
        who = np.flatnonzero(found.place == number)
        given, family = (rng.integers(0, len(names), who.size) for names in (place.first, place.last))
        town, weights = rng.integers(0, len(place.cities), who.size), list(place.languages.values())
        columns["first_name"][who], columns["last_name"][who] = _texts(place.first)[given], _texts(place.last)[family]
        columns["city"][who], columns["postcode"][who] = _texts(place.cities)[town], _texts(place.cities.values())[town]
        columns["language"][who] = _texts(place.languages)[drawn(rng, weights, who.size)]
        columns["country"][who], columns["timezone"][who] = place.code, place.timezone
        columns["address"][who] = _texts(map(plain, place.first))[given] + "." + _texts(map(plain, place.last))[family]
    numbers = np.arange(100_001 + known, 100_001 + known + n).astype(str).astype(object)
    accepts_email = (rng.random(n) < 0.63).astype(np.int64)
    accepts_sms = (rng.random(n) < 0.08 + 0.22 * accepts_email).astype(np.int64)
    host = _texts(("@example.com", "@example.org", "@example.net"))[rng.integers(0, 3, n)]
    email = columns.pop("address") + numbers + host
    phone = np.where(accepts_sms == 1, "+99955" + numbers, "")  # no country has the code 999
    return Persons(
        np.asarray("K" + numbers, dtype=np.object_),
        email,
        phone,
        **columns,
        accepts_email=accepts_email,
        accepts_sms=accepts_sms,
    )


def drawn(rng: np.random.Generator, weights: list[float] | list[int], n: int) -> Ints:
    """Draw n places of a list by their weights."""
    chances = np.cumsum(weights) / np.sum(weights)
    return np.searchsorted(chances[:-1], rng.random(n), side="right").astype(np.int64)


def picked(rng: np.random.Generator, interests: Floats, who: Ints) -> Ints:
    """Draw a product for each entry of who: a category that the customer likes, then a product of it."""
    appeal = products().appeal()
    category = (interests[who] < rng.random(who.size)[:, None]).sum(axis=1)
    category = np.minimum(category, len(appeal) - 1)
    found = np.empty(who.size, dtype=np.int64)
    for number, chances in enumerate(appeal):
        mine = np.flatnonzero(category == number)
        found[mine] = np.minimum(np.searchsorted(chances, rng.random(mine.size), side="right"), len(chances) - 1)
    return found


def _first_days(rng: np.random.Generator, plan: Plan, clock: Clock) -> Ints:
    """Draw first days, in order: more towards the end, and on busy days."""
    weights = _weights(plan, clock)
    chances = np.cumsum(weights) / weights.sum()
    return np.sort(np.searchsorted(chances[:-1], rng.random(plan.customers), side="right")).astype(np.int64)


def _weights(plan: Plan, clock: Clock) -> Floats:
    day = np.arange(plan.days)
    return np.asarray(plan.process.growth ** (day / plan.days) * clock.pace[: plan.days])


def _interests(rng: np.random.Generator, n: int) -> Floats:
    shares = rng.gamma(np.broadcast_to(LIKED / BREADTH, (n, LIKED.size)))
    cumulated = np.cumsum(shares, axis=1)
    return np.asarray(cumulated / cumulated[:, -1:])


def _texts(words: Iterable[str]) -> Texts:
    return np.array(list(words), dtype=np.object_)
