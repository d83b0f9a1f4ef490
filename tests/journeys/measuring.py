"""What can be measured on the page that shows: each returns what is wrong, in words; nothing when all is well."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": RULES}
# Of axe's rules, those that look at colours: nothing else changes when only the colours do.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# The parts that every measure shares: what can be seen, and what was hidden for the eye only.
SHARED = """
    const seen = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && !e.closest(".visually-hidden, .skip, svg, noscript");
    const name = (e) => e.outerHTML.replace(/\\s+/g, " ").slice(0, 110);
    const texts = (root) => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.data.trim() && seen(node.parentElement)) found.push(node);
        }
        return found;
    };
"""
TEXT_SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
"""


def _measure(page: Page, body: str, *arguments: object) -> list[str]:
    found: list[str] = page.evaluate(f"(given) => {{ {SHARED} {body} }}", list(arguments))
    return found


def axe(page: Page) -> list[str]:
    """The violations of WCAG 2.2 A and AA, and of best practice."""
    return _axe(page, RULES)


def colours(page: Page) -> list[str]:
    """Those that are about colours, for a page that was measured in other colours."""
    return _axe(page, COLOUR_RULES)


def every_view(page: Page, *widths: int) -> list[str]:
    """The page as it shows, at each width in light and in dark: violations, and scrolling sideways.

    Dark changes colours only, so only those are measured again.
    """
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        found += [f"{width} light: {fault}" for fault in (*axe(page), *sideways(page))]
        page.emulate_media(color_scheme="dark")
        found += [f"{width} dark: {fault}" for fault in colours(page)]
    page.emulate_media(color_scheme="light")
    return found


def _axe(page: Page, rules: list[str]) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False, "selectors": False}
    answer: Any = page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{found['id']}: {[node['html'][:100] for node in found['nodes']][:2]}" for found in answer["violations"]]


def sideways(page: Page) -> list[str]:
    """What makes the page wider than its window."""
    return _measure(
        page,
        """
        const wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= wide) return [];
        const out = [...document.querySelectorAll("body *")].filter((e) => {
            const box = e.getBoundingClientRect();
            return seen(e) && box.width && (box.right > wide + 1 || box.left < -1);
        });
        return [`wider than ${wide}: ${out.slice(0, 2).map(name)}`];
        """,
    )


def lost_text(page: Page) -> list[str]:
    """Text that is cut off or stands on other text."""
    return _measure(
        page,
        """
        const hides = (value) => value === "hidden" || value === "clip";
        const cut = [...document.querySelectorAll("body *")].filter((e) => {
            const style = getComputedStyle(e);
            return seen(e) && e.textContent.trim() && e.matches(":not(progress)")
                && ((hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
                 || (hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1));
        }).map((e) => `cut off: ${name(e)}`);
        const apart = (node) => node.parentElement.closest(".language-menu");  // lies over the page
        const lines = texts(document.body).filter((node) => !apart(node)).flatMap((node) => {
            const range = document.createRange();
            range.selectNodeContents(node);
            // the letters, not the air of the line above and below
            return [...range.getClientRects()].map((box) => ({node, left: box.left, right: box.right,
                top: box.top + box.height * 0.25, bottom: box.bottom - box.height * 0.25}));
        });
        const on = [];
        for (const [i, a] of lines.entries()) for (const b of lines.slice(i + 1)) {
            if (a.node !== b.node && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) {
                on.push(`«${a.node.data.trim().slice(0, 40)}» stands on «${b.node.data.trim().slice(0, 40)}»`);
            }
        }
        return [...cut, ...on].slice(0, 3);
        """,
    )


def with_text_spacing(page: Page) -> list[str]:
    """What is lost when a reader sets wider text (WCAG 1.4.12)."""
    page.evaluate(
        """(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
                      document.adoptedStyleSheets = [sheet]; }""",
        TEXT_SPACING,
    )
    found = [*lost_text(page), *sideways(page)]
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    return found


def small_targets(page: Page) -> list[str]:
    """What is tapped and is smaller than 48 by 48 pixels; a link within a sentence is as high as its line."""
    return _measure(
        page,
        """
        return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
            .map((e) => e.matches("[type=radio], [type=checkbox]") ? e.closest("label") ?? e : e)
            .filter((e) => seen(e) && !(e.matches("a") && getComputedStyle(e).display === "inline"
                && e.closest("p, li, dd").innerText.trim().length > e.innerText.trim().length))
            .map((e) => [e, e.getBoundingClientRect()])
            .filter(([e, box]) => box.width < 47.5 || box.height < 47.5)
            .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${name(e)}`).slice(0, 3);
        """,
    )


