import { createServer as createHttps } from "node:https";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { SecureContext } from "node:tls";
import type { Route } from "@drover/crds";
import type { NetworkLink } from "../../node/network-link.ts";
import { joinSockets } from "../../node/tcp-proxy.ts";
import { issueCertificate } from "../../tls/certificate-authority.ts";
import type { KeyPair } from "../../tls/certificate-authority.ts";
import { readGreeting } from "./client-hello.ts";
import { httpFront } from "./http-front.ts";
import type { RouteTable } from "./route-table.ts";

/** A client that has not said whom it wants by then is sent away. */
const greetingMs = 10_000;

export type TlsFrontOptions = {
  readonly table: RouteTable;
  /** Issues certificates of hosts whose Route brings none. */
  readonly authority: KeyPair;
  /** What bytes of passthrough routes pass. */
  readonly link: NetworkLink;
};

/** Takes TLS connections: those of passthrough routes go on to a pod as they are, of others the TLS ends here. */
export function tlsFront({ table, authority, link }: TlsFrontOptions): Server {
  const contexts = new Map<string, Promise<SecureContext>>();
  const https = createHttps({
    SNICallback: (serverName, done) => {
      contextFor(serverName).then(
        (context) => done(null, context),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  https.on("request", httpFront(table, "https", link));
  const contextFor = (host: string): Promise<SecureContext> => {
    const own = ownCertificate(table.find(host));
    if (own !== undefined) return Promise.resolve(createSecureContext(own));
    const known = contexts.get(host) ?? issue(authority, host);
    contexts.set(host, known);
    return known;
  };
  return createServer({ allowHalfOpen: true }, (client) => {
    client.setTimeout(greetingMs, () => client.destroy());
    client.on("error", () => client.destroy());
    greet(client, (serverName) => {
      client.setTimeout(0);
      const route = serverName === undefined ? undefined : table.find(serverName);
      if (route?.spec.tls?.termination !== "passthrough") {
        https.emit("connection", client);
        return;
      }
      const target = table.target(route);
      if (target === undefined || link.isCut) client.resetAndDestroy();
      else joinSockets(client, target, link);
    });
  });
}

/** Reads until it is clear whom the client wants, and puts back what was read. */
function greet(client: Socket, onName: (serverName: string | undefined) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const greeting = readGreeting(seen);
    if (!greeting.isWhole) return;
    client.off("data", read);
    client.pause();
    client.unshift(seen);
    onName(greeting.serverName);
  };
  client.on("data", read);
}

function ownCertificate(route: Route | undefined): { cert: string; key: string } | undefined {
  const tls = route?.spec.tls;
  const [cert, key] = [tls?.["certificate"], tls?.["key"]];
  return typeof cert === "string" && typeof key === "string" ? { cert, key } : undefined;
}

async function issue(authority: KeyPair, host: string): Promise<SecureContext> {
  const { certPem, keyPem } = await issueCertificate(authority, {
    commonName: host.slice(0, 64),
    hosts: [host],
  });
  return createSecureContext({ cert: certPem, key: keyPem });
}
