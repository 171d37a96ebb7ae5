// What the script has where several processes train, or DeepSpeed divides what they hold.
import type { Scripted } from "./problems";
import { python } from "./python";

/** Words between Python's name and the script's: what starts the processes, where there are several or DeepSpeed has them. */
export const launcherOf = ({ distributed: { processes, zeroStage } }: Pick<Scripted, "distributed">): string[] =>
  processes === 1 && zeroStage === 0
    ? []
    : ["-m", "torch.distributed.run", "--standalone", `--nproc-per-node=${processes}`];

/** All processes have to stop at the same step: when the first of them sees the file. */
export const launchedStop = `        asked = accelerate.utils.broadcast_object_list([(here / "stop").exists()])
        if asked[0]:
`;

/** CUDA itself would only call a device's number invalid. */
export const enoughGpus = ({
  distributed: { processes },
}: Scripted): string => `if 0 < torch.cuda.device_count() < ${processes}:
    raise RuntimeError(f"${processes} processes need a GPU each, and there are {torch.cuda.device_count()}; set distributed.processes to that")
`;

/** The Trainer itself sets DeepSpeed up for GPUs only. */
export const deepspeedOnCpu = `if not torch.cuda.is_available():
    os.environ["ACCELERATE_USE_DEEPSPEED"] = "true"
    accelerate.PartialState(backend="gloo")
`;

/** The Trainer has to be told that the CPU is meant where it starts processes, or computes in bfloat16. */
const onCpu = "    use_cpu=not torch.cuda.is_available(),\n";

export function deviceLines({ distributed, model }: Scripted): string {
  const { zeroStage, offload } = distributed;
  if (zeroStage === 0) return onCpu;
  const device = { device: "cpu" };
  const deepspeed = {
    zero_optimization: {
      stage: zeroStage,
      ...(offload === "cpu" && { offload_optimizer: device }),
      ...(offload === "cpu" && zeroStage === 3 && { offload_param: device }),
      ...(zeroStage === 3 && { stage3_gather_16bit_weights_on_model_save: true }),
    },
    ...{ train_micro_batch_size_per_gpu: "auto", gradient_accumulation_steps: "auto", gradient_clipping: "auto" },
    bf16: { enabled: "auto" },
    // PyTorch's AdamW, as in one process, and not DeepSpeed's own
    ...{ zero_allow_untested_optimizer: true, zero_force_ds_cpu_optimizer: false },
  };
  return `${model.dtype === "bfloat16" ? onCpu : ""}    deepspeed=${python(deepspeed)},
    accelerator_config={"use_configured_state": not torch.cuda.is_available()},
`;
}
