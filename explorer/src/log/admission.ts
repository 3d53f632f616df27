/**
 * Admission of a bundle, judged by docs/bundle.md alone: a second reading, which shares no code with the service.
 *
 * The header's bytes and its signature decide what is admitted; the body decides what is said.
 */

import { type Bytes, type Digest, hex } from "./bytes";
import { FormError, MAX_BODY_BYTES, type Value } from "./canonical";
import { keyBytes, type Verify } from "./ed25519";
import { whyUnfit } from "./fit";
import { type Header, type ReadHeader, readHeader } from "./header";
import { preAuthEncoding } from "./signature";

export type Verdict =
  /** Every program refuses the header; or only this body, and takes the header without it. */
  | { readonly state: "refused"; readonly of: "header" | "body"; readonly reason: string }
  /** The header is of another version or another algorithm: it is kept until a program knows better. */
  | { readonly state: "not understood" }
  /** `silence` tells why nothing is said; `null` where the body fits. */
  | { readonly state: "admitted"; readonly silence: string | null };

/** Functions that check hashes and signatures; where `verify` is `null`, no signature is checked. */
export interface Tools {
  readonly sha256: Digest;
  readonly verify: Verify | null;
}

/**
 * Judge a bundle by its bytes.
 *
 * `body` is `null` where it isn't here, and `signature` where there is none, as of a record.
 */
export async function judge(
  header: Bytes,
  body: Bytes | null,
  signature: Bytes | null,
  tools: Tools,
): Promise<Verdict> {
  const read = readOrRefuse(header);
  if ("state" in read) return read;
  if (read.header !== null) {
    const reason = await signatureFault(read.header, header, signature, tools);
    if (reason !== null) return { state: "refused", of: "header", reason };
  }
  const reason = body === null ? null : await hashFault(body, read.body, tools);
  if (reason !== null) return { state: "refused", of: "body", reason };
  return verdictOf(read, body);
}

/** Judge the form of a header and of its body: neither the signature nor the body's hash. */
export function judgeForm(header: Bytes, body: Bytes | null): Verdict {
  const read = readOrRefuse(header);
  return "state" in read ? read : verdictOf(read, body);
}

function readOrRefuse(header: Bytes): ReadHeader | (Verdict & { readonly state: "refused" }) {
  try {
    return readHeader(header);
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    return { state: "refused", of: "header", reason: error.message };
  }
}

function verdictOf({ header, body: hash }: ReadHeader, body: Bytes | null): Verdict {
  if (header === null) return { state: "not understood" };
  return { state: "admitted", silence: whySilent(header, hash, body) };
}

function whySilent(header: Header, hash: Value | undefined, body: Bytes | null): string | null {
  if (hash === undefined) return "it grants or ends, and has no body";
  return body === null ? "its body isn't here" : whyUnfit(body, header);
}

async function signatureFault(
  { key }: Header,
  header: Bytes,
  signature: Bytes | null,
  { verify }: Tools,
): Promise<string | null> {
  if (key === null) return signature === null ? null : "a record has a signature";
  if (signature === null) return "a statement has no signature";
  if (verify === null) return null;
  const isValid = await verify(keyBytes(key) as Bytes, preAuthEncoding(header), signature);
  return isValid ? null : `the signature is not one by ${key}`;
}

async function hashFault(
  body: Bytes,
  hash: Value | undefined,
  { sha256 }: Tools,
): Promise<string | null> {
  if (body.length > MAX_BODY_BYTES) return `the body has more than ${MAX_BODY_BYTES} bytes`;
  return hash === `sha256:${hex(await sha256(body))}` ? null : "the body has another hash";
}
