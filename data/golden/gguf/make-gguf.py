"""A tiny model of each family as a GGUF file made by llama.cpp's own converter, and what Transformers and sentencepiece say of it.

Run from the repository's root with transformers 5.23.0, torch 2.15, sentencepiece 0.2.2 and gguf 0.19, and with llama.cpp's sources, which
the source package of llama-cpp-python 0.3.36 has in vendor/llama.cpp:
python data/golden/gguf/make-gguf.py PATH/TO/llama.cpp [NAME…]. Writes NAME.gguf.gz beside this file, and expected.json. With --into FOLDER
(`npm run gguf`) it writes NAME-F32.gguf, NAME-F16.gguf and NAME-Q8_0.gguf there, and expected.json of the models as they are.

Matrices are in float16 in the files; what is expected is of the same rounded matrices. Whether a tokenizer of ours is one that llama.cpp
knows cannot be told from its hash, so the name of its pre-tokenizer is given. What llama.cpp takes for granted (every fourth layer of
SmolLM3 without positions, Gemma's pattern of windows and its scale of scores) is so in these configs. The converter asks for two fields that
Transformers 5 no longer writes; it gets them.
"""
import contextlib
import gzip
import json
import os
import pathlib
import re
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
into = pathlib.Path(sys.argv.pop(sys.argv.index("--into") + 1)) if "--into" in sys.argv else None
sys.argv = [argument for argument in sys.argv if argument != "--into"]
llama_cpp = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
sys.path[:0] = [str(llama_cpp), str(llama_cpp / "gguf-py"), str(here.parent / "families")]

import sentencepiece
import torch
import transformers
from conversion import get_model_class
from conversion.base import TextModel
from tiny_models import model_of, number
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
import gguf

