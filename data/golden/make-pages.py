"""Web pages of our own making, each with the text that is its main one, and what Trafilatura takes from it: python3 -m venv, then
pip install trafilatura==2.3.1 lxml_html_clean datatrove==0.10.1 tldextract pyahocorasick fasteners, then make-pages.py writes pages.json."""
import json
import random
from importlib.metadata import version
from pathlib import Path

import tldextract
import trafilatura
from datatrove.data import Document
from datatrove.pipeline.filters import URLFilter

chance = random.Random(27)
things = {
    "en": [
        "The harbour was dredged in the spring, and by June the ferries called there again.",
        "Nobody had expected the old crane to lift more than four tonnes, but it lifted six.",
        "A baker from the upper town brought bread to the workers every morning before seven.",
        "When the council met in autumn, it found that the costs had stayed below the estimate.",
        "Two engineers wrote down each step, so that the next repair would need half the time.",
        "The tide tables of that year show how narrow the gap between the storms had been.",
        "Visitors now walk along the quay to the lighthouse, which is open on Sundays.",
        "It took three winters to learn which stones would stay where they had been laid.",
        "Children from the school painted the new signs, and some of them still hang there.",
        "Much of the timber came from barns that were taken down farther up the valley.",
        "Her grandfather had kept a diary of the works, which the museum printed last year.",
        "The water in the basin is so clear in October that one can count the mooring chains.",
        "Insurance paid for the gates, while the town itself paid for everything behind them.",
        "A second bridge was planned for the western arm but was never more than a drawing.",
        "Those who had moved away came back for the opening, and a few of them stayed.",
        "The engine house, which is older than the railway, was left exactly as it stood.",
    ],
    "de": [
        "Der Hafen wurde im Frühjahr ausgebaggert, und im Juni legten die Fähren wieder an.",
        "Niemand hatte erwartet, dass der alte Kran mehr als vier Tonnen heben würde.",
        "Eine Bäckerin aus der Oberstadt brachte den Arbeitern jeden Morgen frisches Brot.",
        "Als der Rat im Herbst zusammentrat, lagen die Kosten noch unter dem Voranschlag.",
        "Zwei Ingenieure schrieben jeden Schritt auf, damit es beim nächsten Mal schneller geht.",
        "Besucher gehen heute am Kai entlang bis zum Leuchtturm, der sonntags geöffnet ist.",
        "Das Wasser im Becken ist im Oktober so klar, dass man die Ketten zählen kann.",
        "Viel von dem Holz stammte aus Scheunen, die weiter oben im Tal abgerissen wurden.",
    ],
}
menu = ["Home", "News", "Sports", "Weather", "Contact", "Sign in", "Subscribe", "About us", "Careers", "Advertise", "Shop", "Archive"]
teasers = ["Ten ways to cook a pumpkin", "Why the mayor left early", "Win two tickets for the fair", "The best boots of the season", "Reader survey: your street"]


def paragraphs(n, language="en", low=2, high=5):
    return [" ".join(chance.sample(things[language], chance.randint(low, high))) for _ in range(n)]


def nav(tag="nav", of="nav"):
    links = "".join(f'<li><a href="/{word.lower()}">{word}</a></li>' for word in menu)
    return f'<{tag} class="{of}"><ul>{links}</ul></{tag}>'


def aside(of="sidebar", tag="aside"):
    return f'<{tag} class="{of}"><h3>Most read</h3><ul>' + "".join(f'<li><a href="#">{one}</a></li>' for one in teasers) + f"</ul></{tag}>"


footer = '<footer class="footer"><p>© 2025 The Quay Gazette. All rights reserved.</p><p><a href="/terms">Terms of use</a> · <a href="/privacy">Privacy policy</a></p></footer>'
cookies = '<div id="cookie-banner" class="cookie-consent"><p>We use cookies to make this site work and to measure how it is used.</p><button>Accept all</button></div>'
share = '<div class="share social"><a href="#">Facebook</a> <a href="#">Mail</a> <a href="#">Print</a></div>'
comments = '<section class="comments"><h2>3 comments</h2><div class="comment"><b>jan</b><p>first!!</p></div><div class="comment"><b>mo</b><p>nice pictures, thanks</p></div></section>'
script = "<script>window.track = function () { return 'visit'; };</script><style>.nav { color: red }</style>"


def html(title, body, head=""):
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title} | The Quay Gazette</title>{head}{script}</head><body>{body}</body></html>'


def p(texts):
    return "".join(f"<p>{one}</p>" for one in texts)


