import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR_MS = 60 * 60 * 1000;
/** Longer than any transfer; the authority's key is thrown away at once, so nothing can be issued later. */
const LIFETIME_MS = 365 * 24 * HOUR_MS;

/** The name the server's certificate is issued to; the transfer image's client checks it. */
const SERVER_NAME = "transfer-server";

/** What one end of a transfer needs; the files of the Secret mounted at /etc/transfer. */
export type TransferCredentials = {
  readonly "ca.crt": string;
  readonly "tls.crt": string;
  readonly "tls.key": string;
  readonly password: string;
};

export type TransferCredentialPair = {
  readonly server: TransferCredentials;
  readonly client: TransferCredentials;
};

type Issuer = { readonly name: x509.Name; readonly keys: webcrypto.CryptoKeyPair };

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

/** Makes a one-shot certificate authority, a certificate for each end, and the password between them. */
export async function createTransferCredentials(now: Date): Promise<TransferCredentialPair> {
  const keys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`transfer ${randomBytes(8).toString("hex")}`] }],
    ...validity(now),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issuer = { name: authority.subjectName, keys };
  const shared = {
    "ca.crt": authority.toString("pem"),
    password: randomBytes(32).toString("base64url"),
  };
  return {
    server: { ...shared, ...(await issue(issuer, "server", now)) },
    client: { ...shared, ...(await issue(issuer, "client", now)) },
  };
}

async function issue(issuer: Issuer, role: "server" | "client", now: Date) {
  const keys = await newKeys();
  const name = role === "server" ? SERVER_NAME : "transfer-client";
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [name] }],
    issuer: issuer.name,
    ...validity(now),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        role === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { "tls.crt": certificate.toString("pem"), "tls.key": await exportKey(keys.privateKey) };
}

/** Begins an hour early: the clocks of two clusters differ. */
function validity(now: Date) {
  return {
    notBefore: new Date(now.getTime() - HOUR_MS),
    notAfter: new Date(now.getTime() + LIFETIME_MS),
  };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function serialNumber(): string {
  const bytes = randomBytes(16);
  // Positive and without leading zeros, as DER wants it.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString("hex");
}
