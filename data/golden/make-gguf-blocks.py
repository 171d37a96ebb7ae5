# Random blocks with the values that the gguf package reads from them, and random values with the blocks that it makes of them:
#   pip install gguf && python data/golden/make-gguf-blocks.py   (from the repository's root)
import numpy as np, json, base64, gguf
from gguf import quants, GGMLQuantizationType as T
rng=np.random.default_rng(0)
out={'source':'gguf (PyPI) %s, numpy %s: quants.dequantize of random blocks'%(__import__('importlib.metadata',fromlist=['version']).version('gguf'),np.__version__),'types':{}}
for t,size in [('Q8_0',34),('Q4_0',18),('Q4_1',20),('Q4_K',144),('Q6_K',210)]:
    n=3 if size<100 else 2
    raw=rng.integers(0,256,(n,size),dtype=np.uint8)
    # scales are f16: give them small finite values
    def half(v): return np.frombuffer(np.float16(v).tobytes(),dtype=np.uint8)
    for i in range(n):
        if t=='Q6_K': raw[i,208:210]=half(0.01*(i+1))
        else: raw[i,0:2]=half(0.013*(i+1))
        if t in('Q4_1','Q4_K'): raw[i,2:4]=half(-0.02*(i+1))
    x=quants.dequantize(raw,T[t]).reshape(-1)
    out['types'][t]={'bytes':base64.b64encode(raw.tobytes()).decode(),'values':[float(v) for v in x]}
values=(rng.standard_normal(96)*np.repeat([0.02,3.0,1e-6],32)).astype(np.float32)
values[5]=0.0
out['quantised']={'values':[float(v) for v in values],'types':{t:base64.b64encode(quants.quantize(values,T[t]).tobytes()).decode() for t in ('F16','Q8_0')}}
json.dump(out,open('data/golden/gguf-blocks.json','w'))
print(out['source'])
