"""Writes a model folder as OpenVINO reads it, with 4-bit weights. usage: quantise.py MODEL OUTPUT"""

import sys

from optimum.intel import OVModelForCausalLM, OVWeightQuantizationConfig

model, output = sys.argv[1:]
OVModelForCausalLM.from_pretrained(
    model, export=True, quantization_config=OVWeightQuantizationConfig(bits=4, group_size=64)
).save_pretrained(output)
