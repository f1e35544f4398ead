import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { AppError } from "../app-error.ts";

/** Where a cluster's API server is, looked up once so that what was checked is what is connected to. */
export type ClusterAddress = {
  readonly url: URL;
  /** The name in the URL, without the brackets of IPv6. */
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
};

export type AddressRules = {
  /** The lab's clusters listen on this machine; elsewhere loopback is the api's own neighbourhood. */
  readonly allowLoopback: boolean;
};

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Link-local, metadata services, multicast and unspecified: never an API server, often a way to credentials. */
const forbidden = new BlockList();
forbidden.addSubnet("0.0.0.0", 8, "ipv4");
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("224.0.0.0", 3, "ipv4");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addAddress("168.63.129.16", "ipv4");
forbidden.addAddress("::", "ipv6");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addSubnet("ff00::", 8, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");

/** Why an address may not be connected to; undefined when it may. `BlockList` sees IPv4 inside mapped IPv6. */
export function refusalOfAddress(address: string, rules: AddressRules): string | undefined {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (forbidden.check(address, family))
    return `${address} is a link-local, metadata or multicast address; no cluster's API server has one.`;
  if (!rules.allowLoopback && loopback.check(address, family))
    return `${address} is this machine itself. Enter the address other machines use.`;
  return undefined;
}

/** Parses the URL of an API server. */
export function parseClusterUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "")
    throw new AppError(
      "INVALID",
      "A cluster's URL must look like https://api.cluster.example.com:6443, without user and password.",
      {
        errors: [{ field: "url", message: "Begin with https:// and leave user and password out." }],
      },
    );
  return url;
}

/** Looks the name up and refuses it when any of its addresses is forbidden. */
export async function resolveClusterAddress(
  text: string,
  rules: AddressRules,
): Promise<ClusterAddress> {
  const url = parseClusterUrl(text);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const found = await lookup(hostname, { all: true }).catch((cause: unknown) => {
    throw new AppError(
      "CLUSTER_UNREACHABLE",
      `The name ${hostname} is not known here. Check the URL, or this machine's DNS.`,
      {
        cause,
      },
    );
  });
  for (const { address } of found) {
    const refusal = refusalOfAddress(address, rules);
    if (refusal !== undefined)
      throw new AppError("INVALID", refusal, { errors: [{ field: "url", message: refusal }] });
  }
  const [first] = found;
  if (first === undefined) throw new AppError("CLUSTER_UNREACHABLE", `${hostname} has no address.`);
  return { url, hostname, address: first.address, port: Number(url.port || "443") };
}

/** Connects to the checked address while still asking for the certificate of the name. */
export function pinnedTo({ url, hostname, address }: ClusterAddress): {
  readonly url: string;
  readonly serverName?: string;
} {
  const pinned = new URL(url);
  pinned.hostname = isIP(address) === 6 ? `[${address}]` : address;
  const text = pinned.href.replace(/\/+$/, "");
  return isIP(hostname) === 0 ? { url: text, serverName: hostname } : { url: text };
}
