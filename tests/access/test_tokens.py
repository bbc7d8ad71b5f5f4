"""API tokens: shown once, limited by scope and role, ended with their holder."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from regulars.access import api as access
from tests.access import cast
from tests.access.cast import NOW

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
READ = ("read:reports",)


def made(user: access.User, *scopes: str, days: int | None = 365) -> str:
    ends = None if days is None else NOW + days * DAY
    return access.make_token(user, access.NewToken("sync", scopes or READ, ends), NOW)


def test_a_token_is_known_by_its_text_alone_and_the_text_is_kept_nowhere() -> None:
    user = cast.bo()
    plain = made(user)
    assert plain.startswith("rgl_")
    assert len(plain) == len("rgl_") + 40  # 240 bits, six to a letter
    assert access.holder_of(plain, NOW) == (user, frozenset(READ))
    kept = str(list(access.Token.objects.values()))
    assert plain not in kept
    assert plain not in str(cast.deeds())
    assert plain[:12] in kept
    assert len(plain) - 12 >= 32


def test_no_two_tokens_are_alike() -> None:
    user = cast.bo()
    assert len({made(user) for _ in range(50)}) == 50


@pytest.mark.parametrize("guess", ["", "rgl_", "rgl_" + "A" * 40, "\x00", "\ud800", "x" * 100_000])
def test_a_guess_has_no_holder(guess: str) -> None:
    made(cast.bo())
    assert access.holder_of(guess, NOW) is None


def test_a_changed_letter_or_the_digest_itself_opens_nothing() -> None:
    plain = made(cast.bo())
    for wrong in (plain[:-1], plain + "A", plain.swapcase(), f" {plain}", access.Token.objects.get().digest):
        assert access.holder_of(wrong, NOW) is None


def test_every_answer_costs_the_same_looks_at_the_database(django_assert_num_queries: pytest.FixtureRequest) -> None:
    plain, stale = made(cast.bo()), made(cast.cleo(), days=1)
    access.holder_of(plain, NOW)
    for text in (plain, "rgl_guess", "", stale):
        with django_assert_num_queries(1):  # type: ignore[operator]
            access.holder_of(text, NOW + (DAY if text == stale else timedelta(0)))


def test_a_token_ends_on_its_day() -> None:
    plain, endless = made(cast.bo(), days=1), made(cast.cleo(), days=None)
    assert access.holder_of(plain, NOW + DAY - timedelta(seconds=1)) is not None
    assert access.holder_of(plain, NOW + DAY) is None
    assert access.holder_of(endless, NOW + 10_000 * DAY) is not None


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", {"read:reports", "read:customers", "write:facts", "write:imports", "admin"}),
        ("marketer", {"read:reports", "read:customers", "write:facts", "write:imports"}),
        ("analyst", {"read:reports", "read:customers"}),
        ("support", {"read:reports"}),
    ],
)
def test_a_role_limits_the_scopes_of_its_tokens(role: str, allowed: set[str]) -> None:
    user = cast.person("one@example.com", access.Role(role))
    for scope in access.SCOPES:
        if scope in allowed:
            assert access.holder_of(made(user, scope), NOW) == (user, frozenset({scope}))
        else:
            with pytest.raises(access.NotPossible, match=scope):
                made(user, "read:reports", scope)


def test_a_role_that_is_taken_away_takes_the_scopes_of_standing_tokens() -> None:
    cast.ann()
    plain = made(cast.bo(), "read:reports", "write:facts")
    access.change_role("bo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    holder = access.holder_of(plain, NOW)
    assert holder is not None
    assert holder[1] == {"read:reports"}


def test_who_is_let_go_takes_the_tokens_along() -> None:
    cast.ann()
    plain = made(cast.bo())
    access.deactivate("bo@example.com", "ann@example.com", NOW)
    assert access.holder_of(plain, NOW) is None
    assert not access.Token.objects.exists()


@pytest.mark.parametrize(
    "wanted",
    [
        access.NewToken("", READ),
        access.NewToken("   ", READ),
        access.NewToken("n" * 101, READ),
        access.NewToken("sync", ()),
        access.NewToken("sync", ("read:everything",)),
        access.NewToken("sync", ("",)),
        access.NewToken("sync", ("read:reports admin",)),
        access.NewToken("sync", READ, NOW),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(wanted: access.NewToken) -> None:
    with pytest.raises(access.NotPossible):
        access.make_token(cast.ann(), wanted, NOW)


@given(scopes=st.lists(st.sampled_from([*access.SCOPES, "write:all", "admin "]), min_size=1, max_size=6))
def test_no_list_of_scopes_gives_an_analyst_one_that_writes(scopes: list[str]) -> None:
    user = access.User.objects.filter(email="cleo@example.com").first() or cast.cleo()
    try:
        holder = access.holder_of(made(user, *scopes), NOW)
    except access.NotPossible:
        return
    assert holder is not None
    assert holder[1] <= {"read:reports", "read:customers"}


def test_one_sees_and_revokes_ones_own_tokens_and_the_owner_everybodys() -> None:
    ann, bo, cleo = cast.ann(), cast.bo(), cast.cleo()
    plain = made(bo)
    number = access.Token.objects.get().pk
    assert [len(access.tokens(user)) for user in (ann, bo, cleo)] == [1, 1, 0]
    for wrong in (number, number + 1, 0, -1, 10**30):
        with pytest.raises(access.NotPossible):
            access.revoke_token(cleo, wrong, NOW)
    assert access.holder_of(plain, NOW) is not None
    access.revoke_token(ann, number, NOW)
    assert access.holder_of(plain, NOW) is None


def test_when_a_token_was_last_used_is_written_at_most_once_a_minute() -> None:
    plain, seen = made(cast.bo()), []
    for seconds in (0, 59, 60, 61, 119, 120):
        access.holder_of(plain, NOW + timedelta(seconds=seconds))
        seen.append(access.Token.objects.get().last_used_at)
    assert seen == [NOW, NOW, NOW + MINUTE, NOW + MINUTE, NOW + MINUTE, NOW + 2 * MINUTE]
