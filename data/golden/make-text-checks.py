"""Verdicts of datatrove 0.10.1 and datasketch 2.0.0 on texts that are made here, written to text-checks.json.

    python -m venv /tmp/checks && /tmp/checks/bin/pip install datatrove==0.10.1 datasketch==2.0.0 spacy==3.8.18 regex numpy xxhash
    /tmp/checks/bin/python data/golden/make-text-checks.py

Texts are put together from the sentences below, by seeded chance, so that every rule is kept by some and broken by others.
"""

import json
import random
import re
import tempfile
from importlib.metadata import version
from pathlib import Path

from datasketch import MinHash
from datatrove.data import Document
from datatrove.pipeline.decont.n_grams import NGramsDecontConfig, NGramsDecontFilter, NGramsDecontIndexer
from datatrove.pipeline.filters import C4BadWordsFilter, C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.filters import c4_filters
from datatrove.pipeline.formatters import PIIFormatter
from datatrove.utils.hashing import HashConfig

chance = random.Random(21)
sentences = """The harbour was empty in the morning, and nobody knew where the old fisherman had gone with his boat.
She said that the letter had been lying on the kitchen table for three days before anyone opened it.
To repair the roof you will need a ladder, two boards, a hammer and most of an afternoon.
Don't pour cold water into a hot pan, because the metal bends and the handle may come loose.
The committee met on Thursday and decided to close the bridge to heavy traffic until spring.
It's hard to say which of the two recipes is better; both of them have too much sugar for me.
When the glacier melted, a lake of about 40 square kilometres was left behind the hills.
Most birds that live in the marsh leave in October and come back with the first warm winds of March.
Our teacher used to read to us from a thick book with maps of countries that no longer exist.
A good knife should be sharpened often, and it should never be washed together with the plates.
He asked whether the well-known painter had really lived in this house, but no one could tell.
The price of bread rose by 12 percent within a year, and people began to bake their own again.
If the battery is low, the lamp blinks twice and then stays dark until you charge it.
They walked along the river for hours and talked about everything that they would do in the summer.
Fold the paper in half, turn it over, and press the corner down with your thumb.
The museum keeps a small clock that has been running without a pause since 1794.
Nothing grows in that part of the garden, although we water it every evening.
Would you rather live by the sea or in the mountains, if you could choose freely?
Her brother plays the violin in an orchestra that travels to a new town each week.
Wait until the dough has doubled in size, then knead it gently for five minutes.""".split("\n")
shorts = ["Home", "About us", "Contact", "Read more", "Next page", "Share", "Log in", "12 comments", "Add to cart", "Menu"]
signs = ["#tag", "...", "…", "//", "###", "12 34 56", "=>", "***", "§ 7", "$9.99"]


def some(least, most):
    return chance.sample(sentences, chance.randint(least, most))


def text():
    """One kind of page or another."""
    kind = chance.randrange(14)
    body = some(3, 12)
    if kind == 0:
        return " ".join(body)
    if kind == 1:
        return "\n".join(body)
    if kind == 2:
        return "\n\n".join(" ".join(some(1, 4)) for _ in range(chance.randint(1, 5)))
    if kind == 3:  # lines that come again
        return "\n".join(body + chance.choices(body, k=chance.randint(1, 8)))
    if kind == 4:  # menus among sentences
        lines = body + chance.choices(shorts, k=chance.randint(2, 16))
        chance.shuffle(lines)
        return "\n".join(lines)
    if kind == 5:  # signs
        words = " ".join(body).split(" ")
        for _ in range(chance.randint(5, 60)):
            words.insert(chance.randrange(len(words)), chance.choice(signs))
        return " ".join(words)
    if kind == 6:  # bullets
        mark = chance.choice(["• ", "- ", "* "])
        return "\n".join(mark + line if chance.random() < 0.93 else line for line in body)
    if kind == 7:  # lines that trail off
        return "\n".join(line[:-1] + chance.choice(["...", "…", "."]) for line in body)
    if kind == 8:  # a phrase again and again
        phrase = " ".join(chance.choice(sentences).split(" ")[: chance.randint(2, 9)])
        return " ".join(body + [phrase] * chance.randint(1, 12))
    if kind == 9:  # short or long words
        words = " ".join(body).split(" ")
        size = chance.choice([2, 3, 12])
        return " ".join(word[:size] if size < 9 else word + word for word in words)
    if kind == 10:
        extra = chance.choice(["Please enable JavaScript to see this.", "We use cookies, see our privacy policy.", "Lorem ipsum dolor sit amet, consectetur.", "function run() { return 1; } is what it says."])
        body.insert(chance.randrange(len(body)), extra)
        return "\n".join(body)
    if kind == 11:
        return "\n".join(line if chance.random() < 0.5 else line.rstrip(".?") for line in body)
    if kind == 12:
        return " ".join(chance.choice(sentences) for _ in range(chance.randint(2, 5)))
    return "\n".join(shorts[: chance.randint(1, 10)] + some(0, 4))


