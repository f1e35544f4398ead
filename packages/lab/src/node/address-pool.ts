/** Hands out addresses below 127.<network>.0.0/17, each to one holder at a time. */
export type AddressPool = {
  /** The next free address. */
  take(): string;
  /** Marks an address somebody already has; harmless to repeat. */
  keep(address: string): void;
  release(address: string): void;
};

const poolSize = 0x7f_fe;

/** A pool of pod addresses. An address that was released is used again as late as possible. */
export function addressPool(network: number): AddressPool {
  const taken = new Set<string>();
  let cursor = 0;
  return {
    take() {
      for (let tried = 0; tried < poolSize; tried += 1) {
        cursor = (cursor % poolSize) + 1;
        const address = addressAt(network, cursor);
        if (taken.has(address)) continue;
        taken.add(address);
        return address;
      }
      throw new Error(
        `All ${poolSize} pod addresses of 127.${network}.0.0/17 are in use; delete pods.`,
      );
    },
    keep: (address) => void taken.add(address),
    release: (address) => void taken.delete(address),
  };
}

function addressAt(network: number, index: number): string {
  return `127.${network}.${index >> 8}.${index & 0xff}`;
}

/**
 * A pod's address as Endpoints show it: API servers refuse loopback addresses there. Whoever connects goes by the
 * reference to the pod beside it.
 */
export function announcedAddress(podAddress: string): string {
  return podAddress.replace(/^127\./, "10.");
}
