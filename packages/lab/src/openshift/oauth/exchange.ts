import type { IncomingMessage, ServerResponse } from "node:http";
import type { Cluster } from "@drover/kube";
import type { Account } from "../account.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { AuthorizationCodes } from "./authorization-codes.ts";
import type { CsrfGuard } from "./csrf.ts";

/** What the endpoints of the OAuth server share. */
export type OAuthScope = {
  readonly cluster: Cluster;
  readonly accounts: readonly Account[];
  readonly issuer: string;
  readonly codes: AuthorizationCodes;
  readonly tokens: AccessTokens;
  readonly csrf: CsrfGuard;
};

/** One request and its answer. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
};

const maxFormBytes = 16_384;

/** A request's body is not a form this server reads. */
export class BadForm extends Error {}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new BadForm("Send the body as application/x-www-form-urlencoded.");
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxFormBytes) throw new BadForm(`The body is over ${maxFormBytes} bytes.`);
    pieces.push(piece);
  }
  return new URLSearchParams(Buffer.concat(pieces).toString("utf8"));
}

type Answer = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

function send({ response }: Exchange, { status, type, body, headers }: Answer): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...headers,
  });
  response.end(body);
}

export function sendJson(exchange: Exchange, status: number, value: object): void {
  send(exchange, { status, type: "application/json", body: JSON.stringify(value) });
}

export type HtmlAnswer = {
  readonly status: number;
  readonly html: string;
  readonly contentSecurityPolicy: string;
  readonly setCookie?: string | undefined;
};

export function sendHtml(exchange: Exchange, answer: HtmlAnswer): void {
  const { status, html, contentSecurityPolicy, setCookie } = answer;
  send(exchange, {
    status,
    type: "text/html; charset=utf-8",
    body: html,
    headers: {
      "content-security-policy": contentSecurityPolicy,
      "x-frame-options": "DENY",
      ...(setCookie === undefined ? {} : { "set-cookie": setCookie }),
    },
  });
}

export function redirect({ response }: Exchange, location: string): void {
  response.writeHead(303, { location, "cache-control": "no-store", "content-length": "0" });
  response.end();
}
