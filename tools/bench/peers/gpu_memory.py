"""Memory of the first GPU that is in use, in bytes, as the driver counts it. PyTorch's allocator gives nothing back, so at the end this is the peak."""

import subprocess


def memory_used():
    question = ["nvidia-smi", "--id=0", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    return int(subprocess.run(question, capture_output=True, text=True, check=True).stdout) * 2**20
