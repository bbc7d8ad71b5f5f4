"""Which pages are measured: every route of the app is asked, or named among those that show no figures."""

from django.urls import URLPattern, URLResolver, get_resolver

from bench import asked_pages


def names() -> set[str]:
    found: set[str] = set()
    for one in get_resolver().url_patterns:
        inner = one.url_patterns if isinstance(one, URLResolver) and one.app_name != "ninja" else [one]
        found |= {str(each.name) for each in inner if isinstance(each, URLPattern)}
    return found


def test_every_route_is_measured_or_left_out_by_name() -> None:
    known = set(asked_pages.PAGES) | asked_pages.NOT_MEASURED
    assert names() - known == set(), "name it in bench/asked_pages.py"
    assert known - names() == set(), "it is no route any more"


def test_an_address_is_made_of_its_parts_and_its_question() -> None:
    found = asked_pages.asked(7, 3)
    assert found["customer {customer}"] == "/customers/7"
    assert found["import {import}"] == "/imports/3"
    assert found["search ?q=Ann Abel"] == "/search?q=Ann+Abel"
