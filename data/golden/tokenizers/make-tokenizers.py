"""Small tokenizers that cut text as those of public models do, and what tokenizers gives for texts that are hard to cut.

python make-tokenizers.py [NAME…]   (tokenizers 0.23.3); with names, the others stay as they are
"""

import glob
import json
import random
import sys
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, normalizers, decoders, processors, trainers, Regex, AddedToken
here = Path(__file__).parent
texts = [open(f).read()[:20000] for f in sorted(glob.glob(str(here.parent.parent.parent / "docs" / "*.md")))[:12]]
multi="Grüße aus Zürich — naïve café, 北京 東京 서울 Здравствуй мир שלום עולם مرحبا بالعالم हिन्दी ไทย 👩‍🍳🏳️‍🌈 𝔘𝔫𝔦 ﬁ ½ ② Ⅷ １２３ é é\n\t 1234567 3.14 12,000 don't I'LL we’ve\r\n"
corpus=texts+[multi]*50
qwen=r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
llama3=r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
gpt4o=r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
def bl(pre, norm=None, **kw):
    t=Tokenizer(models.BPE(**kw)); t.pre_tokenizer=pre
    if norm: t.normalizer=norm
    t.decoder=decoders.ByteLevel()
    t.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=340,initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),special_tokens=["<|endoftext|>","<|im_start|>","<|im_end|>"],show_progress=False))
    return t
S=lambda r:pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(r),"isolated"),pre_tokenizers.ByteLevel(add_prefix_space=False,use_regex=False)])
toks={
 "gpt2":bl(pre_tokenizers.ByteLevel(add_prefix_space=False)),
 "qwen2":bl(S(qwen),normalizers.NFC()),
 "llama3":bl(S(llama3),ignore_merges=True),
 "gpt4o":bl(S(gpt4o)),
 "bloom":bl(S(r" ?[^(\s|[.,!?…。，、।۔،])]+")),
 "smollm":bl(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True),pre_tokenizers.ByteLevel(add_prefix_space=False)])),
 "deepseek":bl(pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(r"[\r\n]"),"isolated"),pre_tokenizers.Split(Regex(r"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕ]+"),"isolated"),pre_tokenizers.Split(Regex(r"\s?[!-/:-~！-／：-～‘-‟　-。]+"),"isolated"),pre_tokenizers.Split(Regex(r"\s+$"),"isolated"),pre_tokenizers.Split(Regex(r"[一-龥ࠀ-一가-퟿]+"),"isolated"),pre_tokenizers.Digits(individual_digits=True),pre_tokenizers.ByteLevel(add_prefix_space=False,use_regex=False)])),
}
def sp(pre,norm,dec,byte_fallback=True):
    t=Tokenizer(models.BPE(byte_fallback=byte_fallback,fuse_unk=True,unk_token="<unk>")); 
    if pre: t.pre_tokenizer=pre
    if norm: t.normalizer=norm
    t.decoder=dec
    tr=trainers.BpeTrainer(vocab_size=500,special_tokens=["<unk>","<s>","</s>"]+["<0x%02X>"%i for i in range(256)],show_progress=False)
    t2=Tokenizer(models.BPE(unk_token="<unk>")); t2.pre_tokenizer=pre_tokenizers.Metaspace(); t2.train_from_iterator(texts,tr)
    m=json.loads(t2.to_str())["model"]
    j=json.loads(t.to_str()); j["model"]["vocab"]=m["vocab"]; j["model"]["merges"]=m["merges"]
    j["added_tokens"]=json.loads(t2.to_str())["added_tokens"][:3]
    return Tokenizer.from_str(json.dumps(j))
dec=decoders.Sequence([decoders.Replace("▁"," "),decoders.ByteFallback(),decoders.Fuse(),decoders.Strip(" ",1,0)])
toks["llama2"]=sp(None,normalizers.Sequence([normalizers.Prepend("▁"),normalizers.Replace(" ","▁")]),dec)
toks["llama2-meta"]=sp(pre_tokenizers.Metaspace(prepend_scheme="first"),None,dec)
toks["gemma"]=sp(pre_tokenizers.Split(" ","merged_with_previous"),normalizers.Replace(" ","▁"),decoders.Sequence([decoders.Replace("▁"," "),decoders.ByteFallback(),decoders.Fuse()]))
# added tokens with flags
for n,t in toks.items():
    t.add_tokens([AddedToken("<tool>",normalized=False,special=False),AddedToken("[lst]",lstrip=True,normalized=False),AddedToken("[rst]",rstrip=True,normalized=False),AddedToken("Normy",normalized=True)])
random.seed(1)
pool=multi+"ß ﷺ \u200b\u200d\ufeff\u00a0\u3000\u2028\x1c\x85\x00 <|im_start|> <tool> [lst] [rst] wordy Normy <s> ▁ _ {}[]()\"'`"
rows=[multi,"","  "," a","a ","\n\n","a\n\n\nb"," \n \t x","<|im_start|>user\nhi<|im_end|>\n","a<tool>b","a [lst] b","a [rst] b","½ cup, ２ ② Ⅷ","Normy normy","don't DON'T I'll I’LL","1234567890 12 1","ﬁ ﬀ ① ㎏","e\u0301 é","\u1100\u1161\u11a8","😀😃👩‍🍳","\ud7ff\U0010ffff","a\u00a0b","a\u3000b","x"*300,"日本語テスト","ไทยไม่มีช่องว่าง","▁under▁score","a  b   c    d","\r\n\r\n","\t\tcode();","ÀÉÎ".lower(),"İıſK","\x00\x01\x7f","Ǆǅǆ"]
for _ in range(150):
    rows.append("".join(random.choice(pool) if random.random()<.8 else chr(random.choice([random.randrange(32,0x3000),random.randrange(0x3000,0xd7ff),random.randrange(0x1f300,0x1fa00)])) for _ in range(random.randrange(1,40))))
file = here / "tokenizers.json"
said = json.loads(file.read_text())["tokenizers"] if sys.argv[1:] else {}
for name, tokenizer in toks.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    ids = [tokenizer.encode(row, add_special_tokens=False).ids for row in rows]
    said[name] = {"tokenizer": json.loads(tokenizer.to_str()), "ids": ids}
out = {"version": tokenizers.__version__, "rows": rows, "tokenizers": said}
file.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")
print(tokenizers.__version__, len(rows), len(toks))
