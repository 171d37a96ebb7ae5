// Multi-head attention turned into grouped-query attention: each new key and value head is the mean of those that it stands for
// (Ainslie et al. 2023, arXiv 2305.13245, section 2.1). The model is trained on some text afterwards, to get used to it.
import { parseModelConfig, weightShapes } from "./families";
import { floatMemory } from "./formats/float-memory";
import type { LoadedFiles } from "./formats/loaded-files";
import type { HostTensor } from "./formats/safetensors";

/** The model with `kvHeads` key and value heads; each matrix is made when it is asked for. Throws where it cannot be had. */
export function withKeyValueHeads(files: LoadedFiles, kvHeads: number): LoadedFiles {
  const before = files.config;
  const json = { ...JSON.parse(files.companions()["config.json"]!), num_key_value_heads: kvHeads };
  const names = Object.keys(weightShapes(before));
  if (!names.some((name) => /\.(k_proj|qkv_proj)\./.test(name)))
    throw new Error(
      `models of type "${json.model_type}" have no key and value heads that their queries could share; those with k_proj and v_proj, or qkv_proj, have`,
    );
  if (kvHeads > before.kvHeads || before.kvHeads % kvHeads !== 0)
    throw new Error(
      `${before.kvHeads} key and value heads cannot be made ${kvHeads}: it must be a number that divides ${before.kvHeads}`,
    );
  const config = { ...before, ...parseModelConfig(json), tiedEmbeddings: before.tiedEmbeddings };
  const [heads, D] = [before.heads, before.headDim];
  const pooledOf = (name: string, tensor: HostTensor): HostTensor => {
    const rows = tensor.shape[0]!;
    const columns = tensor.data.length / rows;
    const pooled = (from: number) => meanOfHeads(tensor.data.subarray(from), D * columns, before.kvHeads, kvHeads);
    if (/\.[kv]_proj\.(weight|bias)$/.test(name))
      return { shape: [kvHeads * D, ...tensor.shape.slice(1)], data: pooled(0) };
    // OLMo's, over all heads together.
    if (/\.k_norm\.weight$/.test(name) && rows === before.kvHeads * D && rows !== D)
      return { shape: [kvHeads * D], data: pooled(0) };
    if (!/\.qkv_proj\.(weight|bias)$/.test(name)) return tensor;
    const [keys, values] = [heads * D * columns, (heads + before.kvHeads) * D * columns];
    const data = floatMemory((heads + 2 * kvHeads) * D * columns);
    data.set(tensor.data.subarray(0, keys));
    data.set(pooled(keys), keys);
    data.set(pooled(values), keys + kvHeads * D * columns);
    return { shape: [(heads + 2 * kvHeads) * D, ...tensor.shape.slice(1)], data };
  };
  return {
    ...files,
    config,
    host: {
      get(name) {
        const found = files.host.get(name);
        return found && pooledOf(name, found);
      },
    },
    companions: () => ({ ...files.companions(), "config.json": JSON.stringify(json) }),
  };
}

/** Of `from` heads of `size` numbers, the means of each group of neighbours: those that the same queries will share. */
function meanOfHeads(data: Float32Array, size: number, from: number, to: number): Float32Array {
  const group = from / to;
  return floatMemory(to * size).map((_, i) => {
    const [head, within] = [Math.floor(i / size), i % size];
    let sum = 0;
    for (let each = 0; each < group; each++) sum += data[(head * group + each) * size + within]!;
    return sum / group;
  });
}
