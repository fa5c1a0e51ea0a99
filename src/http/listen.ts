import { createServer as createProbe } from "node:net";
import type { FastifyInstance } from "fastify";
import { Fault } from "../lib/errors.ts";

/** Throws a Fault "usher.port-in-use" that says what to do. */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Fault(`${host}:${port} is in use.`, {
      code: "usher.port-in-use",
      publicMessage: `Port ${port} of ${host} is in use by another program. Choose another with USHER_PORT.`,
      cause: error,
    });
  }
}

/** The address is part of the redirect URL, so it is known before anything is wired. */
export function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createProbe();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
