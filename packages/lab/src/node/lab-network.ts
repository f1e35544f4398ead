import type { Target } from "./tcp-proxy.ts";

/** Stands for the name service that pods of every cluster use. */
export type LabNetwork = {
  /** Where a connection to a host and port really goes; what nobody in the lab knows stays as it is. */
  resolve(host: string, port: number): Target;
  /** Adds somebody who knows hosts; returns how to take it out again. */
  join(resolver: Resolver): () => void;
};

export type Resolver = (host: string, port: number) => Target | undefined;

export function labNetwork(): LabNetwork {
  const resolvers = new Set<Resolver>();
  return {
    resolve(host, port) {
      for (const resolver of resolvers) {
        const found = resolver(host.toLowerCase(), port);
        if (found !== undefined) return found;
      }
      return { host, port };
    },
    join(resolver) {
      resolvers.add(resolver);
      return () => void resolvers.delete(resolver);
    },
  };
}