def rare():
    """Texts that break the rules which chance hardly ever breaks above."""
    body = lambda: " ".join(some(6, 12))
    phrase = lambda words: " ".join(chance.choice(sentences).split(" ")[:words])
    yield from ("\n\n".join([" ".join(some(1, 2))] * 2 + [" ".join(some(4, 8))]) for _ in range(8))  # dup_para_frac
    yield from ("\n\n".join(["Read on.", "Read on.", *some(1, 2)]) for _ in range(4))
    yield from ("\n\n".join([*some(5, 7), *[" ".join(some(2, 6))] * 2]) for _ in range(8))  # dup_para_char_frac
    yield from (" ".join("internationalisation of telecommunications" if chance.random() < 0.6 else word for word in body().split(" ")) for _ in range(6))
    yield from (" ".join(word + "isation" * (chance.random() < share) for word in body().split(" ")) for share in (0.5, 0.7, 0.9, 1))  # long words
    yield from (" ".join(word + " ..." * (chance.random() < share) for word in body().split(" ")) for share in (0.05, 0.1, 0.12, 0.15, 0.2, 0.3))
    yield from (" ".join([body(), *["very well"] * times]) for times in (1, 4, 8, 12, 20, 30))  # top_2_gram
    for words in (5, 6, 7, 8, 9, 10, 11, 12):  # n-grams that come again, one after another, with other words between
        for times in (2, 3, 4):
            again = [phrase(words)] * times
            yield " ".join(" ".join(pair) for pair in zip(again, some(times, times))) + " " + body()
    for _ in range(4):  # ten words that are a tenth of the text: duplicated_10_n_grams
        again = phrase(10)
        rest = " ".join(one for one in sentences if not one.startswith(again[:9]))
        size = int(len(again.replace(" ", "")) / 0.105) - 2 * len(again) - 2
        yield f"{again} {rest[:size]} {again}"
    yield from ("\n".join([*some(2, 3), *[f"{word}." for word in " ".join(some(share, share)).split(" ")]]) for share in (1, 2, 3, 4))  # list_ratio
    yield from ("\n".join([*some(2, 3), *[word.strip(".,;?") for word in " ".join(some(share, share)).split(" ")]]) for share in (1, 2, 3, 4))
    yield from ("\n\n\n".join(f"{' '.join(one.split(' ')[:7])}." for one in some(8, 12)) for _ in range(4))


private = ["write to jo.doe+news@mail.example.org today", "the server at 8.8.8.8 answers", "it runs on 192.168.0.12 at home", "see 127.0.0.1:3000", "a@b is no address", "the ratio is 3.14.15", "ask info@harbour.co.uk or 93.184.216.34", "@mention me", "version 300.1.1.1 is none", "reach x_y%z@sub.domain.travel", "on 10.1.2.3 and 172.20.1.1", "from 172.32.0.1", "100.64.3.2 is shared", "169.254.1.1 is local", "203.0.113.9 is for books", "198.51.100.7 too", "0.0.0.0 is everywhere", "255.255.255.255 is all", "224.0.0.251 is many", "1.1.1.1"]


def verdict(kept):
    return None if kept is True else kept[1]


def quality(texts):
    rules = {"gopherQuality": GopherQualityFilter(), "gopherRepetition": GopherRepetitionFilter(), "c4Quality": C4QualityFilter(), "fineWebQuality": FineWebQualityFilter()}
    return [{"text": one, **{name: verdict(rule.filter(Document(text=one, id="1"))) for name, rule in rules.items()}} for one in texts]


shapes = ["{}", "a {} b", "A {}.", "x{}", "{}x", "_{}_", "9{}", "({})", "one-{}-two", "{}'s", "\\n{}\\n", "ह{}", "é{}é", "東{}京", "\u00b2{}", "{}\u0301"]


