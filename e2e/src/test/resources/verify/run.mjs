// node run.mjs SNIPPET CASES: a line "name verified new" for each case.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { verify, isNew } = await import(pathToFileURL(process.argv[2]));
for (const line of readFileSync(process.argv[3], "utf8").trim().split("\n")) {
  const [name, ...cells] = line.split("\t");
  const [id, time, signature, body, secret, now] = cells.map((cell) =>
    cell === "-" ? undefined : Buffer.from(cell, "base64"),
  );
  const headers = {};
  for (const [header, value] of [["webhook-id", id], ["webhook-timestamp", time], ["webhook-signature", signature]]) {
    if (value !== undefined) headers[header] = value.toString();
  }
  const verified = verify(headers, body, secret.toString(), Number(now));
  console.log(name, verified, verified && isNew(headers["webhook-id"]));
}
