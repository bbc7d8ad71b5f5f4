"""MJML becomes HTML with its Liquid in place, and HTML becomes text."""

import re

import pytest

from regulars.messaging import templates
from regulars.messaging.templates import BadTemplate, Document, Variant
from regulars.messaging.templates.markup.mjml import html_of
from regulars.messaging.templates.markup.plain_text import text_of, tidy
from tests.messaging.templates.cast import SHOP, column, mail


def body_of(inner: str) -> str:
    """Return the HTML of MJML, Liquid still in it."""
    return html_of(f"<mjml><mj-body>{inner}</mj-body></mjml>", "en")


@pytest.mark.parametrize(
    "inner",
    [
        "{% if a < 3 and b > 2 %}" + column("<mj-text>x</mj-text>") + "{% endif %}",
        column("{% for line in lines %}<mj-text>{{ line }}</mj-text>{% endfor %}"),
        column('<mj-text>{{ name | default: "you" }} {% if a < 3 %}less{% else %}more{% endif %}</mj-text>'),
        column("<mj-table>{% for r in rows %}<tr><td>{{ r }}</td></tr>{% endfor %}</mj-table>"),
        column("<mj-text><i class='{% if a %}b{% endif %}' title=\"{{ t | append: '>' }}\">x</i></mj-text>"),
        column("<mj-image src='https://x.example/{{ a }}.png' alt='{{ b | truncate: 3 }}' />"),
        column("<mj-button href='https://x.example/?a={{ a }}&amp;b=1'>{{ c }}</mj-button>"),
        "<mj-wrapper>{% for s in all %}" + column("<mj-text>{{ s }}</mj-text>") + "{% endfor %}</mj-wrapper>",
        "<mj-raw>{% if a %}<p>x</p>{% endif %}</mj-raw>",
    ],
)
def test_liquid_survives_in_every_place(inner: str) -> None:
    pieces = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", inner)
    assert sorted(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", body_of(inner))) == sorted(pieces)


def test_a_loop_over_sections_in_a_wrapper_is_whole_for_outlook_too() -> None:
    document = Document(
        "t",
        "email",
        "transactional",
        {"en": Variant("{% for s in all %}" + column("<mj-text>{{ s }}</mj-text>") + "{% endfor %}", "s")},
    )
    html = templates.compile(document, SHOP).render({"all": ["one", "two", "three"]}).html
    seen = re.sub(r"<!--\[if[^\]]*\]>|<!\[endif\]-->", "", html)
    for tag in ("table", "tr", "td", "div"):
        assert len(re.findall(rf"<{tag}\b", seen)) == seen.count(f"</{tag}>"), tag
    assert html.count("<!--[if") == html.count("<![endif]-->")
    assert all(word in html for word in ("one", "two", "three"))


def test_rows_of_a_loop_stay_in_their_table_when_styles_are_put_in() -> None:
    html = html_of(
        "<mjml><mj-head><mj-style inline='inline'>td { color: #123456 }</mj-style></mj-head><mj-body>"
        + column("<mj-table>{% for r in rows %}<tr><td>{{ r }}</td></tr>{% endfor %}</mj-table>")
        + "</mj-body></mjml>",
        "en",
    )
    assert re.search(
        r"<tbody>\{% for r in rows %\}<tr><td style=\"color: #123456;?\">\{\{ r \}\}</td></tr>\{% endfor %\}</tbody>",
        html,
    )


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        ("<mj-section>\n<mj-column>\n</mj-section>", "line 3: </mj-section> closes <mj-column>"),
        ("\n<mj-section>", "line 2: <mj-section> is never closed"),
        ("</mj-section>", "never opened"),
        ("<mj-sektion></mj-sektion>", "no element mj-sektion; did you mean mj-section"),
        ("<mj-include path='/etc/passwd' />", "mj-include"),
        ("<mj-text>1 < 2</mj-text>", "written &lt;"),
        ("<mj-text><!-- x</mj-text>", "never closed by -->"),
        ("<mj-text><a href=x>y</a></mj-text>", "attributes in quotes"),
        ("<mj-wrapper>" * 61 + "</mj-wrapper>" * 61, "deeper ones"),
        ("<mj-text>" + "<div>" * 5000 + "</div>" * 5000 + "</mj-text>", "deeper ones"),
        ("<mj-text>a</mj-text>" * 5001, "more elements"),
    ],
)
def test_markup_that_cannot_be_read_is_told_with_its_line(inner: str, sentence: str) -> None:
    document = Document("t", "email", "transactional", {"en": Variant(inner, "s")})
    with pytest.raises(BadTemplate, match=re.escape(sentence)):
        templates.compile(document, SHOP)


@pytest.mark.parametrize(
    "part",
    [
        "<mj-raw><link rel='stylesheet' href='file://{}' /></mj-raw>",
        "<mj-style inline='inline'>@import url('file://{}');</mj-style>",
    ],
)
def test_no_file_is_read_while_translating(part: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    sheet = tmp_path_factory.mktemp("x") / "secret.css"
    sheet.write_text(".x { color: #abcdef }")
    source = (
        f"<mjml><mj-head>{part.format(sheet)}<mj-style inline='inline'>b {{ margin: 0 }}</mj-style></mj-head><mj-body>"
    )
    assert "#abcdef" not in html_of(
        source + column("<mj-text><b class='x'>a</b></mj-text>") + "</mj-body></mjml>", "en"
    )


def test_a_whole_document_is_taken_as_it_is() -> None:
    body = "<mjml><mj-body>" + column("<mj-text>Hi {{ name }}</mj-text>") + "</mj-body></mjml>"
    rendered = templates.compile(Document("t", "email", "transactional", {"en": Variant(body, "s")}), SHOP).render(
        {"name": "Ann"}
    )
    assert rendered.text == "Hi Ann"


def test_words_of_a_text_that_look_like_marks_stay_words() -> None:
    rendered = templates.compile(mail("<mj-text>lq0z {{ a }} LQ1Z <!-- gone -->lq7z</mj-text>"), SHOP).render(
        {"a": "lq2z"}
    )
    assert rendered.text.splitlines()[2] == "lq0z lq2z LQ1Z lq7z"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
        ("<a href='https://x.example'>https://x.example</a>", "https://x.example"),
        ("<a href='mailto:a@x.example'>a@x.example</a>", "a@x.example"),
        ("<a href='https://x.example'><img src='l.png' alt='Shop'></a>", "Shop (https://x.example)"),
        ("<a href='#'>top</a> <a href=''>none</a>", "top none"),
        ("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\n\nc"),
        ("<style>p{}</style><script>x</script><div style='display: none'>pre<br>view</div>b", "b"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a  b\n1  2"),
        ("a &amp; b &lt;c&gt; &nbsp; d", "a & b <c> \u00a0 d"),
        ("<!--[if mso]>outlook<![endif]-->a<hr>b", "a\n\n---\n\nb"),
        ("  a\n   b\t c ", "a b c"),
    ],
)
def test_the_text_part(html: str, text: str) -> None:
    assert tidy(text_of(html)) == text


def test_no_text_makes_the_marks_long() -> None:
    rendered = templates.compile(mail(f"<mj-text>l{'q' * 100_000} {'{{ a }}' * 1_000}</mj-text>"), SHOP).render(
        {"a": "b"}
    )
    assert rendered.text.endswith("Hamburg")
    assert "b" * 1_000 in rendered.text
