"""A tiny Llama packed in four bits by GPTQ and by AWQ as GPTQModel 7.7.0 does it, with what GPTQModel's plain PyTorch kernels then say of a text.

Run from the repository's root in an environment with gptqmodel 7.7.0, transformers 5.23.0 and PyTorch 2.15, on a CPU; of a machine with two cores
GPTQModel asks for a worker more than it makes, hence the variable:
    GPTQMODEL_CPU_WORKERS=2 python data/golden/make-packed.py
Writes packed/gptq and packed/awq, folders as GPTQModel saves them, and packed/packed.json: ids, and the log-probability of every id after the first. AWQ wants rows in multiples of 64,
and has a zero point for each group here, as its paper and AutoAWQ do.
"""
import json
import pathlib
import shutil
import sys
import tempfile

import torch

here = pathlib.Path(__file__).parent
sys.path.append(str(here / "families"))
from tiny_models import model_of, number  # noqa: E402
from gptqmodel import BACKEND, GPTQModel  # noqa: E402
from gptqmodel.quantization.config import AWQConfig, GPTQConfig  # noqa: E402
from transformers import LlamaConfig  # noqa: E402

tokenizer = here / "trajectories/model"
vocabulary = json.loads((tokenizer / "config.json").read_text())["vocab_size"]
config = LlamaConfig(vocab_size=vocabulary, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4, max_position_embeddings=256, tie_word_embeddings=True, bos_token_id=1, eos_token_id=2, pad_token_id=0)
ids = [int(vocabulary * (x + 0.5)) for x in number("packed", 40)]


def packed(method, options):
    with tempfile.TemporaryDirectory() as plain:
        model_of(config).save_pretrained(plain)
        for file in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(tokenizer / file, plain)
        model = GPTQModel.load(plain, options)
        texts = [text.strip() for text in (here.parent / "general.txt").read_text().split("\n\n")]
        model.quantize(texts, batch_size=1, calibration_concat_size=128 if method == "awq" else None)  # of rows whose lengths differ AWQ looks at the shortest alone
        out = here / "packed" / method
        shutil.rmtree(out, ignore_errors=True)
        model.save(str(out))
    loaded = GPTQModel.load(str(out), backend=BACKEND.GPTQ_TORCH if method == "gptq" else BACKEND.AWQ_TORCH, device="cpu", dtype=torch.float16).model.float()  # its scales are in half precision
    with torch.no_grad():
        scores = loaded(input_ids=torch.tensor([ids])).logits.float().log_softmax(-1)
    for extra in ("quant_log.csv", "tokenizer.json", "tokenizer_config.json", "quantize_config.json", "chat_template.jinja"):
        (out / extra).unlink(missing_ok=True)
    return {"logProbs": scores[0, :-1].gather(-1, torch.tensor(ids)[1:, None])[:, 0].tolist()}


if __name__ == "__main__":
    methods = {"gptq": lambda: GPTQConfig(bits=4, group_size=32, device="cpu"), "awq": lambda: AWQConfig(bits=4, group_size=32, sym=False, device="cpu")}
    path = here / "packed/packed.json"
    path.parent.mkdir(exist_ok=True)
    found = json.loads(path.read_text()) if path.exists() else {"ids": ids}
    for method in sys.argv[1:] or methods:
        found[method] = packed(method, methods[method]())
        path.write_text(json.dumps(found, indent=1) + "\n")
