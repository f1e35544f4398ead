import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { isIP } from "node:net";
import { X509Certificate } from "node:crypto";
import type { ClusterAddress } from "./cluster-address.ts";

const timeoutMs = 8000;

export type TlsVerdict = {
  /** Why the certificate is not trusted; undefined when it is. */
  readonly distrust: string | undefined;
  /** The certificate that would have to be trusted: the last of the chain the server showed. */
  readonly certificate: X509Certificate;
};

/** Opens a connection to the address that was looked up. */
export function openSocket({ address, port }: ClusterAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: address, port, timeout: timeoutMs });
    socket.once("connect", () => resolve(socket));
    socket.once("timeout", () => {
      socket.destroy();
      reject(new Error(`no answer within ${timeoutMs / 1000} s`));
    });
    socket.once("error", reject);
  });
}

function lastOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate {
  let current = leaf;
  const seen = new Set<string>();
  while (!seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    const issuer: DetailedPeerCertificate | undefined = current.issuerCertificate;
    if (issuer === undefined) break;
    current = issuer;
  }
  return current;
}

function verdictFrom(socket: TLSSocket): TlsVerdict {
  const leaf = socket.getPeerCertificate(true);
  const error: unknown = socket.authorizationError;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    distrust: socket.authorized ? undefined : reason,
    certificate: new X509Certificate(lastOf(leaf).raw),
  };
}

/** Shakes hands on an open socket and looks at the certificate, trusted or not. Nothing is sent after. */
export function inspectCertificate(
  socket: Socket,
  { hostname }: ClusterAddress,
  caPem: string | undefined,
): Promise<TlsVerdict> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      rejectUnauthorized: false,
      // A pasted certificate is trusted as such, be it a root or not; other Kubernetes clients do the same.
      allowPartialTrustChain: true,
      ...(caPem === undefined ? {} : { ca: caPem }),
      ...(isIP(hostname) === 0 ? { servername: hostname } : { host: hostname }),
    });
    secure.setTimeout(timeoutMs, () =>
      secure.destroy(new Error("the TLS handshake took too long")),
    );
    secure.once("secureConnect", () => {
      resolve(verdictFrom(secure));
      secure.destroy();
    });
    secure.once("error", reject);
  });
}
