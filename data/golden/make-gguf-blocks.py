# Random blocks with the values that the gguf package reads from them, and random values with the blocks that it makes of them:
#   pip install gguf && python data/golden/make-gguf-blocks.py   (from the repository's root)
import numpy as np, json, base64, gguf
from gguf import quants, GGMLQuantizationType as T
rng=np.random.default_rng(0)
out={'source':'gguf (PyPI) %s, numpy %s: quants.dequantize of random blocks'%(__import__('importlib.metadata',fromlist=['version']).version('gguf'),np.__version__),'types':{}}
sizes=[('BF16',2),('Q8_0',34),('Q4_0',18),('Q4_1',20),('Q5_0',22),('Q5_1',24),('Q2_K',84),('Q3_K',110),('Q4_K',144),('Q5_K',176),('Q6_K',210),('IQ4_NL',18),('IQ4_XS',136)]
for t,size in sizes:
    n=3 if size<80 else 2
    raw=rng.integers(0,256,(n,size),dtype=np.uint8)
    # scales are f16: give them small finite values
    def half(v): return np.frombuffer(np.float16(v).tobytes(),dtype=np.uint8)
    for i in range(n):
        at={'Q6_K':208,'Q3_K':108,'Q2_K':80}.get(t,0)
        raw[i,at:at+2]=np.frombuffer(np.float32(0.3*(i+1)).tobytes(),dtype=np.uint8)[2:] if t=='BF16' else half(0.013*(i+1))
        if t in('Q4_1','Q5_1','Q2_K','Q4_K','Q5_K'): raw[i,at+2:at+4]=half(-0.02*(i+1))
    x=quants.dequantize(raw,T[t]).reshape(-1)
    out['types'][t]={'bytes':base64.b64encode(raw.tobytes()).decode(),'values':[float(v) for v in x]}
values=(rng.standard_normal(640)*np.repeat([0.02,3.0,1e-6,0.0]+[0.1]*16,32) + 0.0).astype(np.float32)  # no negative zeros
values[5]=0.0
out['quantised']={'values':[float(v) for v in values],'types':{t:base64.b64encode(quants.quantize(values,T[t]).tobytes()).decode() for t in ('F16','BF16','Q8_0','Q5_1','Q5_0','Q4_1','Q4_0')}}
json.dump(out,open('data/golden/gguf-blocks.json','w'))
print(out['source'])
