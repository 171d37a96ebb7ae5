"""What the trainers of tokenizers make of a small corpus, and the ids that it gives with tokenizers that were trained here.

python make-trained.py         (tokenizers 0.23.3) writes trained-bpe.json: merges of BpeTrainer by pre-tokenizer, from the clauses of
                               data/languages and the English ones by themselves.
"""

import json
from pathlib import Path

import tokenizers
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

here = Path(__file__).parent
clauses = json.loads((here.parent.parent / "languages" / "clauses.json").read_text())
texts = {code: [f"{begin} {end}\n" for begin in said["begins"] for end in said["ends"]] for code, said in clauses.items()}
corpora = {"all": [text for code in texts for text in texts[code]], "en": texts["en"]}

bytes_alone = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
words = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
split = lambda digits: pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(words % digits), "isolated"), bytes_alone])
cuts = {
    "gpt-2": pre_tokenizers.ByteLevel(add_prefix_space=False),
    "smollm": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
    "llama-bpe": split("{1,3}"),
    "qwen2": split(""),
}


def merges(cut, corpus, size, least):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = cut
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, min_frequency=least, special_tokens=["<|pad|>"], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(corpora[corpus], trainer)
    return json.loads(tokenizer.to_str())["model"]["merges"]


asked = [(pre, "all", 800, 2) for pre in cuts] + [("gpt-2", "en", 100_000, 0), ("llama-bpe", "all", 100_000, 150)]
made = [{"pre": pre, "corpus": corpus, "size": size, "least": least, "merges": merges(cuts[pre], corpus, size, least)} for pre, corpus, size, least in asked]
(here / "trained-bpe.json").write_text(json.dumps({"tokenizers": tokenizers.__version__, "made": made}, ensure_ascii=False) + "\n")
print(*(f"{one['pre']} {one['corpus']}: {len(one['merges'])} merges" for one in made), sep="\n")
