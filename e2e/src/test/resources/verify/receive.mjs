// node receive.mjs SNIPPET CASES: a line "name verified" for each case.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { receive } = await import(pathToFileURL(process.argv[2]));
for (const line of readFileSync(process.argv[3], "utf8").trim().split("\n")) {
  const [name, id, time, signature, body, secret] = line.split("\t");
  const headers = {};
  for (const [header, cell] of [["webhook-id", id], ["webhook-timestamp", time], ["webhook-signature", signature]]) {
    if (cell !== "-") headers[header] = Buffer.from(cell, "base64").toString();
  }
  let verified = true;
  try {
    receive(headers, Buffer.from(body, "base64"), Buffer.from(secret, "base64").toString());
  } catch {
    verified = false;
  }
  console.log(name, verified);
}