def faint_text(page: Page, least: float = 7) -> list[str]:
    """Text in the page's middle whose contrast with what is behind it is below 7:1."""
    return _measure(
        page,
        """
        const [least] = given;
        const colour = (text) => {
            const numbers = text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
            const scaled = text.startsWith("color(") ? numbers.slice(0, 3).map((n) => n * 255) : numbers.slice(0, 3);
            return [...scaled, numbers[3] ?? 1];
        };
        const over = (top, below) => [...[0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])), 1];
        const light = (rgb) => {
            const linear = (n) => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4;
            const [r, g, b] = rgb.map((n) => linear(n / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (e) => {
            if (!e) return [255, 255, 255, 1];
            const own = colour(getComputedStyle(e).backgroundColor);
            return own[3] === 1 ? own : over(own, behind(e.parentElement));
        };
        const faint = new Map();
        for (const {parentElement: e} of texts(document.querySelector("main"))) {
            const ground = behind(e), ink = over(colour(getComputedStyle(e).color), ground);
            const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
            const contrast = (high + 0.05) / (low + 0.05);
            if (contrast < least) faint.set(e, contrast);
        }
        return [...faint].slice(0, 3).map(([e, contrast]) => `${contrast.toFixed(1)}:1 ${name(e)}`);
        """,
        least,
    )


def motion(page: Page) -> list[str]:
    """What would move, slide or fade."""
    return _measure(
        page,
        """
        const seconds = (list) => Math.max(...list.split(",").map((one) =>
            one.trim().endsWith("ms") ? parseFloat(one) / 1000 : parseFloat(one)));
        const moves = (style) => (style.animationName !== "none" && seconds(style.animationDuration) > 0.01)
            || (style.transitionProperty !== "none" && seconds(style.transitionDuration) > 0.01)
            || style.scrollBehavior === "smooth";
        const parts = [null, "::before", "::after", "::-webkit-progress-value"];
        return [...document.querySelectorAll("*")]
            .filter((e) => parts.some((part) => moves(getComputedStyle(e, part))))
            .map(name).slice(0, 3);
        """,
    )


def wrong_language(page: Page, language: str) -> list[str]:
    """Language and direction that are not told, and texts in another script than their language is written in."""
    return _measure(
        page,
        """
        const [language] = given, found = [];
        const leftward = (code) => ["ar", "fa"].includes(code);
        const html = document.documentElement, main = document.querySelector("main");
        if (html.lang !== language) found.push(`the page says lang=${html.lang}`);
        for (const e of [html, main, ...document.querySelectorAll("[lang]")]) {
            const said = e.closest("[lang]")?.lang ?? "";
            if ((getComputedStyle(e).direction === "rtl") !== leftward(said)) found.push(`wrong direction: ${name(e)}`);
        }
        for (const e of document.querySelectorAll("[name=taal]")) {
            if (e.lang !== e.value) found.push(`no lang: ${name(e)}`);
        }
        for (const node of texts(document.body)) {
            const e = node.parentElement, said = e.closest("[lang]")?.lang ?? "";
            if (e.closest("bdi, .agency, [dir=ltr]:not(html)")) continue;
            const arabic = /\\p{Script=Arabic}/u.test(node.data);
            const own = node.data.replace(/Werkpad|WCAG|UWV|College voor de Rechten van de Mens/g, "");
            const latin = (own.match(/\\p{Script=Latin}{3,}/gu) ?? []).length > 2;
            if (leftward(said) ? latin : arabic) found.push(`not in ${said}: «${node.data.trim().slice(0, 60)}»`);
        }
        return found.slice(0, 3);
        """,
        language,
    )


def unheaded(page: Page) -> list[str]:
    """A page has one main heading, and a title that says more than the agency's name."""
    return _measure(
        page,
        """
        const found = [];
        if ([...document.querySelectorAll("h1")].filter(seen).length !== 1) found.push("not one h1");
        if (!/.+ – .+/.test(document.title)) found.push(`the title says only «${document.title}»`);
        return found;
        """,
    )


def unmarked_in_forced_colours(page: Page) -> list[str]:
    """Chosen answers that look like the others once the page's own colours are gone."""
    return _measure(
        page,
        """
        const looks = (e) => {
            const own = getComputedStyle(e), mark = getComputedStyle(e.querySelector("input"), "::before");
            return [own.outlineStyle, own.outlineWidth, own.borderWidth, mark.content].join();
        };
        const chosen = "input[type=radio], input[type=checkbox]";
        const labels = [...document.querySelectorAll(`label:has(${chosen})`)].filter(seen);
        const plain = new Set(labels.filter((e) => !e.querySelector(":checked")).map(looks));
        return labels.filter((e) => e.querySelector(":checked") && plain.has(looks(e))).map(name);
        """,
    )
