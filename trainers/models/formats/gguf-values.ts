// Values of GGUF's metadata, as @huggingface/gguf writes them.
import { GGUFValueType as Value } from "@huggingface/gguf";

export const text = <Text extends string>(value: Text) => ({ value, type: Value.STRING });
export const count = (value: number) => ({ value, type: Value.UINT32 });
export const real = (value: number) => ({ value, type: Value.FLOAT32 });
export const flag = (value: boolean) => ({ value, type: Value.BOOL });
