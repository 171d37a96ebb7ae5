import dns from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { askHttp } from "./ask-http";

test("of a host with two addresses where nobody listens, both refusals are named", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
  vi.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, found: (...all: unknown[]) => void) =>
    found(null, addresses)) as never);
  const refused = addresses.map(({ address }) => `connect ECONNREFUSED ${address}:${port}`).join(", ");
  await expect(askHttp("GET", `http://head:${port}/`)).rejects.toThrow(
    `http://head:${port}/ cannot be reached: ${refused}`,
  );
});
