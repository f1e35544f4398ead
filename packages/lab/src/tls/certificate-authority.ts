import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate and the key that belongs to it, both PEM. */
export type KeyPair = { readonly certPem: string; readonly keyPem: string };

export type CertificateRequest = {
  readonly commonName: string;
  /** Organisations; a client certificate's become its groups. */
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses the certificate is good for. */
  readonly hosts?: readonly string[];
  readonly days?: number;
};

type Issuer = { readonly cert: x509.X509Certificate; readonly key: webcrypto.CryptoKey };

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

/** Makes a new certificate authority. Keep both parts to issue certificates later. */
export async function createAuthority(commonName: string): Promise<KeyPair> {
  const keys = await newKeys();
  const now = Date.now();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + 3650 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: cert.toString("pem"), keyPem: await exportKey(keys.privateKey) };
}

/** Issues a certificate, good for both ends of a TLS connection, signed by `authority`. */
export async function issueCertificate(
  authority: KeyPair,
  request: CertificateRequest,
): Promise<KeyPair> {
  const issuer = await readIssuer(authority);
  const keys = await newKeys();
  const now = Date.now();
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subjectOf(request),
    issuer: issuer.cert.subject,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + (request.days ?? 3650) * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuer.key,
    extensions: await leafExtensions(request.hosts ?? [], keys, issuer),
  });
  return { certPem: cert.toString("pem"), keyPem: await exportKey(keys.privateKey) };
}

async function leafExtensions(
  hosts: readonly string[],
  keys: webcrypto.CryptoKeyPair,
  issuer: Issuer,
): Promise<x509.Extension[]> {
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([
      x509.ExtendedKeyUsage.serverAuth,
      x509.ExtendedKeyUsage.clientAuth,
    ]),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.cert.publicKey),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  if (hosts.length > 0) {
    const names = hosts.map((host): x509.JsonGeneralName => ({
      type: isIP(host) === 0 ? "dns" : "ip",
      value: host,
    }));
    extensions.push(new x509.SubjectAlternativeNameExtension(names));
  }
  return extensions;
}

function subjectOf(request: CertificateRequest): x509.JsonName {
  const organizations = (request.organizations ?? []).map((organization) => ({
    O: [organization],
  }));
  return [...organizations, { CN: [request.commonName] }];
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function readIssuer(authority: KeyPair): Promise<Issuer> {
  const pkcs8 = x509.PemConverter.decodeFirst(authority.keyPem);
  const key = await webcrypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, true, ["sign"]);
  return { cert: new x509.X509Certificate(authority.certPem), key };
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", key);
  return x509.PemConverter.encode(pkcs8, "PRIVATE KEY");
}

function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return Buffer.from(bytes).toString("hex");
}
