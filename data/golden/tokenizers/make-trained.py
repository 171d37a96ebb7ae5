"""What the trainers of tokenizers make of a small corpus, and the ids that it gives with tokenizers that were trained here.

python make-trained.py         (tokenizers 0.23.3) writes trained-bpe.json: merges of BpeTrainer by pre-tokenizer, from the clauses of
                               data/languages and the English ones by themselves; and trained-unigram.json: the Unigram tokenizer that
                               this project trains on the same clauses, two of UnigramTrainer, and the ids that tokenizers gives with each
                               to the hard texts of tokenizers.json.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

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


def ours():
    """What `workbench train-tokenizer` makes."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        rows.write_text("".join(json.dumps({"text": text}) + "\n" for text in corpora["all"]))
        asked = ["--kind", "unigram", "--vocab", "1200", "--pre-tokenizer", "llama-bpe", "--out", folder]
        command = ["node", "--import", "tsx", "trainers/cli.ts", "train-tokenizer", str(rows), *asked]
        subprocess.run(command, check=True, cwd=here.parent.parent.parent)
        return json.loads((Path(folder) / "tokenizer.json").read_text())


def theirs(metaspace, byte_fallback):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = metaspace
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    special = ["<unk>", "</s>"] + ["<0x%02X>" % byte for byte in range(256)] * byte_fallback
    tokenizer.train_from_iterator(corpora["en"], trainers.UnigramTrainer(vocab_size=500, special_tokens=special, unk_token="<unk>", show_progress=False))
    made = json.loads(tokenizer.to_str())
    made["model"]["byte_fallback"] = byte_fallback
    made["added_tokens"] = made["added_tokens"][:2]
    return made


hard = json.loads((here / "tokenizers.json").read_text())["rows"]
unigram = {
    "ours": ours(),
    "unknown": theirs(pre_tokenizers.Metaspace(), False),
    "bytes": theirs(pre_tokenizers.Metaspace(prepend_scheme="first"), True),
}
found = {name: {"tokenizer": made, "ids": [Tokenizer.from_str(json.dumps(made)).encode(row, add_special_tokens=False).ids for row in hard]} for name, made in unigram.items()}
(here / "trained-unigram.json").write_text(json.dumps({"tokenizers": tokenizers.__version__, "made": found}, ensure_ascii=False) + "\n")
