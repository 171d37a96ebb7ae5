// Devices as their makers' data sheets have them: memory in bytes, dense bfloat16 operations a second, bytes a second to another in the same machine.

export interface Device {
  name: string;
  memory: number;
  operations: number;
  bandwidth: number;
}

export const devices: Device[] = [
  { name: "NVIDIA L4, 24 GB", memory: 24e9, operations: 121e12, bandwidth: 32e9 },
  { name: "NVIDIA RTX 4090, 24 GB", memory: 24e9, operations: 165e12, bandwidth: 32e9 },
  { name: "NVIDIA A100, 40 GB", memory: 40e9, operations: 312e12, bandwidth: 300e9 },
  { name: "NVIDIA A100, 80 GB", memory: 80e9, operations: 312e12, bandwidth: 300e9 },
  { name: "NVIDIA H100, 80 GB", memory: 80e9, operations: 989e12, bandwidth: 450e9 },
  { name: "NVIDIA H200, 141 GB", memory: 141e9, operations: 989e12, bandwidth: 450e9 },
  { name: "NVIDIA B200, 180 GB", memory: 180e9, operations: 2250e12, bandwidth: 900e9 },
  { name: "AMD MI300X, 192 GB", memory: 192e9, operations: 1307e12, bandwidth: 448e9 },
];