def pages():
    body = paragraphs(6)
    yield "news", html("The harbour", cookies + nav() + f'<main><article><h1>The harbour</h1><p class="byline">By A. Writer, 3 May 2025</p>{share}{p(body)}</article>{comments}</main>' + aside() + footer), body
    body = paragraphs(7)
    yield "blog of divisions", html("Works", '<div id="header">' + nav("div", "menu") + '</div><div id="wrap"><div id="content"><div class="post"><h2>Works</h2>' + p(body) + "</div></div>" + aside("widget", "div") + "</div>" + footer), body
    intro, steps, end = paragraphs(1), chance.sample(things["en"], 6), paragraphs(2)
    yield "a list", html("How to", nav() + f'<article><h1>How to</h1>{p(intro)}<ol>{"".join(f"<li>{one}</li>" for one in steps)}</ol>{p(end)}</article>' + footer), intro + steps + end
    body, code = paragraphs(5), "npm start\nnpm test -- --watch"
    yield "documentation", html("Set-up", nav("div", "toc sidebar") + f"<main><h1>Set-up</h1>{p(body[:3])}<pre><code>{code}</code></pre><h2>Then</h2>{p(body[3:])}</main>" + '<div class="pagination"><a href="/a">Previous</a> <a href="/b">Next</a></div>' + footer), [*body[:3], code, "Then", *body[3:]]
    body = paragraphs(6, "de", 2, 4)
    yield "German", html("Der Hafen", cookies + nav() + f"<main><article><h1>Der Hafen</h1>{p(body)}</article></main>" + aside() + footer), body
    body = paragraphs(4)
    rows = [("Year", "Ships"), ("1820", "14"), ("1830", "51"), ("1840", "88")]
    table = "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"
    yield "a table", html("Ships", nav() + f"<article><h1>Ships</h1>{p(body[:2])}{table}{p(body[2:])}</article>" + footer), [*body[:2], " ".join(f"{a} {b}" for a, b in rows), *body[2:]]
    body = paragraphs(5)
    yield "breaks for paragraphs", html("Diary", nav("div", "navigation") + f'<table><tr><td class="left">{"<br>".join(menu)}</td><td><font size="2">{"<br><br>".join(body)}</font></td></tr></table>' + footer), body
    body = paragraphs(5)
    yield "unclosed tags", f'<html><head><title>Tides</title></head><body>{nav()}<div class=content><h1>Tides</h1><p>' + "<p>".join(body) + f"</div>{footer}", body
    posts = paragraphs(5, low=2, high=3)
    yield "forum", html("Thread", nav() + '<div class="thread">' + "".join(f'<div class="message"><div class="user">user{i} · 12 posts</div><div class="messageText"><p>{one}</p></div></div>' for i, one in enumerate(posts)) + "</div>" + footer), posts
    body, quote = paragraphs(4), chance.choice(things["en"])
    yield "a quotation", html("Memory", nav() + f'<article><header><h1>Memory</h1></header>{p(body[:2])}<blockquote>{quote}</blockquote><figure><img src="a.jpg"><figcaption>The quay at dawn</figcaption></figure>{p(body[2:])}</article>' + aside("related") + footer), [*body[:2], quote, *body[2:]]
    body = paragraphs(2, low=2, high=2)
    yield "short", html("Note", nav() + f"<main><h1>Note</h1>{p(body)}</main>" + footer), body
    body = paragraphs(8)
    related = '<div class="related-articles"><h4>You may also like</h4>' + "".join(f'<div class="teaser"><a href="#">{one}</a><p>{one}, and more on that inside.</p></div>' for one in teasers) + "</div>"
    yield "teasers within", html("Long read", cookies + nav() + f'<div class="article-body"><h1>Long read</h1>{p(body[:4])}{related}{p(body[4:])}</div>' + '<div class="newsletter"><p>Get our newsletter every Friday.</p><input type="email"><button>Sign up</button></div>' + footer), body


def urls():
    lists = {"extra_domains": ["casino-palace.com", "bad.co.uk", "ads.example.org", "shop.github.io"], "extra_urls": ["https://fine.org/one/bad/page"], "banned_words": ["xxxword", "Badword"], "soft_banned_words": ["free", "bonus", "win", "cheap"], "banned_subwords": ["pillsnow", "Hot-Deal"]}
    extract = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=False)
    rule = URLFilter(use_integrated_lists=False, **lists)
    rule.tldextractor = extract
    hosts = ["casino-palace.com", "www.casino-palace.com", "bad.co.uk", "a.bad.co.uk", "ads.example.org", "www.ads.example.org", "example.org", "fine.org", "shop.github.io", "x.shop.github.io", "10.0.0.1", "localhost", "xn--mnchen-3ya.de", "win.free.net"]
    paths = ["", "/", "/one/bad/page", "/one/xxxword/two", "/xxxwords", "/XXXWORD", "/badword.html", "/free-win", "/free", "/free/free", "/win_free", "/cheap?bonus=1", "/pillsnow", "/pills-now/a", "/hot/deal", "/hot%20deal", "/a#free-bonus"]
    seen = [f"{chance.choice(['https', 'http'])}://{chance.choice(['', '', '', 'u@'])}{host}{chance.choice(['', '', ':8080'])}{path}" for host in hosts for path in paths]
    seen.append("https://fine.org/one/bad/page")
    verdicts = []
    for one in seen:
        kept = rule.filter(Document(text="", id="1", metadata={"url": one}))
        verdicts.append([one, None if kept is True else kept[1]])
    return {"lists": lists, "verdicts": verdicts}


record = {
    "versions": {name: version(name) for name in ("trafilatura", "datatrove", "tldextract")},
    "pages": [{"name": name, "html": page, "text": "\n\n".join(text), "trafilatura": trafilatura.extract(page, include_comments=False) or ""} for name, page, text in pages()],
    "urls": urls(),
}
Path(__file__).with_name("pages.json").write_text(json.dumps(record, ensure_ascii=False, indent=0) + "\n")
