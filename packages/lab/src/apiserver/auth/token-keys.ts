import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFields } from "../json.ts";
import type { Fields } from "../json.ts";

/** Signs and verifies the JSON web tokens of service accounts (RS256). */
export class TokenKeys {
  #private: KeyObject;
  #public: KeyObject;
  readonly keyId = "lab";

  /** The key is kept beside the objects, so that tokens outlive a restart. */
  constructor(dataDir: string | undefined) {
    this.#private = readOrMakeKey(dataDir);
    this.#public = createPublicKey(this.#private);
  }

  sign(claims: Fields): string {
    const head = encode({ alg: "RS256", kid: this.keyId });
    const signed = `${head}.${encode(claims)}`;
    const signature = sign("RSA-SHA256", Buffer.from(signed), this.#private);
    return `${signed}.${signature.toString("base64url")}`;
  }

  /** The claims of a token this key signed; undefined for anything else. */
  verify(token: string): Fields | undefined {
    const [head, body, signature, more] = token.split(".");
    if (head === undefined || body === undefined || signature === undefined || more !== undefined) {
      return undefined;
    }
    if (decode(head)?.["alg"] !== "RS256") return undefined;
    const bytes = Buffer.from(signature, "base64url");
    const fits = verify("RSA-SHA256", Buffer.from(`${head}.${body}`), this.#public, bytes);
    return fits ? decode(body) : undefined;
  }

  /** The public key as the issuer's key set. */
  keySet(): Fields {
    const jwk = this.#public.export({ format: "jwk" });
    return { keys: [{ use: "sig", kid: this.keyId, alg: "RS256", ...jwk }] };
  }
}

function readOrMakeKey(dataDir: string | undefined): KeyObject {
  const file = dataDir === undefined ? undefined : join(dataDir, "service-account.key");
  if (file !== undefined && existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  if (file !== undefined && dataDir !== undefined) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  }
  return privateKey;
}

function encode(value: Fields): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
