// A passkey as WebAuthn level 3 describes it, made of a P-256 key, with no attestation: for what no browser would send.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (given: string | Buffer): Buffer => createHash("sha256").update(given).digest();
const base64url = (bytes: Buffer): string => bytes.toString("base64url");

/** Bits of the flags: somebody touched it; it asked who; it brings its public key. */
const touched = 0x01;
const verified = 0x04;
const withKey = 0x40;

interface Used {
  challenge: string;
  origin: string;
  isVerified: boolean;
}

export function softwarePasskey(rpId: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const id = randomBytes(16);
  let counter = 0;
  const head = (flags: number, isVerified: boolean): Buffer => {
    const times = Buffer.alloc(4);
    times.writeUInt32BE(++counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags | touched | (isVerified ? verified : 0)]), times]);
  };
  const clientData = (type: "create" | "get", { challenge, origin }: Used): Buffer =>
    Buffer.from(JSON.stringify({ type: `webauthn.${type}`, challenge, origin, crossOrigin: false }));
  const whole = (response: Record<string, Buffer>) => ({
    ...{ id: base64url(id), rawId: base64url(id), type: "public-key", clientExtensionResults: {} },
    response: Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, base64url(bytes)])),
  });
  return {
    make(used: Used) {
      // COSE, as CBOR: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
      const point = (key: number, at: string) =>
        Buffer.concat([Buffer.from([key, 0x58, 32]), Buffer.from(at, "base64url")]);
      const key = Buffer.concat([Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1]), point(0x21, x!), point(0x22, y!)]);
      const about = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]);
      const authData = Buffer.concat([head(withKey, used.isVerified), about]);
      // {"fmt": "none", "attStmt": {}, "authData": …}
      const attestationObject = Buffer.concat([
        Buffer.from("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", "latin1"),
        Buffer.from([authData.length]),
        authData,
      ]);
      return whole({ clientDataJSON: clientData("create", used), attestationObject });
    },
    use(used: Used) {
      const clientDataJSON = clientData("get", used);
      const authenticatorData = head(0, used.isVerified);
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(clientDataJSON)]), privateKey);
      return whole({ clientDataJSON, authenticatorData, signature });
    },
  };
}