torch.set_num_threads(1)
documents = [str(path) for path in sorted(pathlib.Path("docs").glob("*.md"))[:6]]
width = 64 if into else 32
short = 24 if into else 40  # llama.cpp takes LongRoPE's long factors for a context above this, transformers for a row above it
special = dict(bos_token_id=1, eos_token_id=2, pad_token_id=0)
sizes = dict(
    vocab_size=400,
    hidden_size=width,
    intermediate_size=40,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    **special,
)
four = {**sizes, "num_hidden_layers": 4}
alone = {name: size for name, size in sizes.items() if name != "num_key_value_heads"}
state_space = dict(vocab_size=400, hidden_size=width, num_hidden_layers=2, state_size=16, **special)
gemma = dict(head_dim=12, query_pre_attn_scalar=12, sliding_window=7)
c = transformers
# The config, and the name of a byte-level pre-tokenizer, or None for a sentencepiece model.
families = {
    "llama2": (c.LlamaConfig(**sizes), None),
    "mistral": (c.MistralConfig(**sizes, head_dim=12, sliding_window=None), None),
    "qwen2": (c.Qwen2Config(**sizes), "qwen2"),
    "qwen3": (c.Qwen3Config(**sizes, head_dim=12, tie_word_embeddings=True), "qwen2"),
    "qwen3-yarn": (c.Qwen3Config(**sizes, head_dim=12, rope_parameters={"rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 16}), "qwen2"),
    "smollm3": (c.SmolLM3Config(**four, tie_word_embeddings=True), "smaug-bpe"),
    "olmo2": (c.Olmo2Config(**sizes), "dbrx"),
    "phi3": (c.Phi3Config(**{**sizes, "num_attention_heads": 2}, rope_parameters={"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.75}, original_max_position_embeddings=256, sliding_window=None if into else 7), None),
    "granite": (c.GraniteConfig(**sizes, embedding_multiplier=6.0, attention_multiplier=0.2, residual_multiplier=0.4, logits_scaling=3.0, tie_word_embeddings=True), "refact"),
    "phi3-longrope": (c.Phi3Config(**{**sizes, "num_attention_heads": 2}, original_max_position_embeddings=short, rope_parameters={"rope_type": "longrope", "rope_theta": 1e4, "partial_rotary_factor": 0.75, "original_max_position_embeddings": short, "short_factor": [1.0, 1.0, 1.1, 1.2, 1.3, 1.4] * (width // 32), "long_factor": [1.0, 1.5, 3.0, 6.0, 12.0, 24.0] * (width // 32)}), None),
    "gpt2": (c.GPT2Config(vocab_size=400, n_embd=width, n_layer=2, n_head=4, n_positions=256, **special), "gpt-2"),
    "gpt-neox": (c.GPTNeoXConfig(**{**alone, "num_attention_heads": 2}, use_parallel_residual=True), "olmo"),
    "gpt-neox-sequential": (c.GPTNeoXConfig(**{**alone, "num_attention_heads": 2}, use_parallel_residual=False), "gpt-2"),
    # Three heads of 12 or 24: the slopes of ALiBi for a number that is no power of two.
    "bloom": (c.BloomConfig(vocab_size=400, hidden_size=36 if not into else 96, n_layer=2, n_head=3, **special), "bloom"),
    "mamba": (c.MambaConfig(**state_space, time_step_rank=width // 2), "olmo"),
    "mamba2": (c.Mamba2Config(**state_space, num_heads=width // 4, head_dim=8, n_groups=2), "mpt"),
    "mixtral": (c.MixtralConfig(**sizes, head_dim=12, num_local_experts=4, num_experts_per_tok=2, rope_parameters={"rope_type": "default", "rope_theta": 1e6}), None),
    "qwen3-moe": (c.Qwen3MoeConfig(**sizes, head_dim=12, moe_intermediate_size=24, num_experts=6, num_experts_per_tok=2, norm_topk_prob=True), "qwen2"),
    "olmoe": (c.OlmoeConfig(**{**sizes, "num_key_value_heads": 4}, num_experts=5, num_experts_per_tok=2, norm_topk_prob=False), "gpt-2"),
    "granite-moe": (c.GraniteMoeConfig(**sizes, embedding_multiplier=6.0, attention_multiplier=0.2, residual_multiplier=0.4, logits_scaling=3.0, tie_word_embeddings=True, num_local_experts=5, num_experts_per_tok=3), "refact"),
    "gemma2": (c.Gemma2Config(**sizes, **gemma, attn_logit_softcapping=2.0, final_logit_softcapping=3.0), None),
    "gemma3": (c.Gemma3TextConfig(**{**sizes, "num_hidden_layers": 6}, **gemma), None),
}
texts = [
    "The quick brown fox jumps over the lazy dog.",
    "  Two spaces before,\nand a line; 1234567 and 3.14!",
    "Grüße aus München, naïve café, Ελλάδα, 日本語 and 🎉",
    "it's, IT'S, don't: camelCase HTTPServer snake_case",
    "<s>hi</s>\n\n\tTabs  and   runs of    spaces ",
    "",
]


def rounded(model):
    """The model with its matrices as float16 has them, as the converter keeps them, beside learned positions, routers, convolutions and rates."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() > 1 and not any(part in name for part in (".wpe.", ".gate.weight", ".router.", ".conv1d.", ".A_log")):
                parameter.copy_(parameter.to(torch.float16).to(torch.float32))
    return model


def log_probs(model):
    """Of two answers to one prompt, in nats."""
    ids = [int(400 * (x + 0.5)) for x in number("ids", 60)]
    prompt, answers = ids[:20], [ids[20:33], ids[33:60]]
    rows = []
    for answer in answers:
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
        rows.append([logits[len(prompt) + i - 1, token].item() for i, token in enumerate(answer)])
    return {"prompt": prompt, "answers": answers, **({"tokens": rows} if into else {"logProbs": [sum(row) for row in rows]})}


def byte_level(folder, pre):
    """A byte-level BPE trained on this repository's documents, which cuts as `pre` says; its ids by tokenizers."""
    words = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    split = lambda digits: pre_tokenizers.Split(Regex(words % digits), "isolated")
    level = lambda use_regex: pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)
    cuts = {
        "qwen2": [split(""), level(False)],
        "smaug-bpe": [split("{1,3}"), level(False)],
        "dbrx": [split("{1,3}"), level(False)],
        "refact": [pre_tokenizers.Digits(individual_digits=True), level(True)],
        "gpt-2": [level(True)],
        "olmo": [level(True)],
        "mpt": [level(True)],
        "bloom": [pre_tokenizers.Split(Regex(r" ?[^(\s|[.,!?…。，、।۔،])]+"), "isolated"), level(False)],
    }
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(cuts[pre])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=390, special_tokens=["<pad>", "<s>", "</s>"], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train(documents, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]


def pieces(folder, prefix):
    """A sentencepiece model trained on this repository's documents; its ids by sentencepiece."""
    sentencepiece.SentencePieceTrainer.train(
        input=",".join(documents),
        model_prefix=str(folder / "tokenizer"),
        model_type="bpe",
        vocab_size=400,
        byte_fallback=True,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=prefix,
        max_sentence_length=100_000,
        minloglevel=2,
    )
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}))
    known = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    marks = {"<s>": 1, "</s>": 2}
    ids = []
    for text in texts:  # llama.cpp takes special tokens out first and puts the space of the beginning before each piece of text
        row = []
        for part in re.split("(</?s>)", text):
            row += [marks[part]] if part in marks else known.encode(part) if part else []
        ids.append(row)
    return ids


def convert(folder, target, pre, file_type):
    TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
    hparams = TextModel.load_hparams(folder, is_mistral_format=False)
    if hparams["model_type"] == "gpt2":
        hparams["n_ctx"] = hparams["n_positions"]
    if hparams["model_type"] == "gpt_neox":
        hparams["rotary_pct"] = hparams["rope_parameters"]["partial_rotary_factor"]
    kind = get_model_class(hparams["architectures"][0])
    kind(folder, file_type, target, model_name="tiny" if into else folder.name, hparams=hparams).write()


types = {"F32": gguf.LlamaFileType.ALL_F32, "F16": gguf.LlamaFileType.MOSTLY_F16, "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0}
out = into or here
expected = json.loads((out / "expected.json").read_text()) if (out / "expected.json").exists() else {}
for name in sys.argv[2:] or families:
    config, pre = families[name]
    folder = pathlib.Path(tempfile.mkdtemp()) / name
    model = model_of(config) if into else rounded(model_of(config))
    model.save_pretrained(folder)
    ids = byte_level(folder, pre) if pre else pieces(folder, not name.startswith("gemma"))
    with contextlib.redirect_stdout(sys.stderr):
        for type_name, file_type in types.items() if into else [("F16", types["F16"])]:
            target = out / f"{name}-{type_name}.gguf" if into else folder / "model.gguf"
            convert(folder, target, pre, file_type)
    if not into:
        (here / f"{name}.gguf.gz").write_bytes(gzip.compress(target.read_bytes(), 9, mtime=0))
    expected[name] = {**log_probs(model), "ids": ids}
    print(name, target.stat().st_size)
versions = {m.__name__: m.__version__ for m in (torch, transformers, sentencepiece)}
names = sorted(name for name in expected if name in families)
(out / "expected.json").write_text(json.dumps({"versions": {**versions, "llama.cpp": "of llama-cpp-python 0.3.36"}, "texts": texts, **{n: expected[n] for n in names}}) + "\n")
