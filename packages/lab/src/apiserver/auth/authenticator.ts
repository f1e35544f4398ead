import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { unauthorized } from "../http/status-error.ts";
import { ANONYMOUS, withAuthenticatedGroup } from "./user-info.ts";
import type { UserInfo } from "./user-info.ts";

/** Recognises a bearer token; undefined when it is not one of its own. */
export type TokenReader = (
  token: string,
  audiences?: readonly string[],
) => Promise<UserInfo | undefined>;

/** Finds out who makes a request: bearer token, then client certificate, then anonymous. */
export class Authenticator {
  #readers: readonly TokenReader[];

  constructor(readers: readonly TokenReader[]) {
    this.#readers = readers;
  }

  async authenticate(request: IncomingMessage): Promise<UserInfo> {
    const header = request.headers.authorization;
    const match = header === undefined ? null : /^Bearer\s+(\S+)\s*$/i.exec(header);
    if (match !== null) {
      const user = await this.readToken(match[1] ?? "");
      if (user === undefined) throw unauthorized();
      return user;
    }
    if (header !== undefined) throw unauthorized();
    return certificateUser(request) ?? ANONYMOUS;
  }

  async readToken(token: string, audiences?: readonly string[]): Promise<UserInfo | undefined> {
    for (const read of this.#readers) {
      const user = await read(token, audiences);
      if (user !== undefined) return withAuthenticatedGroup(user);
    }
    return undefined;
  }
}

function certificateUser(request: IncomingMessage): UserInfo | undefined {
  const socket = request.socket;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const subject = socket.getPeerCertificate().subject as
    { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined;
  const name = [subject?.CN ?? []].flat()[0];
  if (name === undefined) return undefined;
  return withAuthenticatedGroup({ username: name, groups: [subject?.O ?? []].flat() });
}