def bad_words():
    """Texts with a hole for a word of the list, by its number there, so that none of them stands here."""
    folder = Path(__file__).parents[2] / "node_modules" / "naughty-words"

    def listed(url, **_):
        file = Path(tempfile.mkdtemp()) / "list"
        file.write_text("\n".join(json.loads((folder / f"{url.rsplit('/', 1)[1]}.json").read_text())) + "\n")
        return file

    c4_filters.cached_asset_path_or_download = listed
    rule = C4BadWordsFilter()
    found = []
    for language in ["en", "de", "fr", "ru", "hi", "ja", "th", "zh"]:
        words = json.loads((folder / f"{language}.json").read_text())
        for _ in range(60):
            shape, number, isLoud = chance.choice(shapes), chance.randrange(len(words)), chance.random() < 0.3
            word = words[number].upper() if isLoud else words[number]
            kept = rule.filter(Document(text=shape.replace("{}", word), id="1", metadata={"language": language}))
            found.append({"language": language, "shape": shape, "number": number, "isLoud": isLoud, "c4BadWords": verdict(kept)})
        found.append({"language": language, "shape": chance.choice(sentences), "number": 0, "isLoud": False, "c4BadWords": None})
    for language in ["ja", "zh"]:  # words that are allowed
        words = json.loads((folder / f"{language}.json").read_text())
        for number in [i for i, word in enumerate(words) if any(word in allowed for allowed in c4_filters._BADWORDS_ALLOWLIST.values())]:
            kept = rule.filter(Document(text=words[number], id="1", metadata={"language": language}))
            found.append({"language": language, "shape": "{}", "number": number, "isLoud": False, "c4BadWords": verdict(kept)})
    return found


def personal():
    mask = PIIFormatter(email_replacement="MAIL", ip_replacement="IP").format
    texts = private + [" ".join(chance.sample(private, 2) + some(1, 2)) for _ in range(40)]
    return [{"text": one, "masked": mask(one)} for one in texts]


def contamination():
    config = NGramsDecontConfig(find_query_ngrams=True, hash_config=HashConfig(hash_fc="sha1"))
    tests = [{"prompt": " ".join(some(1, 2)), "answer": " ".join(some(1, 2))} for _ in range(12)]
    NGramsDecontIndexer._requires_dependencies = []  # lighteval, whose tasks are not looked at here
    indexer = NGramsDecontIndexer(tempfile.mkdtemp(), config=config)
    rule = NGramsDecontFilter(tempfile.mkdtemp(), config=config)
    rule._index_hashes = {piece: "test" for test in tests for piece in indexer.compute_hashes(test["answer"], test["prompt"])}
    texts = []
    for _ in range(120):
        words = " ".join(some(1, 3)).split(" ")
        if chance.random() < 0.7:  # a piece of a test, as long as it may be or a word or two shorter
            test = chance.choice(tests)
            from_test = f"{test['prompt']} {test['answer']}".split(" ")
            size = chance.randint(9, 15)
            at = chance.randrange(max(1, len(from_test) - size))
            piece = from_test[at : at + size]
            change = chance.random()
            if change < 0.3:
                piece = [word.upper() for word in piece]
            elif change < 0.5:
                piece = [word.strip(".,;?") for word in piece]
            words = chance.sample("lamp stone quick green under paper seven window rather cloud".split(), 9) + piece + ["thus"]
        texts.append(" ".join(words))
    return {"tests": tests, "texts": [{"text": one, "contaminated": rule.filter(Document(text=one, id="1")) is not True} for one in texts]}


def pieces(one, size=5):
    words = one.split(" ")
    return {" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))}


def near():
    """Texts, each with the first of those kept before it that it resembles; one that resembles none is kept. No banding: each is compared with all."""
    texts, kept, said = [], {}, []
    lamps = "lamp stone quick green under paper".split()
    for i in range(400):
        words = re.sub("[^a-z0-9 ]", "", " ".join(some(3, 8)).lower()).split(" ")
        if texts and chance.random() < 0.7:  # up to a tenth of the words are others
            words = chance.choice(texts).split(" ")
            for _ in range(chance.randint(0, len(words) // 10)):
                words[chance.randrange(len(words))] = chance.choice(lamps)
        texts.append(" ".join(words))
        own = MinHash(num_perm=128)
        own.update_batch(piece.encode() for piece in pieces(texts[i]))
        like = next((j for j, other in kept.items() if own.jaccard(other) >= 0.8), None)
        said.append(like)
        if like is None:
            kept[i] = own
    return [{"text": one, "like": like} for one, like in zip(texts, said)]


record = {
    "versions": {name: version(name) for name in ("datatrove", "datasketch", "spacy")},
    "quality": quality([text() for _ in range(250)]),
    "private": personal(),
    "contamination": contamination(),
    "near": near(),
}
record["quality"] += quality(rare())
record["badWords"] = bad_words()
Path(__file__).with_name("text-checks.json").write_text(json.dumps(record, ensure_ascii=False, indent=0) + "\n")
