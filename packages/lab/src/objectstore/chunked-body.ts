import { createHash, type Hash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { sameSignature, type Authentication } from "./authenticate.ts";
import { S3Error } from "./s3-error.ts";
import { emptyHash, hmac, sha256Hex } from "./sigv4.ts";

const maxLine = 16_384;

export type ChunkedBodyOptions = {
  readonly authentication: Authentication;
  /** Whether each chunk carries a signature that continues the request's. */
  readonly signed: boolean;
  readonly declaredLength: number;
};

/** Takes the `aws-chunked` framing off a body and checks the chunks' signatures. Trailers are read at the end. */
export class ChunkedBody extends Transform {
  readonly trailers = new Map<string, string>();
  #options: ChunkedBodyOptions;
  #state: "header" | "data" | "data-end" | "trailer" = "header";
  #pending: Buffer = Buffer.alloc(0);
  #left = 0;
  #length = 0;
  #chunk: Hash | undefined;
  #chunkSignature = "";
  #previousSignature: string;
  #finished = false;

  constructor(options: ChunkedBodyOptions) {
    super();
    this.#options = options;
    this.#previousSignature = options.authentication.signature;
  }

  override _transform(data: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
      while (this.#step()) continue;
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    const complete = this.#finished && this.#length === this.#options.declaredLength;
    done(complete ? null : new S3Error("IncompleteBody", "The body ended before its last chunk."));
  }

  /** Handles one piece of what is pending; false when more input is needed. */
  #step(): boolean {
    if (this.#finished) return false;
    if (this.#state === "data") return this.#data();
    if (this.#state === "data-end") return this.#dataEnd();
    const end = this.#pending.indexOf("\r\n");
    if (end < 0) {
      if (this.#pending.length > maxLine) throw malformed();
      return false;
    }
    const line = this.#pending.subarray(0, end).toString("latin1");
    this.#pending = this.#pending.subarray(end + 2);
    if (this.#state === "header") this.#header(line);
    else this.#trailer(line);
    return true;
  }

  #header(line: string): void {
    const match = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
    if (match === null) throw malformed();
    this.#left = Number.parseInt(match[1] ?? "", 16);
    this.#chunkSignature = match[2] ?? "";
    this.#chunk = this.#options.signed ? createHash("sha256") : undefined;
    if (this.#left > 0) {
      this.#state = "data";
      return;
    }
    this.#checkChunk();
    this.#state = "trailer";
  }

  #data(): boolean {
    if (this.#pending.length === 0) return false;
    const data = this.#pending.subarray(0, this.#left);
    this.#pending = this.#pending.subarray(data.length);
    this.#left -= data.length;
    this.#length += data.length;
    if (this.#length > this.#options.declaredLength) {
      throw new S3Error("IncompleteBody", "The body is longer than x-amz-decoded-content-length.");
    }
    this.#chunk?.update(data);
    this.push(data);
    if (this.#left === 0) this.#state = "data-end";
    return true;
  }

  #dataEnd(): boolean {
    if (this.#pending.length < 2) return false;
    if (this.#pending.subarray(0, 2).toString("latin1") !== "\r\n") throw malformed();
    this.#pending = this.#pending.subarray(2);
    this.#checkChunk();
    this.#state = "header";
    return true;
  }

  #trailer(line: string): void {
    if (line === "") {
      this.#checkTrailers();
      this.#finished = true;
      return;
    }
    const colon = line.indexOf(":");
    if (colon < 0 || this.trailers.size > 8) throw malformed();
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }

  #checkChunk(): void {
    if (this.#chunk === undefined) return;
    const hashes = [emptyHash, this.#chunk.digest("hex")];
    this.#continueSignature("AWS4-HMAC-SHA256-PAYLOAD", hashes, this.#chunkSignature);
  }

  #checkTrailers(): void {
    const { signed, authentication } = this.#options;
    if (!signed || !authentication.payloadHash.endsWith("-TRAILER")) return;
    const claimed = this.trailers.get("x-amz-trailer-signature") ?? "";
    const signedText = [...this.trailers]
      .filter(([name]) => name !== "x-amz-trailer-signature")
      .map(([name, value]) => `${name}:${value}\n`)
      .join("");
    this.#continueSignature("AWS4-HMAC-SHA256-TRAILER", [sha256Hex(signedText)], claimed);
  }

  #continueSignature(algorithm: string, hashes: readonly string[], claimed: string): void {
    const { key, date, scope } = this.#options.authentication;
    const text = [algorithm, date, scope, this.#previousSignature, ...hashes].join("\n");
    const expected = hmac(key, text).toString("hex");
    if (!sameSignature(expected, claimed)) {
      throw new S3Error("SignatureDoesNotMatch", "A chunk's signature does not match its content.");
    }
    this.#previousSignature = expected;
  }
}

function malformed(): S3Error {
  return new S3Error("InvalidRequest", "The body is not valid aws-chunked content.");
}
