import { KubeError } from "./kube-error.ts";
import { statusFrom } from "./status.ts";

const CERTIFICATE_CODES = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_UNTRUSTED",
  "CERT_SIGNATURE_FAILURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

const CONNECT_HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS",
};

/** Why no answer came from `url`, as a sentence. */
export function connectionFailure(url: string, cause: unknown): KubeError {
  const code = codeOf(cause);
  if (CERTIFICATE_CODES.has(code)) {
    const message = `The certificate of ${url} is not trusted (${certificateHint(code)}). Give the CA bundle that signed it.`;
    return new KubeError({ code: 0, reason: "CertificateNotTrusted", message, cause });
  }
  const hint = CONNECT_HINTS[code] ?? (code === "" ? "the connection failed" : code);
  const message = `The cluster at ${url} cannot be reached: ${hint}.`;
  return new KubeError({ code: 0, reason: "Unreachable", message, cause });
}

/** True when the connection died under the request, which a second try on a fresh one may survive. */
export function isCutConnection(cause: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(cause));
}

export function timeoutFailure(url: string, timeoutMs: number): KubeError {
  const message = `The cluster at ${url} did not answer within ${timeoutMs / 1000} s.`;
  return new KubeError({ code: 0, reason: "Timeout", message });
}

export type Refusal = {
  readonly url: string;
  /** What was asked for, without its query. */
  readonly path?: string;
  readonly code: number;
  readonly body: unknown;
  readonly retryAfter?: string | undefined;
  /** Never shown, whatever the server echoes. */
  readonly token?: string | undefined;
};

/** What the server refused, from its Status object; a body that is none is not quoted. */
export function refusal({ url, path = "", code, body, retryAfter, token }: Refusal): KubeError {
  const status = statusFrom(body) ?? {};
  const retryAfterMs = retryAfterMsFrom(retryAfter);
  return new KubeError({
    code,
    reason: `HTTP${code}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...status,
    message: withoutToken(status.message ?? unspoken(url + path, code), token),
  });
}

function unspoken(url: string, code: number): string {
  if (code >= 300 && code < 400)
    return `${url} answered with a redirect (HTTP ${code}); redirects are not followed. Is this the API server's own address?`;
  if (code === 401) return `${url} does not accept the credentials it was given (HTTP 401).`;
  if (code === 404)
    return `The server has nothing at ${url} (HTTP 404): it does not offer this kind of resource.`;
  return `${url} answered HTTP ${code} without saying why. Is it a Kubernetes API server?`;
}

/** The Retry-After header in milliseconds; a date or a number of seconds. */
function retryAfterMsFrom(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function withoutToken(message: string, token: string | undefined): string {
  return token ? message.replaceAll(token, "•••") : message;
}

function certificateHint(code: string): string {
  if (code === "CERT_HAS_EXPIRED") return "it has expired";
  if (code === "CERT_NOT_YET_VALID") return "it is not valid yet";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "it was made for another address";
  return "its signer is unknown";
}

function codeOf(cause: unknown): string {
  if (!isRecord(cause)) return "";
  if (typeof cause["code"] === "string") return cause["code"];
  const inner = Array.isArray(cause["errors"]) ? cause["errors"][0] : cause["cause"];
  return inner === undefined ? "" : codeOf(inner);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
