"""Matrices in 4 bits as bitsandbytes 0.50.2 makes them on a processor, which trainers/engine/four-bit/quantise.test.ts compares with: run
`python data/golden/make-four-bit.py` where bitsandbytes is installed. Of 200 matrices the file keeps hashes, of the small ones all numbers."""
import hashlib
import json
import os

import bitsandbytes
import bitsandbytes.functional as F
import numpy
import torch
from bitsandbytes.backends.default.ops import _dequantize_4bit_compute
from bitsandbytes.backends.utils import _get_4bit_code

KINDS = ["plain", "bfloat16", "outliers", "empty blocks", "all alike"]


def matrix(case: int) -> torch.Tensor:
    """Numbers that quantise.test.ts makes too: sums of parts of a hash, so that each is exact in float32."""
    rows, columns = 1 + case * 37 % 97, 1 + case * 101 % 389
    i = numpy.arange(rows * columns, dtype=numpy.uint32)
    x = i * numpy.uint32(2654435761) + numpy.uint32(case * 40503)
    for shift, factor in ((15, 2246822519), (13, 3266489917)):
        x = (x ^ (x >> numpy.uint32(shift))) * numpy.uint32(factor)
    x ^= x >> numpy.uint32(16)
    parts = sum((x >> numpy.uint32(8 * k)) & numpy.uint32(255) for k in range(4)).astype(numpy.int64) - 510
    values = parts.astype(numpy.float32) * numpy.float32(2.0 ** -(9 + case % 12)) * (1 + i // columns % 5).astype(numpy.float32)
    kind = KINDS[case % len(KINDS)]
    if kind == "outliers":
        values[i % 97 == 0] *= numpy.float32(32)
    if kind == "empty blocks":
        values[i // 64 % 3 == 1] = 0
    if kind == "all alike":
        values[:] = numpy.float32(0.75)
    made = torch.from_numpy(values).reshape(rows, columns)
    return made.bfloat16().float() if kind == "bfloat16" else made


def digest(tensor: torch.Tensor) -> str:
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()[:16]


def dequantised(codes: torch.Tensor, state: F.QuantState) -> torch.Tensor:
    """By bitsandbytes' own arithmetic in torch: the library's kernel for AVX-512 takes wrong scales where rows of a multiple of 16 are none of
    64 (15 x 304). Adding 0 turns -0 into 0."""
    scales = state.absmax
    if state.nested:
        scales = F.dequantize_blockwise(scales, state.state2) + state.offset
    code = _get_4bit_code(state.quant_type, codes.device)
    return _dequantize_4bit_compute(codes.reshape(-1), scales, code, 64, state.shape, torch.float32) + 0.0


def of(case: int, kind: str) -> dict:
    weight = matrix(case)
    codes, state = F.quantize_4bit(weight, blocksize=64, quant_type=kind)
    again, nested = F.quantize_4bit(weight, blocksize=64, quant_type=kind, compress_statistics=True)
    assert torch.equal(codes, again)
    both = [dequantised(codes, each) for each in (state, nested)]
    made = {
        "codes": digest(codes),
        "scales": digest(state.absmax),
        "values": digest(both[0]),
        "double": {
            "codes": digest(nested.absmax),
            "scales": digest(nested.state2.absmax),
            "offset": nested.offset.item(),
            "values": digest(both[1]),
        },
    }
    if weight.numel() < 200:
        made["whole"] = {
            "codes": codes.flatten().tolist(),
            "scales": state.absmax.tolist(),
            "double": nested.absmax.tolist(),
        }
    return made


cases = [{"shape": list(matrix(case).shape), **{kind: of(case, kind) for kind in ("nf4", "fp4")}} for case in range(200)]
golden = {
    "bitsandbytes": bitsandbytes.__version__,
    "torch": torch.__version__,
    "levels": {kind: F.get_4bit_type(kind, "cpu").tolist() for kind in ("nf4", "fp4")},
    "dynamicMap": F.create_dynamic_map().tolist(),
    "cases": cases,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "four-bit.json"), "w") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
