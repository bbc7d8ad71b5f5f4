"""How many messages an SMS is."""

from hypothesis import given, strategies as st

from regulars.messaging.templates.sms import EXTENSION, GSM_7, measure


def test_the_alphabets_are_as_long_as_the_standard_says() -> None:
    # 128 places, of which one is the escape; ten signs behind it.
    assert (len(GSM_7), len(EXTENSION), GSM_7 & EXTENSION) == (127, 10, frozenset())


@given(st.text(alphabet=sorted(GSM_7), max_size=700))
def test_plain_signs_count_one_each(text: str) -> None:
    size = measure(text)
    n = len(text)
    assert (size.alphabet, size.units) == ("GSM-7", n)
    assert size.segments == (0 if not n else 1 if n <= 160 else -(-n // 153))


@given(st.text(alphabet=sorted(GSM_7 | EXTENSION), max_size=700))
def test_a_text_fits_into_its_segments_and_not_into_fewer(text: str) -> None:
    size = measure(text)
    assert size.units == len(text) + sum(sign in EXTENSION for sign in text)
    if size.segments > 1:
        assert size.units > 160
        # A sign of two may leave one unit empty in each part before the last.
        assert (size.segments - 1) * 152 < size.units <= size.segments * 153
    else:
        assert size.units <= 160


@given(st.text(max_size=300), st.characters(exclude_characters="".join(GSM_7 | EXTENSION)))
def test_one_sign_beyond_makes_the_whole_text_ucs_2(text: str, sign: str) -> None:
    size = measure(text + sign)
    assert (size.alphabet, size.units) == ("UCS-2", len((text + sign).encode("utf-16-le", "surrogatepass")) // 2)
    assert size.segments == 1 if size.units <= 70 else (size.segments - 1) * 66 < size.units <= size.segments * 67
    assert sign in size.beyond or len(size.beyond) == 10


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_longer_text_is_never_fewer_messages(text: str, more: str) -> None:
    assert measure(text + more).segments >= measure(text).segments
