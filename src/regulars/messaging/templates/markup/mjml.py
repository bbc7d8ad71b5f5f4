"""Translates MJML into HTML, with Liquid in any place and nothing fetched from anywhere."""

import re
from difflib import get_close_matches
from html import escape

import css_inline
import mrml

from regulars.messaging.templates.documents import Theme
from regulars.messaging.templates.language.scanning import line_of
from regulars.messaging.templates.markup.aside import Aside, guard_links
from regulars.messaging.templates.refusals import BadTemplate

# The translators call themselves for what lies inside; thousands of levels would end the process.
DEEPEST = 60
MOST_ELEMENTS = 5_000
LARGEST_HTML = 1_500_000
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ELEMENTS = {
    "mjml", "mj-head", "mj-body", "mj-title", "mj-preview", "mj-attributes", "mj-all", "mj-class", "mj-style",
    "mj-font", "mj-breakpoint", "mj-raw", "mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-hero", "mj-text",
    "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-table", "mj-social", "mj-social-element", "mj-navbar",
    "mj-navbar-link", "mj-accordion", "mj-accordion-element", "mj-accordion-title", "mj-accordion-text",
    "mj-carousel", "mj-carousel-image",
}  # fmt: skip
_ELEMENT = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.DOTALL)
_BARE = re.compile(r"<(?![a-zA-Z/!])")
_INLINED = re.compile(r"<mj-style\s+inline=[\"']inline[\"']\s*>(.*?)</mj-style>", re.DOTALL)
_ROWS = re.compile(r"(<table\b[^>]*>)((?:\s|<!--lq\w{12}x\d+z-->)*)(?=<tr\b)")
_MARK = re.compile(r"<!--(lq\w{12}x\d+z)-->")
_THEME = re.compile(r"\{\{-?\s*theme\.(\w+)\s*-?\}\}")


def html_of(source: str, locale: str) -> str:
    """Return the HTML of a whole MJML document, its Liquid still in it; refuse with the line where it is not well formed."""
    aside = Aside()
    marked = aside.put(source)
    measure(marked)
    inlined = "\n".join(_INLINED.findall(marked))
    try:
        html = mrml.to_html(_INLINED.sub("", marked), mrml.ParserOptions(mrml.noop_loader())).content
    except OSError as wrong:
        raise BadTemplate(
            f"MJML cannot be read: {_told(wrong)}; close every element and write attributes in quotes"
        ) from wrong
    if len(html) > LARGEST_HTML:
        raise BadTemplate("its HTML is far too large for a mail; use fewer elements")
    html = _whole_for_outlook(html)
    if inlined:
        html = _with_styles(html, inlined)
    html = html.replace('lang="und"', f'lang="{locale}"')
    return guard_links(aside.back(html))


def themed(source: str, theme: Theme) -> str:
    """Put the theme's values where the source outputs them, so that MJML sees its colours and widths."""
    values = theme.data()
    return _THEME.sub(lambda found: escape(str(values[found[1]])) if found[1] in values else found[0], source)


def measure(marked: str) -> None:
    """Refuse markup that is not balanced, or deeper or larger than any mail."""
    opened: list[tuple[str, int]] = []
    if bare := _BARE.search(marked):
        raise BadTemplate("a < that begins no element is written &lt;", line=line_of(marked, bare.start()))
    for n, element in enumerate(_ELEMENT.finditer(marked)):
        name = element[2] or ""
        if n > MOST_ELEMENTS or len(opened) > DEEPEST:
            raise BadTemplate("it has more elements, or deeper ones, than a mail needs; make it simpler")
        if name == "mj-include":
            raise BadTemplate(
                "mj-include is not offered; use {% render 'block' %}", line=line_of(marked, element.start())
            )
        if name.startswith("mj") and name not in ELEMENTS:
            near = get_close_matches(name, ELEMENTS, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise BadTemplate(f"there is no element {name}{meant}", line=line_of(marked, element.start()))
        if not name or element[3] or name in VOID:
            continue
        if not element[1]:
            opened.append((name, element.start()))
        else:
            last = opened.pop()[0] if opened else ""
            if last != name:
                why = f"closes <{last}>; write </{last}> before it" if last else "closes what was never opened"
                raise BadTemplate(f"</{name}> {why}", line=line_of(marked, element.start()))
    if opened:
        name, start = opened[-1]
        raise BadTemplate(f"<{name}> is never closed by </{name}>", line=line_of(marked, start))


def _whole_for_outlook(html: str) -> str:
    """Make Liquid's comments within a comment for Outlook words again; the first would else end it."""
    parts, at = [], 0
    while (start := html.find("<!--[if", at)) >= 0:
        end = html.find("<![endif]-->", start)
        if end < 0:
            break
        parts += [html[at:start], _MARK.sub(r"\1", html[start:end])]
        at = end
    return "".join([*parts, html[at:]])


def _with_styles(html: str, css: str) -> str:
    # Rows that a loop makes stay inside one <tbody>, which the parser would else open within the loop.
    html = _ROWS.sub(r"\1<tbody>\2", html)
    html = re.sub(r"(</tr>(?:\s|<!--lq\w{12}x\d+z-->)*)(</table>)", r"\1</tbody>\2", html)
    inliner = css_inline.CSSInliner(
        inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=css
    )
    try:
        return inliner.inline(html)
    except ValueError as wrong:
        raise BadTemplate(f"its inline styles cannot be read: {_told(wrong)}") from wrong


def _told(wrong: Exception) -> str:
    return str(wrong).replace(" in root template", "").replace("root template", "the body")[:160]
