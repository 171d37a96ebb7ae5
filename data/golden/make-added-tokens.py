"""A model with two further tokens as Transformers makes it: add_tokens, resize_token_embeddings, and the mean of the rows that there were in the new ones.

Run from the repository's root with Transformers 5.23.0 and PyTorch 2.15:  python data/golden/make-added-tokens.py
Writes added-tokens.json: ids of texts that have the tokens, and the log-probability of every id after the first of each. `padded`: the same of a
model with rows to spare, 600 of them, each beyond the tokens twice one of theirs; the tokens take the first two, the others stay.

python data/golden/make-added-tokens.py check FOLDER  says how far the model in FOLDER, which this project wrote there, is from added-tokens.json:
KEEP=FOLDER npx vitest run trainers/models/added-tokens
"""
import json
import pathlib
import sys

import torch
import transformers

here = pathlib.Path(__file__).parent
source = here / "trajectories/model"
tokens = ["<think>", "</think>"]
texts = ["<think>What is long?</think>A day.", "No thought <think> here, </think>\nbut a line."]


def said(model, tokenizer):
    found = []
    for text in texts:
        ids = torch.tensor([tokenizer(text, add_special_tokens=False).input_ids])
        with torch.no_grad():
            scores = model(input_ids=ids).logits.float().log_softmax(-1)
        found.append({"text": text, "ids": ids[0].tolist(), "logProbs": scores[0, :-1].gather(-1, ids[0, 1:, None])[:, 0].tolist()})
    return found


if sys.argv[1:2] == ["check"]:
    expected = json.loads((here / "added-tokens.json").read_text())["said"]
    ours = said(transformers.AutoModelForCausalLM.from_pretrained(sys.argv[2]), transformers.AutoTokenizer.from_pretrained(sys.argv[2]))
    for a, b in zip(ours, expected):
        print("ids equal:", a["ids"] == b["ids"], "log-probabilities apart:", max(abs(x - y) for x, y in zip(a["logProbs"], b["logProbs"])))
    sys.exit()


def matrices(model):
    return {id(w): w for w in (model.get_input_embeddings().weight, model.get_output_embeddings().weight)}.values()


def with_tokens(rows):
    """A model of so many rows before, or of as many as it has tokens."""
    tokenizer, model = transformers.AutoTokenizer.from_pretrained(source), transformers.AutoModelForCausalLM.from_pretrained(source)
    before = len(tokenizer)
    with torch.no_grad():
        if rows:
            model.resize_token_embeddings(rows, mean_resizing=False)
            for matrix in matrices(model):
                matrix[before:] = 2 * matrix[: rows - before]
        tokenizer.add_tokens(tokens)
        model.resize_token_embeddings(max(rows, len(tokenizer)), mean_resizing=False)
        for matrix in matrices(model):
            matrix[before : before + len(tokens)] = matrix[:before].mean(0)
    return tokenizer, model


torch.set_num_threads(1)
tokenizer, model = with_tokens(0)
padded_tokenizer, padded = with_tokens(600)
versions = {m.__name__: m.__version__ for m in (torch, transformers)}
written = {"versions": versions, "tokens": tokens, "vocabulary": len(tokenizer), "said": said(model, tokenizer)}
written["padded"] = {"rows": 600, "said": said(padded, padded_tokenizer)}
(here / "added-tokens.json").write_text(json.dumps(written) + "\n")
