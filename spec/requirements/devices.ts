// Devices as their makers' data sheets have them.

export interface Device {
  name: string;
  /** Bytes. */
  memory: number;
  /** Dense, in bfloat16, a second. */
  operations: number;
  /** Bytes a second to the others of its machine. */
  bandwidth: number;
  /** Bytes a second between machines, of each device's share: a network card of 200 or 400 Gb/s for each, as DGX machines have them; elsewhere one of 100 Gb/s for eight. */
  network: number;
}

export const devices: Device[] = [
  { name: "NVIDIA L4, 24 GB", memory: 24e9, operations: 121e12, bandwidth: 32e9, network: 1.56e9 },
  { name: "NVIDIA RTX 4090, 24 GB", memory: 24e9, operations: 165e12, bandwidth: 32e9, network: 1.56e9 },
  { name: "NVIDIA A100, 40 GB", memory: 40e9, operations: 312e12, bandwidth: 300e9, network: 25e9 },
  { name: "NVIDIA A100, 80 GB", memory: 80e9, operations: 312e12, bandwidth: 300e9, network: 25e9 },
  { name: "NVIDIA H100, 80 GB", memory: 80e9, operations: 989e12, bandwidth: 450e9, network: 50e9 },
  { name: "NVIDIA H200, 141 GB", memory: 141e9, operations: 989e12, bandwidth: 450e9, network: 50e9 },
  { name: "NVIDIA B200, 180 GB", memory: 180e9, operations: 2250e12, bandwidth: 900e9, network: 50e9 },
  { name: "AMD MI300X, 192 GB", memory: 192e9, operations: 1307e12, bandwidth: 448e9, network: 50e9 },
];
