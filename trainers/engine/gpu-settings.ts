// What TensorFlow and CUDA's libraries read once, as they are loaded on a machine with a GPU.
import { setUnlessSet } from "../../common/env";

// float32 is float32: since Ampere products would be rounded to 10 bits (TF32), and no curve would equal a processor's.
setUnlessSet("NVIDIA_TF32_OVERRIDE", "0");
// Takes memory of the card as it is needed, so that a server and a run, or two runs, fit on one.
setUnlessSet("TF_FORCE_GPU_ALLOW_GROWTH", "true");
