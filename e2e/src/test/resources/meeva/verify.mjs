// node verify.mjs SECRET SIGNATURE BODY-FILE: exit 0 = genuine. Meeva's published verification.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

function verifyWebhookSignature(rawBody, signature, secret) {
  const expected = Buffer.from("sha256=" + createHmac("sha256", secret).update(rawBody).digest("hex"));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const [secret, signature, file] = process.argv.slice(2);
process.exit(verifyWebhookSignature(readFileSync(file), signature, secret) ? 0 : 1);
