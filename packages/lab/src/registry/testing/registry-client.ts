import { request } from "node:https";
import type { IncomingHttpHeaders } from "node:http";

export type Reply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The codes of an error document. */
  readonly codes: readonly string[];
};

export type Question = {
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  /** Cuts the connection after so many bytes of the body. */
  readonly cutAfter?: number;
};

export type RegistryClient = (method: string, path: string, question?: Question) => Promise<Reply>;

/** Sends single requests, also such as no well-behaved client would send. */
export function registryClient(door: {
  readonly port: number;
  readonly caPem: string;
  readonly token: string;
}): RegistryClient {
  return (method, path, { body = "", headers = {}, token = door.token, cutAfter } = {}) =>
    new Promise((resolve, reject) => {
      const bytes = Buffer.from(body);
      const asked = request({
        host: "127.0.0.1",
        port: door.port,
        ca: door.caPem,
        method,
        path,
        agent: false,
        headers: {
          authorization: `Bearer ${token}`,
          "content-length": bytes.length,
          ...headers,
        },
      });
      asked.on("error", reject);
      asked.on("response", (answer) => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece: Buffer) => pieces.push(piece));
        answer.on("end", () => {
          const whole = Buffer.concat(pieces);
          const { statusCode: status = 0 } = answer;
          resolve({ status, headers: answer.headers, body: whole, codes: codesIn(status, whole) });
        });
      });
      if (cutAfter === undefined) asked.end(bytes);
      else asked.write(bytes.subarray(0, cutAfter), () => asked.destroy(new Error("cut")));
    });
}

function codesIn(status: number, body: Buffer): string[] {
  if (status < 400 || body.length === 0) return [];
  const { errors } = JSON.parse(body.toString()) as { errors: { code: string }[] };
  return errors.map(({ code }) => code);
}
